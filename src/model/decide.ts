/**
 * The reference evaluator: the decision procedure, one step after the other. The first step that fails names the reason.
 * Every back end is held against this one.
 */
import { type Credential, identify, presentedBy, type Token } from "./credential.ts";
import {
  type Allow,
  clockSkew,
  type Decision,
  type Input,
  type Policy,
  type Refusal,
  type Revocations,
} from "./decision.ts";
import { checkInput, isObject, isTime, own } from "./input-shape.ts";
import { lookupIn } from "./lookup.ts";
import type { Grant, Model, Tier } from "./model.ts";
import { isCanonicalPath, pathSegments } from "./path.ts";
import { readRevocations, revokedBy } from "./revoked.ts";
import { type Call, denyThatApplies, grantsFor, missingScopes } from "./rights.ts";
import { upstreamHeaders } from "./upstream-headers.ts";

/** What a gateway has loaded. `policy` and `revocations` are looked at before they are believed, so any value may stand there. */
export interface Loaded {
  readonly model: Model;
  readonly policy?: unknown;
  readonly revocations?: unknown;
}

/** What one row of the procedure compared, for `writ why`. */
export interface Observation {
  readonly step: number;
  readonly title: string;
  readonly detail: string;
  readonly passed: boolean;
}

export type Observe = (observation: Observation) => void;

type Refused = Refusal["reason"];

/** Goes on when `passed`; otherwise ends the procedure with the reason. */
type Demand = (step: number, title: string, passed: unknown, reason: Refused, detail: () => string) => asserts passed;

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
  const demand: Demand = (step, title, passed, reason, detail) => {
    observe?.({ step, title, detail: detail(), passed: Boolean(passed) });
    if (!passed) throw new Stop(reason);
  };
  try {
    return procedure(loaded, value, established, demand);
  } catch (stop) {
    if (stop instanceof Stop) return { allow: false, reason: stop.reason, ...established };
    throw stop;
  }
}

/** What a refusal says besides its reason. */
type Established = { -readonly [Name in "identity" | "operation" | "revision" | "tier"]?: string };

class Stop {
  readonly reason: Refused;
  constructor(reason: Refused) {
    this.reason = reason;
  }
}

function procedure(loaded: Loaded, value: unknown, established: Established, demand: Demand): Allow {
  const lookup = lookupIn(loaded.model);

  // 0 A policy is loaded, the input has its shape, the policy is in force and not recalled.
  const policy = readPolicy(loaded.policy);
  demand(0, "a policy is loaded", policy, "policy-missing", () => policy?.revision ?? "none");
  established.revision = policy.revision;
  const { input, problem } = checkInput(value);
  demand(0, "the input has its shape and keeps the limits", input, problem, () => problem);
  const { time } = input;
  const inForce = policy.notBefore <= time && time < policy.notAfter;
  demand(
    0,
    "the policy is in force",
    inForce,
    "policy-expired",
    () => `${policy.notBefore} ≤ ${time} < ${policy.notAfter}`,
  );
  const revocations = readRevocations(loaded.revocations);
  demand(0, "revocations are known", revocations, "revocations-stale", () => `as of ${revocations?.at ?? "never"}`);
  const { at, floor } = revocations;
  demand(
    0,
    "the policy is not recalled",
    policy.sequence >= floor,
    "policy-below-floor",
    () => `${policy.sequence} ≥ ${floor}`,
  );

  // A public operation asks for nobody, so that no credential can help or harm.
  const { host, method, path } = input.request;
  const canonical = isCanonicalPath(path);
  const match = canonical ? lookup.operation(host, method, pathSegments(path)) : undefined;
  if (match?.found.operation.public) {
    const delay = lookup.publicDelay;
    demand(
      0,
      "it is public, and revocations are fresh",
      time - at <= delay,
      "revocations-stale",
      () => `${time} − ${at} ≤ ${delay}`,
    );
    const until = Math.min(policy.notAfter, at + delay + 1);
    const { revision } = policy;
    return {
      allow: true,
      reason: "granted",
      operation: match.found.name,
      grants: [],
      emergency: false,
      headers: {},
      until,
      revision,
    };
  }

  // 1 The credential names an identity.
  const credential = identify(input, lookup);
  const named = typeof credential === "object";
  demand(1, "the credential names an identity", named, named ? "identity-unknown" : credential, () =>
    named ? `${credential.kind} → ${credential.identity.name}` : credential,
  );
  const { identity } = credential;
  const tier = lookup.tier(identity.tier);
  demand(1, "its tier is declared", tier, "identity-unknown", () => identity.tier);
  established.identity = identity.name;
  established.tier = tier.name;

  // 2 The identity is in its life.
  const { from = 0, expires = Number.POSITIVE_INFINITY } = identity;
  demand(
    2,
    "the identity is in its life",
    from <= time && time < expires,
    "identity-inactive",
    () => `${from} ≤ ${time} < ${expires}`,
  );

  // 3 Revocations are fresh enough for the tier, and none names what was presented.
  const token = credential.kind === "token" ? credential.token : undefined;
  const revocable = !token || !tier.revokesTokens || token.id !== undefined;
  demand(
    3,
    "a token carries the id by which it is revoked",
    revocable,
    "claims-malformed",
    () => token?.id ?? "no `jti`",
  );
  const delay = tier.revocationDelay;
  demand(
    3,
    "revocations are fresh enough",
    time - at <= delay,
    "revocations-stale",
    () => `${time} − ${at} ≤ ${delay}`,
  );
  const revoked = revokedBy(revocations, credential, input);
  demand(3, "nothing that was presented is revoked", !revoked, "revoked", () => revoked ?? "nothing is");

  // 4 The token is for us and alive.
  if (token) demandLife(token, tier, time, demand);

  // 5 How it was presented suffices for the tier.
  demandPresentation(credential, tier, input, demand);

  // 6 The path is canonical, the operation is declared, and the tier has the trust that it demands.
  demand(6, "the path is canonical", canonical, "path-not-canonical", () => path);
  demand(
    6,
    "the operation is declared",
    match,
    "operation-unknown",
    () => match?.found.name ?? `${host} ${method} ${path}`,
  );
  const { found, parameters } = match;
  const { operation } = found;
  established.operation = found.name;
  demand(
    6,
    "the tier has enough trust",
    tier.trust >= operation.minTrust,
    "trust",
    () => `${tier.trust} ≥ ${operation.minTrust}`,
  );

  // 7 The token carries every scope that the operation needs.
  const call: Call = { input, lookup, revocations, credential, found, parameters };
  const missing = missingScopes(call);
  demand(7, "the token carries every needed scope", missing.length === 0, "scope-missing", () =>
    list(missing, operation.scopes),
  );

  // 8 Every needed scope is granted.
  const grants = demandGrants(call, demand);

  // 9 No deny applies.
  const deny = denyThatApplies(call);
  demand(9, "no deny applies", !deny, "denied", () => deny?.name ?? "none does");

  // 10 Allow.
  return {
    allow: true,
    reason: "granted",
    identity: identity.name,
    tier: tier.name,
    operation: found.name,
    grants: [...new Set(grants.map((grant) => grant.name))].sort(),
    emergency: grants.some((grant) => grant.emergency),
    headers: upstreamHeaders(found.api.headers, identity, credential.subject, operation.scopes),
    until: endOf(policy, revocations, credential, tier, grants),
    revision: policy.revision,
  };
}

/** Row 4. RFC 7519 §4.1.3–4.1.6; RFC 9068 §4 for the audience. The skew is for `nbf` and `iat` only. */
function demandLife(token: Token, tier: Tier, time: number, demand: Demand): void {
  const { audiences, expires, issued, notBefore = 0 } = token;
  const { audience } = token.issuer;
  const forUs = audiences.includes(audience) && audiences.length <= tier.audiences;
  demand(
    4,
    "the token is for us",
    forUs,
    "audience",
    () => `${list(audiences)} for ${audience}, at most ${tier.audiences}`,
  );
  const begins = Math.max(notBefore, issued) - clockSkew;
  demand(4, "the token is valid already", begins <= time, "token-not-yet-valid", () => `${begins} ≤ ${time}`);
  demand(4, "the token has not expired", time < expires, "token-expired", () => `${time} < ${expires}`);
  const longest = (token.confirmation ? tier.tokenLifetime.bound : tier.tokenLifetime.bearer) ?? 0; // a leaf left out is not accepted
  demand(
    4,
    "the token is short-lived",
    expires - issued <= longest,
    "token-lifetime",
    () => `${expires} − ${issued} ≤ ${longest}`,
  );
}

/** Row 5. */
function demandPresentation(credential: Credential, tier: Tier, input: Input, demand: Demand): void {
  const methods = presentedBy(credential, input);
  const suffices = methods.some((method) => tier.authentication.includes(method));
  demand(
    5,
    "it was presented as the tier asks",
    suffices,
    "authentication",
    () => `${list(methods)} for ${list(tier.authentication)}`,
  );
  if (credential.kind !== "key") return;
  const { keyRotation = 0 } = tier;
  const age = input.time - credential.created;
  demand(
    5,
    "the key was rotated in time",
    0 <= age && age <= keyRotation,
    "authentication",
    () => `0 ≤ ${age} ≤ ${keyRotation}`,
  );
}

/** Row 8. Looks at all scopes before it looks closer, so that the reason does not depend on their order. */
function demandGrants(call: Call, demand: Demand): readonly Grant[] {
  const { scopes } = call.found.operation;
  const candidates = scopes.map((scope) => ({ scope, grants: grantsFor(call, scope) }));
  const without = (states: readonly string[]) =>
    candidates.filter((c) => !c.grants.some((g) => states.includes(g.state))).map((c) => c.scope);
  const ungranted = without(["inactive", "condition", "applies"]);
  demand(8, "every needed scope is granted", ungranted.length === 0, "scope-not-granted", () =>
    list(ungranted, scopes),
  );
  const inactive = without(["condition", "applies"]);
  demand(8, "by a grant that is in force", inactive.length === 0, "grant-inactive", () => list(inactive, scopes));
  const unmet = without(["applies"]);
  demand(8, "whose condition holds", unmet.length === 0, "condition", () => list(unmet, scopes));
  // The longest-lived come first, so a decision rests on what lasts.
  return candidates.flatMap((c) => c.grants.find((g) => g.state === "applies")?.grant ?? []);
}

/** `until`: the first moment at which anything that the decision rests on may be gone. */
function endOf(
  policy: Policy,
  revocations: Revocations,
  credential: Credential,
  tier: Tier,
  grants: readonly Grant[],
): number {
  const ends = [policy.notAfter, revocations.at + tier.revocationDelay + 1, credential.identity.expires];
  if (credential.kind === "token") ends.push(credential.token.expires);
  if (credential.kind === "key") ends.push(credential.created + (tier.keyRotation ?? 0) + 1);
  ends.push(...grants.map((grant) => grant.until));
  return Math.min(...ends.filter((end) => end !== undefined));
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
