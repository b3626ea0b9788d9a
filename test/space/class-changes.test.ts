/** Which classes count as changed: those whose contents differ, and none for a name, a place or an order. */
import { describe, expect, test } from "vitest";
import { type Condition, type Identity, lookupIn, type Model, normalise } from "../../src/model/index.ts";
import { type CallerClass, callerClasses, type OperationClass, operationClasses } from "../../src/space/index.ts";

const tier = {
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

const inEurope: Condition = {
  kind: "compare",
  operator: "equal",
  fact: { kind: "claim", issuer: "corp", name: "region" },
  literal: "eu",
};

const base: Model = {
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

function identity(name: string, subject: string): Identity {
  return { name, tier: "workload", issuer: "corp", subject, keys: [], owner: "team@example.com", tags: [] };
}

function operation(name: string, scope: string) {
  const [method = "", template = ""] = name.split(" ");
  return { name, method, template, public: false, scopes: [scope], minTrust: 0 };
}

function grant(name: string, scopes: readonly string[], to: Model["grants"][number]["to"], when?: Condition) {
  return { name, to, scopes, patterns: [], emergency: false, ...(when && { when }) };
}

/** Renames wherever a text is exactly this one. */
function renamed(model: Model, from: string, to: string): Model {
  return JSON.parse(JSON.stringify(model), (_, value) => (value === from ? to : value)) as Model;
}

function changes(change: Partial<Model>): { callers: readonly CallerClass[]; operations: readonly OperationClass[] } {
  const [before, after] = [normalise(base), normalise({ ...base, ...change })];
  return {
    callers: callerClasses(before, after).filter(({ changed }) => changed),
    operations: operationClasses(before, after).filter(({ changed }) => changed),
  };
}

function namesIn(classes: readonly { readonly names: readonly string[] }[]): readonly string[] {
  return [...new Set(classes.flatMap(({ names }) => names))].sort();
}

describe("nothing is changed by", () => {
  for (const [what, change] of [
    ["nothing", base],
    ["another name of an issuer", renamed(base, "corp", "company")],
    ["another name of a tier", renamed(base, "workload", "service")],
    ["another name of a group", renamed(base, "team", "crew")],
    ["another name of an API", renamed(base, "orders", "shop")],
    ["another name of a condition", renamed(base, "inEurope", "european")],
    ["other names of grants", renamed(renamed(base, "reads", "z"), "writes", "a")],
    [
      "another name of a parameter",
      renamed(renamed(base, "/v1/{id}", "/v1/{order}"), "GET /v1/{id}", "GET /v1/{order}"),
    ],
    [
      "a condition written in place",
      { ...base, grants: base.grants.map((g) => (g.when ? { ...g, when: inEurope } : g)) },
    ],
    ["members written in place", renamedGroup()],
    ["another owner", { ...base, identities: base.identities.map((i) => ({ ...i, owner: "other@example.com" })) }],
    ["a scope that nothing needs", { ...base, scopes: [...base.scopes, { name: "orders:none", implies: [] }] }],
    ["the same grant once more", { ...base, grants: [...base.grants, { ...base.grants[1]!, name: "again" }] }],
  ] as const) {
    test(what, () => {
      const { callers, operations } = changes(change);
      expect([namesIn(callers), namesIn(operations)]).toEqual([[], []]);
    });
  }
});

function renamedGroup(): Partial<Model> {
  const to = { identities: ["payments", "refunds"], groups: [] };
  const inPlace = { identities: ["fleet", ...to.identities], groups: [] };
  return {
    ...base,
    groups: [],
    grants: [
      { ...base.grants[0]!, to: inPlace },
      { ...base.grants[1]!, to },
    ],
  };
}

test("those alike are one class, and a change is only in the class of whom it is about", () => {
  const { callers, operations } = changes({
    grants: base.grants.map((g) => (g.name === "reads" ? { ...g, until: 5 } : g)),
  });
  expect(operations).toEqual([]);
  expect(callers.map(({ credential, names }) => [credential, ...names])).toEqual([
    ["svid", "fleet"],
    ["svid", "payments", "refunds"],
    ["token", "fleet"],
    ["token", "payments", "refunds"],
  ]);
});

test("what upstreams are told of a renamed caller is another thing, and of another they are told the same", () => {
  const { callers } = changes(renamed(base, "payments", "billing"));
  expect(callers.map(({ credential, names }) => [credential, ...names])).toEqual([
    ["svid", "billing"],
    ["token", "billing"],
  ]);
  const silent = { ...base, apis: base.apis.map((api) => ({ ...api, headers: [] })) };
  const [before, after] = [normalise(silent), normalise(renamed(silent, "payments", "billing"))];
  expect(callerClasses(before, after).filter(({ changed }) => changed)).toEqual([]);
});

test("a wider pattern takes over from one that is removed", () => {
  const inside = { ...identity("inside", "spiffe://d/fleet/one") };
  const before = normalise({ ...base, identities: [...base.identities, inside] });
  const changed = callerClasses(before, normalise(base)).filter((one) => one.changed);
  const sides = changed.map(({ credential, shows, before: b, after: a }) => [
    credential,
    shows.spiffe ?? shows.subject,
    b.identity?.name,
    a.identity?.name,
  ]);
  expect(sides).toContainEqual(["svid", "spiffe://d/fleet/one", "inside", "fleet"]);
  expect(sides).toContainEqual(["token", "spiffe://d/fleet/one", "inside", "fleet"]);
  // The SVID of a member of the family now names it beside a token of the family.
  const token = changed.find(({ credential, before: b }) => credential === "token" && b.identity?.name === "inside")!;
  expect(token.peers.map((peer) => [peer.before, peer.after])).toEqual([
    [false, false],
    [false, true],
    [true, true],
  ]);
});

test("an API moved to another host is gone there and new here, and its paths are no operations of the other side", () => {
  const { operations } = changes({ apis: base.apis.map((api) => ({ ...api, host: "new.example" })) });
  expect(operations.map(({ host, before, after }) => [host, before?.operation.name, after?.operation.name])).toEqual([
    ["new.example", undefined, "GET /v1/{id}"],
    ["new.example", undefined, "POST /v1/{id}/items"],
    ["orders.example", "GET /v1/{id}", undefined],
    ["orders.example", "POST /v1/{id}/items", undefined],
  ]);
});

test("a literal that cuts into a template leaves it without that path", () => {
  const { operations } = changes({
    apis: base.apis.map((api) => ({
      ...api,
      operations: [...api.operations, operation("GET /v1/all", "orders:write")],
    })),
  });
  expect(operations.map(({ names, segments, apart }) => ({ names, segments, apart }))).toEqual([
    {
      names: ["orders.example GET /v1/all"],
      segments: ["v1", "all"].map((text) => ({ kind: "literal", text })),
      apart: [],
    },
  ]);
});

test("members of a big group are looked at together, not one by one", () => {
  const count = 20_000;
  const many = Array.from({ length: count }, (_, n) => identity(`i${n}`, `spiffe://d/all/i${n}`));
  const members = many.map(({ name }) => name);
  const large: Model = {
    ...base,
    identities: many,
    groups: [{ name: "team", members }],
    grants: Array.from({ length: 500 }, (_, n) => ({
      ...grant(`g${n}`, ["orders:read"], { identities: [], groups: ["team"] }),
      until: n + 1,
    })),
  };
  const [before, after] = [normalise(large), normalise({ ...large, grants: large.grants.slice(1) })];
  for (const model of [before, after]) lookupIn(model);
  const began = process.cpuUsage();
  const classes = callerClasses(before, after).filter(({ changed }) => changed);
  const { user, system } = process.cpuUsage(began);
  expect(classes.map(({ credential, names }) => [credential, names.length])).toEqual([
    ["svid", count],
    ["token", count],
  ]);
  // One by one, the rules of all of them would be ten million.
  expect((user + system) / 1_000).toBeLessThan(5_000);
});

test("an operation more on a host of ten thousand costs no look at every pair", () => {
  const operations = Array.from({ length: 10_000 }, (_, n) => operation(`GET /v1/r${n}/{id}`, "orders:read"));
  const [api] = base.apis;
  const added = operation("GET /v1/{any}/all", "orders:write");
  const [before, after] = [operations, [...operations, added]].map((list) =>
    normalise({ ...base, apis: [{ ...api!, operations: list }] }),
  ) as [Model, Model];
  const began = process.cpuUsage();
  const classes = operationClasses(before, after);
  const { user, system } = process.cpuUsage(began);
  expect(classes.filter(({ changed }) => changed).map(({ names, apart }) => [names, apart.length])).toEqual([
    [[`orders.example ${added.name}`], 10_000],
  ]);
  expect((user + system) / 1_000).toBeLessThan(5_000);
});
