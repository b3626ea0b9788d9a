/** One policy as its own space: who is in it, what they may call, and which rules are between them. */
import {
  type Deny,
  type Grant,
  type Identity,
  isPatternSubject,
  type Lookup,
  lookupIn,
  type Model,
  type Operation,
  reaches,
} from "../model/index.ts";
import { type CallerClass, callerClasses, type OperationClass, operationClasses } from "../space/index.ts";
import { type Ban, isBan, withBans } from "./bans.ts";

/** A class of callers that are somebody. */
export interface Holder {
  readonly caller: CallerClass;
  readonly trust: number;
  /** In the order in which they are tried. */
  readonly grants: readonly Grant[];
  readonly denies: readonly Deny[];
  readonly nevers: readonly Ban[];
  /** Whether it is the caller that stands for its whole class. */
  readonly isFirst: boolean;
}

/** A class of operations that need scopes. */
export interface Target {
  readonly called: OperationClass;
  readonly operation: Operation;
}

/** One class of callers and one of operations. */
export interface Pair {
  readonly holder: Holder;
  readonly target: Target;
}

export class Ground {
  readonly model: Model;
  readonly bans: readonly Ban[];
  readonly holders: readonly Holder[];
  readonly targets: readonly Target[];
  readonly #byRule = new Map<Deny | Grant, Holder[]>();
  readonly #byScope = new Map<string, Target[]>();

  constructor(model: Model) {
    this.model = model;
    const { tier } = lookupIn(model);
    // Classes tell apart what rules tell apart: so they do for what must never be, too.
    const banned = withBans(model);
    this.bans = banned.denies.filter(isBan);
    const heldBy = holdings(banned);
    const identities = new Map(model.identities.map((identity) => [identity.name, identity]));
    this.holders = callerClasses(banned, banned).flatMap((caller) =>
      membersApart(caller, banned, identities, heldBy).map((member): Holder => {
        const { identity, issuer, grants, denies } = member.after;
        return {
          caller: member,
          trust: tier(identity?.tier ?? "")?.trust ?? 0,
          grants,
          denies: denies.filter((deny) => !isBan(deny)),
          nevers: denies.filter(isBan).filter(({ never }) => !never.issuer || never.issuer === issuer?.name),
          isFirst: member === caller,
        };
      }),
    );
    this.targets = operationClasses(banned, banned).flatMap((called): Target[] => {
      const operation = called.after?.operation;
      return operation && !operation.public ? [{ called, operation }] : [];
    });
    for (const holder of this.holders)
      for (const rule of [...holder.grants, ...holder.denies, ...holder.nevers]) push(this.#byRule, rule, holder);
    for (const target of this.targets) for (const scope of target.operation.scopes) push(this.#byScope, scope, target);
  }

  /** To whom the rule is. */
  holdersOf(rule: Deny | Grant): readonly Holder[] {
    return this.#byRule.get(rule) ?? [];
  }

  /** Where the rule could matter: what needs one of its scopes on one of its APIs. */
  targetsOf(rule: Deny | Grant): readonly Target[] {
    const found = new Set(rule.scopes.flatMap((scope) => this.#byScope.get(scope) ?? []));
    return [...found].filter(({ called }) => called.after && reaches(rule, called.after));
  }

  /** Every pair in which the rule could matter. */
  *pairsOf(rule: Deny | Grant): Generator<Pair> {
    const targets = this.targetsOf(rule);
    for (const holder of this.holdersOf(rule)) for (const target of targets) yield { holder, target };
  }
}

/** Whether the rule could matter to an operation. */
export function isAbout(rule: Deny | Grant, { called, operation }: Target): boolean {
  const { after } = called;
  return after !== undefined && reaches(rule, after) && rule.scopes.some((scope) => operation.scopes.includes(scope));
}

/** By needed scope, the grants of the caller for it. */
export function candidatesOf({ holder, target }: Pair): readonly (readonly Grant[])[] {
  const { called, operation } = target;
  return operation.scopes.map((scope) =>
    holder.grants.filter((grant) => grant.scopes.includes(scope) && called.after && reaches(grant, called.after)),
  );
}

/** Whether anything might be allowed, as far as can be seen without looking at requests. */
export function isThinkable(pair: Pair): boolean {
  const { holder, target } = pair;
  return holder.trust >= target.operation.minTrust && candidatesOf(pair).every((grants) => grants.length > 0);
}

/**
 * Members of a class are decided alike, but rules of another name may be what decides: one caller for each set of rules.
 *
 * @returns the one that stands for the class first; none where it is nobody
 */
function membersApart(
  caller: CallerClass,
  model: Model,
  identities: ReadonlyMap<string, Identity>,
  heldBy: (identity: string) => string,
): readonly CallerClass[] {
  const first = caller.after.identity;
  if (!first) return [];
  const lookup = lookupIn(model);
  const apart = new Map([[heldBy(first.name), caller]]);
  for (const name of caller.names) {
    const key = heldBy(name);
    const identity = apart.has(key) ? undefined : identities.get(name);
    if (identity) apart.set(key, callerOf(caller, identity, lookup));
  }
  return [...apart.values()];
}

/** Another member of the class; under the name of the first where its own is not one text. */
function callerOf(caller: CallerClass, identity: Identity, lookup: Lookup): CallerClass {
  const { shows, after, peers } = caller;
  const { name, subject, keys } = identity;
  const isOne = subject !== undefined && !isPatternSubject(subject);
  const key = keys.find(({ created }) => created === after.created);
  const own = {
    ...(isOne && shows.subject !== undefined && { subject }),
    ...(isOne && shows.spiffe !== undefined && { spiffe: subject }),
    ...(key && shows.key !== undefined && { key: key.id }),
  };
  const side = { ...after, identity, grants: lookup.grantsTo(name), denies: lookup.deniesTo(name) };
  return {
    ...caller,
    before: side,
    after: side,
    shows: { ...shows, ...own },
    peers: peers.map((peer) => (peer.after && isOne ? { ...peer, spiffe: subject } : peer)),
    names: [name],
  };
}

/** By identity, which rules are to it, and through which groups, as a text. */
function holdings(model: Model): (identity: string) => string {
  const held = new Map<string, string>();
  const give = (names: readonly string[], what: string) => {
    for (const name of names) held.set(name, `${held.get(name) ?? ""} ${what}`);
  };
  const rules = [...model.grants, ...model.denies];
  for (const [i, { to }] of rules.entries()) give(to.identities, `${i}`);
  const groups = new Set(rules.flatMap(({ to }) => to.groups));
  for (const { name, members } of model.groups) if (groups.has(name)) give(members, JSON.stringify(name));
  return (identity) => held.get(identity) ?? "";
}

const grounds = new WeakMap<Model, Ground>();

/** Made once for each model. */
export function groundOf(model: Model): Ground {
  const known = grounds.get(model) ?? new Ground(model);
  grounds.set(model, known);
  return known;
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
