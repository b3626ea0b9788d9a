/** Which scopes a pattern means: every vector is put to what `grant` and `deny` ask. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Vocabulary } from "../../src/check/vocabulary.ts";
import { parsePattern } from "../../src/model/index.ts";

const place = { path: "a.policy.ts", start: 0, end: 0 };

function found(text: string, names: readonly string[]): readonly string[] {
  const pattern = parsePattern(text);
  if ("problem" in pattern) throw pattern;
  const vocabulary = new Vocabulary();
  for (const name of names) vocabulary.add(name, [], place);
  return vocabulary.match(text, pattern);
}

function toRegExp(text: string): RegExp {
  const parts = text.split(":").map((part) => {
    if (part === "**") return "[^:]+(?::[^:]+)*";
    if (part === "*") return "[^:]+";
    return part.startsWith("{") ? `(?:${part.slice(1, -1).replaceAll(",", "|")})` : part;
  });
  return new RegExp(`^${parts.join(":")}$`);
}

describe("a pattern", () => {
  test.each([
    ["orders:*:read", "orders:item:read"],
    ["orders:**", "orders:read"],
    ["orders:**", "orders:a:b"],
    ["*:read", "orders:read"],
    ["orders:{read,list}", "orders:list"],
    ["{orders,ledger}:*", "ledger:read"],
    ["*:**", "a:b:c:d"],
    ["orders:read", "orders:read"],
  ])("%s matches %s", (pattern, scope) => expect(found(pattern, [scope])).toEqual([scope]));

  test.each([
    ["orders:*:read", "orders:read"],
    ["orders:*:read", "orders:a:b:read"],
    ["orders:*:read", "Orders:item:read"],
    ["orders:*:read", "orders:item:readall"],
    ["orders:*:read", "orders:item"],
    ["orders:**", "orders"],
    ["orders:**", "orders2:read"],
    ["orders:*", "orders:a:b"],
    ["orders:{read,list}", "orders:read,list"],
    ["orders:read", "orders:read:all"],
    ["a:b:**", "a:b"],
  ])("%s does not match %s", (pattern, scope) => expect(found(pattern, [scope])).toEqual([]));
});

describe("the vocabulary", () => {
  const segment = fc.constantFrom("a", "b", "c");
  const scopes = fc.uniqueArray(
    fc.array(segment, { minLength: 2, maxLength: 4 }).map((parts) => parts.join(":")),
    { maxLength: 30 },
  );
  const pattern = fc
    .tuple(
      fc.array(fc.constantFrom("a", "b", "*", "{a,c}"), { minLength: 1, maxLength: 3 }),
      fc.constantFrom("a", "*", "**"),
    )
    .map(([parts, last]) => [...parts, last].join(":"));

  test("finds exactly the scopes that an anchored regular expression of the pattern matches", () => {
    fc.assert(
      fc.property(scopes, pattern, (names, text) => {
        expect(found(text, names)).toEqual(names.filter((name) => toRegExp(text).test(name)).sort());
      }),
      { numRuns: 3_000 },
    );
  });

  test("closes implication over circles and chains", () => {
    const vocabulary = new Vocabulary();
    vocabulary.add("x:a", ["x:b"], place);
    vocabulary.add("x:b", ["x:c"], place);
    vocabulary.add("x:c", ["x:a"], place);
    expect(vocabulary.implied("x:a")).toEqual(["x:b", "x:c"]);
  });
});
