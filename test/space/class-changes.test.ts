/** Which classes count as changed: those whose contents differ, and none for a name, a place or an order. */
import { describe, expect, test } from "vitest";
import { type Condition, type Model, normalise } from "../../src/model/index.ts";
import { type CallerClass, callerClasses, type OperationClass, operationClasses } from "../../src/space/index.ts";
import { meet } from "../../src/space/shapes.ts";
import { base, grant, identity, inEurope, operation, renamed, tier } from "./small-estate.ts";

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

/** Whom a change is about, by the credential that it matters for; and which operations. */
describe("what decides is changed by", () => {
  const all = ["fleet", "payments", "refunds"];
  const [corp] = base.issuers;
  const [api] = base.apis;
  const tierWith = (change: object): Partial<Model> => ({ tiers: [{ ...tier, ...change }] });
  const issuerWith = (change: object): Partial<Model> => ({ issuers: [{ ...corp!, ...change }] });
  const apiWith = (change: object): Partial<Model> => ({ apis: [{ ...api!, ...change }] });
  const paymentsWith = (change: object): Partial<Model> => ({
    identities: base.identities.map((i) => (i.name === "payments" ? { ...i, ...change } : i)),
  });
  const readsWith = (change: object): Partial<Model> => ({
    grants: base.grants.map((g) => (g.name === "reads" ? { ...g, ...change } : g)),
  });
  const everybody = { svid: all, token: all };
  const payments = { svid: ["payments"], token: ["payments"] };
  const get = "orders.example GET /v1/{id}";
  const post = "orders.example POST /v1/{id}/items";
  const cases: readonly (readonly [string, Partial<Model>, Record<string, readonly string[]>, readonly string[]])[] = [
    ["trust", tierWith({ trust: 41 }), everybody, []],
    ["delay", tierWith({ revocationDelay: 61 }), everybody, []],
    ["methods of tokens", tierWith({ authentication: ["svid", "key"] }), { token: all }, []],
    ["methods of SVIDs", tierWith({ authentication: ["mtls", "key"] }), { svid: all }, []],
    ["methods of keys", tierWith({ authentication: ["mtls", "svid"] }), {}, []],
    ["bound lifetime", tierWith({ tokenLifetime: { bound: 301 } }), { token: all }, []],
    ["bearer lifetime", tierWith({ tokenLifetime: { bound: 300, bearer: 1 } }), { token: all }, []],
    ["audiences of a token", tierWith({ audiences: 2 }), { token: all }, []],
    ["revoking tokens", tierWith({ revokesTokens: true }), { token: all }, []],
    ["rotation, where nobody has a key", tierWith({ keyRotation: 1 }), {}, []],
    ["audience", issuerWith({ audience: "https://other.example" }), { token: all }, []],
    ["schema of claims", issuerWith({ claims: [] }), { token: ["", ...all] }, []],
    ["translation", issuerWith({ translate: [{ from: "Read", to: ["orders:read"] }] }), { token: all }, []],
    ["implication", { scopes: base.scopes.map((scope) => ({ ...scope, implies: [] })) }, { token: all }, []],
    [
      "tier of one",
      { ...paymentsWith({ tier: "other" }), tiers: [tier, { ...tier, name: "other", trust: 1 }] },
      payments,
      [],
    ],
    ["beginning of one", paymentsWith({ from: 1 }), payments, []],
    ["end of one", paymentsWith({ expires: 1 }), payments, []],
    ["a key of one", paymentsWith({ keys: [{ id: "k", created: 1 }] }), { key: ["payments"] }, []],
    ["another member", { groups: [{ name: "team", members: ["refunds"] }] }, payments, []],
    ["beginning of a grant", readsWith({ from: 1 }), everybody, []],
    ["end of a grant", readsWith({ until: 1 }), everybody, []],
    ["scopes of a grant", readsWith({ scopes: ["orders:write"] }), everybody, []],
    ["another condition", readsWith({ when: { kind: "not", of: inEurope } }), everybody, []],
    [
      "a condition of that name",
      { conditions: [{ name: "inEurope", when: { kind: "constant", value: true } }] },
      everybody,
      [],
    ],
    [
      "a grant on no API",
      { grants: base.grants.map((g) => (g.on ? { ...g, on: ["none"] } : g)) },
      { svid: all.slice(1), token: all.slice(1) },
      [],
    ],
    [
      "a deny",
      { denies: [{ name: "no", to: { identities: ["payments"], groups: [] }, scopes: ["orders:read"], patterns: [] }] },
      payments,
      [],
    ],
    ["demanded trust", apiWith({ operations: api!.operations.map((o) => ({ ...o, minTrust: 1 })) }), {}, [get, post]],
    [
      "demanded scopes",
      apiWith({ operations: [api!.operations[0]!, { ...api!.operations[1]!, scopes: ["orders:read"] }] }),
      {},
      [post],
    ],
    [
      "openness",
      apiWith({ operations: [api!.operations[0]!, { ...api!.operations[1]!, public: true, scopes: [] }] }),
      {},
      [post],
    ],
    ["another header", apiWith({ headers: [{ kind: "text", name: "x-caller", text: "{owner}" }] }), {}, [get, post]],
    ["an operation less", apiWith({ operations: api!.operations.slice(1) }), {}, [get]],
  ];
  for (const [what, change, callers, operations] of cases) {
    test(what, () => {
      const changed = changes(change);
      const found = Map.groupBy(changed.callers, ({ credential }) => credential);
      const names = [...found].map(([credential, classes]) => [
        credential,
        [...new Set(classes.flatMap((one) => (one.names.length > 0 ? one.names : [""])))].sort(),
      ]);
      expect(Object.fromEntries(names)).toEqual(callers);
      expect(namesIn(changed.operations)).toEqual(operations);
    });
  }
});

test("of two grants that last equally long, one that looks at the age of the token makes a difference by its place", () => {
  const young: Condition = { kind: "compare", operator: "less", fact: { kind: "token", name: "age" }, literal: 9 };
  const granting = (first: string, second: string): Model =>
    normalise({
      ...base,
      grants: [
        grant(first, ["orders:read"], { identities: ["payments"], groups: [] }, young),
        grant(second, ["orders:read"], { identities: ["payments"], groups: [] }),
      ],
    });
  const changed = callerClasses(granting("a", "b"), granting("b", "a")).filter((one) => one.changed);
  expect(changed.map(({ credential }) => credential)).toEqual(["svid", "token"]);
});

test("how old revocations may be for all is a change of public operations", () => {
  const apis = base.apis.map((api) => ({
    ...api,
    operations: api.operations.map((o) => ({ ...o, public: true, scopes: [] })),
  }));
  const [before, after] = [60, 61].map((revocationDelay) =>
    normalise({ ...base, apis, tiers: [{ ...tier, revocationDelay }] }),
  ) as [Model, Model];
  expect(operationClasses(before, after).filter(({ changed }) => changed)).toHaveLength(1);
});

test("an SVID that names the caller of a token on one side only is a change of that caller", () => {
  const inside = { ...identity("inside", "spiffe://d/fleet/one"), issuer: "other" };
  const issuers = [...base.issuers, { ...base.issuers[0]!, name: "other", url: "https://other.example" }];
  const before = normalise({ ...base, issuers });
  const after = normalise({ ...base, issuers, identities: [...base.identities, inside] });
  const fleet = callerClasses(before, after).filter(
    ({ credential, names, shows }) =>
      credential === "token" && names.includes("fleet") && shows.url === "https://corp.example",
  );
  expect(fleet.map(({ changed, peers }) => [changed, peers.map((peer) => [peer.before, peer.after])])).toEqual([
    [
      true,
      [
        [false, false],
        [true, false],
        [true, true],
      ],
    ],
  ]);
});

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

test("what only a rest took is longer than any template, and no empty segment is a parameter", () => {
  const host = (template: string): Model =>
    normalise({
      ...base,
      apis: base.apis.map((api) => ({ ...api, operations: [operation(`GET ${template}`, "orders:read")] })),
    });
  const rest = { kind: "rest" } as const;
  const any = { kind: "any" } as const;
  const shapes = operationClasses(host("/{r...}"), host("/{q}")).flatMap(({ kind, segments, apart }) =>
    kind === "operation" ? [{ segments, apart }] : [],
  );
  expect(shapes).toEqual([
    { segments: [any], apart: [] },
    { segments: [rest], apart: [[any]] },
  ]);
  expect(meet([rest], [{ kind: "literal", text: "" }])).toBeUndefined();
  expect(meet([{ kind: "literal", text: "" }], [any])).toBeUndefined();
  expect(meet([any, { kind: "literal", text: "" }], [rest])).toEqual([any, { kind: "literal", text: "" }]);
});
