/** The memory of the tables: each text, list and set once, and rows that an index can tell apart. */
import { describe, expect, test } from "vitest";
import { TABLES, TEXT_JSON_LENGTH, TEXT_LENGTH } from "../../src/wasm/layout.ts";
import { murmur } from "../../src/wasm/murmur.ts";
import { Entries, TableWriter } from "../../src/wasm/table-writer.ts";

const KEY = 8;
const OWNER = 4;

/** Two rows with one key and one hash, of these owners. */
function twins(a: number, b: number): TableWriter {
  const writer = new TableWriter(1);
  const entries = new Entries();
  for (const owner of [a, b]) {
    const row = writer.keyed(KEY, "subject");
    writer.word(row + OWNER, owner);
    entries.add(7, row);
  }
  writer.index(writer.reserve(8), entries, KEY, OWNER);
  return writer;
}

describe("an index", () => {
  test("says when a key and a hash are of two owners", () => {
    expect([twins(1, 2).hasTwins, twins(1, 1).hasTwins]).toEqual([true, false]);
  });

  test.each([0, 1, 2, 3, 4, 5, 1000])("of %i rows has a free slot for each of them, and finds it", (count) => {
    const writer = new TableWriter(1);
    const entries = new Entries();
    for (let i = 0; i < count; i++) {
      const row = writer.keyed(KEY, `key ${i}`);
      entries.add(writer.hashOfKey(row, KEY), row);
    }
    const header = writer.reserve(8);
    writer.index(header, entries, KEY);
    const [mask, slots] = [writer.wordAt(header), writer.wordAt(header + 4)];
    if (count === 0) return expect([mask, slots]).toEqual([0, 0]);
    expect(mask + 1).toBeGreaterThanOrEqual(count * 2);
    for (const [i, row] of entries.rows.entries()) {
      let at = entries.hashes[i]! & mask;
      while (writer.wordAt(slots + at * 8 + 4) !== row) {
        expect(writer.wordAt(slots + at * 8 + 4)).not.toBe(0);
        at = (at + 1) & mask;
      }
    }
  });
});

describe("texts", () => {
  const writer = new TableWriter(5);
  const lengthsOf = (text: string) =>
    [TEXT_LENGTH, TEXT_JSON_LENGTH].map((at) => writer.wordAt(writer.text(text) + at));

  test.each([
    ["", 0, 2],
    ["plain", 5, 7],
    ["é", 2, 4],
    ['"', 1, 4],
    ["\u0001", 1, 8],
    ["\u{1f600}\n", 5, 8],
  ])("%j is %i bytes, and %i as JSON", (text, length, json) => {
    expect(lengthsOf(text)).toEqual([length, json]);
    expect(writer.text(text)).toBe(writer.text(text));
  });

  test("lie at addresses that are multiples of 8, like everything", () => {
    const addresses = ["a", "bb", "ccc"].map((text) => writer.text(text)).concat(writer.list([1]), writer.reserve(3));
    expect(addresses.map((address) => (address - TABLES) % 8)).toEqual([0, 0, 0, 0, 0]);
  });
});

test("numbers of 64 bits keep their sign", () => {
  const writer = new TableWriter(0);
  const numbers = [0, 1, -1, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 53 - 1, -(2 ** 53) + 1, 2 ** 53];
  const at = writer.reserve(8 * numbers.length);
  for (const [i, number] of numbers.entries()) writer.long(at + 8 * i, number);
  const bytes = writer.finish();
  const view = new DataView(bytes.buffer);
  expect(numbers.map((_, i) => Number(view.getBigInt64(8 * i, true)))).toEqual(numbers);
});

/** Published vectors of Murmur3, 32 bits. */
test.each([
  ["", 0, 0],
  ["", 1, 0x514e28b7],
  ["", 0xffffffff, 0x81f16f39],
  ["test", 0, 0xba6bd213],
  ["test", 0x9747b28c, 0x704b81dc],
  ["Hello, world!", 0, 0xc0363e43],
  ["Hello, world!", 0x9747b28c, 0x24884cba],
  ["The quick brown fox jumps over the lazy dog", 0x9747b28c, 0x2fa826cd],
])("the hash of %j from %i is known", (text, seed, hash) => {
  expect(murmur(new TextEncoder().encode(text), seed)).toBe(hash);
});
