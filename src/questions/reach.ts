/** Who holds a scope, by which grants, and which operations it opens to them. */
import { type Grant, lookupIn, type Model } from "../model/index.ts";
import type { Access, Shown } from "./access.ts";
import { accessMatrix } from "./access-matrix.ts";
import { conditionParts } from "./condition-words.ts";
import { findScope } from "./find.ts";
import { holdersOf } from "./holders.ts";
import { byAmount } from "./who.ts";

/** How a grant comes to give the scope. */
export interface GivingGrant {
  readonly name: string;
  /** As its author wrote them. */
  readonly patterns: readonly string[];
  /** Scopes that it gives, and that imply this one; empty where it names the scope itself. */
  readonly through: readonly string[];
  /** On which APIs only; absent where it does not matter. */
  readonly on?: readonly string[];
  /** What has to hold, as its author wrote it: all of these. */
  readonly when: readonly string[];
  readonly from?: number;
  readonly until?: number;
}

/** Identities of one tier that hold it by the same grants, and what they may call by it. */
export interface ScopeHolders {
  readonly identities: readonly string[];
  readonly tier: string;
  readonly trust: number;
  readonly grants: readonly GivingGrant[];
  readonly opens: readonly {
    readonly operations: readonly string[];
    readonly access: Access;
    readonly shown?: Shown;
  }[];
}

export interface Reach {
  readonly scope: string;
  readonly implies: readonly string[];
  readonly impliedBy: readonly string[];
  /** Operations that need it, each with what it needs besides. */
  readonly operations: readonly { readonly name: string; readonly also: readonly string[] }[];
  readonly holders: readonly ScopeHolders[];
  readonly exact: boolean;
}

/** @example reachOf(model, "orders:refund") */
export function reachOf(model: Model, text: string): Reach {
  const { name: scope, implies } = findScope(model, text);
  const lookup = lookupIn(model);
  const impliedBy = model.scopes.filter((each) => each.implies.includes(scope)).map(({ name }) => name);
  const giving = new Map<Grant, GivingGrant>();
  for (const grant of model.grants)
    if (grant.scopes.includes(scope)) giving.set(grant, givingOf(grant, scope, impliedBy, lookup.condition));
  const held = new Map<string, readonly GivingGrant[]>();
  for (const name of holdersOf(model, scope)) {
    const grants = lookup.grantsTo(name).flatMap((grant) => giving.get(grant) ?? []);
    if (grants.length > 0) held.set(name, grants);
  }
  const needing = model.apis.flatMap((api) =>
    api.operations.flatMap(({ method, template, scopes }) =>
      scopes.includes(scope)
        ? [{ name: `${api.host} ${method} ${template}`, also: scopes.filter((each) => each !== scope) }]
        : [],
    ),
  );
  const part = { identities: new Set(held.keys()), operations: new Set(needing.map(({ name }) => name)) };
  const { matrix, shown, exact } = accessMatrix(model, part);
  const groups = new Map<
    string,
    { names: string[]; tier: string; grants: readonly GivingGrant[]; cells: readonly number[] }
  >();
  for (const caller of matrix.callers) {
    const grants = held.get(caller.name) ?? [];
    const cells = matrix.cells[caller.class] ?? [];
    const key = JSON.stringify([caller.tier, grants.map(({ name }) => name), cells]);
    const group = groups.get(key) ?? { names: [], tier: caller.tier, grants, cells };
    group.names.push(caller.name);
    groups.set(key, group);
  }
  const namesOf = Map.groupBy(matrix.operations, (operation) => operation.class);
  const opensOf = (cells: readonly number[]): ScopeHolders["opens"] => {
    const found = new Map<number, string[]>();
    for (let at = 0; at < cells.length; at += 2) {
      const names = namesOf.get(cells[at]!)?.map(({ name }) => name) ?? [];
      found.set(cells[at + 1]!, [...(found.get(cells[at + 1]!) ?? []), ...names]);
    }
    return [...found].map(([number, operations]) => {
      const request = shown.get(number);
      return { operations: operations.sort(), access: matrix.accesses[number]!, ...(request && { shown: request }) };
    });
  };
  return {
    scope,
    implies,
    impliedBy,
    operations: needing,
    holders: [...groups.values()]
      .map(({ names, tier, grants, cells }) => ({
        identities: names.sort(),
        tier,
        trust: lookup.tier(tier)?.trust ?? 0,
        grants,
        opens: opensOf(cells),
      }))
      .sort((a, b) => a.trust - b.trust || byAmount(a.identities, b.identities)),
    exact,
  };
}

function givingOf(
  grant: Grant,
  scope: string,
  impliedBy: readonly string[],
  named: Parameters<typeof conditionParts>[1],
): GivingGrant {
  const { name, patterns, on, when, from, until } = grant;
  return {
    name,
    patterns,
    through: patterns.includes(scope) ? [] : grant.scopes.filter((each) => impliedBy.includes(each)),
    ...(on && { on }),
    when: when ? conditionParts(when, named) : [],
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
  };
}
