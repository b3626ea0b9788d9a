/** Who shares a class, and what that costs in a big estate. */
import { describe, expect, test } from "vitest";
import { lookupIn, type Model, normalise } from "../../src/model/index.ts";
import { callerClasses, operationClasses } from "../../src/space/index.ts";
import { base, grant, identity, operation, tier } from "./small-estate.ts";

describe("two callers are in two classes where they differ in", () => {
  const keys = [{ id: "k", created: 1 }];
  const two = (change: object, more: Partial<Model> = {}): Model =>
    normalise({
      ...base,
      ...more,
      identities: base.identities.map((i) => ({
        ...i,
        keys: [{ ...keys[0]!, id: i.name }],
        ...(i.name === "refunds" && change),
      })),
    });
  const grants = base.grants.map((g) => ({ ...g, on: undefined as never }));
  for (const [what, model, kinds] of [
    ["nothing but their names", two({ owner: "other@example.com", tags: ["x"] }), []],
    ["their tier", two({ tier: "other" }, { tiers: [tier, { ...tier, name: "other", keyRotation: 1 }] }), ["key"]],
    ["their end", two({ expires: 5 }), ["key", "svid", "token"]],
    ["whether an SVID can name them", two({ subject: "refunds" }), ["svid", "token"]],
    ["the age of their keys", two({ keys: [{ id: "refunds", created: 2 }] }), ["key"]],
    [
      "what a condition reads of them",
      two(
        { tags: ["x"] },
        {
          grants: [
            { ...base.grants[0]!, when: { kind: "includes", fact: { kind: "identity", name: "tags" }, text: "x" } },
          ],
        },
      ),
      ["key", "svid", "token"],
    ],
    [
      "the API of a grant",
      two(
        {},
        {
          apis: [...base.apis, { ...base.apis[0]!, name: "more", host: "more.example" }],
          grants: ["payments", "refunds"].map((name, n) => ({
            ...grants[0]!,
            name,
            to: { identities: [name], groups: [] },
            on: [n === 0 ? "orders" : "more"],
          })),
        },
      ),
      ["key", "svid", "token"],
    ],
    [
      "the issuer",
      two(
        { issuer: "other" },
        { issuers: [...base.issuers, { ...base.issuers[0]!, name: "other", url: "https://other.example" }] },
      ),
      ["token"],
    ],
  ] as const) {
    test(what, () => {
      const classes = callerClasses(model, model);
      const together = classes.filter(({ names }) => names.includes("payments") && names.includes("refunds"));
      const kindsTogether = together.map(({ credential }) => credential as string);
      expect(kindsTogether).toEqual(
        ["key", "svid", "token"].filter((kind) => !(kinds as readonly string[]).includes(kind)),
      );
      expect(classes.some(({ changed }) => changed)).toBe(false);
    });
  }
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
