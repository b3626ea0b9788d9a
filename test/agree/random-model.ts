/** Random estates as models: small, but with everything that a decision can meet, and times that lie close together. */
import {
  type Api,
  type Claim,
  type Deny,
  type Grant,
  type Identity,
  type Issuer,
  isPatternSubject,
  type Method,
  type Model,
  type NamedCondition,
  normalise,
  type Operation,
  parseTemplate,
  relatePatterns,
  type Scope,
  type Tier,
  type UpstreamHeader,
} from "../../src/model/index.ts";
import type { Random } from "../random.ts";
import { type ConditionContext, headerNames, randomCondition, words } from "./random-condition.ts";

/** All times of a model lie around this one. */
export const now = 1_800_000_000;

const methods: readonly Method[] = ["bearer", "dpop", "key", "mtls", "svid"];
const hosts = ["orders.example.com", "files.example.com", "constructor"];
const segments = ["a", "b", "v1", "%C3%A9", "x.y", "toString"];
const parameterNames = ["tenant", "id", "name", "__proto__"];

export function randomModel(random: Random): Model {
  const tiers = list(random, 1, 4, (n) => randomTier(random, `tier${n}`));
  const scopes = randomScopes(random);
  const issuers = list(random, 1, 3, (n) => randomIssuer(random, n, scopes));
  const identities = randomIdentities(random, tiers, issuers);
  const groups = list(random, 0, 3, (n) => ({
    name: n === 0 ? "constructor" : `group${n}`,
    members: random.some(identities, 5).map((i) => i.name),
  }));
  const apis = randomApis(random, scopes);
  const conditions: NamedCondition[] = [];
  for (let n = random.int(0, 3); n > 0; n--) {
    const context = contextOf(random, issuers, conditions);
    conditions.push({ name: `condition${n}`, when: randomCondition(random, context) });
  }
  const rule = (name: string, grants: boolean) =>
    randomRule(random, name, grants, { scopes, identities, groups, apis });
  const when = () => randomCondition(random, contextOf(random, issuers, conditions));
  const grants = list(random, 4, 14, (n): Grant => {
    const emergency = random.chance(0.1);
    return { ...rule(`grant${n}`, true), emergency, ...(random.chance(0.4) && { when: when() }) };
  });
  const denies = list(
    random,
    0,
    2,
    (n): Deny => ({
      ...rule(`deny${n}`, false),
      ...(random.chance(0.8) && { when: when() }),
    }),
  );
  return normalise({
    format: 1,
    tiers,
    issuers,
    identities,
    groups,
    scopes,
    apis,
    conditions,
    grants,
    denies,
    examples: [],
  });
}

function list<T>(random: Random, low: number, high: number, make: (n: number) => T): T[] {
  return Array.from({ length: random.int(low, high) }, (_, n) => make(n));
}

function randomTier(random: Random, name: string): Tier {
  const lifetime = () => random.pick([0, 60, 300, 3600]);
  return {
    name,
    trust: random.pick([0, 20, 40, 100]),
    authentication: random.some(methods, 5),
    tokenLifetime: {
      ...(random.chance(0.85) && { bound: lifetime() }),
      ...(random.chance(0.75) && { bearer: lifetime() }),
    },
    audiences: random.int(1, 3),
    revokesTokens: random.chance(0.3),
    revocationDelay: random.pick([0, 10, 60]),
    ...(random.chance(0.8) && { keyRotation: random.pick([0, 100, 10_000]) }),
    wildcards: true,
  };
}

function randomScopes(random: Random): readonly Scope[] {
  const scopes: Scope[] = [];
  for (const resource of random.some(["orders", "files", "x:y"], 3)) {
    const names = ["read", "write", "admin"].map((action) => `${resource}:${action}`);
    const writes = random.chance(0.6) ? [names[0]!] : [];
    scopes.push({ name: names[0]!, implies: [] });
    scopes.push({ name: names[1]!, implies: writes });
    scopes.push({ name: names[2]!, implies: random.chance(0.4) ? [names[1]!, ...writes] : [] });
  }
  return scopes;
}

function closed(scopes: readonly Scope[], names: readonly string[]): string[] {
  return names.flatMap((name) => [name, ...(scopes.find((s) => s.name === name)?.implies ?? [])]);
}

function randomIssuer(random: Random, n: number, scopes: readonly Scope[]): Issuer {
  const names = random.some(["region", "tenant", "seats", "flag", "groups", "x-y", "__proto__", "constructor"], 5);
  const claims = names.map((name): Claim => {
    const type = random.pick(["boolean", "integer", "string", "string", "strings"] as const);
    const values = type === "string" && random.chance(0.5) && { values: random.some(words, 4) };
    return { name, type, optional: random.chance(0.5), ...values };
  });
  const foreign = random.some(["Orders.All", "__proto__", "constructor", "orders:read"], 3);
  return {
    name: n === 0 ? "toString" : `issuer${n}`,
    url: `https://id${n}.example.com`,
    audience: `https://apis${n}.example.com`,
    algorithms: ["ES256"],
    claims,
    translate: foreign.map((from) => ({
      from,
      to: closed(
        scopes,
        random.some(scopes, 2).map((s) => s.name),
      ),
    })),
  };
}

function randomIdentities(random: Random, tiers: readonly Tier[], issuers: readonly Issuer[]): readonly Identity[] {
  const identities: Identity[] = [];
  const subjects = new Set<string>();
  const names = ["payments", "svc.a-1", "hasOwnProperty", "acme", "fleet_1", "w1", "w2", "w3", "w4", "w5"];
  for (const name of random.some(names, 9)) {
    const issuer = random.pick(issuers).name;
    const subject = randomSubject(random, name);
    const taken =
      subjects.has(`${issuer} ${subject}`) ||
      (subject.startsWith("spiffe://") && identities.some((i) => i.subject !== undefined && clash(i.subject, subject)));
    const withSubject = !taken && random.chance(0.9);
    if (withSubject) subjects.add(`${issuer} ${subject}`);
    const keys = list(random, withSubject ? 0 : 1, 2, (n) => ({
      id: `${name}-key${n}`,
      created: now - random.pick([0, 1, 100, 101, 10_000, -1]),
    }));
    identities.push({
      name,
      tier: random.pick(tiers).name,
      ...(withSubject && { issuer, subject }),
      keys: withSubject && random.chance(0.6) ? [] : keys,
      owner: random.pick(["team-a@example.com", "{subject}", "constructor"]),
      ...(random.chance(0.15) && { from: now + random.int(-3, 1) }),
      ...(random.chance(0.2) && { expires: now + random.int(0, 400) }),
      tags: random.some(words, 3),
    });
  }
  return identities;
}

function randomSubject(random: Random, name: string): string {
  if (random.chance(0.35)) return random.pick([`client-${name}`, name, "__proto__", "*", `${name}/é`]);
  const domain = random.pick(["example.org", "a", ".."]);
  const path = Array.from({ length: random.int(1, 3) }, () => random.pick(["*", "*", "ns", "sa", "w"]));
  return `spiffe://${domain}/${path.join("/")}`;
}

/** The rules of the language: SPIFFE subjects are unique, and one of two patterns that overlap is the narrower. */
function clash(a: string, b: string): boolean {
  if (a === b) return true;
  return isPatternSubject(a) && isPatternSubject(b) && ["equal", "overlapping"].includes(relatePatterns(a, b));
}

function randomApis(random: Random, scopes: readonly Scope[]): readonly Api[] {
  const shapes = new Set<string>();
  return list(random, 1, 3, (n): Api => {
    const host = random.pick(hosts);
    const operations: Operation[] = [];
    for (let tries = random.int(2, 14); tries > 0; tries--) {
      const [method, template] = [random.pick(["GET", "GET", "POST", "HEAD"]), randomTemplate(random)];
      const shape = `${host} ${method} ${template.replaceAll(/\{\w+(\.\.\.)?\}/g, "{$1}")}`;
      if (shapes.has(shape)) continue;
      shapes.add(shape);
      const isPublic = random.chance(0.06);
      const needed = random.some(scopes, random.pick([1, 1, 1, 2, 3])).map((s) => s.name);
      const minTrust = random.chance(0.25) ? random.pick([20, 40, 41]) : 0;
      const name = `${method} ${template}`;
      operations.push({ name, method, template, public: isPublic, scopes: isPublic ? [] : needed, minTrust });
    }
    return { name: `api${n}`, host, operations, headers: randomHeaders(random, scopes) };
  });
}

function randomTemplate(random: Random): string {
  const parts: string[] = [];
  const names = [...parameterNames];
  for (let n = random.int(1, 4); n > 0; n--) {
    if (random.chance(0.4)) parts.push(`{${names.shift()}}`);
    else parts.push(random.pick(segments));
  }
  if (random.chance(0.15)) parts.push(`{${names.shift() ?? "rest"}...}`);
  else if (random.chance(0.1)) parts.push("");
  if (random.chance(0.03)) return "/";
  return `/${parts.join("/")}`;
}

function randomHeaders(random: Random, scopes: readonly Scope[]): readonly UpstreamHeader[] {
  return random.some(["x-caller", "x-role", "__proto__"], 3).map((name): UpstreamHeader => {
    if (random.chance(0.5))
      return { kind: "text", name, text: random.pick(["{identity}", "{owner}/{tier}/{subject}", "{other}{", "plain"]) };
    return {
      kind: "by-scope",
      name,
      values: random.some(scopes, 3).map((s) => ({ scope: s.name, value: `{identity} may ${s.name}` })),
    };
  });
}

function contextOf(
  random: Random,
  issuers: readonly Issuer[],
  conditions: readonly NamedCondition[],
): ConditionContext {
  return {
    issuer: random.chance(0.8) ? random.pick(issuers) : undefined,
    parameters: [...parameterNames.slice(0, 2), ...headerNames.slice(2)],
    named: conditions.map((c) => c.name),
  };
}

interface Estate {
  readonly scopes: readonly Scope[];
  readonly identities: readonly Identity[];
  readonly groups: readonly { readonly name: string }[];
  readonly apis: readonly Api[];
}

function randomRule(random: Random, name: string, closes: boolean, { scopes, identities, groups, apis }: Estate) {
  const chosen = random.some(scopes, random.int(1, 4)).map((s) => s.name);
  return {
    name,
    to: {
      identities: random.some(identities, random.int(1, 3)).map((i) => i.name),
      groups: random.some(groups, random.int(0, 2)).map((g) => g.name),
    },
    scopes: closes ? closed(scopes, chosen) : chosen,
    patterns: [],
    ...(random.chance(0.25) && { on: random.some(apis, 2).map((a) => a.name) }),
    ...(random.chance(0.15) && { from: now + random.int(-2, 1) }),
    ...(random.chance(0.25) && { until: now + random.pick([0, 1, 2, 30, 400]) }),
  };
}

/** The operation's template for tests that need its segments. */
export function templateOf(operation: Operation) {
  const template = parseTemplate(operation.template);
  return "problem" in template ? [] : template;
}
