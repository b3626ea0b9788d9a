/** Random questions to an estate: one that passes as far as possible, of which then, mostly, exactly one thing is broken. */
import {
  type Api,
  type Claim,
  decide,
  type Grant,
  type Identity,
  type Issuer,
  type Method,
  type Model,
  type Operation,
  type Reason,
  reasons,
  type Tier,
} from "../../src/model/index.ts";
import type { Random } from "../random.ts";
import { breakOne } from "./break.ts";
import { addresses, headerNames, numbers, words } from "./random-condition.ts";
import { now, templateOf } from "./random-model.ts";
import type { Scenario } from "./scenario.ts";

/** How many questions are tried for the one that comes furthest. */
const tries = 6;

export function randomScenario(random: Random, model: Model): Scenario {
  const scenario = furthestScenario(random, model);
  return random.chance(0.85) ? breakOne(random, model, scenario) : scenario;
}

/** One that passes as far as the estate lets any of a few. */
export function furthestScenario(random: Random, model: Model): Scenario {
  let best: Scenario | undefined;
  let reached = -1;
  for (let n = 0; n < tries; n++) {
    const scenario = passingScenario(random, model);
    const rank = reasons.indexOf(reasonOf(model, scenario));
    if (rank > reached) [best, reached] = [scenario, rank];
  }
  return best!;
}

export function reasonOf(model: Model, { input, ...loaded }: Scenario): Reason {
  return decide({ model, ...loaded }, input).reason;
}

/** A question by somebody who holds a grant, for an operation that needs it. Chance decides whether conditions hold. */
function passingScenario(random: Random, model: Model): Scenario {
  const { api, operation, identity } = pickCall(random, model);
  const tier = model.tiers.find((t) => t.name === identity.tier)!;
  const time = now + random.int(-1, 3);
  const sequence = random.int(0, 3);
  const floor = random.int(0, sequence);
  return {
    policy: {
      revision: random.pick(["r1", "é"]),
      sequence,
      notBefore: time - random.int(0, 2),
      notAfter: time + random.int(1, 500),
    },
    revocations: { at: time - random.int(0, tier.revocationDelay), floor },
    input: {
      time,
      ...credential(random, model, identity, tier, operation, time),
      request: {
        host: api.host,
        method: operation.method,
        path: pathOf(random, operation),
        ...(random.chance(0.9) && { ip: random.pick(addresses) }),
        ...(random.chance(0.8) && { headers: headers(random) }),
      },
    },
  };
}

function pickCall(random: Random, model: Model): { api: Api; operation: Operation; identity: Identity } {
  const grant = random.pick(model.grants);
  const identity = random.pick(holders(model, grant)) ?? random.pick(model.identities);
  const calls = model.apis.flatMap((api) => api.operations.map((operation) => ({ api, operation, identity })));
  const granted = calls.filter(
    ({ api, operation }) =>
      operation.scopes.some((scope) => grant.scopes.includes(scope)) && (!grant.on || grant.on.includes(api.name)),
  );
  return random.pick(granted.length > 0 && random.chance(0.97) ? granted : calls);
}

function holders(model: Model, { to }: Grant): readonly Identity[] {
  const members = model.groups.filter((g) => to.groups.includes(g.name)).flatMap((g) => g.members);
  return model.identities.filter((i) => to.identities.includes(i.name) || members.includes(i.name));
}

function credential(
  random: Random,
  model: Model,
  identity: Identity,
  tier: Tier,
  operation: Operation,
  time: number,
): Record<string, unknown> {
  const issuer = model.issuers.find((i) => i.name === identity.issuer);
  const possible = (["bearer", "dpop", "mtls", "svid", "key"] as const).filter((method) => can(identity, method));
  const accepted = possible.filter((method) => tier.authentication.includes(method));
  const method = random.pick(accepted.length > 0 ? accepted : possible);
  if (method === "key" || !issuer) return { key: { id: random.pick(identity.keys)?.id ?? "none" } };
  const subject = identity.subject!.replaceAll("*", () =>
    identity.subject!.startsWith("spiffe://") ? random.pick(["w", "ns", "x-1", "A"]) : "*",
  );
  if (method === "svid") return { peer: { spiffe: subject, ...(random.chance(0.5) && { "x5t#S256": "thumb" }) } };
  const longest = (method === "bearer" ? tier.tokenLifetime.bearer : tier.tokenLifetime.bound) ?? 0;
  const lifetime = random.pick([longest, longest, Math.min(longest, 60)]);
  const issued = time - random.int(0, Math.max(0, Math.min(lifetime - 1, 400)));
  const both = method !== "bearer" && random.chance(0.1);
  const [mtls, dpop] = [method === "mtls" || both, method === "dpop" || both];
  const audiences = [issuer.audience, "https://other.example.com", "x"].slice(0, random.int(1, tier.audiences));
  const token = Object.fromEntries([
    ...issuer.claims.flatMap((claim) =>
      claim.optional && random.chance(0.4) ? [] : [[claim.name, claimValue(random, claim)] as const],
    ),
    ["iss", issuer.url],
    ["sub", subject],
    ["aud", audiences.length === 1 && random.chance(0.5) ? audiences[0] : audiences],
    ["exp", issued + lifetime],
    ["iat", issued],
    ...(random.chance(0.3) ? [["nbf", issued] as const] : []),
    ...(tier.revokesTokens || random.chance(0.5) ? [["jti", random.pick(["j1", "__proto__", "é"])] as const] : []),
    ["scope", scopesFor(random, issuer, operation)],
    ...(mtls || dpop
      ? [["cnf", { ...(mtls && { "x5t#S256": "thumb" }), ...(dpop && { jkt: "print" }) }] as const]
      : []),
  ]);
  const svid = subject.startsWith("spiffe://") && random.chance(0.3) && { spiffe: subject };
  return {
    token,
    ...((mtls || svid) && { peer: { ...(mtls && { "x5t#S256": "thumb" }), ...svid } }),
    ...(dpop && { proof: { jkt: "print" } }),
  };
}

function can(identity: Identity, method: Method): boolean {
  if (method === "key") return identity.keys.length > 0;
  if (identity.subject === undefined) return false;
  return method !== "svid" || identity.subject.startsWith("spiffe://");
}

function claimValue(random: Random, claim: Claim): unknown {
  switch (claim.type) {
    case "boolean":
      return random.chance(0.5);
    case "integer":
      return random.pick(numbers);
    case "string":
      return random.pick(claim.values ?? words);
    case "strings":
      return random.some(words, 3);
  }
}

function scopesFor(random: Random, issuer: Issuer, operation: Operation): string {
  const extra = random.chance(0.3) ? [random.pick(issuer.translate)?.from ?? "none"] : [];
  const translated = issuer.translate.find((t) => operation.scopes.every((scope) => t.to.includes(scope)));
  if (translated && random.chance(0.3)) return translated.from;
  return [...operation.scopes, ...extra].join(" ");
}

function pathOf(random: Random, operation: Operation): string {
  const parts = templateOf(operation).map((segment) => {
    if (segment.kind === "literal") return segment.text;
    const text = random.pick(["t1", "t2", "eu", "a", "%C3%A9", "%20", "x:y"]);
    return segment.kind === "rest" ? [text, random.pick(["b", "", "c/d", "b/"])].join("/") : text;
  });
  return `/${parts.join("/")}`;
}

function headers(random: Random): Record<string, unknown> {
  return Object.fromEntries(
    random.some(headerNames, 3).map((name) => {
      const value = random.pick(words);
      return [name, random.pick<unknown>([value, value, value, [value], [value, "eu"], []])];
    }),
  );
}
