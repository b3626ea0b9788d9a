/** The decision procedure in Rego: text that is the same for every estate, in the order of the steps. */

/**
 * INVARIANT: a step passes because something was proved, never because something failed. Each refusal stands behind `not` and
 * a rule that must hold, so that whatever is undefined (an absent fact, a failing built-in) refuses. After `not` stands a rule
 * alone, or a function of what is bound: OPA evaluates the arguments of a call outside of the negation, so that `not f(x)` with
 * an undefined `x` is not true but undefined, and a refusal behind it would be skipped.
 */
export const procedure = `default allow := false

allow if decision.allow

# What nothing below decides is refused. 0: a policy is loaded (policy-missing).
default decision := {"allow": false, "reason": "policy-missing"}

# 0 Nothing is known of the caller yet.
decision := {"allow": false, "reason": reason, "revision": data.writ.policy.revision} if {
	policy_is_loaded
	reason := unfit
} else := {"allow": false, "reason": "revocations-stale", "revision": data.writ.policy.revision} if {
	policy_is_loaded
	operation.public
	not revocations_are_fresh_for_all
} else := {
	"allow": true,
	"reason": "granted",
	"operation": operation_name,
	"grants": [],
	"emergency": false,
	"headers": {},
	"until": min([data.writ.policy.notAfter, (data.revocations.at + data.writ.public_delay) + 1]),
	"revision": data.writ.policy.revision,
} if {
	# A public operation asks for nobody, so a credential can neither help nor harm.
	policy_is_loaded
	operation.public
} else := {"allow": false, "reason": reason, "revision": data.writ.policy.revision} if {
	# 1
	policy_is_loaded
	reason := unidentified
} else := {
	"allow": false,
	"reason": reason,
	"identity": identity_name,
	"tier": identity.tier,
	"revision": data.writ.policy.revision,
} if {
	# 2 to 6
	policy_is_loaded
	reason := unaccepted
} else := {
	"allow": false,
	"reason": reason,
	"identity": identity_name,
	"tier": identity.tier,
	"operation": operation_name,
	"revision": data.writ.policy.revision,
} if {
	# 6 to 9
	policy_is_loaded
	reason := unauthorised
} else := {
	"allow": true,
	"reason": "granted",
	"identity": identity_name,
	"tier": identity.tier,
	"operation": operation_name,
	"grants": sort({grant.name | some grant in used}),
	"emergency": emergency,
	"headers": headers,
	"until": until,
	"revision": data.writ.policy.revision,
} if {
	# 10
	policy_is_loaded
	count(used) > 0
}

#
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

#
# 6 The path is canonical, the operation is declared, and the tier is trusted enough for it.
#

segments := split(substring(input.request.path, 1, -1), "/") if path_is_canonical

operation_name := data.writ.paths[path_state].found[input.request.method]

operation := data.writ.operations[operation_name]

operation_is_declared if is_string(operation.api)

tier_is_trusted if tier.trust >= operation.min_trust

unauthorised := "trust" if not tier_is_trusted

else := "scope-missing" if not token_carries_the_scopes

else := "scope-not-granted" if not every_scope_is_granted

else := "grant-inactive" if not every_scope_has_a_grant_in_force

else := "condition" if not every_scope_has_a_grant_that_applies

else := "denied" if not no_deny_applies

#
# 7 The token carries every scope that the operation needs. An SVID or a key carries what it is granted.
#

token_carries_the_scopes if credential != "token"

token_carries_the_scopes if {
	names := split(object.get(input.token, "scope", ""), " ")
	every scope in operation.scopes {
		carries(names, scope)
	}
}

carries(names, scope) if {
	some name in names
	data.writ.scopes[name][scope]
}

carries(names, scope) if {
	some name in names
	data.writ.translations[issuer.name][name][scope]
}

#
# 8 Every needed scope is granted, by a grant that is in force and whose condition holds.
# Grants are known by their rank: the longest-lived first, then by name.
#

grants_for[scope] contains rank if {
	some scope in operation.scopes
	some rank in data.writ.identity_grants[identity_name][operation.api][scope]
}

grants_for[scope] contains rank if {
	some scope in operation.scopes
	some group in identity.groups
	some rank in data.writ.group_grants[group][operation.api][scope]
}

grants_in_force[scope] contains rank if {
	some scope, ranks in grants_for
	some rank in ranks
	grant := data.writ.grants[rank]
	is_in_force(grant)
	not grant_is_revoked(grant.name)
}

grants_that_apply[scope] contains rank if {
	some scope, ranks in grants_in_force
	some rank in ranks
	condition_holds(object.get(data.writ.grants[rank], "when", ""))
}

every_scope_is_granted if {
	count(operation.scopes) > 0
	every scope in operation.scopes {
		count(grants_for[scope]) > 0
	}
}

every_scope_has_a_grant_in_force if {
	every scope in operation.scopes {
		count(grants_in_force[scope]) > 0
	}
}

every_scope_has_a_grant_that_applies if {
	every scope in operation.scopes {
		count(grants_that_apply[scope]) > 0
	}
}

grant_is_revoked(name) if _ = data.revocations.grants[name]

is_in_force(rule) if {
	object.get(rule, "from", 0) <= input.time
	input.time < object.get(rule, "until", forever)
}

#
# 9 No deny applies, and no revocation lifts one.
#

no_deny_applies if {
	every rule in denying {
		does_not_apply(rule)
	}
}

denying contains data.writ.denies[number] if {
	some scope in operation.scopes
	some number in data.writ.identity_denies[identity_name][operation.api][scope]
}

denying contains data.writ.denies[number] if {
	some scope in operation.scopes
	some group in identity.groups
	some number in data.writ.group_denies[group][operation.api][scope]
}

does_not_apply(rule) if object.get(rule, "from", 0) > input.time

does_not_apply(rule) if input.time >= object.get(rule, "until", forever)

does_not_apply(rule) if condition_fails(object.get(rule, "when", ""))

#
# 10 Allow. The decision rests, for each scope, on the grant that lasts longest.
#

used := {data.writ.grants[rank] |
	some scope in operation.scopes
	rank := min(grants_that_apply[scope])
}

default emergency := false

emergency if {
	some grant in used
	grant.emergency
}

until := min(array.concat(
	[
		data.writ.policy.notAfter,
		(data.revocations.at + tier.revocation_delay) + 1,
		object.get(input, ["token", "exp"], forever),
		object.get(identity, "expires", forever),
		key_end,
	],
	[end | some end in ends],
))

ends contains object.get(grant, "until", forever) if some grant in used

# When time alone may decide otherwise: where a deny begins, and with every second where a condition reads the age of the token.
ends contains rule.from if {
	some rule in denying
	rule.from > input.time
}

ends contains input.time + 1 if {
	some rule in (used | denying)
	rule.ages
	input.time < object.get(rule, "until", forever)
}

default key_end := 9007199254740991

key_end := (data.writ.keys[input.key.id].created + tier.key_rotation) + 1 if credential == "key"

headers[name] := strings.replace_n(placeholders, text) if {
	some name, text in data.writ.upstream_headers[operation.headers].texts
}

headers[name] := value if some name, value in data.writ.upstream_headers[operation.headers].values

# All at once: a name that looks like a placeholder stays as it is.
placeholders := {
	"{identity}": identity_name,
	"{owner}": identity.owner,
	"{subject}": subject,
	"{tier}": identity.tier,
}
`;
