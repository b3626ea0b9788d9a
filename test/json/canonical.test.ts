import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, canonicalJsonBytes, type JsonValue, readJson } from "../../src/json/index.ts";

const sha256 = (text: string | Uint8Array) => createHash("sha256").update(text).digest("hex");

describe("canonical JSON", () => {
  it("has the digest that OPA gives the published manifest", () => {
    const text = '{"roots":["writ"],"revision":"r-7","rego_version":1,"metadata":{"seq":7}}\n';
    const read = readJson(text);
    expect(sha256(canonicalJsonBytes(read.failure ? null : read.value))).toBe(
      "865fc0da5a9df88ffc444961b2f3393e647912481525f23613d2cb45a470cd2b",
    );
  });

  it.each([
    [{ b: 1, a: [null, true, false, -7], "": {} }, '{"":{},"a":[null,true,false,-7],"b":1}'],
    [
      '"\\\b\f\n\r\t\u0000\u001f\u007f/<>&é\u2028\u2029𝄞',
      '"\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001f\u007f/<>&é\\u2028\\u2029𝄞"',
    ],
    [{ "😀": 1, "\uffff": 2, "\ue000": 3, z: 4, é: 5 }, '{"z":4,"é":5,"\ue000":3,"\uffff":2,"😀":1}'],
    [{ 10: 1, 9: 2, a: 3, "1a": 4 }, '{"10":1,"1a":4,"9":2,"a":3}'],
    [{ ab: 1, a: 2, "😀a": 3, "😀": 4 }, '{"a":2,"ab":1,"😀":4,"😀a":3}'],
  ])("writes %j", (value, text) => {
    expect(canonicalJson(value as JsonValue)).toBe(text);
  });

  it.each([[1.5], [2 ** 53], [-0], [Number.NaN], ["\ud800"], [{ "\udc00": 1 }], [undefined], [[undefined]]])(
    "is never asked for %j",
    (value) => {
      expect(() => canonicalJson(value as unknown as JsonValue)).toThrow("this is a bug in Writ");
    },
  );

  it("orders keys by their bytes and reads back the same (property)", () => {
    const keys = fc.string({ unit: "grapheme" }).filter((key) => key !== "__proto__");
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string({ unit: "binary" }),
        fc.maxSafeInteger().map((n) => n + 0),
        fc.boolean(),
        fc.constant(null),
        tie("array"),
        tie("object"),
      ),
      array: fc.array(tie("value")),
      object: fc.dictionary(keys, tie("value"), { noNullPrototype: true }),
    }));
    fc.assert(
      fc.property(value, (value) => {
        const text = canonicalJson(value as JsonValue);
        expect(readJson(text)).toEqual({ value });
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: "binary", maxLength: 4 }).filter((key) => key !== "__proto__")),
        (keys) => {
          const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])));
          const written = [...text.matchAll(/"((?:[^"\\]|\\.)*)":0/g)].map((match) =>
            Buffer.from(JSON.parse(`"${match[1]}"`)),
          );
          expect(written).toEqual([...written].sort(Buffer.compare));
          expect(written.length).toBe(keys.length);
        },
      ),
    );
  });
});
