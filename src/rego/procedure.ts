/**
 * The decision procedure in Rego: text that is the same for every estate, in the order of the steps.
 *
 * INVARIANT: a step passes because something was proved, never because something failed. Each refusal stands behind `not` and
 * a rule that must hold, so that whatever is undefined (an absent fact, a failing built-in) refuses. After `not` stands a rule
 * alone, or a function of what is bound: OPA evaluates the arguments of a call outside of the negation, so that `not f(x)` with
 * an undefined `x` is not true but undefined, and a refusal behind it would be skipped.
 */
import { caller } from "./procedure-caller.ts";
import { rights } from "./procedure-rights.ts";

/** The whole decision, by the first step that has something to say. */
const answer = `default allow := false

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

`;

export const procedure: string = answer + caller + rights;
