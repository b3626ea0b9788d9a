/** Changes of the estate or of the request by which a needed scope becomes granted, or a deny does not apply. */
import {
  type Call,
  type Deny,
  denyThatApplies,
  type Grant,
  type GrantState,
  grantsFor,
  has,
  missingScopes,
  reaches,
} from "../model/index.ts";
import { type Change, dateOf, inRequest } from "./change.ts";
import { repairFacts } from "./repair-facts.ts";
import type { Scene } from "./scene.ts";

type Repairs = readonly (readonly Change[])[];

const mostRules = 4;
/** No name of a policy holds a space. */
const newGrant = "new grant";

/** Row 7. */
export function repairCarried(call: Call): Repairs {
  if (call.credential.kind !== "token") return [];
  const more = [...call.credential.token.scopes, ...missingScopes(call)];
  // The second where the first goes beyond the limits.
  return [more, call.found.operation.scopes].map((scopes) => [inRequest(["token", "scope"], scopes.join(" "))]);
}

/** Needed scopes of which no grant comes further than `state`. */
function stuckAt(call: Call, ...states: readonly GrantState[]): readonly string[] {
  return call.found.operation.scopes.filter((scope) => grantsFor(call, scope).every((g) => states.includes(g.state)));
}

/** Row 8, not granted: the narrowest new grant first, then grants that would need one change. */
export function repairGranted(call: Call, scene: Scene): Repairs {
  const { identity } = call.credential;
  const { api } = call.found;
  const { model } = scene.question.loaded;
  const missing = stuckAt(call);
  const scopes = missing.map((scope) => `\`${scope}\``).join(" and ");
  const grant: Grant = {
    name: newGrant,
    to: { identities: [identity.name], groups: [] },
    on: [api.name],
    scopes: missing,
    patterns: missing,
    emergency: false,
  };
  const words = `a grant of ${scopes} on \`${api.name}\` to \`${identity.name}\``;
  const held = new Set<Grant>(call.lookup.grantsTo(identity.name));
  const whole = model.grants.filter((g) => missing.every((scope) => g.scopes.includes(scope)));
  const elsewhere = whole.filter((g) => held.has(g) && !reaches(g, call.found));
  const others = whole.filter((g) => !held.has(g) && reaches(g, call.found));
  return [
    [{ in: "estate", at: ["grants", newGrant], to: grant, words }],
    ...elsewhere.slice(0, mostRules).map((g): Change[] => [
      {
        in: "estate",
        at: ["grants", g.name, "on"],
        to: [...(g.on ?? []), api.name],
        words: `\`${g.name}\` is on \`${api.name}\` too`,
      },
    ]),
    ...others.slice(0, mostRules).map((g): Change[] => [
      {
        in: "estate",
        at: ["grants", g.name, "to", "identities"],
        to: [...g.to.identities, identity.name],
        words: `\`${g.name}\` is to \`${identity.name}\` too`,
      },
    ]),
  ];
}

/** Row 8, granted but not in force: for one scope at a time, each grant that could be. */
export function repairInForce(call: Call): Repairs {
  const [scope] = stuckAt(call, "inactive");
  if (scope === undefined) return [];
  return grantsFor(call, scope)
    .slice(0, mostRules)
    .flatMap(({ grant }): Repairs => {
      const revocation: Change[] = has(call.revocations.grants, grant.name)
        ? [{ in: "revocations", at: ["grants", grant.name], words: `\`${grant.name}\` is not revoked` }]
        : [];
      const window = windowChanges(grant, call.input.time);
      const moment = grant.from !== undefined && call.input.time < grant.from ? grant.from : (grant.until ?? 0) - 1;
      const estate = [...revocation, ...window];
      return window.length > 0 ? [estate, [...revocation, inRequest(["time"], moment)]] : [estate];
    });
}

function windowChanges(grant: Grant, time: number): readonly Change[] {
  const changes: Change[] = [];
  const set = (member: "from" | "until", to: number, verb: string) =>
    changes.push({
      in: "estate",
      at: ["grants", grant.name, member],
      to,
      words: `\`${grant.name}\` ${verb} ${dateOf(to)} or ${member === "from" ? "earlier" : "later"}`,
    });
  if (grant.from !== undefined && time < grant.from) set("from", time, "begins at");
  if (grant.until !== undefined && grant.until <= time) set("until", time + 1, "ends at");
  return changes;
}

/** Row 8, in force but the condition fails: another request, else the same grant without its condition. */
export function repairCondition(call: Call): Repairs {
  const [scope] = stuckAt(call, "inactive", "condition");
  if (scope === undefined) return [];
  const grants = grantsFor(call, scope)
    .filter((g) => g.state === "condition")
    .slice(0, mostRules)
    .map((g) => g.grant);
  return [
    ...grants.flatMap((grant) => (grant.when ? repairFacts(grant.when, call, true) : [])),
    ...grants.map((grant) => [withoutCondition("grants", grant)]),
  ];
}

function withoutCondition(list: "denies" | "grants", rule: Grant | Deny): Change {
  return { in: "estate", at: [list, rule.name, "when"], words: `\`${rule.name}\` has no condition` };
}

/** Row 9: a request that the deny's condition does not meet, or no such deny. */
export function repairDenied(call: Call): Repairs {
  const deny = denyThatApplies(call);
  if (!deny) return [];
  return [
    ...(deny.when ? repairFacts(deny.when, call, false) : []),
    ...(deny.until === undefined ? [] : [[inRequest(["time"], deny.until)]]),
    [{ in: "estate", at: ["denies", deny.name], words: `there is no \`${deny.name}\`` }],
  ];
}

/** What an allowed request rests on, each taken away: first facts of its conditions, then its grants. */
export function breakRights(call: Call, grants: readonly string[]): Repairs {
  const used = call.lookup.grantsTo(call.credential.identity.name).filter((grant) => grants.includes(grant.name));
  const denies = call.lookup.deniesTo(call.credential.identity.name);
  return [
    ...used.flatMap((grant) => (grant.when ? repairFacts(grant.when, call, false) : [])),
    ...denies.flatMap((deny) => (deny.when ? repairFacts(deny.when, call, true) : [])),
    ...used.map((grant): Change[] => [
      { in: "estate", at: ["grants", grant.name], words: `there is no \`${grant.name}\`` },
    ]),
  ];
}
