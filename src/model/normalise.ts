/** Puts a model into the one form in which it is compared, serialised and emitted. */
import type { Condition, Literal } from "./condition.ts";
import type { Api, Grant, Holders, Identity, Issuer, Model, Never } from "./model.ts";

/**
 * Sorts every set and drops duplicates, merges what is associative in conditions, and freezes the result.
 *
 * @returns a model for which the same declarations in any order give deeply equal values
 */
export function normalise(model: Model): Model {
  return deepFreeze({
    format: model.format,
    tiers: sorted(model.tiers.map((t) => ({ ...t, authentication: set(t.authentication) }))),
    issuers: sorted(model.issuers.map(issuer)),
    identities: sorted(model.identities.map(identity)),
    groups: sorted(model.groups.map((g) => ({ ...g, members: set(g.members) }))),
    scopes: sorted(model.scopes.map((s) => ({ ...s, implies: set(s.implies) }))),
    apis: sorted(model.apis.map(api)),
    conditions: sorted(model.conditions.map((c) => ({ ...c, when: condition(c.when) }))),
    grants: sorted(model.grants.map((g) => rule(g) as Grant)),
    denies: sorted(model.denies.map((d) => rule(d))),
    ...(model.nevers && model.nevers.length > 0 && { nevers: sorted(model.nevers.map(never)) }),
    examples: sorted(model.examples),
  });
}

/** Byte order of UTF-16 units; names are ASCII. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** By their text; of two types that read alike, by type. */
function compareLiterals(a: Literal, b: Literal): number {
  return compareText(String(a), String(b)) || compareText(typeof a, typeof b);
}

function sorted<T extends { readonly name: string }>(items: readonly T[]): readonly T[] {
  return items.toSorted((a, b) => compareText(a.name, b.name));
}

function set<T extends string>(items: readonly T[]): readonly T[] {
  return items.length < 2 ? items : [...new Set(items)].sort(compareText);
}

function issuer(item: Issuer): Issuer {
  return {
    ...item,
    algorithms: set(item.algorithms),
    claims: sorted(item.claims.map((c) => (c.values ? { ...c, values: set(c.values) } : c))),
    translate: item.translate.map((t) => ({ from: t.from, to: set(t.to) })).sort((a, b) => compareText(a.from, b.from)),
  };
}

function identity(item: Identity): Identity {
  return { ...item, keys: item.keys.toSorted((a, b) => compareText(a.id, b.id)), tags: set(item.tags) };
}

function api(item: Api): Api {
  return {
    ...item,
    operations: sorted(item.operations.map((o) => ({ ...o, scopes: set(o.scopes) }))),
    headers: sorted(item.headers),
  };
}

function rule<
  R extends {
    to: Holders;
    on?: readonly string[];
    scopes: readonly string[];
    patterns: readonly string[];
    when?: Condition;
  },
>(item: R): R {
  return {
    ...item,
    to: { identities: set(item.to.identities), groups: set(item.to.groups) },
    scopes: set(item.scopes),
    patterns: set(item.patterns),
    ...(item.on && { on: set(item.on) }),
    ...(item.when && { when: condition(item.when) }),
  };
}

function never(item: Never): Never {
  const { by } = item;
  return {
    ...item,
    ...(by && { by: { identities: set(by.identities), groups: set(by.groups), tiers: set(by.tiers) } }),
    scopes: set(item.scopes),
    patterns: set(item.patterns),
    ...(item.on && { on: set(item.on) }),
    ...(item.when && { when: condition(item.when) }),
  };
}

/** Flattens nested `and`s and `or`s and sorts their parts, which are a set: conditions have no side effects and are total. */
function condition(item: Condition): Condition {
  switch (item.kind) {
    case "and":
    case "or": {
      const parts = item.of.map(condition).flatMap((c) => (c.kind === item.kind ? c.of : [c]));
      const byText = new Map(parts.map((part) => [JSON.stringify(part), part]));
      const of = [...byText].sort(([a], [b]) => compareText(a, b)).map(([, part]) => part);
      return of.length === 1 && of[0] ? of[0] : { kind: item.kind, of };
    }
    case "not": {
      const of = condition(item.of);
      return of.kind === "not" ? of.of : { kind: "not", of };
    }
    case "in":
      return { ...item, values: [...new Set(item.values)].sort(compareLiterals) };
    case "same": {
      const [left, right] = [JSON.stringify(item.left), JSON.stringify(item.right)];
      return left <= right ? item : { kind: "same", left: item.right, right: item.left };
    }
    default:
      return item;
  }
}

/** Immutable all the way down; big lists of plain rows make this the cheap way to say so. */
function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}
