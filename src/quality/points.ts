/** What examples can show of an estate: one point for each way in which a declaration can come out. */
import {
  type Call,
  type Condition,
  type Deny,
  type Fact,
  factKey,
  factsOf,
  type Grant,
  type Identity,
  isPatternSubject,
  lookupIn,
  type Method,
  type Model,
  type Reason,
  reasons,
  rows,
  type Tier,
} from "../model/index.ts";
import { conditionText } from "./condition-text.ts";
import {
  type Declaration,
  declarationKey,
  declarationOf,
  type Mapped,
  mappedOperations,
  operationName,
  type Places,
} from "./declarations.ts";
import type { Exercise } from "./exercise.ts";
import { type Leaf, leafKey, ownLeaves } from "./leaves.ts";

/** In the order in which a reader meets them. */
export const pointKinds = ["grant", "deny", "condition", "tier", "operation", "reason"] as const;
export type PointKind = (typeof pointKinds)[number];

/** One thing that an example can show. */
export interface Point {
  readonly kind: PointKind;
  /** Absent for a reason, which nobody declares. */
  readonly of?: Declaration;
  /** What no example shows as long as it is missing, as a sentence without its full stop. */
  readonly missing: string;
  readonly shownBy: (exercise: Exercise) => boolean;
}

export function pointsOf(model: Model, places: Places): readonly Point[] {
  return [
    ...grantPoints(model, places),
    ...denyPoints(model, places),
    ...conditionPoints(model, places),
    ...model.tiers.flatMap((tier) => tierPoints(model, tier, places)),
    ...operationPoints(mappedOperations(model, places), model),
    ...reasons.map(reasonPoint),
  ];
}

function grantPoints(model: Model, places: Places): readonly Point[] {
  return model.grants.flatMap((grant): readonly Point[] => {
    const of = declarationOf("grant", grant.name, places);
    const tried = (outcome: boolean | "inactive") => (exercise: Exercise) =>
      exercise.grants.some((one) => one.rule.name === grant.name && one.outcome === outcome);
    return [
      {
        kind: "grant",
        of,
        missing: "nothing is allowed by it",
        shownBy: ({ decision }) => decision.allow && decision.grants.includes(grant.name),
      },
      ...(grant.from !== undefined || grant.until !== undefined
        ? [{ kind: "grant" as const, of, missing: "nobody asks while it is not in force", shownBy: tried("inactive") }]
        : []),
    ];
  });
}

function denyPoints(model: Model, places: Places): readonly Point[] {
  // A deny has its turn after the grants: where nothing is granted there is nothing to deny.
  const denies = model.denies.filter((deny) => model.grants.some((grant) => meet(grant, deny, model)));
  return denies.flatMap((deny): readonly Point[] => {
    const of = declarationOf("deny", deny.name, places);
    const tried =
      (...outcomes: readonly (boolean | "inactive" | "unknown")[]) =>
      (exercise: Exercise) =>
        exercise.denies.some((one) => one.rule.name === deny.name && outcomes.includes(one.outcome));
    return [
      { kind: "deny", of, missing: "nothing is refused by it", shownBy: tried(true, "unknown") },
      ...(deny.when ? [{ kind: "deny" as const, of, missing: "nothing gets past it", shownBy: tried(false) }] : []),
      ...(deny.from !== undefined || deny.until !== undefined
        ? [{ kind: "deny" as const, of, missing: "nobody asks while it is not in force", shownBy: tried("inactive") }]
        : []),
    ];
  });
}

function meet(grant: Grant, deny: Deny, model: Model): boolean {
  const holders = holderNames(deny, model);
  return (
    grant.scopes.some((scope) => deny.scopes.includes(scope)) &&
    (!grant.on || !deny.on || grant.on.some((api) => deny.on?.includes(api))) &&
    [...holderNames(grant, model)].some((name) => holders.has(name))
  );
}

/** The names of all identities that a rule is to, through groups too. */
export function holderNames({ to }: Grant | Deny, model: Model): ReadonlySet<string> {
  const groups = model.groups.filter(({ name }) => to.groups.includes(name));
  return new Set([...to.identities, ...groups.flatMap(({ members }) => members)]);
}

/** Of each rule's condition and of each named one: true, false, unknown where it can be; and each comparison, both ways. */
function conditionPoints(model: Model, places: Places): readonly Point[] {
  const named = lookupIn(model).condition;
  const owners: readonly { readonly of: Declaration; readonly when?: Condition }[] = [
    ...model.conditions.map(({ name, when }) => ({ of: declarationOf("condition", name, places), when })),
    ...model.grants.map(({ name, when }) => ({ of: declarationOf("grant", name, places), ...(when && { when }) })),
    ...model.denies
      .filter((deny) => model.grants.some((grant) => meet(grant, deny, model)))
      .map(({ name, when }) => ({ of: declarationOf("deny", name, places), ...(when && { when }) })),
  ];
  return owners.flatMap(({ of, when }): readonly Point[] => {
    // What is nothing but a named condition comes out as that one does.
    if (!when || when.kind === "named") return [];
    const owner = declarationKey(of);
    const outcome = (value: boolean | "unknown"): Point => ({
      kind: "condition",
      of,
      missing:
        value === "unknown" ? "its condition is never one that cannot be read" : `its condition is never ${value}`,
      shownBy: ({ conditions }) => conditions.has(`${owner} ${value}`),
    });
    const leaves = ownLeaves(owner, when);
    const unreadable = factsOf(when, named).some((fact) => mayBeUnknown(fact, owner, model));
    return [
      outcome(true),
      outcome(false),
      ...(unreadable ? [outcome("unknown")] : []),
      ...(isOneComparison(when) ? [] : leaves).flatMap((leaf) =>
        (guards(leaf.condition, leaves) ? [true] : [true, false]).map(
          (value): Point => ({
            kind: "condition",
            of,
            missing: `\`${conditionText(leaf.condition)}\` never decides by being ${value}`,
            shownBy: (exercise) => exercise.leaves.has(`${leafKey(leaf)} ${value}`),
          }),
        ),
      ),
    ];
  });
}

/** Then it comes out as the condition does. */
function isOneComparison(condition: Condition): boolean {
  return condition.kind === "not" ? isOneComparison(condition.of) : condition.kind !== "and" && condition.kind !== "or";
}

/** Whether another comparison reads what this one only says to be there: then its absence alone decides nothing. */
function guards(condition: Condition, leaves: readonly Leaf[]): boolean {
  if (condition.kind !== "present") return false;
  const key = factKey(condition.fact);
  return leaves.some(
    ({ condition: other }) => other.kind !== "present" && "fact" in other && factKey(other.fact) === key,
  );
}

/** Whether somebody whom the rule is about can withhold the fact; of a named condition, whether anybody can. */
function mayBeUnknown(fact: Fact, owner: string, model: Model): boolean {
  switch (fact.kind) {
    case "claim":
    case "token": {
      const issuer = fact.kind === "claim" ? fact.issuer : undefined;
      return callersOf(owner, model).some(
        (identity) =>
          methodsOf(identity).some((method) => isWithoutToken(method) && accepts(model, identity, method)) ||
          (issuer !== undefined && identity.issuer !== issuer),
      );
    }
    case "parameter":
    case "header":
      return true;
    case "request":
      return fact.name === "ip";
    case "identity":
      return false;
  }
}

function callersOf(owner: string, model: Model): readonly Identity[] {
  const rules = [
    ...model.grants.map((rule) => ({ rule, key: `grant ${rule.name}` })),
    ...model.denies.map((rule) => ({ rule, key: `deny ${rule.name}` })),
  ];
  const lookup = lookupIn(model);
  const reading = rules.filter(({ rule, key }) => {
    if (key === owner) return true;
    if (!rule.when || !owner.startsWith("condition ")) return false;
    return readsCondition(rule.when, owner.slice("condition ".length), lookup.condition);
  });
  const names = new Set(reading.flatMap(({ rule }) => [...holderNames(rule, model)]));
  return model.identities.filter((identity) => names.has(identity.name));
}

function readsCondition(condition: Condition, name: string, named: Call["lookup"]["condition"]): boolean {
  if (condition.kind === "named") return condition.name === name || readsCondition(named(condition.name), name, named);
  if (condition.kind === "and" || condition.kind === "or")
    return condition.of.some((part) => readsCondition(part, name, named));
  return condition.kind === "not" && readsCondition(condition.of, name, named);
}

function isWithoutToken(method: Method): boolean {
  return method === "svid" || method === "key";
}

function accepts(model: Model, identity: Identity, method: Method): boolean {
  return model.tiers.some((tier) => tier.name === identity.tier && tier.authentication.includes(method));
}

/** What the identity could present at all. */
export function methodsOf({ issuer, subject = "", keys }: Identity): readonly Method[] {
  return [
    ...(issuer !== undefined && subject !== "" ? (["mtls", "dpop", "bearer"] as const) : []),
    ...(subject.startsWith("spiffe://") || isPatternSubject(subject) ? (["svid"] as const) : []),
    ...(keys.length > 0 ? (["key"] as const) : []),
  ];
}

/** Whatever the tier demands: met by each method, and refused for each of its rules. */
function tierPoints(model: Model, tier: Tier, places: Places): readonly Point[] {
  const of = declarationOf("tier", tier.name, places);
  const possible = new Set(model.identities.filter((one) => one.tier === tier.name).flatMap(methodsOf));
  if (possible.size === 0) return [];
  const token = possible.has("bearer");
  const highest = Math.max(0, ...model.apis.flatMap((api) => api.operations.map((operation) => operation.minTrust)));
  const point = (missing: string, shownBy: (exercise: Exercise) => boolean): Point => ({
    kind: "tier",
    of,
    missing,
    shownBy: (exercise) => exercise.decision.tier === tier.name && shownBy(exercise),
  });
  const lifetime = (bound: boolean) =>
    point(
      `no ${bound ? "bound" : "bearer"} token lives too long`,
      ({ failed, credential }) =>
        failed === rows.tokenShortLived &&
        credential?.kind === "token" &&
        (credential.token.confirmation !== undefined) === bound,
    );
  return [
    ...tier.authentication
      .filter((method) => possible.has(method))
      .map((method) =>
        point(`nobody is accepted by \`${method}\``, ({ passed, methods }) => {
          return passed.has(rows.presented) && methods.includes(method);
        }),
      ),
    // A key is always presented as a key.
    ...(token || [...possible].some((method) => !tier.authentication.includes(method))
      ? [point("no credential is refused for how it is presented", ({ failed }: Exercise) => failed === rows.presented)]
      : []),
    point("revocations are never too old", ({ failed }) => failed === rows.revocationsFresh),
    ...(token && tier.tokenLifetime.bound !== undefined ? [lifetime(true)] : []),
    ...(token && tier.tokenLifetime.bearer !== undefined ? [lifetime(false)] : []),
    ...(token ? [point("no token is for another audience", ({ failed }) => failed === rows.audience)] : []),
    ...(token && tier.revokesTokens
      ? [point("no token lacks the id by which it is revoked", ({ failed }) => failed === rows.tokenRevocable)]
      : []),
    ...(possible.has("key") ? [point("no key is too old", ({ failed }) => failed === rows.keyYoung)] : []),
    ...(highest > tier.trust
      ? [point("nothing is refused for too little trust", ({ failed }) => failed === rows.trusted)]
      : []),
  ];
}

function operationPoints(mapped: readonly Mapped[], model: Model): readonly Point[] {
  return mapped.flatMap(({ declaration: of, api, operations, public: open, scopes }): readonly Point[] => {
    const names = new Set(operations.map((operation) => operationName(api, operation)));
    const point = (allow: boolean, missing: string): Point => ({
      kind: "operation",
      of,
      missing,
      shownBy: ({ decision }) => decision.allow === allow && names.has(decision.operation ?? ""),
    });
    // What is public is refused to nobody, and what nobody is granted is allowed to nobody.
    const granted = scopes.every((scope) =>
      model.grants.some((grant) => grant.scopes.includes(scope) && (grant.on?.includes(api.name) ?? true)),
    );
    return [
      ...(granted ? [point(true, "no call is allowed")] : []),
      ...(open ? [] : [point(false, "no call is refused")]),
    ];
  });
}

function reasonPoint(reason: Reason): Point {
  return {
    kind: "reason",
    missing: reason === "granted" ? "nothing is allowed" : `nothing is refused as \`${reason}\``,
    shownBy: ({ decision }) => decision.reason === reason,
  };
}
