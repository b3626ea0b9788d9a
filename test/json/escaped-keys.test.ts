/** Keys with escapes are read as they are written, whatever was read before in the same process. */
import { expect, test } from "vitest";
import { canonicalJson, type JsonValue, readJson } from "../../src/json/index.ts";
import { Random } from "../random.ts";

const keys = ["a", "a\\", "a\n", "a\t", 'a"', "\\", "\n", '"', "b", "a\\\\", "a\u0001", "é\\", "é\n"];

function valueIn(text: string): JsonValue | undefined {
  const read = readJson(text);
  return read.failure ? undefined : read.value;
}

test("two keys that differ only in an escape stay two keys", () => {
  const random = new Random(1);
  for (let i = 0; i < 20_000; i++) {
    const value = Object.fromEntries(
      Array.from({ length: random.int(1, 3) }, () => [random.pick(keys), random.int(0, 2)]),
    );
    expect(valueIn(canonicalJson(value))).toEqual(value);
  }
});

test("containers in containers, and every kind of value beside such a key", () => {
  const value = { 'a"': [{ "a\\": {} }, [], [1, [true, null, "x\\"]]], "a\\": { 'b"': "é", c: -1 } };
  expect(valueIn(canonicalJson(value))).toEqual(value);
});

test("a key that occurs twice is still found, in whatever spelling", () => {
  expect(readJson('{"a\\"":1,"a\\u0022":2}').failure?.problem).toBe("duplicate-key");
});
