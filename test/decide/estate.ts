/** A small estate that has something for every row of the decision procedure, and requests that it allows. */
import { type Condition, type Fact, type Grant, type Loaded, type Model, normalise } from "../../src/model/index.ts";

/** When every base request is made. */
export const now = 1_800_000_000;

const claim = (name: string): Fact => ({ kind: "claim", issuer: "corp", name });
const equal = (fact: Fact, literal: string | number | boolean): Condition => ({
  kind: "compare",
  operator: "equal",
  fact,
  literal,
});

const forever = { emergency: false, patterns: [] as readonly string[] };

function grant(name: string, to: Grant["to"], scopes: readonly string[], more: Partial<Grant> = {}): Grant {
  return { name, to, scopes, ...forever, ...more };
}

const to = (...identities: readonly string[]) => ({ identities, groups: [] as readonly string[] });

export const estate: Model = normalise({
  format: 1,
  tiers: [
    {
      name: "workload",
      trust: 40,
      authentication: ["mtls", "svid", "dpop", "bearer"],
      tokenLifetime: { bound: 3600, bearer: 300 },
      audiences: 2,
      revokesTokens: true,
      revocationDelay: 60,
      wildcards: true,
    },
    {
      name: "partner",
      trust: 20,
      authentication: ["mtls", "dpop"],
      tokenLifetime: { bound: 900 },
      audiences: 1,
      revokesTokens: false,
      revocationDelay: 30,
      wildcards: false,
    },
    {
      name: "legacy",
      trust: 5,
      authentication: ["key"],
      tokenLifetime: {},
      audiences: 1,
      revokesTokens: false,
      revocationDelay: 10,
      keyRotation: 7_776_000,
      wildcards: false,
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
        { name: "groups", type: "strings", optional: false },
        { name: "seats", type: "integer", optional: true },
        { name: "night", type: "boolean", optional: true },
      ],
      translate: [{ from: "Orders.ReadWrite.All", to: ["orders:read", "orders:write"] }],
    },
    {
      name: "hub",
      url: "https://hub.example.net",
      audience: "https://apis.example.com",
      algorithms: ["EdDSA"],
      claims: [],
      translate: [],
    },
  ],
  identities: [
    {
      name: "payments",
      tier: "workload",
      issuer: "corp",
      subject: "spiffe://example.org/ns/payments/sa/*",
      keys: [],
      owner: "team-payments@example.com",
      tags: ["pci"],
    },
    {
      name: "auditor",
      tier: "workload",
      issuer: "corp",
      subject: "spiffe://example.org/ns/payments/sa/auditor",
      keys: [],
      owner: "audit@example.com",
      tags: [],
    },
    {
      name: "anyone",
      tier: "workload",
      issuer: "corp",
      subject: "spiffe://example.org/ns/*/sa/*",
      keys: [],
      owner: "platform@example.com",
      tags: [],
    },
    {
      name: "acme",
      tier: "partner",
      issuer: "corp",
      subject: "acme-settlement",
      keys: [],
      owner: "partners@example.com",
      from: now - 1_000,
      expires: now + 1_000,
      tags: [],
    },
    {
      name: "robot",
      tier: "workload",
      issuer: "hub",
      subject: "robot",
      keys: [],
      owner: "robots@example.com",
      tags: [],
    },
    {
      name: "till",
      tier: "legacy",
      keys: [{ id: "k1", created: now - 86_400 }],
      owner: "shops@example.com",
      tags: [],
    },
  ],
  groups: [{ name: "readers", members: ["auditor", "robot", "till"] }],
  scopes: [
    { name: "orders:read", implies: [] },
    { name: "orders:write", implies: ["orders:read"] },
    { name: "orders:refund", implies: [] },
    { name: "ledger:entries:read", implies: [] },
  ],
  apis: [
    {
      name: "ordersApi",
      host: "orders.example.com",
      operations: [
        operation("GET /v1/tenants/{tenant}/orders", ["orders:read"]),
        operation("GET /v1/tenants/{tenant}/orders/{id}", ["orders:read"]),
        operation("GET /v1/tenants/{tenant}/orders/latest", ["orders:write"]),
        operation("POST /v1/tenants/{tenant}/orders", ["orders:write"]),
        operation("POST /v1/tenants/{tenant}/orders/{id}/refunds", ["orders:write", "orders:refund"], 20),
        operation("GET /files/{path...}", ["orders:read"]),
        operation("GET /slash/", ["orders:read"]),
        { ...operation("GET /healthz", []), public: true },
      ],
      headers: [
        { kind: "text", name: "x-caller", text: "{identity}/{tier} of {owner}" },
        { kind: "text", name: "x-subject", text: "{subject}" },
        {
          kind: "by-scope",
          name: "x-role",
          values: [
            { scope: "orders:refund", value: "cashier" },
            { scope: "orders:write", value: "clerk" },
          ],
        },
      ],
    },
    {
      name: "ledgerApi",
      host: "ledger.example.com",
      operations: [operation("GET /entries", ["ledger:entries:read"])],
      headers: [],
    },
  ],
  conditions: [
    { name: "ownTenant", when: { kind: "same", left: claim("tenant"), right: { kind: "parameter", name: "tenant" } } },
  ],
  grants: [
    grant("paymentsWrite", to("payments"), ["orders:read", "orders:write"], {
      when: {
        kind: "and",
        of: [equal(claim("region"), "eu"), { kind: "named", name: "ownTenant" }],
      },
    }),
    grant("paymentsRefund", to("payments"), ["orders:refund"], { on: ["ordersApi"], until: now + 500 }),
    grant("acmeReads", to("acme"), ["orders:read"], { on: ["ordersApi"], from: now - 500, until: now + 500 }),
    grant("readersRead", { identities: [], groups: ["readers"] }, ["orders:read"]),
    grant("incident", to("acme"), ["orders:read", "orders:write"], {
      emergency: true,
      from: now - 100,
      until: now + 100,
    }),
    grant("anyoneLedger", to("anyone", "robot"), ["ledger:entries:read"], {
      when: { kind: "cidr", fact: { kind: "request", name: "ip" }, range: "203.0.113.0/24" },
    }),
  ],
  denies: [
    {
      name: "noNightRefunds",
      to: to("payments"),
      scopes: ["orders:refund"],
      patterns: [],
      when: equal(claim("night"), true),
    },
    {
      name: "noScanners",
      to: { identities: ["payments"], groups: ["readers"] },
      scopes: ["orders:read"],
      patterns: [],
      on: ["ordersApi"],
      from: now - 50,
      until: now + 50,
      when: equal({ kind: "header", name: "user-agent" }, "scanner"),
    },
  ],
  examples: [],
});

function operation(name: string, scopes: readonly string[], minTrust = 0) {
  const [method = "", template = ""] = name.split(" ");
  return { name, method, template, public: false, scopes, minTrust };
}

export const loaded: Loaded = {
  model: estate,
  policy: { revision: "r7", sequence: 7, notBefore: now - 100_000, notAfter: now + 100_000 },
  revocations: { sequence: 812, at: now - 5, floor: 5 },
};

const host = "orders.example.com";
const refund = { host, method: "POST", path: "/v1/tenants/t1/orders/9/refunds" };
const worker = "spiffe://example.org/ns/payments/sa/worker";

const token = {
  iss: "https://id.example.com",
  sub: worker,
  aud: "https://apis.example.com",
  iat: now - 10,
  exp: now + 290,
  jti: "j1",
  scope: "orders:write orders:refund",
  region: "eu",
  tenant: "t1",
  groups: ["a"],
};

const read = { host, method: "GET", path: "/v1/tenants/t1/orders/9" };

/** Requests that are allowed as they stand; each case says which one it starts from. */
export const bases = {
  /** A token bound to a certificate. */
  mtls: {
    time: now,
    token: { ...token, cnf: { "x5t#S256": "cert" } },
    peer: { "x5t#S256": "cert" },
    request: refund,
  },
  dpop: { time: now, token: { ...token, cnf: { jkt: "thumb" } }, proof: { jkt: "thumb" }, request: refund },
  bearer: { time: now, token, request: refund },
  /** A partner, whose grants begin and end. */
  partner: {
    time: now,
    token: { ...token, sub: "acme-settlement", scope: "orders:read", cnf: { jkt: "thumb" } },
    proof: { jkt: "thumb" },
    request: read,
  },
  /** No token, so no claims and no scopes either. */
  svid: { time: now, peer: { spiffe: "spiffe://example.org/ns/payments/sa/auditor" }, request: read },
  key: { time: now, key: { id: "k1" }, request: read },
  /** A token of the issuer that declares no claims. */
  robot: {
    time: now,
    token: {
      iss: "https://hub.example.net",
      sub: "robot",
      aud: "https://apis.example.com",
      iat: now,
      exp: now + 300,
      jti: "r1",
      scope: "ledger:entries:read",
    },
    request: { host: "ledger.example.com", method: "GET", path: "/entries", ip: "203.0.113.9" },
  },
  public: { time: now, request: { host, method: "GET", path: "/healthz" } },
} as const;
