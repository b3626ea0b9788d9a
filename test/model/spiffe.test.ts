import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSpiffeId, isSpiffePattern, matchesSpiffe, relatePatterns, spiffeSegments } from "../../src/model/index.ts";

describe("isSpiffeId (SPIFFE-ID §2)", () => {
  it.each([
    "spiffe://td.example/ns/a/sa/b",
    "spiffe://10.0.0.1/x",
    "spiffe://t_d/x",
    "spiffe://td/A.b_c-9",
    "spiffe://td/...",
    `spiffe://${"d".repeat(255)}/x`,
    `spiffe://td/${"a".repeat(2036)}`,
  ])("accepts %s", (id) => expect(isSpiffeId(id)).toBe(true));

  it.each([
    "",
    "spiffe://",
    "spiffe://td",
    "spiffe://TD/x",
    "spiffe:///x",
    "spiffe://td/",
    "spiffe://td//x",
    "spiffe://td/x/",
    "spiffe://td/a/../b",
    "spiffe://td/.",
    "spiffe://td/%61",
    "spiffe://td:443/x",
    "spiffe://u@td/x",
    "spiffe://td/x?y",
    "spiffe://td/x#y",
    "spiffe://td/ü",
    "spiffe://td/x\n",
    "spiffe://td\n/x",
    "spiffe://td/*",
    "SPIFFE://td/x",
    "https://td/x",
    " spiffe://td/x",
    `spiffe://${"d".repeat(256)}/x`,
    `spiffe://td/${"a".repeat(2037)}`,
  ])("refuses %j", (id) => expect(isSpiffeId(id)).toBe(false));
});

describe("isSpiffePattern", () => {
  it.each(["spiffe://td/*", "spiffe://td/ns/*/sa/billing", "spiffe://td/*/*"])("accepts %s", (p) =>
    expect(isSpiffePattern(p)).toBe(true),
  );
  it.each(["spiffe://td/x", "spiffe://*/x", "spiffe://*", "spiffe://td/a*", "spiffe://td/**", "spiffe://td/*/", "*"])(
    "refuses %s",
    (p) => expect(isSpiffePattern(p)).toBe(false),
  );
});

describe("matchesSpiffe", () => {
  it.each([
    ["spiffe://td/ns/*/sa/billing", "spiffe://td/ns/web/sa/billing", true],
    ["spiffe://td/ns/*", "spiffe://td/ns/prod", true],
    ["spiffe://td/ns/prod", "spiffe://td/ns/prod-evil", false],
    ["spiffe://td/ns/*", "spiffe://td/ns/prod/sa", false],
    ["spiffe://td/ns/*", "spiffe://td/ns", false],
    ["spiffe://td/ns/*", "spiffe://tde/ns/prod", false],
    ["spiffe://td/ns/*", "spiffe://td/NS/prod", false],
  ])("%s, %s", (pattern, id, expected) => expect(matchesSpiffe(pattern, id)).toBe(expected));
});

describe("relatePatterns", () => {
  it.each([
    ["spiffe://td/a/*", "spiffe://td/a/*", "equal"],
    ["spiffe://td/a/b", "spiffe://td/a/*", "narrower"],
    ["spiffe://td/*/*", "spiffe://td/a/*", "wider"],
    ["spiffe://td/a/*", "spiffe://td/*/b", "overlapping"],
    ["spiffe://td/a/*", "spiffe://td/b/*", "disjoint"],
    ["spiffe://td/a/*", "spiffe://td/a/*/*", "disjoint"],
    ["spiffe://td/*", "spiffe://other/*", "disjoint"],
  ])("%s to %s is %s", (a, b, expected) => expect(relatePatterns(a, b)).toBe(expected));

  it("says of the IDs that they match what is so", () => {
    const part = fc.constantFrom("a", "b", "*");
    const pattern = fc.array(part, { minLength: 1, maxLength: 3 }).map((p) => `spiffe://td/${p.join("/")}`);
    const ids = ["a", "b", "c"].flatMap((x) => [
      x,
      ...["a", "b", "c"].flatMap((y) => [`${x}/${y}`, ...["a", "b", "c"].map((z) => `${x}/${y}/${z}`)]),
    ]);
    const matched = (p: string) => ids.map((id) => `spiffe://td/${id}`).filter((id) => matchesSpiffe(p, id));
    fc.assert(
      fc.property(pattern, pattern, (p, q) => {
        const [x, y] = [new Set(matched(p)), new Set(matched(q))];
        const actual = x.isDisjointFrom(y)
          ? "disjoint"
          : x.isSubsetOf(y)
            ? y.isSubsetOf(x)
              ? "equal"
              : "narrower"
            : y.isSubsetOf(x)
              ? "wider"
              : "overlapping";
        expect(relatePatterns(p, q)).toBe(actual);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("spiffeSegments", () => {
  it("gives the trust domain first", () => {
    expect(spiffeSegments("spiffe://td/ns/a")).toEqual(["td", "ns", "a"]);
  });
});
