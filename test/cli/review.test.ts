/** The reviewable JSON is the same value, a row to a line. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { spreadJson } from "../../src/cli/review.ts";
import { canonicalJson, canonicalJsonBytes, type JsonValue } from "../../src/json/index.ts";

const spread = (json: JsonValue) => new TextDecoder().decode(spreadJson(canonicalJsonBytes(json)));

test("what fits on a line stays on it, and a row is a line", () => {
  const rows = Array.from({ length: 40 }, (_, i) => ({ name: `row "${i}" \\`, scopes: ["a,b", "c]d}"] }));
  const lines = spread({ none: [], rows, small: { a: 1 } }).split("\n");
  expect(lines.slice(0, 4)).toEqual([
    "{",
    '  "none": [],',
    '  "rows": [',
    '    {"name":"row \\"0\\" \\\\","scopes":["a,b","c]d}"]},',
  ]);
  expect(lines.slice(-4)).toEqual(["  ],", '  "small": {"a":1}', "}", ""]);
  expect(lines).toHaveLength(47);
});

test("nothing is lost, whatever the value", () => {
  const wide = fc.string({ maxLength: 400, unit: fc.constantFrom("a", '"', "\\", ",", "]", "}", ":", "\n") });
  const value = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      wide,
      fc.integer(),
      fc.constantFrom<JsonValue>(null, true, false),
      fc.array(tie("value"), { maxLength: 8 }),
      fc.dictionary(wide, tie("value"), { maxKeys: 8 }),
    ),
  })).value;
  fc.assert(
    fc.property(value, (json) => {
      // No text here has a space, and line ends inside texts are escaped: both are ours. To parse it instead would test the
      // built-in parser, which in some engines takes the key `"\n"` for a key that is a backslash.
      expect(spread(json).replaceAll(/[\n ]/g, "")).toBe(canonicalJson(json));
    }),
    { numRuns: 300 },
  );
});
