/** What must never be, in the form of denies: they apply to the same requests, and decide nothing. */
import {
  type Condition,
  type Deny,
  evaluateCondition,
  type Fact,
  factsOf,
  type Identity,
  lookupIn,
  type Model,
  type Never,
} from "../model/index.ts";

export interface Ban extends Deny {
  readonly never: Never;
}

/** What a ban applies to, as a deny. */
export function inForceAlways({ from: _, ...deny }: Ban): Deny {
  return deny;
}

export function isBan(deny: Deny): deny is Ban {
  return "never" in deny;
}

/** The model with the bans of every `never`, so that classes of callers and operations tell apart what those tell apart. */
export function withBans(model: Model): Model {
  const { nevers = [] } = model;
  if (nevers.length === 0) return model;
  const bans = nevers.flatMap((never, i) => bansOf(never, i, model));
  return {
    ...model,
    groups: [...model.groups, ...bans.map(({ group }) => group)],
    denies: [...model.denies, ...bans.map(({ ban }) => ban)],
  };
}

/** One ban for all identities of which the condition says the same, so that reading names does not make everybody a class. */
function bansOf(never: Never, number: number, model: Model) {
  const { scopes, patterns, on, when } = never;
  const named = lookupIn(model).condition;
  const isAboutCaller = when !== undefined && factsOf(when, named).some(({ kind }) => kind === "identity");
  const parts = new Map<string, { readonly when?: Condition; readonly members: string[] }>();
  for (const identity of model.identities.filter(meantBy(never, model))) {
    const condition = isAboutCaller ? ofCaller(when, identity, named) : when;
    const key = isAboutCaller ? JSON.stringify(condition) : "";
    const part = parts.get(key) ?? { ...(condition && { when: condition }), members: [] };
    parts.set(key, part);
    part.members.push(identity.name);
  }
  return [...parts.values()].map((part, i) => {
    // No name of an author holds a space.
    const group = { name: `never ${number} ${i}`, members: part.members };
    const to = { identities: [], groups: [group.name] };
    const ban: Ban = {
      name: group.name,
      to,
      scopes,
      patterns,
      // In force at all times; but so no two are alike, and nobody is in a class with whom another `never` means.
      from: -1 - number,
      ...(on && { on }),
      ...(part.when && { when: part.when }),
      never,
    };
    return { group, ban };
  });
}

function meantBy({ by, issuer }: Never, { groups }: Model): (identity: Identity) => boolean {
  const members = new Map(groups.map((group) => [group.name, group.members]));
  const named = new Set([...(by?.identities ?? []), ...(by?.groups ?? []).flatMap((name) => members.get(name) ?? [])]);
  return (identity) =>
    (!by || named.has(identity.name) || by.tiers.includes(identity.tier)) && (!issuer || identity.issuer === issuer);
}

/** A condition in which everything that is known of the caller is put in place; whatever else it reads, it still reads. */
function ofCaller(condition: Condition, identity: Identity, named: (name: string) => Condition): Condition {
  const within = (part: Condition): Condition => {
    switch (part.kind) {
      case "constant":
        return part;
      case "named":
        return factsOf(part, named).some(({ kind }) => kind === "identity") ? within(named(part.name)) : part;
      case "and":
      case "or":
        return { kind: part.kind, of: part.of.map(within) };
      case "not":
        return { kind: "not", of: within(part.of) };
      case "same":
        return sameAs(part.left, part.right, identity);
      default:
        return part.fact.kind === "identity" ? { kind: "constant", value: isTrueOf(part, identity) } : part;
    }
  };
  return within(condition);
}

function isTrueOf(condition: Condition, identity: Identity): boolean {
  const read = (fact: Fact) =>
    fact.kind === "identity"
      ? ({ state: "known", value: identity[fact.name] } as const)
      : ({ state: "unknown" } as const);
  return evaluateCondition(condition, () => condition, read) === true;
}

function sameAs(left: Fact, right: Fact, identity: Identity): Condition {
  if (left.kind === "identity" && right.kind === "identity")
    return { kind: "constant", value: isTrueOf({ kind: "same", left, right }, identity) };
  if (right.kind === "identity") return sameAs(right, left, identity);
  if (left.kind !== "identity") return { kind: "same", left, right };
  const value = identity[left.name];
  if (typeof value === "string") return { kind: "compare", operator: "equal", fact: right, literal: value };
  // Lists are never the same, and whether the other fact can be read still counts.
  return {
    kind: "and",
    of: [
      { kind: "constant", value: false },
      { kind: "present", fact: right },
    ],
  };
}
