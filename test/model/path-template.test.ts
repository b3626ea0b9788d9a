import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  comparePrecedence,
  matchTemplate,
  parseTemplate,
  pathSegments,
  type TemplateSegment,
} from "../../src/model/index.ts";

function template(text: string): readonly TemplateSegment[] {
  const parsed = parseTemplate(text);
  if ("problem" in parsed) throw new TypeError(`${text}: ${parsed.problem}`);
  return parsed;
}

function match(text: string, path: string) {
  const parameters = matchTemplate(template(text), pathSegments(path));
  return parameters && Object.fromEntries(parameters);
}

describe("parseTemplate", () => {
  it("reads literals, parameters and the rest", () => {
    expect(parseTemplate("/v1/{id}/{path...}")).toEqual([
      { kind: "literal", text: "v1" },
      { kind: "parameter", name: "id" },
      { kind: "rest", name: "path" },
    ]);
    expect(parseTemplate("/")).toEqual([{ kind: "literal", text: "" }]);
    expect(parseTemplate("/a/")).toEqual([
      { kind: "literal", text: "a" },
      { kind: "literal", text: "" },
    ]);
  });

  it.each([
    ["", "a path starts with `/`"],
    ["a", "a path starts with `/`"],
    ["//", "a segment is empty"],
    ["/a//b", "a segment is empty"],
    ["/{a}/{a}", "`{a}` stands twice"],
    ["/{a}/{a...}", "`{a}` stands twice"],
    ["/{a...}/b", "`{a...}` may stand only last"],
    ["/{a...}/", "`{a...}` may stand only last"],
    ["/{}", "`{}` is no parameter: `{name}` is a whole segment"],
    ["/{1a}", "`{1a}` is no parameter: `{name}` is a whole segment"],
    ["/x{a}", "`x{a}` is no parameter: `{name}` is a whole segment"],
    ["/{a}x", "`{a}x` is no parameter: `{name}` is a whole segment"],
    ["/{a-b}", "`{a-b}` is no parameter: `{name}` is a whole segment"],
    ["/{a..}", "`{a..}` is no parameter: `{name}` is a whole segment"],
    ["/..", "`..` is not a canonical path segment"],
    ["/%61", "`%61` is not a canonical path segment"],
    ["/a;b", "`a;b` is not a canonical path segment"],
    ["/é", "`é` is not a canonical path segment"],
    ["/a".repeat(65), "a path has at most 64 segments"],
  ])("refuses %j", (text, problem) => expect(parseTemplate(text)).toEqual({ problem }));

  it("takes 64 segments, and names of prototypes", () => {
    expect(parseTemplate("/a".repeat(64))).toHaveLength(64);
    expect(match("/{__proto__}/{constructor}", "/a/b")).toEqual(
      Object.fromEntries([
        ["__proto__", "a"],
        ["constructor", "b"],
      ]),
    );
  });
});

describe("matchTemplate", () => {
  it.each<[string, string, Record<string, string> | undefined]>([
    ["/", "/", {}],
    ["/", "/a", undefined],
    ["/a", "/a", {}],
    ["/a", "/A", undefined],
    ["/a", "/a/", undefined],
    ["/a/", "/a", undefined],
    ["/a/", "/a/", {}],
    ["/a/{x}", "/a/b", { x: "b" }],
    ["/a/{x}", "/a/", undefined],
    ["/a/{x}", "/a", undefined],
    ["/a/{x}", "/a/b/c", undefined],
    ["/a/{x}/", "/a/b/", { x: "b" }],
    ["/a/{x}/", "/a//", undefined],
    ["/{x}/{y}", "/%20/b", { x: "%20", y: "b" }],
    ["/f/{x...}", "/f/a", { x: "a" }],
    ["/f/{x...}", "/f/a/b/c", { x: "a/b/c" }],
    ["/f/{x...}", "/f/a/", { x: "a/" }],
    ["/f/{x...}", "/f/", undefined],
    ["/f/{x...}", "/f", undefined],
    ["/f/{x...}", "/g/a", undefined],
    ["/{x...}", "/", undefined],
    ["/{x...}", "/a/b", { x: "a/b" }],
  ])("%s on %s", (text, path, expected) => expect(match(text, path)).toEqual(expected));
});

describe("comparePrecedence", () => {
  it.each([
    ["/a/b", "/a/{x}"],
    ["/a/{x}", "/a/{x...}"],
    ["/a/b", "/{x...}"],
    ["/a/{x}/c", "/{y}/b/c"],
    ["/{x}/b", "/{x}/{y}"],
    ["/{x}/b", "/{x}/{y...}"],
    ["/a/{x}", "/{x...}"],
  ])("%s goes before %s", (first, second) => {
    expect(comparePrecedence(template(first), template(second))).toBeLessThan(0);
    expect(comparePrecedence(template(second), template(first))).toBeGreaterThan(0);
  });

  it("is 0 for templates that are equal up to names", () => {
    expect(comparePrecedence(template("/a/{x}/{y...}"), template("/a/{b}/{c...}"))).toBe(0);
  });

  const segment = fc.constantFrom("a", "b", "{x}");
  const text = fc
    .tuple(fc.array(segment, { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([parts, rest]) => `/${parts.map((p, i) => (p === "{x}" ? `{x${i}}` : p)).join("/")}${rest ? "/{r...}" : ""}`);
  const order = (a: string, b: string) => Math.sign(comparePrecedence(template(a), template(b)));

  it("is an order: antisymmetric and transitive", () => {
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        expect(order(a, b) + order(b, a)).toBe(0);
        if (order(a, b) <= 0 && order(b, c) <= 0) expect(order(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it("prefers, of two that match one path, the one whose leftmost difference is more literal", () => {
    const rank = { literal: 0, parameter: 1, rest: 2 };
    const path = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(text, text, path, (a, b, segments) => {
        const [x, y] = [template(a), template(b)];
        if (!matchTemplate(x, segments) || !matchTemplate(y, segments)) return;
        const at = x.findIndex((s, i) => s.kind !== y[i]?.kind);
        const [left, right] = [x[at], y[at]];
        if (!left || !right) return;
        expect(order(a, b)).toBe(Math.sign(rank[left.kind] - rank[right.kind]));
      }),
      { numRuns: 2_000 },
    );
  });
});
