/** An estate of any size, and questions to it of 500 to 800 bytes: the ground on which all contestants are compared. */
import type { Input, Model, Operation, Policy, Revocations, Scope } from "../../src/model/index.ts";

export interface Estate {
  readonly model: Model;
  readonly policy: Policy;
  readonly revocations: Revocations;
  readonly inputs: readonly Input[];
  /** More of them, so that of a big estate hardly anything that one needs is still in a cache. */
  readonly manyInputs: readonly Input[];
}

export const now = 1_800_000_000;
export const host = "api.example.com";
export const issuerUrl = "https://id.example.com";
export const audience = "https://apis.example.com";
const groups = 20;
const revokedTokens = 10_000;
/** Few enough that they stay in the caches next to a core. */
const questions = 256;
const manyQuestions = 8_192;
const padded = (n: number): string => String(n).padStart(6, "0");
export const groupOf = (n: number): string => `group${n % groups}`;
export const resourceName = (n: number): string => `r${padded(n)}`;
export const resourcesFor = (operations: number): number => Math.ceil(operations / 4);
/** The path of a resource before its parameters. */
export const basePath = (n: number): string => `/v1/area${n % 50}/r${n}`;

/** What each resource is asked for; all lead by a tenant, which must be the token's. */
export const shapes = [
  { method: "GET", rest: "/{tenant}", action: "read" },
  { method: "GET", rest: "/{tenant}/items/{id}", action: "read" },
  { method: "POST", rest: "/{tenant}/items", action: "write" },
  { method: "PUT", rest: "/{tenant}/items/{id}", action: "write" },
] as const;

export function speedEstate(identities: number, operations: number): Estate {
  const ask = (count: number): readonly Input[] =>
    Array.from({ length: count }, (_, n) => question(n, identities, resourcesFor(operations)));
  return {
    model: model(identities, operations),
    policy: { revision: "r1", sequence: 7, notBefore: now - 100, notAfter: now + 100_000 },
    revocations: {
      at: now - 5,
      floor: 3,
      tokens: { corp: Object.fromEntries(Array.from({ length: revokedTokens }, (_, n) => [tokenId(-n), now + 300])) },
      identities: {},
      keys: {},
    },
    inputs: ask(questions),
    manyInputs: ask(manyQuestions),
  };
}

function model(identities: number, count: number): Model {
  const resources = resourcesFor(count);
  const operations: Operation[] = [];
  const scopes: Scope[] = [];
  for (let n = 0; n < resources; n++) {
    const name = resourceName(n);
    scopes.push({ name: `${name}:read`, implies: [] }, { name: `${name}:write`, implies: [`${name}:read`] });
    for (const { method, rest, action } of shapes) {
      const template = basePath(n) + rest;
      const scope = `${name}:${action}`;
      if (operations.length < count)
        operations.push({
          name: `${method} ${template}`,
          method,
          template,
          public: false,
          scopes: [scope],
          minTrust: 20,
        });
    }
  }
  return {
    format: 1,
    tiers: [
      {
        name: "workload",
        trust: 40,
        authentication: ["dpop", "mtls", "svid"],
        tokenLifetime: { bound: 3600 },
        audiences: 1,
        revokesTokens: true,
        revocationDelay: 60,
        wildcards: true,
      },
    ],
    issuers: [
      {
        name: "corp",
        url: issuerUrl,
        audience,
        algorithms: ["ES256"],
        claims: [
          { name: "region", type: "string", optional: false, values: ["eu", "us"] },
          { name: "tenant", type: "string", optional: false },
        ],
        translate: [],
      },
    ],
    identities: Array.from({ length: identities }, (_, n) => ({
      name: `id${padded(n)}`,
      tier: "workload",
      issuer: "corp",
      subject: `client-${padded(n)}`,
      keys: [],
      owner: `team-${n % 300}@example.com`,
      expires: now + 10_000_000,
      tags: [],
    })),
    groups: Array.from({ length: groups }, (_, g) => ({
      name: groupOf(g),
      members: Array.from({ length: Math.ceil((identities - g) / groups) }, (_, n) => `id${padded(n * groups + g)}`),
    })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    scopes,
    apis: [
      {
        name: "api",
        host,
        operations: operations.sort((a, b) => (a.name < b.name ? -1 : 1)),
        headers: [{ kind: "text", name: "x-caller", text: "{identity}" }],
      },
    ],
    conditions: [],
    // Each resource to one of the groups: who asks must be of the tenant in the path, and no batch.
    grants: Array.from({ length: resources }, (_, n) => ({
      name: `grant${padded(n)}`,
      to: { identities: [], groups: [groupOf(n)] },
      scopes: [`${resourceName(n)}:read`, `${resourceName(n)}:write`],
      patterns: [`${resourceName(n)}:*`],
      emergency: false,
      until: now + 1_000_000,
      when: {
        kind: "and",
        of: [
          {
            kind: "same",
            left: { kind: "claim", issuer: "corp", name: "tenant" },
            right: { kind: "parameter", name: "tenant" },
          },
          {
            kind: "not",
            of: { kind: "compare", operator: "equal", fact: { kind: "header", name: "x-channel" }, literal: "batch" },
          },
        ],
      },
    })),
    denies: [],
    examples: [],
  };
}

const tokenId = (n: number): string => `5f0c1c0e-7d0b-4c53-9a44-${String(1_000_000 + n).padStart(12, "0")}`;

/** Of 32 questions 26 are granted, and six are refused, each for another reason. */
function question(n: number, identities: number, resources: number): Input {
  // A prime, so that the callers are spread over the whole estate.
  const caller = (n * 7_919) % identities;
  const [group, place] = [caller % groups, Math.floor((n * 31) / groups)];
  const own = group + groups * (place % Math.max(1, Math.ceil((resources - group) / groups)));
  const refusal = n % 32;
  const asked = refusal === 4 ? (own + 1) % resources : own;
  const shape = shapes[n % shapes.length]!;
  const tenant = `tenant-${n % 90}`;
  const path = (basePath(asked) + shape.rest).replace("{tenant}", tenant).replace("{id}", `item-${1000 + n}`);
  const carried = refusal === 8 ? [own + 1, own + 2, own + 3] : [own + 2, asked, own + 3];
  const thumbprint = `bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN${String(n % 10_000).padStart(4, "-")}`;
  return {
    time: now,
    token: {
      iss: issuerUrl,
      sub: `client-${padded(caller)}`,
      aud: audience,
      exp: now + (refusal === 12 ? -1 : 300),
      iat: now - 10,
      jti: tokenId(refusal === 16 ? -n : 1 + n),
      scope: carried.map((r) => `${resourceName(r)}:${shape.action}`).join(" "),
      cnf: { "x5t#S256": thumbprint },
      region: n % 2 === 0 ? "eu" : "us",
      tenant: refusal === 20 ? "another" : tenant,
    },
    peer: { "x5t#S256": thumbprint },
    request: {
      host,
      method: shape.method,
      path: refusal === 24 ? `${path}/none` : path,
      ip: "203.0.113.7",
      headers: {
        accept: "application/json",
        "user-agent": "example-client/2.1",
        "x-channel": n % 3 === 0 ? "app" : "web",
      },
    },
  };
}
