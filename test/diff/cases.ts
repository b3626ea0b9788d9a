/** Pairs that chance seldom makes, and those by which a slip was found: each an edit of the estate of the tests. */
import { type Condition, type Model, normalise } from "../../src/model/index.ts";
import { estate, now } from "../decide/estate.ts";
import type { Pair } from "./random-pair.ts";
import type { Asked } from "./request-space.ts";

const compare = (
  name: "age" | "lifetime",
  operator: "greater" | "greater-or-equal" | "less" | "less-or-equal",
  literal: number,
): Condition => ({ kind: "compare", operator, fact: { kind: "token", name }, literal });

const replaced = <T extends { readonly name: string }>(
  items: readonly T[],
  name: string,
  more: Partial<T>,
): readonly T[] => items.map((item) => (item.name === name ? { ...item, ...more } : item));

const grant = (name: string, more: Partial<Model["grants"][number]>): Partial<Model> => ({
  grants: replaced(estate.grants, name, more),
});

const unless = (of: Condition): Condition => ({ kind: "not", of });

const { headers, operations } = estate.apis.find(({ name }) => name === "ordersApi")!;

const edits: Readonly<Record<string, Partial<Model>>> = {
  "tokens must live less than five minutes": grant("readersRead", { when: compare("lifetime", "less", 300) }),
  "tokens must live at most five minutes": grant("readersRead", { when: compare("lifetime", "less-or-equal", 300) }),
  "tokens must be older than a second": grant("readersRead", { when: compare("age", "greater", 1) }),
  "tokens must be at least a second old": grant("readersRead", { when: compare("age", "greater-or-equal", 1) }),
  "revocations may be older where nobody is asked for": {
    tiers: replaced(estate.tiers, "workload", { revocationDelay: 90 }),
  },
  "the first scope of a header is gone": {
    apis: replaced(estate.apis, "ordersApi", {
      headers: replaced(headers, "x-role", { values: [{ scope: "orders:write", value: "clerk" }] }),
    }),
  },
  "the order of the scopes of a header is another": {
    apis: replaced(estate.apis, "ordersApi", {
      headers: replaced(headers, "x-role", {
        values: [
          { scope: "orders:write", value: "clerk" },
          { scope: "orders:refund", value: "cashier" },
        ],
      }),
    }),
  },
  // Found by the solver: operations that nothing is granted for were held to be alike, whatever scopes they need.
  "a scope is translated to others": {
    issuers: replaced(estate.issuers, "corp", { translate: [{ from: "Orders.ReadWrite.All", to: ["orders:refund"] }] }),
  },
  "a scope implies another": { scopes: replaced(estate.scopes, "orders:refund", { implies: ["orders:read"] }) },
  // A narrower operation has this path, so nobody gains anything but other reasons.
  "a grant asks for a path that is another operation's": {
    grants: [
      ...estate.grants,
      {
        name: "latest",
        to: { identities: ["payments"], groups: [] },
        scopes: ["orders:read"],
        patterns: [],
        emergency: false,
        when: { kind: "compare", operator: "equal", fact: { kind: "parameter", name: "id" }, literal: "latest" },
      },
    ],
  },
  "a narrower operation is gone": {
    apis: replaced(estate.apis, "ordersApi", {
      operations: operations.filter(({ template }) => !template.endsWith("latest")),
    }),
  },
  "a narrower family is gone": {
    identities: estate.identities.filter(({ name }) => name !== "payments"),
    grants: estate.grants.map((g) => ({
      ...g,
      to: { ...g.to, identities: g.to.identities.filter((name) => name !== "payments") },
    })),
  },
  "a deny begins": {
    denies: [
      ...estate.denies,
      {
        name: "later",
        to: { identities: ["robot"], groups: [] },
        scopes: ["orders:read"],
        patterns: [],
        from: now + 30,
      },
    ],
  },
  // A request that shows when nothing is known comes when there is time for it.
  "somebody new, in a tier that may hear of revocations once in a lifetime": {
    tiers: replaced(estate.tiers, "workload", { revocationDelay: 20_600 * 86_400 }),
    identities: [
      ...estate.identities,
      {
        name: "late",
        tier: "workload",
        issuer: "hub",
        subject: "late",
        keys: [],
        owner: "robots@example.com",
        tags: [],
      },
    ],
  },
  "a path that begins with more than a path has room for": grant("readersRead", {
    when: unless({ kind: "starts-with", fact: { kind: "request", name: "path" }, text: `/files/${"x".repeat(2_048)}` }),
  }),
  "a header that is more than a request has room for": grant("readersRead", {
    when: unless({ kind: "ends-with", fact: { kind: "header", name: "x-long" }, text: "x".repeat(65_537) }),
  }),
  "a header that is one of two, of which no request has room for one": grant("readersRead", {
    when: unless({ kind: "in", fact: { kind: "header", name: "x-long" }, values: ["x".repeat(65_537), "y"] }),
  }),
};

/** By somebody whom all estates above know, for the operation that needs two scopes. */
const refund: Asked = {
  input: {
    time: now,
    token: {
      iss: "https://id.example.com",
      sub: "spiffe://example.org/ns/payments/sa/worker",
      aud: "https://apis.example.com",
      iat: now - 10,
      exp: now + 100,
      jti: "j1",
      scope: "orders:write orders:refund",
      region: "eu",
      tenant: "t1",
      groups: [],
    },
    request: { host: "orders.example.com", method: "POST", path: "/v1/tenants/t1/orders/9/refunds" },
  },
  revocations: { at: now - 5, floor: 0 },
};

export const cases: readonly (Pair & { readonly name: string })[] = Object.entries(edits).map(([name, more]) => ({
  name,
  before: estate,
  after: normalise({ ...estate, ...more }),
  edits: [name],
  asked: [refund],
  size: "usual",
}));
