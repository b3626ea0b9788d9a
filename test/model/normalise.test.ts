import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Condition, compareText, type Grant, type Model, normalise } from "../../src/model/index.ts";
import { estate } from "../decide/estate.ts";
import { Random } from "../random.ts";

/** Lists whose order says something: the values of a header by scope, and who approved. */
const ordered = new Set(["by", "headerValues", "translate"]);

function shuffle(value: unknown, random: Random, key = ""): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => shuffle(item, random));
    if (ordered.has(key) || items.some((item) => typeof item === "object" && item !== null && "scope" in item))
      return items;
    return items
      .map((item) => ({ item, order: random.next() }))
      .sort((a, b) => a.order - b.order)
      .map(({ item }) => item);
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shuffle(member, random, name)]));
}

const withCondition = (when: Condition): Model => {
  const [first] = estate.grants;
  return normalise({ ...estate, grants: [{ ...(first as Grant), when }] });
};
const conditionOf = (when: Condition) => withCondition(when).grants[0]?.when;

const leaf = (name: string): Condition => ({ kind: "present", fact: { kind: "header", name } });
const [a, b, c] = [leaf("a"), leaf("b"), leaf("c")];

describe("normalise", () => {
  it("does not depend on the order of what is a set", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const shuffled = shuffle(estate, new Random(seed + 1)) as Model;
        expect(JSON.stringify(normalise(shuffled))).toBe(JSON.stringify(estate));
      }),
      { numRuns: 50 },
    );
  });

  it("is idempotent, and leaves its input as it was", () => {
    const before = structuredClone(estate) as Model;
    const text = JSON.stringify(before);
    expect(JSON.stringify(normalise(normalise(before)))).toBe(text);
    expect(JSON.stringify(before)).toBe(text);
  });

  it("drops what is said twice", () => {
    const [first] = estate.grants;
    const grant = { ...(first as Grant), scopes: ["b:c", "a:b", "b:c"], to: { identities: ["x", "x"], groups: [] } };
    expect(normalise({ ...estate, grants: [grant] }).grants[0]).toMatchObject({
      scopes: ["a:b", "b:c"],
      to: { identities: ["x"] },
    });
  });

  it("keeps the order of a header's values by scope", () => {
    const values = [
      { scope: "z:z", value: "1" },
      { scope: "a:a", value: "2" },
    ];
    const api = { name: "x", host: "x", operations: [], headers: [{ kind: "by-scope" as const, name: "h", values }] };
    expect(normalise({ ...estate, apis: [api] }).apis[0]?.headers).toEqual([{ kind: "by-scope", name: "h", values }]);
  });

  it("freezes all the way down", () => {
    const frozen = (value: unknown): boolean =>
      typeof value !== "object" || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(normalise(structuredClone(estate) as Model))).toBe(true);
  });

  it.each<[string, Condition, Condition]>([
    ["nested ands", { kind: "and", of: [c, { kind: "and", of: [b, a] }] }, { kind: "and", of: [a, b, c] }],
    ["nested ors", { kind: "or", of: [{ kind: "or", of: [c] }, b, a] }, { kind: "or", of: [a, b, c] }],
    ["one part", { kind: "and", of: [{ kind: "or", of: [a] }] }, a],
    ["parts said twice", { kind: "or", of: [a, a] }, a],
    ["not not", { kind: "not", of: { kind: "not", of: a } }, a],
    ["three nots", { kind: "not", of: { kind: "not", of: { kind: "not", of: a } } }, { kind: "not", of: a }],
    [
      "an and in an or",
      { kind: "or", of: [{ kind: "and", of: [b, a] }, a] },
      { kind: "or", of: [{ kind: "and", of: [a, b] }, a] },
    ],
    ["no parts", { kind: "and", of: [] }, { kind: "and", of: [] }],
    [
      "values of `in`",
      { kind: "in", fact: { kind: "header", name: "a" }, values: ["b", "a", "b"] },
      { kind: "in", fact: { kind: "header", name: "a" }, values: ["a", "b"] },
    ],
    [
      "sides of `same`",
      { kind: "same", left: { kind: "parameter", name: "p" }, right: { kind: "header", name: "h" } },
      { kind: "same", left: { kind: "header", name: "h" }, right: { kind: "parameter", name: "p" } },
    ],
  ])("brings %s into one form", (_, written, expected) => expect(conditionOf(written)).toEqual(expected));

  it("orders values of two types that read alike the same way each time", () => {
    const fact = { kind: "header", name: "a" } as const;
    expect(conditionOf({ kind: "in", fact, values: [1, "1"] })).toEqual(
      conditionOf({ kind: "in", fact, values: ["1", 1] }),
    );
  });

  it("is idempotent and order-independent for any condition", () => {
    const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
      condition: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(a, b, c),
        tie("condition").map((of): Condition => ({ kind: "not", of })),
        fc
          .tuple(fc.constantFrom("and" as const, "or" as const), fc.array(tie("condition"), { maxLength: 3 }))
          .map(([kind, of]): Condition => ({ kind, of })),
      ),
    }));
    fc.assert(
      fc.property(condition, fc.nat(), (written, seed) => {
        const once = conditionOf(written);
        expect(conditionOf(once as Condition)).toEqual(once);
        expect(conditionOf(shuffle(written, new Random(seed + 1)) as Condition)).toEqual(once);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("compareText", () => {
  it("orders by code units, not by any language", () => {
    expect(["b", "B", "a", "ä", "_", ""].sort(compareText)).toEqual(["", "B", "_", "a", "b", "ä"]);
    expect(compareText("a", "a")).toBe(0);
  });
});
