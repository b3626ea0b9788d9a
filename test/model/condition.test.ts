import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluateCondition, type Read, type Reading } from "../../src/model/evaluate-condition.ts";
import { type Condition, type Fact, factKey, factsOf } from "../../src/model/index.ts";

const claim = (name: string): Fact => ({ kind: "claim", issuer: "corp", name });
const [known, absent, unknown] = [claim("known"), claim("absent"), claim("unknown")];
const equal = (fact: Fact, literal: string | number | boolean): Condition => ({
  kind: "compare",
  operator: "equal",
  fact,
  literal,
});
const named = (name: string): Condition => (name === "both" ? equal(known, "a") : { kind: "constant", value: false });

const read: Read = (fact): Reading => {
  if (fact.name === "known") return { state: "known", value: "a" };
  return { state: fact.name === "absent" ? "absent" : "unknown" };
};

describe("factsOf", () => {
  it("finds each fact once, through named conditions, sorted by key", () => {
    const condition: Condition = {
      kind: "or",
      of: [
        { kind: "not", of: equal(claim("z"), 1) },
        { kind: "and", of: [{ kind: "named", name: "both" }, equal(claim("z"), 2)] },
        { kind: "same", left: { kind: "parameter", name: "p" }, right: { kind: "header", name: "h" } },
        { kind: "constant", value: true },
      ],
    };
    expect(factsOf(condition, named).map(factKey)).toEqual([
      "claim corp known",
      "claim corp z",
      "header h",
      "parameter p",
    ]);
  });

  it("tells claims of two issuers apart", () => {
    expect(factKey({ kind: "claim", issuer: "a", name: "x" })).not.toBe(
      factKey({ kind: "claim", issuer: "b", name: "x" }),
    );
  });
});

describe("evaluateCondition", () => {
  const at = (condition: Condition) => evaluateCondition(condition, named, read);
  const anyFact = fc.constantFrom(known, absent, unknown);
  const leaf: fc.Arbitrary<Condition> = fc.oneof(
    fc.boolean().map((value): Condition => ({ kind: "constant", value })),
    fc.constant<Condition>({ kind: "named", name: "both" }),
    fc.tuple(anyFact, fc.constantFrom("a", "b")).map(([fact, literal]) => equal(fact, literal)),
    anyFact.map((fact): Condition => ({ kind: "present", fact })),
    fc.tuple(anyFact, anyFact).map(([left, right]): Condition => ({ kind: "same", left, right })),
    anyFact.map((fact): Condition => ({ kind: "in", fact, values: ["a", "c"] })),
  );
  const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 4 },
      leaf,
      tie("condition").map((of): Condition => ({ kind: "not", of })),
      fc
        .tuple(fc.constantFrom("and" as const, "or" as const), fc.array(tie("condition"), { maxLength: 3 }))
        .map(([kind, of]): Condition => ({ kind, of })),
    ),
  }));

  it("is unknown exactly where a fact that it reads is, whatever the rest says", () => {
    fc.assert(
      fc.property(condition, (c) => {
        const reads = factsOf(c, named).some((fact) => fact.name === "unknown");
        expect(at(c) === "unknown").toBe(reads);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is true of exactly one of a condition and its opposite, and keeps De Morgan's laws", () => {
    fc.assert(
      fc.property(condition, condition, (a, b) => {
        const not = (of: Condition): Condition => ({ kind: "not", of });
        const value = at(a);
        expect(at(not(a))).toBe(value === "unknown" ? "unknown" : !value);
        expect(at(not({ kind: "and", of: [a, b] }))).toBe(at({ kind: "or", of: [not(a), not(b)] }));
      }),
      { numRuns: 1_000 },
    );
  });

  it.each<[string, Condition, boolean | "unknown"]>([
    ["a comparison with what is absent", equal(absent, "a"), false],
    ["two absent facts", { kind: "same", left: absent, right: absent }, false],
    ["presence of what is known", { kind: "present", fact: known }, true],
    ["presence of what is absent", { kind: "present", fact: absent }, false],
    ["presence of what is unknown", { kind: "present", fact: unknown }, "unknown"],
    ["what is unknown beside what decides", { kind: "or", of: [equal(known, "a"), equal(unknown, "a")] }, "unknown"],
    ["a range that is none", { kind: "cidr", fact: known, range: "x" }, false],
    ["an order of texts", { kind: "compare", operator: "less", fact: known, literal: 5 }, false],
  ])("%s", (_, c, expected) => expect(at(c)).toBe(expected));
});
