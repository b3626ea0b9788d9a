/**
 * The decision procedure as formulas: the rows of `model/decide.ts`, one by one, over all requests of one class of callers and one of
 * operations. No revocation is listed: only the age of the list varies.
 */
import { type Deny, type Grant, lookupIn, type Refusal, reaches, readsAge, rows } from "../model/index.ts";
import { carries } from "./carried.ts";
import type { CallerClass, CallerSide, OperationClass } from "./classes.ts";
import { hasId, isBound, isFor, isPresentedBy, isRegistered, peerAgrees } from "./credentials.ts";
import type { Facts } from "./facts.ts";
import { always, and, type Formula, never, not, or } from "./formula.ts";
import { alive, begun, dated, fresh, issuedByNow, lifetimeAtMost, since } from "./times.ts";

export type Side = "after" | "before";

/** When an allowed decision ends: at the earliest of these. */
export interface Until {
  /** So many seconds after revocations were last heard of. */
  readonly heard?: number;
  /** At a time that the policy names. */
  readonly fixed?: number;
  /** When the token expires. */
  readonly expires?: true;
  /** In the next second, because a condition reads the age of the token. */
  readonly next?: true;
}

/** One row: what must hold to go on, and what is said where it does not. */
export interface Demand {
  readonly passes: Formula;
  readonly reason: Refusal["reason"];
}

/** How one side decides. */
export interface Procedure {
  /** Rows up to the one that looks for scopes in the token. Whoever passes them asks in the right way. */
  readonly asking: readonly Demand[];
  /** The rows about grants and denies. */
  readonly rights: readonly Demand[];
  /** What an allow ends by, in any case. */
  readonly until: Until;
  /** For each needed scope the grants that may apply, the longest-lived first: the first that does counts. */
  readonly chosen: readonly (readonly { readonly applies: Formula; readonly until: Until }[])[];
  /** What an allow ends by, where the formula holds. */
  readonly turns: readonly { readonly when: Formula; readonly until: Until }[];
}

/** All that is asked of a request. */
export function* formulasOf({ asking, rights, chosen, turns }: Procedure): Generator<Formula> {
  for (const { passes } of [...asking, ...rights]) yield passes;
  for (const { applies } of chosen.flat()) yield applies;
  for (const { when } of turns) yield when;
}

export function procedureOf(caller: CallerClass, operation: OperationClass, side: Side, facts: Facts): Procedure {
  const { model } = caller[side];
  const found = operation[side];
  // Row 0.
  const known: Demand[] = [{ passes: dated(), reason: rows.revocationsDated.reason }];
  if (found?.operation.public) {
    const delay = lookupIn(model).publicDelay;
    const asking = [...known, { passes: fresh(delay), reason: rows.publicFresh.reason }];
    return { asking, rights: [], until: { heard: delay + 1 }, chosen: [], turns: [] };
  }
  const caught = callerRows(caller, side, facts);
  return "refused" in caught
    ? { asking: [...known, ...caught.refused], rights: [], until: {}, chosen: [], turns: [] }
    : rightsOf(caller, operation, side, facts, [...known, ...caught.demands], caught.until);
}

/** A row at which everybody stops. */
function stop(reason: Refusal["reason"]): Demand {
  return { passes: never, reason };
}

/** Rows 1 to 5: who asks, and how. */
function callerRows(
  caller: CallerClass,
  side: Side,
  facts: Facts,
): { readonly refused: readonly Demand[] } | { readonly demands: readonly Demand[]; readonly until: Until } {
  const { identity, issuer, model, created = 0 } = caller[side];
  const isToken = caller.credential === "token";
  // 1
  if (caller.credential === "none") return { refused: [stop("credential-missing")] };
  if (isToken && !issuer) return { refused: [stop("issuer-unknown")] };
  const fits: Demand[] = isToken
    ? [{ passes: and(isRegistered(), facts.claimsFit(side)), reason: "claims-malformed" }]
    : [];
  const tier = identity && lookupIn(model).tier(identity.tier);
  if (!identity || !tier) return { refused: [...fits, stop("identity-unknown")] };
  const agrees: Demand[] = isToken ? [{ passes: peerAgrees(caller, side), reason: "identity-conflict" }] : [];
  const demands: Demand[] = [
    ...fits,
    ...agrees,
    // 2
    { passes: during(identity.from, identity.expires), reason: rows.identityAlive.reason },
    // 3
    { passes: isToken && tier.revokesTokens ? hasId() : always, reason: rows.tokenRevocable.reason },
    { passes: fresh(tier.revocationDelay), reason: rows.revocationsFresh.reason },
  ];
  // 4
  if (isToken && issuer) {
    const { bound = 0, bearer = 0 } = tier.tokenLifetime;
    const isShort = or(and(isBound(), lifetimeAtMost(bound)), and(not(isBound()), lifetimeAtMost(bearer)));
    demands.push(
      { passes: isFor(issuer.audience, tier.audiences), reason: rows.audience.reason },
      { passes: and(begun(), issuedByNow()), reason: rows.tokenBegun.reason },
      { passes: alive(), reason: rows.tokenAlive.reason },
      { passes: isShort, reason: rows.tokenShortLived.reason },
    );
  }
  // 5
  demands.push({ passes: presented(caller, tier.authentication), reason: rows.presented.reason });
  const { keyRotation = 0 } = tier;
  const isKey = caller.credential === "key";
  if (isKey) demands.push({ passes: during(created, created + keyRotation + 1), reason: rows.keyYoung.reason });
  const until: Until = {
    heard: tier.revocationDelay + 1,
    ...(isToken && { expires: true }),
    ...(identity.expires !== undefined && { fixed: identity.expires }),
  };
  return { demands, until: isKey ? earliest(until, { fixed: created + keyRotation + 1 }) : until };
}

function presented({ credential }: CallerClass, accepted: Parameters<typeof isPresentedBy>[0]): Formula {
  if (credential === "token") return isPresentedBy(accepted);
  return credential !== "none" && accepted.includes(credential) ? always : never;
}

/** Rows 6 to 9: what is called, and who may. */
function rightsOf(
  caller: CallerClass,
  operation: OperationClass,
  side: Side,
  facts: Facts,
  demands: readonly Demand[],
  until: Until,
): Procedure {
  const refused = (reason: Refusal["reason"]): Procedure => ({
    asking: [...demands, stop(reason)],
    rights: [],
    until: {},
    chosen: [],
    turns: [],
  });
  const { model, identity, grants, denies } = caller[side];
  const found = operation[side];
  // 6
  if (operation.kind === "not-canonical") return refused(rows.pathCanonical.reason);
  if (!found) return refused(rows.operationDeclared.reason);
  const { scopes, minTrust } = found.operation;
  const { trust = 0 } = lookupIn(model).tier(identity?.tier ?? "") ?? {};
  if (trust < minTrust) return refused(rows.trusted.reason);
  // 7
  const isToken = caller.credential === "token";
  const carried = isToken ? and(...scopes.map((scope) => carries(caller, side, scope))) : always;
  // 8
  const candidates = scopes.map((scope) =>
    grants
      .filter((grant) => grant.scopes.includes(scope) && reaches(grant, found))
      .map((grant) => ({ grant, ...stateOf(grant, side, facts) })),
  );
  const each = (of: (grants: (typeof candidates)[number]) => Formula): Formula => and(...candidates.map(of));
  // 9
  const against = denies.filter((deny) => deny.scopes.some((scope) => scopes.includes(scope)) && reaches(deny, found));
  return {
    asking: [...demands, { passes: carried, reason: rows.scopesCarried.reason }],
    rights: [
      { passes: each((all) => (all.length > 0 ? always : never)), reason: rows.scopesGranted.reason },
      { passes: each((all) => or(...all.map(({ inForce }) => inForce))), reason: rows.grantsInForce.reason },
      { passes: each((all) => or(...all.map(({ applies }) => applies))), reason: rows.conditionsHold.reason },
      { passes: not(or(...against.map((deny) => appliesTo(deny, side, facts)))), reason: rows.notDenied.reason },
    ],
    until,
    chosen: candidates.map((all) => all.map(({ grant, applies }) => ({ applies, until: endOf(grant, model) }))),
    turns: against.flatMap((deny) => turnsOf(deny, model)),
  };
}

export function stateOf(
  grant: Grant,
  side: Side,
  facts: Facts,
): { readonly inForce: Formula; readonly applies: Formula } {
  const inForce = during(grant.from, grant.until);
  return { inForce, applies: grant.when ? and(inForce, facts.condition(side, grant.when).holds) : inForce };
}

/** A deny whose condition cannot be read applies. */
export function appliesTo(deny: Deny, side: Side, facts: Facts): Formula {
  const inForce = during(deny.from, deny.until);
  if (!deny.when) return inForce;
  const { known, holds } = facts.condition(side, deny.when);
  return and(inForce, or(not(known), holds));
}

function endOf({ until, when }: Grant, model: CallerSide["model"]): Until {
  const changes = when !== undefined && readsAge(when, lookupIn(model).condition);
  return { ...(until !== undefined && { fixed: until }), ...(changes && { next: true }) };
}

/** A deny that begins later, or one that reads the age of the token until it ends, may decide otherwise by itself. */
function turnsOf({ from, until, when }: Deny, model: CallerSide["model"]): Procedure["turns"] {
  const begins = from === undefined ? [] : [{ when: not(since(from)), until: { fixed: from } }];
  if (!when || !readsAge(when, lookupIn(model).condition)) return begins;
  const notEnded = until === undefined ? always : not(since(until));
  return [...begins, { when: notEnded, until: { next: true } }];
}

/** `from` ≤ now < `until`. */
function during(from: number | undefined, until: number | undefined): Formula {
  return and(since(from), until === undefined ? always : not(since(until)));
}

export function earliest(a: Until, b: Until): Until {
  const least = (x: number | undefined, y: number | undefined) =>
    x === undefined ? y : y === undefined ? x : Math.min(x, y);
  const [heard, fixed] = [least(a.heard, b.heard), least(a.fixed, b.fixed)];
  return {
    ...(heard !== undefined && { heard }),
    ...(fixed !== undefined && { fixed }),
    ...((a.expires || b.expires) && { expires: true }),
    ...((a.next || b.next) && { next: true }),
  };
}
