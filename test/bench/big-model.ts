/** An estate of any size, and one question to it whose way through the procedure is the same whatever the size. */
import type {
  Condition,
  Grant,
  Identity,
  Input,
  Model,
  Operation,
  Policy,
  Revocations,
  Scope,
} from "../../src/model/index.ts";

export interface Size {
  readonly identities: number;
  readonly operations: number;
  readonly grants: number;
}

export interface BigEstate {
  readonly model: Model;
  readonly policy: Policy;
  readonly revocations: Revocations;
  readonly input: Input;
}

const now = 1_800_000_000;
const actions = ["read", "write"];
const pad = (n: number): string => String(n).padStart(6, "0");

export function bigModel({ identities, operations, grants }: Size): BigEstate {
  const resources = Math.max(1, Math.ceil(operations / 4));
  const scopes: Scope[] = [];
  const all: Operation[] = [];
  for (let n = 0; n < resources; n++) {
    const names = actions.map((action) => `r${pad(n)}:${action}`);
    scopes.push({ name: names[0]!, implies: [] }, { name: names[1]!, implies: [names[0]!] });
    const base = `/v1/area${n % 50}/r${n}`;
    for (const [method, template, scope] of [
      ["GET", `${base}/{tenant}`, 0],
      ["GET", `${base}/{tenant}/items/{id}`, 0],
      ["POST", `${base}/{tenant}/items`, 1],
      ["PUT", `${base}/{tenant}/items/{id}`, 1],
    ] as const) {
      const name = `${method} ${template}`;
      if (all.length < operations)
        all.push({ name, method, template, public: false, scopes: [names[scope]!], minTrust: 20 });
    }
  }
  const operationsByName = all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return {
    model: {
      format: 1,
      tiers: [
        {
          name: "workload",
          trust: 40,
          authentication: ["dpop", "mtls", "svid"],
          tokenLifetime: { bound: 3600, bearer: 300 },
          audiences: 1,
          revokesTokens: true,
          revocationDelay: 60,
          wildcards: true,
        },
      ],
      issuers: [
        {
          name: "corp",
          url: "https://id.example.com",
          audience: "https://apis.example.com",
          algorithms: ["ES256"],
          claims: [
            { name: "region", type: "string", optional: false, values: ["eu", "us"] },
            { name: "tenant", type: "string", optional: false },
          ],
          translate: [],
        },
      ],
      identities: Array.from({ length: identities }, (_, n) => identity(n)),
      groups: Array.from({ length: 20 }, (_, g) => ({
        name: `group${g}`,
        members: Array.from({ length: Math.ceil((identities - g) / 20) }, (_, n) => `id${pad(n * 20 + g)}`),
      })),
      scopes,
      apis: [
        {
          name: "api",
          host: "api.example.com",
          operations: operationsByName,
          headers: [{ kind: "text", name: "x-caller", text: "{identity}" }],
        },
      ],
      conditions: [],
      grants: Array.from({ length: grants }, (_, n) => grant(n, identities, resources)),
      denies: [],
      examples: [],
    },
    policy: { revision: "r1", sequence: 7, notBefore: now - 100, notAfter: now + 100_000 },
    revocations: { at: now - 5, floor: 3, tokens: { corp: {} }, identities: {}, keys: {} },
    input: {
      time: now,
      token: {
        iss: "https://id.example.com",
        sub: "client-000000",
        aud: "https://apis.example.com",
        exp: now + 300,
        iat: now - 10,
        jti: "0f4c",
        scope: "r000000:read",
        cnf: { "x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2" },
        region: "eu",
        tenant: "t1",
      },
      peer: { "x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2" },
      request: {
        host: "api.example.com",
        method: "GET",
        path: "/v1/area0/r0/t1/items/7",
        ip: "203.0.113.7",
        headers: {},
      },
    },
  };
}

function identity(n: number): Identity {
  return {
    name: `id${pad(n)}`,
    tier: "workload",
    issuer: "corp",
    subject: `client-${pad(n)}`,
    keys: [],
    owner: `team-${n % 300}@example.com`,
    expires: now + 10_000_000,
    tags: n % 3 === 0 ? ["batch"] : [],
  };
}

/** The first grant is what the question rests on; the others are spread over identities, groups and resources. */
function grant(n: number, identities: number, resources: number): Grant {
  const holder =
    n % 10 === 9
      ? { identities: [], groups: [`group${n % 20}`] }
      : { identities: [`id${pad((n * 7) % identities)}`], groups: [] };
  const resource = `r${pad(n % resources)}`;
  return {
    name: `grant${pad(n)}`,
    to: holder,
    scopes: [`${resource}:read`, ...(n % 2 === 1 ? [`${resource}:write`] : [])],
    patterns: [`${resource}:*`],
    emergency: false,
    until: now + 1_000_000 + (n % 1000),
    when: condition(n),
  };
}

function condition(n: number): Condition {
  return {
    kind: "and",
    of: [
      {
        kind: "same",
        left: { kind: "claim", issuer: "corp", name: "tenant" },
        right: { kind: "parameter", name: "tenant" },
      },
      {
        kind: "not",
        of: { kind: "compare", operator: "equal", fact: { kind: "header", name: "x-flag" }, literal: `v${n}` },
      },
    ],
  };
}
