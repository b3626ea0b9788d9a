import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type JsonProblem, jsonProblems } from "../../src/diagnostics/index.ts";
import { type JsonLimits, readJson, readJsonWithPositions } from "../../src/json/index.ts";
import { processorTime } from "../processor-time.ts";

const bytes = (...values: number[]) => new Uint8Array(values);
const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

const accepted: readonly string[] = [
  "null",
  "true",
  "false",
  "0",
  "-1",
  "9007199254740991",
  "-9007199254740991",
  '""',
  '"a"',
  "[]",
  "{}",
  " [ ] ",
  "\t\r\n{ }\n",
  '[1,[2],{"a":[3]}]',
  '{"a":1,"b":{"a":1}}',
  '{"":0}',
  '{"__proto":1,"_proto__":2}',
  '{"constructor":1,"hasOwnProperty":2}',
  '"\\u0000\\u001f\\"\\\\\\/\\b\\f\\n\\r\\t"',
  '"\\uD834\\uDD1E"',
  '"\\ud834\\udd1e"',
  '"𝄞\u2028\u2029\u007f"',
  '"\ufeff"',
  nested(64),
  '{"1":1,"0":2,"-0":3}',
  '[""," "]',
  '"\uffff\ufdd0"',
];

const refused: readonly (readonly [string | Uint8Array, JsonProblem, number, JsonLimits?])[] = [
  ["", "syntax", 0],
  [" ", "syntax", 1],
  ["nul", "syntax", 0],
  ["True", "syntax", 0],
  ["NaN", "syntax", 0],
  ["-Infinity", "syntax", 1],
  ["[1,]", "syntax", 3],
  ["[,1]", "syntax", 1],
  ["[1 2]", "syntax", 3],
  ["[1", "syntax", 2],
  ["[", "syntax", 1],
  ["]", "syntax", 0],
  ["[}", "syntax", 1],
  ["[1}", "syntax", 2],
  ['{"a":1]', "syntax", 6],
  ['{"a":1,}', "syntax", 7],
  ["{a:1}", "syntax", 1],
  ["{'a':1}", "syntax", 1],
  ['{"a" 1}', "syntax", 5],
  ['{"a":}', "syntax", 5],
  ['{"a"', "syntax", 4],
  ["{,}", "syntax", 1],
  ["{1:1}", "syntax", 1],
  ['"', "syntax", 1],
  ['"a', "syntax", 2],
  ['"\n"', "syntax", 1],
  ['"\u0000"', "syntax", 1],
  ['"\\x41"', "syntax", 1],
  ['"\\', "syntax", 1],
  ['"\\u12"', "syntax", 1],
  ['"\\u00G0"', "syntax", 1],
  ['"\\u+123"', "syntax", 1],
  ["\u00a0 1", "syntax", 0],
  ["\f1", "syntax", 0],
  ["/*x*/1", "syntax", 0],
  ["01", "syntax", 0],
  ["-01", "syntax", 1],
  ["-", "syntax", 1],
  ["+1", "syntax", 0],
  [".5", "syntax", 0],
  ["1.", "syntax", 2],
  ["1.e1", "syntax", 2],
  ["1e", "syntax", 2],
  ["1e+", "syntax", 3],
  ["0x10", "trailing-data", 1],
  ["1_000", "trailing-data", 1],
  ["[] []", "trailing-data", 3],
  ["1 //", "trailing-data", 2],
  ["{}}", "trailing-data", 2],
  ["null\u0000", "trailing-data", 4],
  ["1.0", "number", 0],
  ["1e3", "number", 0],
  ["1E400", "number", 0],
  ["-0", "number", 0],
  ["[-0]", "number", 1],
  ["9007199254740992", "number", 0],
  ["-9007199254740992", "number", 0],
  ["123456789012345678901234567890", "number", 0],
  ["1e400", "number", 0, { numbers: "fractions" }],
  ["-0.0", "number", 0, { numbers: "fractions" }],
  ["1e-999", "number", 0, { numbers: "fractions" }],
  ["1e16", "number", 0, { numbers: "fractions" }],
  ["1e400", "number", 0, { numbers: "finite" }],
  ['{"a":1,"a":1}', "duplicate-key", 7],
  ['[{"a":{"x":1,"y":2},"b":0,"\\u0061":{}}]', "duplicate-key", 26],
  ['{"":1,"":2}', "duplicate-key", 6],
  ['{"1":1,"1":2}', "duplicate-key", 7],
  ['{"a":{"b":1},"c":[{"d":1,"d":2}]}', "duplicate-key", 25],
  ['{"__proto__":1}', "forbidden-key", 1],
  ['[{"\\u005f_proto_\\u005F":1}]', "forbidden-key", 2],
  ['{"_\\u005fproto__":null}', "forbidden-key", 1],
  [nested(65), "too-deep", 64],
  [nested(1_000_000), "too-deep", 64],
  ['{"a":'.repeat(65), "too-deep", 320],
  [nested(3), "too-deep", 2, { depth: 2 }],
  ["[1,2,3]", "too-large", 6, { size: 6 }],
  [bytes(0x5b, 0x5d), "too-large", 1, { size: 1 }],
  ["\ufeff1", "byte-order-mark", 0],
  [bytes(0xef, 0xbb, 0xbf, 0x31), "byte-order-mark", 0],
  [bytes(0xff, 0xfe, 0x31, 0), "not-utf-8", 0],
  [bytes(0x22, 0x61, 0xff, 0x22), "not-utf-8", 2],
  [bytes(0x22, 0xc0, 0xaf, 0x22), "not-utf-8", 1],
  [bytes(0x22, 0xed, 0xa0, 0x80, 0x22), "not-utf-8", 1],
  [bytes(0x22, 0xe2, 0x82), "not-utf-8", 1],
  ['"\\ud800"', "surrogate", 1],
  ['"\\udc00"', "surrogate", 1],
  ['"\\ud800\\ud800"', "surrogate", 1],
  ['"a\\ud800b"', "surrogate", 2],
  ['"\\ud800\\n"', "surrogate", 1],
  ['"\ud800"', "surrogate", 1],
  ['"𝄞\udc00"', "surrogate", 3],
];

describe("B12 B13: one verdict for every JSON text", () => {
  it.each(accepted)("accepts %j", (text) => {
    expect(readJson(text)).toEqual({ value: JSON.parse(text) });
    expect(readJson(new TextEncoder().encode(text))).toEqual({ value: JSON.parse(text) });
    expect(readJsonWithPositions(text)).toMatchObject({ value: JSON.parse(text) });
  });

  it.each(
    refused.map(
      ([text, problem, offset, limits]) =>
        [typeof text === "string" ? text.slice(0, 40) : text, problem, offset, limits, text] as const,
    ),
  )("refuses %j: %s at %d", (_shown, problem, offset, limits, text) => {
    const started = processorTime();
    expect(readJson(text, limits)).toEqual({ failure: { problem, offset } });
    if (typeof text === "string") expect(readJsonWithPositions(text, limits)).toEqual({ failure: { problem, offset } });
    expect(processorTime() - started).toBeLessThan(100);
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain("a");
  });

  it("has a case for each problem", () => {
    expect(new Set(refused.map(([, problem]) => problem))).toEqual(new Set(Object.keys(jsonProblems)));
  });

  it.each([
    ["1.50", 1.5],
    ["1e3", 1000],
    ["0.0", 0],
    ["-2.5e-3", -0.0025],
  ])("reads %s where fractions are allowed", (text, value) => {
    expect(readJson(text, { numbers: "fractions" })).toEqual({ value });
  });

  it.each([
    ["1e308", 1e308],
    ["9223372036854775807", 2 ** 63],
    ["-0", -0],
    ["1e-999", 0],
  ])("rounds %s where it may", (text, value) => {
    expect(readJson(text, { numbers: "finite" })).toEqual({ value });
  });

  it("reads back whatever JSON.stringify writes (property)", () => {
    fc.assert(
      fc.property(
        fc.json({ stringUnit: "binary", maxDepth: 5 }).filter((text) => !text.includes("__proto__")),
        (text) => {
          expect(readJson(text, { numbers: "finite" })).toEqual({ value: JSON.parse(text) });
        },
      ),
    );
  });

  it("accepts only what JSON.parse accepts, however a text is bent (property)", () => {
    const units = fc.constantFrom(
      ...'{}[]":,\\u0019aeE+-. \n\tdD8"tfn',
      "true",
      "null",
      '"a"',
      "1",
      "__proto__",
      "\\ud800",
    );
    fc.assert(
      fc.property(fc.array(units, { maxLength: 12 }), (parts) => {
        const text = parts.join("");
        const read = readJson(text);
        let value: unknown;
        try {
          value = JSON.parse(text);
        } catch {
          expect(read.failure).toBeDefined();
          return;
        }
        if (read.failure)
          expect(["duplicate-key", "forbidden-key", "number", "surrogate"]).toContain(read.failure.problem);
        else expect(read.value).toEqual(value);
      }),
      { numRuns: 5000 },
    );
  });

  it("takes time in proportion to the text", () => {
    const textOf = (length: number) =>
      `[${Array.from({ length }, (_, index) => `{"k${index}":"${"x".repeat(20)}","\\u0061":[${index}]}`).join(",")}]`;
    const [half, whole] = [textOf(100_000), textOf(200_000)];
    // The quickest of three: what the collector does in between is not the reader's.
    const quickest = (text: string) =>
      Math.min(
        ...[1, 2, 3].map(() => {
          const started = processorTime();
          expect(readJson(text).failure).toBeUndefined();
          return processorTime() - started;
        }),
      );
    const [once, twice] = [quickest(half), quickest(whole)];
    expect(twice).toBeLessThan(2000);
    // What grows with the square takes four times as long.
    expect(twice).toBeLessThan(3.5 * once);
  });
});

describe("positions", () => {
  const text = '{ "a": [10, {"é\\n": true}],\n  "b": "x" }';
  const read = readJsonWithPositions(text);
  if (read.failure) throw read.failure;
  const { places } = read;
  const at = ({ start, end }: { start: number; end: number }) => text.slice(start, end);

  it.each([
    [[], text, text],
    [["a"], '[10, {"é\\n": true}]', '"a"'],
    [["a", 0], "10", "10"],
    [["a", 1], '{"é\\n": true}', '{"é\\n": true}'],
    [["a", 1, "é\n"], "true", '"é\\n"'],
    [["b"], '"x"', '"b"'],
  ] as const)("finds the value and the key of %j", (path, value, key) => {
    expect(at(places.ofValue(path))).toBe(value);
    expect(at(places.ofKey(path))).toBe(key);
  });

  it("gives the innermost place there is", () => {
    expect(at(places.ofValue(["b", "missing", 7]))).toBe('"x"');
    expect(at(places.ofValue(["a", 2]))).toBe('[10, {"é\\n": true}]');
  });
});
