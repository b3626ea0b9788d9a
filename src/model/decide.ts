/**
 * The reference evaluator: the decision procedure, one step after the other. The first step that fails names the reason.
 * Every back end is held against this one.
 */
import { type Credential, identify, presentedBy, type Token } from "./credential.ts";
import { type Allow, clockSkew, type Decision, type Input, type Policy, type Revocations } from "./decision.ts";
import { checkInput, isObject, isTime, own } from "./input-shape.ts";
import { lookupIn } from "./lookup.ts";
import type { Grant, Model, Tier } from "./model.ts";
import { isCanonicalPath, pathSegments } from "./path.ts";
import { type Demand, demandOf, type Observe, rows, Stop } from "./procedure.ts";
import { readRevocations, revokedBy } from "./revoked.ts";
import { type Call, denyThatApplies, type GrantState, grantsFor, missingScopes, turnsOf } from "./rights.ts";
import { upstreamHeaders } from "./upstream-headers.ts";

/** What a gateway has loaded. `policy` and `revocations` are looked at before they are believed, so any value may stand there. */
export interface Loaded {
  readonly model: Model;
  readonly policy?: unknown;
  readonly revocations?: unknown;
}

/**
 * Decides one request.
 *
 * @param loaded the estate, which policy is in force, and what is known of revocations (times in seconds since 1970 UTC)
 * @param value the question, an `Input`; anything else is refused as `input-malformed`, nothing throws
 * @param observe is told what each row compared
 * @example decide({ model, policy, revocations }, { time: 1795478400, key: { id: "k1" }, request: { host: "a.example", method: "GET", path: "/" } })
 */
export function decide(loaded: Loaded, value: unknown, observe?: Observe): Decision {
  const established: Established = {};
  try {
    return procedure(loaded, value, established, demandOf(observe));
  } catch (stop) {
    if (stop instanceof Stop) return { allow: false, reason: stop.reason, ...established };
    throw stop;
  }
}

/** What a refusal says besides its reason. */
type Established = { -readonly [Name in "identity" | "operation" | "revision" | "tier"]?: string };

function procedure(loaded: Loaded, value: unknown, established: Established, demand: Demand): Allow {
  const lookup = lookupIn(loaded.model);

  // 0 A policy is loaded, the input has its shape, the policy is in force and not recalled.
  const policy = readPolicy(loaded.policy);
  demand(rows.policyLoaded, policy, () => policy?.revision ?? "none");
  const { revision, sequence, notBefore, notAfter } = policy;
  established.revision = revision;
  const { input, problem } = checkInput(value);
  demand(rows.inputShaped, input, () => (input ? "it has and does" : problem), problem);
  const { time } = input;
  demand(rows.policyInForce, notBefore <= time && time < notAfter, () => `${notBefore} ≤ ${time} < ${notAfter}`);
  const revocations = readRevocations(loaded.revocations);
  demand(rows.revocationsKnown, revocations, () => `as of ${revocations?.at ?? "never"}`);
  const { at, floor } = revocations;
  // Knowledge from the future would stay fresh for ever: it proves nothing (threat model F26).
  demand(rows.revocationsDated, at <= time + clockSkew, () => `${at} ≤ ${time} + ${clockSkew}`);
  demand(rows.policyAboveFloor, sequence >= floor, () => `${sequence} ≥ ${floor}`);

  // A public operation asks for nobody, so that no credential can help or harm.
  const { host, method, path } = input.request;
  const canonical = isCanonicalPath(path);
  const match = canonical ? lookup.operation(host, method, pathSegments(path)) : undefined;
  if (match?.found.operation.public) {
    const delay = lookup.publicDelay;
    demand(rows.publicFresh, time - at <= delay, () => `${time} − ${at} ≤ ${delay}`);
    return allowPublic(match.found.name, Math.min(notAfter, at + delay + 1), revision);
  }

  // 1 The credential names an identity.
  const credential = identify(input, lookup);
  if (typeof credential === "string") demand(rows.identityNamed, false, () => credential, credential);
  const { identity } = credential;
  demand(rows.identityNamed, true, () => `${credential.kind} → ${identity.name}`);
  const tier = lookup.tier(identity.tier);
  demand(rows.tierDeclared, tier, () => identity.tier);
  established.identity = identity.name;
  established.tier = tier.name;

  // 2 The identity is in its life.
  const { from = 0, expires = Number.POSITIVE_INFINITY } = identity;
  demand(rows.identityAlive, from <= time && time < expires, () => `${from} ≤ ${time} < ${identity.expires ?? "ever"}`);

  // 3 Revocations are fresh enough for the tier, and none names what was presented.
  const token = credential.kind === "token" ? credential.token : undefined;
  demand(rows.tokenRevocable, !token || !tier.revokesTokens || token.id !== undefined, () => token?.id ?? "no `jti`");
  const delay = tier.revocationDelay;
  demand(rows.revocationsFresh, time - at <= delay, () => `${time} − ${at} ≤ ${delay}`);
  const revoked = revokedBy(revocations, credential, input);
  demand(rows.notRevoked, !revoked, () => revoked?.words ?? "nothing is");

  // 4 The token is for us and alive.
  if (token) demandLife(token, tier, time, demand);

  // 5 How it was presented suffices for the tier.
  demandPresentation(credential, tier, input, demand);

  // 6 The path is canonical, the operation is declared, and the tier has the trust that it demands.
  demand(rows.pathCanonical, canonical, () => path);
  demand(rows.operationDeclared, match, () => match?.found.name ?? `${host} ${method} ${path}`);
  const { found, parameters } = match;
  const { scopes, minTrust } = found.operation;
  established.operation = found.name;
  demand(rows.trusted, tier.trust >= minTrust, () => `${tier.trust} ≥ ${minTrust}`);

  // 7 The token carries every scope that the operation needs.
  const call: Call = { input, lookup, revocations, credential, found, parameters };
  const missing = missingScopes(call);
  demand(rows.scopesCarried, missing.length === 0, () => list(missing, scopes));

  // 8 Every needed scope is granted, by a grant that is in force and whose condition holds.
  const grants = demandGrants(call, demand);

  // 9 No deny applies.
  const deny = denyThatApplies(call);
  demand(rows.notDenied, !deny, () => deny?.name ?? "none does");

  // 10 Allow.
  return {
    allow: true,
    reason: "granted",
    identity: identity.name,
    tier: tier.name,
    operation: found.name,
    grants: [...new Set(grants.map((grant) => grant.name))].sort(),
    emergency: grants.some((grant) => grant.emergency),
    headers: upstreamHeaders(found.api.headers, identity, credential.subject, scopes),
    until: endOf(policy, revocations, credential, tier, [
      ...grants.map((grant) => grant.until),
      ...turnsOf(call, grants),
    ]),
    revision,
  };
}

function allowPublic(operation: string, until: number, revision: string): Allow {
  return { allow: true, reason: "granted", operation, grants: [], emergency: false, headers: {}, until, revision };
}

/** Row 4. RFC 7519 §4.1.3–4.1.6; RFC 9068 §4 for the audience. The skew is for `nbf` and `iat` only. */
function demandLife(token: Token, tier: Tier, time: number, demand: Demand): void {
  const { audiences, expires, issued, notBefore = 0 } = token;
  const { audience } = token.issuer;
  const forUs = audiences.includes(audience) && audiences.length <= tier.audiences;
  demand(rows.audience, forUs, () => `${list(audiences)} for ${audience}, at most ${tier.audiences}`);
  const begins = Math.max(notBefore, issued) - clockSkew;
  demand(rows.tokenBegun, begins <= time, () => `${begins} ≤ ${time}`);
  demand(rows.tokenAlive, time < expires, () => `${time} < ${expires}`);
  const { bound = 0, bearer = 0 } = tier.tokenLifetime; // one left out is not accepted
  const longest = token.confirmation ? bound : bearer;
  demand(rows.tokenShortLived, expires - issued <= longest, () => `${expires} − ${issued} ≤ ${longest}`);
}

/** Row 5. */
function demandPresentation(credential: Credential, tier: Tier, input: Input, demand: Demand): void {
  const methods = presentedBy(credential, input);
  const suffices = methods.some((method) => tier.authentication.includes(method));
  demand(rows.presented, suffices, () => `${list(methods, ["nothing"])} for ${list(tier.authentication)}`);
  if (credential.kind !== "key") return;
  const { keyRotation = 0 } = tier;
  const age = input.time - credential.created;
  demand(rows.keyYoung, 0 <= age && age <= keyRotation, () => `0 ≤ ${age} ≤ ${keyRotation}`);
}

/** Row 8. Looks at all scopes before it looks closer, so that the reason does not depend on their order. */
function demandGrants(call: Call, demand: Demand): readonly Grant[] {
  const { scopes } = call.found.operation;
  const candidates = scopes.map((scope) => ({ scope, grants: grantsFor(call, scope) }));
  const without = (...states: readonly GrantState[]) =>
    candidates.filter((c) => !c.grants.some((g) => states.includes(g.state))).map((c) => c.scope);
  const ungranted = without("inactive", "condition", "applies");
  demand(rows.scopesGranted, ungranted.length === 0, () => list(ungranted, scopes));
  const inactive = without("condition", "applies");
  demand(rows.grantsInForce, inactive.length === 0, () => list(inactive, scopes));
  const unmet = without("applies");
  demand(rows.conditionsHold, unmet.length === 0, () => list(unmet, scopes));
  // The longest-lived come first, so a decision rests on what lasts.
  return candidates.flatMap((c) => c.grants.find((g) => g.state === "applies")?.grant ?? []);
}

/** `until`: the first moment at which anything that the decision rests on may be gone. */
function endOf(
  policy: Policy,
  revocations: Revocations,
  credential: Credential,
  tier: Tier,
  more: readonly (number | undefined)[],
): number {
  const ends = [policy.notAfter, revocations.at + tier.revocationDelay + 1, credential.identity.expires];
  if (credential.kind === "token") ends.push(credential.token.expires);
  if (credential.kind === "key") ends.push(credential.created + (tier.keyRotation ?? 0) + 1);
  return Math.min(...[...ends, ...more].filter((end) => end !== undefined));
}

function readPolicy(value: unknown): Policy | undefined {
  if (!isObject(value) || typeof own(value, "revision") !== "string") return undefined;
  return ["sequence", "notBefore", "notAfter"].every((name) => isTime(own(value, name)))
    ? (value as unknown as Policy)
    : undefined;
}

/** What is lacking, or else all that was asked for. */
function list(lacking: readonly string[], all: readonly string[] = []): string {
  return lacking.length > 0 ? lacking.join(", ") : all.join(", ");
}
