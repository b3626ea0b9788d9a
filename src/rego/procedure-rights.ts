/** Steps 6 to 10 of the decision procedure as Rego: what is asked for, and whether it is granted. */

export const rights = `#
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
