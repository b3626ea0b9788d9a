/**
 * The reference evaluator: the decision procedure, one step after the other. The first step that fails names the reason.
 * Every back end is held against this one.
 */
import { identify, presentedBy } from "./credential.ts";
import { type Allow, clockSkew, type Decision, type Policy, type Refusal } from "./decision.ts";
import { checkInput, isObject, isTime, own } from "./input-shape.ts";
import { lookupIn } from "./lookup.ts";
import type { Identity, Model, UpstreamHeader } from "./model.ts";
import { isCanonicalPath, pathSegments } from "./path.ts";
import { readRevocations, revokedBy } from "./revoked.ts";
import { type Call, denyThatApplies, grantsFor, missingScopes } from "./rights.ts";

/** What a gateway has loaded. `policy` and `revocations` are looked at before they are believed, so any value may stand there. */
export interface Loaded {
  readonly model: Model;
  readonly policy?: unknown;
  readonly revocations?: unknown;
}

/** What one step compared, for `writ why`. */
export interface Observation {
  readonly step: number;
  readonly title: string;
  readonly detail: string;
  readonly passed: boolean;
}

export type Observe = (observation: Observation) => void;

/**
 * Decides one request.
 *
 * @param loaded the estate, which policy is in force (seconds since 1970), and what is known of revocations
 * @param value the question, an `Input`; anything else is refused as `input-malformed`, nothing throws
 * @param observe is told what each step compared
 * @example decide({ model, policy, revocations }, { time: 1795478400, key: { id: "k1" }, request: { host: "a.example", method: "GET", path: "/" } })
 */
export function decide(
  { model, policy: policyValue, revocations: revocationsValue }: Loaded,
  value: unknown,
  observe?: Observe,
): Decision {
  const lookup = lookupIn(model);
  let known: Pick<Refusal, "identity" | "tier" | "operation" | "revision"> = {};
  const refuse = (reason: Refusal["reason"]): Refusal => ({ allow: false, reason, ...known });
  const passes = (step: number, title: string, detail: () => string, passed: boolean): boolean => {
    observe?.({ step, title, detail: detail(), passed });
    return passed;
  };

  // 0 A policy is loaded, the input has its shape, the policy is in force and not below the floor.
  const policy = readPolicy(policyValue);
  if (
    !passes(0, "a policy is loaded", () => (policy ? `revision ${policy.revision}` : "none"), policy !== undefined) ||
    !policy
  )
    return refuse("policy-missing");
  known = { revision: policy.revision };
  const input = checkInput(value);
  if (
    !passes(
      0,
      "the input has its shape and keeps the limits",
      () => (typeof input === "string" ? input : "it does"),
      typeof input !== "string",
    ) ||
    typeof input === "string"
  )
    return refuse(input as "input-malformed" | "input-limit");
  const { time } = input;
  if (
    !passes(
      0,
      "the policy is in force",
      () => `${policy.notBefore} ≤ ${time} < ${policy.notAfter}`,
      policy.notBefore <= time && time < policy.notAfter,
    )
  )
    return refuse("policy-expired");
  const revocations = readRevocations(revocationsValue);
  if (
    !passes(
      0,
      "revocations are known",
      () => (revocations ? `as of ${revocations.at}` : "absent or malformed"),
      revocations !== undefined,
    ) ||
    !revocations
  )
    return refuse("revocations-stale");
  if (
    !passes(
      0,
      "the policy is not recalled",
      () => `sequence ${policy.sequence} ≥ floor ${revocations.floor}`,
      policy.sequence >= revocations.floor,
    )
  )
    return refuse("policy-below-floor");

  // A public operation asks for nobody, so a credential can neither help nor harm.
  const { host, method, path } = input.request;
  const canonical = isCanonicalPath(path);
  const match = canonical ? lookup.operation(host, method, pathSegments(path)) : undefined;
  if (match?.found.operation.public) {
    const { publicDelay } = lookup;
    const fresh = time - revocations.at <= publicDelay;
    if (
      !passes(
        0,
        "a public operation: revocations are as fresh as some tier needs",
        () => `${time} − ${revocations.at} ≤ ${publicDelay}`,
        fresh,
      )
    )
      return refuse("revocations-stale");
    return {
      allow: true,
      reason: "granted",
      operation: match.found.name,
      grants: [],
      emergency: false,
      headers: {},
      until: Math.min(policy.notAfter, revocations.at + publicDelay + 1),
      revision: policy.revision,
    };
  }

  // 1 The credential names an identity.
  const credential = identify(input, lookup);
  if (
    !passes(
      1,
      "the credential names an identity",
      () => (typeof credential === "string" ? credential : `${credential.kind} → \`${credential.identity.name}\``),
      typeof credential !== "string",
    ) ||
    typeof credential === "string"
  )
    return refuse(credential as Extract<typeof credential, string>);
  const { identity } = credential;
  const tier = lookup.tier(identity.tier);
  if (!tier) return refuse("identity-unknown"); // no checked model has an identity without its tier
  known = { ...known, identity: identity.name, tier: tier.name };

  // 2 The identity is in its life.
  const alive =
    (identity.from === undefined || identity.from <= time) &&
    (identity.expires === undefined || time < identity.expires);
  if (
    !passes(
      2,
      "the identity is in its life",
      () => `${identity.from ?? "ever"} ≤ ${time} < ${identity.expires ?? "ever"}`,
      alive,
    )
  )
    return refuse("identity-inactive");

  // 3 Revocations are fresh enough for the tier, and none names what was presented.
  const token = credential.kind === "token" ? credential.token : undefined;
  if (
    !passes(
      3,
      "a token can be revoked by its id",
      () => token?.id ?? "no `jti`",
      !token || !tier.revokesTokens || token.id !== undefined,
    )
  )
    return refuse("claims-malformed");
  if (
    !passes(
      3,
      "revocations are fresh enough",
      () => `${time} − ${revocations.at} ≤ ${tier.revocationDelay}`,
      time - revocations.at <= tier.revocationDelay,
    )
  )
    return refuse("revocations-stale");
  const revoked = revokedBy(revocations, credential, input);
  if (!passes(3, "nothing presented is revoked", () => revoked ?? "nothing is", revoked === undefined))
    return refuse("revoked");

  // 4 The token is for us and alive (RFC 9068 §4, RFC 7519 §4.1).
  if (token) {
    const { audience } = token.issuer;
    const forUs = token.audiences.includes(audience) && token.audiences.length <= tier.audiences;
    if (
      !passes(
        4,
        "the token is for us",
        () => `\`${token.audiences.join("`, `")}\` against \`${audience}\`, at most ${tier.audiences}`,
        forUs,
      )
    )
      return refuse("audience");
    const begins = Math.max(token.notBefore ?? 0, token.issued) - clockSkew;
    if (!passes(4, "the token is valid already", () => `${begins} ≤ ${time}`, begins <= time))
      return refuse("token-not-yet-valid");
    if (!passes(4, "the token has not expired", () => `${time} < ${token.expires}`, time < token.expires))
      return refuse("token-expired");
    const longest = (token.confirmation ? tier.tokenLifetime.bound : tier.tokenLifetime.bearer) ?? 0;
    if (
      !passes(
        4,
        "the token is short-lived enough",
        () => `${token.expires} − ${token.issued} ≤ ${longest}`,
        token.expires - token.issued <= longest,
      )
    )
      return refuse("token-lifetime");
  }

  // 5 How it was presented suffices for the tier.
  const presented = presentedBy(credential, input);
  const young =
    credential.kind !== "key" || (credential.created <= time && time - credential.created <= (tier.keyRotation ?? 0));
  const suffices = young && (presented?.some((m) => tier.authentication.includes(m)) ?? false);
  if (
    !passes(
      5,
      "it was presented as the tier asks",
      () =>
        `${presented?.join(" and ") ?? "a binding that does not hold"} against ${tier.authentication.join(", ")}${young ? "" : "; the key is too old"}`,
      suffices,
    )
  )
    return refuse("authentication");

  // 6 The path is canonical, the operation is declared, and the tier is trusted enough for it.
  if (!passes(6, "the path is canonical", () => path, canonical)) return refuse("path-not-canonical");
  if (
    !passes(
      6,
      "the operation is declared",
      () => match?.found.name ?? `${host} ${method} ${path}`,
      match !== undefined,
    ) ||
    !match
  )
    return refuse("operation-unknown");
  const { found, parameters } = match;
  known = { ...known, operation: found.name };
  if (
    !passes(
      6,
      "the tier is trusted enough",
      () => `${tier.trust} ≥ ${found.operation.minTrust}`,
      tier.trust >= found.operation.minTrust,
    )
  )
    return refuse("trust");

  // 7 The token carries every scope that the operation needs.
  const call: Call = { input, lookup, revocations, credential, found, parameters };
  const missing = missingScopes(call);
  if (
    !passes(
      7,
      "the token carries the scopes",
      () => (missing.length > 0 ? `it lacks ${missing.join(", ")}` : found.operation.scopes.join(", ")),
      missing.length === 0,
    )
  )
    return refuse("scope-missing");

  // 8 Every needed scope is granted, by a grant in force whose condition holds. What fails first for any scope names the reason.
  const candidates = found.operation.scopes.map((scope) => ({ scope, grants: grantsFor(call, scope) }));
  const lacking = (test: (states: readonly string[]) => boolean) =>
    candidates.filter((c) => !test(c.grants.map((g) => g.state))).map((c) => c.scope);
  const say = (scopes: readonly string[]) =>
    scopes.length > 0 ? `not for ${scopes.join(", ")}` : found.operation.scopes.join(", ");
  const ungranted = lacking((states) => states.length > 0);
  if (!passes(8, "every scope is granted", () => say(ungranted), ungranted.length === 0))
    return refuse("scope-not-granted");
  const inactive = lacking((states) => states.some((s) => s !== "inactive"));
  if (!passes(8, "by a grant that is in force", () => say(inactive), inactive.length === 0))
    return refuse("grant-inactive");
  const unmet = lacking((states) => states.includes("applies"));
  if (!passes(8, "whose condition holds", () => say(unmet), unmet.length === 0)) return refuse("condition");

  // 9 No deny applies.
  const deny = denyThatApplies(call);
  if (!passes(9, "no deny applies", () => (deny ? `\`${deny.name}\` does` : "none does"), deny === undefined))
    return refuse("denied");

  // 10 Allow. The first grant that applies is the longest-lived one.
  const grants = new Map(
    candidates
      .flatMap((c) => c.grants.filter((g) => g.state === "applies").slice(0, 1))
      .map(({ grant }) => [grant.name, grant]),
  );
  const ends = [
    policy.notAfter,
    revocations.at + tier.revocationDelay + 1,
    token?.expires,
    identity.expires,
    keyEnd(credential, tier.keyRotation),
    ...[...grants.values()].map((g) => g.until),
  ];
  const decision: Allow = {
    allow: true,
    reason: "granted",
    identity: identity.name,
    tier: tier.name,
    operation: found.name,
    grants: [...grants.keys()].sort(),
    emergency: [...grants.values()].some((g) => g.emergency),
    headers: upstreamHeaders(found.api.headers, identity, credential.subject, found.operation.scopes),
    until: Math.min(...ends.filter((end) => end !== undefined)),
    revision: policy.revision,
  };
  passes(10, "allow", () => `until ${decision.until}`, true);
  return decision;
}

function keyEnd(credential: { kind: string; created?: number }, keyRotation: number | undefined): number | undefined {
  return credential.created === undefined ? undefined : credential.created + (keyRotation ?? 0) + 1;
}

function readPolicy(value: unknown): Policy | undefined {
  if (!isObject(value) || typeof own(value, "revision") !== "string") return undefined;
  return ["sequence", "notBefore", "notAfter"].every((name) => isTime(own(value, name)))
    ? (value as unknown as Policy)
    : undefined;
}

function upstreamHeaders(
  headers: readonly UpstreamHeader[],
  identity: Identity,
  subject: string,
  scopes: readonly string[],
): Readonly<Record<string, string>> {
  const values: Record<string, string> = {
    identity: identity.name,
    owner: identity.owner,
    subject,
    tier: identity.tier,
  };
  const told: [string, string][] = [];
  for (const header of headers) {
    const text =
      header.kind === "text"
        ? header.text.replaceAll(/\{(identity|owner|subject|tier)\}/g, (_, name: string) => values[name] ?? "")
        : header.values.find((v) => scopes.includes(v.scope))?.value;
    if (text !== undefined) told.push([header.name, text]);
  }
  return Object.fromEntries(told);
}
