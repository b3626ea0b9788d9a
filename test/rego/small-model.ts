/** A small estate as a model, for tests that need one of everything. */
import { type Model, normalise, type Policy } from "../../src/model/index.ts";

export const policy: Policy = { revision: "r1", sequence: 7, notBefore: 1000, notAfter: 9_000_000 };

export const revocations = { sequence: 1, at: 4990, floor: 5, tokens: {}, keys: {} };

export const smallModel: Model = normalise({
  format: 1,
  tiers: [
    {
      name: "workload",
      trust: 40,
      authentication: ["mtls", "svid", "dpop", "key"],
      tokenLifetime: { bound: 3600 },
      audiences: 1,
      revokesTokens: false,
      revocationDelay: 60,
      keyRotation: 10_000,
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
        { name: "seats", type: "integer", optional: true },
        { name: "tenant", type: "string", optional: false },
      ],
      translate: [{ from: "Orders.All", to: ["orders:read", "orders:write"] }],
    },
  ],
  identities: [
    {
      name: "payments",
      tier: "workload",
      issuer: "corp",
      subject: "spiffe://example.org/ns/payments/sa/*",
      keys: [{ id: "k1", created: 4000 }],
      owner: "team-payments@example.com",
      tags: ["batch"],
    },
    {
      name: "exact",
      tier: "workload",
      issuer: "corp",
      subject: "spiffe://example.org/ns/payments/sa/main",
      keys: [],
      owner: "team-payments@example.com",
      tags: [],
    },
  ],
  groups: [{ name: "all", members: ["payments", "exact"] }],
  scopes: [
    { name: "orders:read", implies: [] },
    { name: "orders:write", implies: ["orders:read"] },
  ],
  apis: [
    {
      name: "ordersApi",
      host: "orders.example.com",
      headers: [
        { kind: "text", name: "x-caller", text: "{identity} of {owner}" },
        { kind: "by-scope", name: "x-role", values: [{ scope: "orders:write", value: "clerk" }] },
      ],
      operations: [
        {
          name: "GET /v1/tenants/{tenant}/orders",
          method: "GET",
          template: "/v1/tenants/{tenant}/orders",
          public: false,
          scopes: ["orders:read"],
          minTrust: 0,
        },
        {
          name: "POST /v1/tenants/{tenant}/orders",
          method: "POST",
          template: "/v1/tenants/{tenant}/orders",
          public: false,
          scopes: ["orders:read", "orders:write"],
          minTrust: 20,
        },
        { name: "GET /healthz", method: "GET", template: "/healthz", public: true, scopes: [], minTrust: 0 },
        {
          name: "GET /files/{path...}",
          method: "GET",
          template: "/files/{path...}",
          public: false,
          scopes: ["orders:read"],
          minTrust: 0,
        },
      ],
    },
  ],
  conditions: [
    {
      name: "ownTenant",
      when: {
        kind: "same",
        left: { kind: "claim", issuer: "corp", name: "tenant" },
        right: { kind: "parameter", name: "tenant" },
      },
    },
  ],
  grants: [
    {
      name: "reads",
      to: { identities: [], groups: ["all"] },
      scopes: ["orders:read"],
      patterns: ["*:read"],
      emergency: false,
    },
    {
      name: "writes",
      to: { identities: ["payments"], groups: [] },
      scopes: ["orders:read", "orders:write"],
      patterns: ["orders:*"],
      emergency: false,
      until: 8_000_000,
      when: {
        kind: "and",
        of: [
          { kind: "named", name: "ownTenant" },
          {
            kind: "or",
            of: [
              {
                kind: "compare",
                operator: "equal",
                fact: { kind: "claim", issuer: "corp", name: "region" },
                literal: "eu",
              },
              {
                kind: "not",
                of: {
                  kind: "compare",
                  operator: "less",
                  fact: { kind: "claim", issuer: "corp", name: "seats" },
                  literal: 5,
                },
              },
            ],
          },
        ],
      },
    },
  ],
  denies: [
    {
      name: "noNight",
      to: { identities: ["payments"], groups: [] },
      scopes: ["orders:write"],
      patterns: ["orders:write"],
      when: { kind: "cidr", fact: { kind: "request", name: "ip" }, range: "203.0.113.0/24" },
    },
  ],
  examples: [],
});
