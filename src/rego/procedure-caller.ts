/** Steps 0 to 5 of the decision procedure as Rego: the policy, the question, and who asks it. */

export const caller = `#
# 0 A policy is loaded, the input has its shape, the policy is in force and not below the floor.
#

policy_is_loaded if {
	is_string(data.writ.policy.revision)
	is_time(data.writ.policy.sequence)
	is_time(data.writ.policy.notBefore)
	is_time(data.writ.policy.notAfter)
}

unfit := "input-malformed" if not input_is_there

else := "input-limit" if not input_is_small

else := "input-malformed" if not input_has_shape

else := "input-limit" if not fields_keep_limits

else := "policy-expired" if not policy_is_in_force

else := "revocations-stale" if not revocations_are_known

else := "policy-below-floor" if not policy_is_not_recalled

input_is_there if _ = input

policy_is_in_force if {
	data.writ.policy.notBefore <= input.time
	input.time < data.writ.policy.notAfter
}

# Freshness is proved: what lacks its time or its floor counts as not known at all.
revocations_are_known if {
	is_time(data.revocations.at)
	is_time(data.revocations.floor)

	# Knowledge from the future would stay fresh for ever.
	data.revocations.at <= input.time + clock_skew
}

policy_is_not_recalled if data.writ.policy.sequence >= data.revocations.floor

revocations_are_fresh_for_all if input.time - data.revocations.at <= data.writ.public_delay

#
# 1 The credential names an identity: a token first; with no token, the SVID of the peer; with neither, the static key.
#

credential := "token" if _ = input.token

else := "svid" if _ = input.peer.spiffe

else := "key" if _ = input.key.id

unidentified := "credential-missing" if not credential_is_there

else := "claims-malformed" if not issuer_is_named

else := "issuer-unknown" if not issuer_is_known

else := "claims-malformed" if not claims_fit

else := "identity-unknown" if not identity_is_known

else := "identity-conflict" if not peer_is_the_same

credential_is_there if is_string(credential)

issuer_is_named if credential != "token"

issuer_is_named if is_string(input.token.iss)

issuer := data.writ.issuers[input.token.iss] if credential == "token"

issuer_is_known if credential != "token"

issuer_is_known if is_string(issuer.name)

identity_name := identity_of_token if {
	credential == "token"
} else := identity_of_spiffe(input.peer.spiffe) if {
	credential == "svid"
} else := data.writ.keys[input.key.id].identity if {
	credential == "key"
}

identity_of_token := data.writ.subjects[issuer.name][input.token.sub] if is_string(input.token.sub)

else := identity_of_pattern(issuer.name, input.token.sub)

identity := data.writ.identities[identity_name]

tier := data.writ.tiers[identity.tier]

identity_is_known if is_object(tier)

subject := input.token.sub if {
	credential == "token"
} else := input.peer.spiffe if {
	credential == "svid"
} else := input.key.id if {
	credential == "key"
}

# An SVID has no issuer of ours: it is looked for among the SPIFFE subjects of all issuers.
identity_of_spiffe(id) := data.writ.spiffe_subjects[id] if is_spiffe_id(id)

else := identity_of_pattern("", id)

# The narrowest pattern that matches.
identity_of_pattern(issuer_name, id) := data.writ.spiffe_patterns[state].found[issuer_name] if {
	is_spiffe_id(id)
	segments := split(trim_prefix(id, "spiffe://"), "/")
	state := spiffe_state(count(segments), segments)
}

# An SVID that names another identity, or none that is declared, is another caller's.
peer_is_the_same if not peer_has_an_svid

peer_is_the_same if credential != "token"

peer_is_the_same if identity_of_spiffe(input.peer.spiffe) == identity_name

peer_has_an_svid if _ = input.peer.spiffe

#
# 2 The identity is in its life.
#

unaccepted := "identity-inactive" if not identity_is_alive

else := "claims-malformed" if not token_can_be_revoked

else := "revocations-stale" if not revocations_are_fresh

else := "revoked" if not nothing_is_revoked

else := "audience" if not token_is_for_us

else := "token-not-yet-valid" if not token_is_valid_already

else := "token-expired" if not token_has_not_expired

else := "token-lifetime" if not token_is_short_lived

else := "authentication" if not presented_as_the_tier_asks

else := "path-not-canonical" if not path_is_canonical

else := "operation-unknown" if not operation_is_declared

identity_is_alive if {
	object.get(identity, "from", 0) <= input.time
	input.time < object.get(identity, "expires", forever)
}

#
# 3 Revocations are fresh enough for the tier, and none names what was presented. An entry counts by being there.
#

revocations_are_fresh if input.time - data.revocations.at <= tier.revocation_delay

token_can_be_revoked if credential != "token"

token_can_be_revoked if tier.revokes_tokens == false

token_can_be_revoked if is_string(input.token.jti)

nothing_is_revoked if {
	not token_is_revoked
	not key_is_revoked
	not identity_is_revoked
	not issued_too_early
}

token_is_revoked if _ = data.revocations.tokens[issuer.name][input.token.jti]

key_is_revoked if {
	some key in [
		object.get(input, ["key", "id"], null),
		object.get(input, ["peer", "x5t#S256"], null),
		object.get(input, ["proof", "jkt"], null),
		object.get(input, ["token", "cnf", "x5t#S256"], null),
		object.get(input, ["token", "cnf", "jkt"], null),
	]
	_ = data.revocations.keys[key]
}

identity_is_revoked if _ = data.revocations.identities[identity_name]

identity_is_revoked if _ = data.revocations.owners[identity.owner]

identity_is_revoked if _ = data.revocations.issuers[identity.issuer]

identity_is_revoked if _ = data.revocations.tiers[identity.tier]

issued_too_early if {
	_ = data.revocations.issuedBefore[identity_name]
	not issued_late_enough
}

# An SVID does not say when it was issued, so it cannot show that it is younger.
issued_late_enough if {
	earliest := data.revocations.issuedBefore[identity_name]
	is_time(earliest)
	issued >= earliest
}

issued := input.token.iat if credential == "token"

else := data.writ.keys[input.key.id].created if credential == "key"

#
# 4 The token is for us and alive (RFC 9068 section 4, RFC 7519 section 4.1).
#

token_is_for_us if credential != "token"

token_is_for_us if {
	issuer.audience in audiences
	count(audiences) <= tier.audiences
}

audiences := [input.token.aud] if is_string(input.token.aud)

else := input.token.aud if is_texts(input.token.aud)

token_is_valid_already if credential != "token"

token_is_valid_already if max([object.get(input.token, "nbf", 0), input.token.iat]) - clock_skew <= input.time

token_has_not_expired if credential != "token"

token_has_not_expired if input.time < input.token.exp

token_is_short_lived if credential != "token"

token_is_short_lived if {
	_ = input.token.cnf
	input.token.exp - input.token.iat <= tier.bound_lifetime
}

token_is_short_lived if {
	not token_is_bound
	input.token.exp - input.token.iat <= tier.bearer_lifetime
}

token_is_bound if _ = input.token.cnf

#
# 5 How it was presented suffices for the tier.
#

presented_as_the_tier_asks if {
	some method in presented
	method in tier.authentication
}

presented := {"svid"} if credential == "svid"

else := {"key"} if {
	credential == "key"
	created := data.writ.keys[input.key.id].created
	created <= input.time
	input.time - created <= tier.key_rotation
}

else := {"bearer"} if {
	credential == "token"
	not token_is_bound
}

else := methods_of_bindings if {
	credential == "token"
	certificate_is_bound
	key_is_bound
}

methods_of_bindings contains "mtls" if _ = input.token.cnf["x5t#S256"]

methods_of_bindings contains "dpop" if _ = input.token.cnf.jkt

# RFC 8705 section 3.1: the certificate of this connection.
certificate_is_bound if not token_names_certificate

certificate_is_bound if input.token.cnf["x5t#S256"] == input.peer["x5t#S256"]

# RFC 9449 section 6.1: the key of this proof.
key_is_bound if not token_names_key

key_is_bound if input.token.cnf.jkt == input.proof.jkt

token_names_certificate if "mtls" in methods_of_bindings

token_names_key if "dpop" in methods_of_bindings

`;
