/** A small estate by hand, and what it is made of: two who are alike, a family, one API. */
import type { Condition, Identity, Model } from "../../src/model/index.ts";

export const tier = {
  name: "workload",
  trust: 40,
  authentication: ["mtls", "svid", "key"],
  tokenLifetime: { bound: 300 },
  audiences: 1,
  revokesTokens: false,
  revocationDelay: 60,
  keyRotation: 100,
  wildcards: true,
} as const;

export const inEurope: Condition = {
  kind: "compare",
  operator: "equal",
  fact: { kind: "claim", issuer: "corp", name: "region" },
  literal: "eu",
};

export const base: Model = {
  format: 1,
  tiers: [tier],
  issuers: [
    {
      name: "corp",
      url: "https://corp.example",
      audience: "https://api.example",
      algorithms: ["ES256"],
      claims: [{ name: "region", type: "string", optional: false }],
      translate: [],
    },
  ],
  identities: [
    identity("payments", "spiffe://d/payments"),
    identity("refunds", "spiffe://d/refunds"),
    identity("fleet", "spiffe://d/fleet/*"),
  ],
  groups: [{ name: "team", members: ["payments", "refunds"] }],
  scopes: [
    { name: "orders:read", implies: [] },
    { name: "orders:write", implies: ["orders:read"] },
  ],
  apis: [
    {
      name: "orders",
      host: "orders.example",
      operations: [operation("GET /v1/{id}", "orders:read"), operation("POST /v1/{id}/items", "orders:write")],
      headers: [{ kind: "text", name: "x-caller", text: "{identity}" }],
    },
  ],
  conditions: [{ name: "inEurope", when: inEurope }],
  grants: [
    grant("reads", ["orders:read"], { identities: ["fleet"], groups: ["team"] }, { kind: "named", name: "inEurope" }),
    { ...grant("writes", ["orders:read", "orders:write"], { identities: [], groups: ["team"] }), on: ["orders"] },
  ],
  denies: [],
  examples: [],
};

export function identity(name: string, subject: string): Identity {
  return { name, tier: "workload", issuer: "corp", subject, keys: [], owner: "team@example.com", tags: [] };
}

export function operation(name: string, scope: string) {
  const [method = "", template = ""] = name.split(" ");
  return { name, method, template, public: false, scopes: [scope], minTrust: 0 };
}

export function grant(name: string, scopes: readonly string[], to: Model["grants"][number]["to"], when?: Condition) {
  return { name, to, scopes, patterns: [], emergency: false, ...(when && { when }) };
}

/** Renames wherever a text is exactly this one. */
export function renamed(model: Model, from: string, to: string): Model {
  return JSON.parse(JSON.stringify(model), (_, value) => (value === from ? to : value)) as Model;
}
