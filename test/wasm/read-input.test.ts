/** The engine reads JSON as strictly as the compiler does, judges it as the reference does, and neither traps nor stalls. */
import { describe, expect, test } from "vitest";
import { processorTime } from "../processor-time.ts";
import { input, limit, malformed, noJson, none, openReader, sound, verdictOf, withMore } from "./read-input-cases.ts";
import { expectedOf, scanned, scannedAt } from "./read-input-oracle.ts";
import { openScanner } from "./scanner.ts";

const encoder = new TextEncoder();
const { scanner, verdict, expectAsReference } = await openReader();

test("a sound input is kept whole, with tables and without", async () => {
  expect(scanned(scanner, sound)).toEqual(expectedOf(sound));
  const bare = await openScanner();
  expect(verdictOf(bare, sound)).toEqual(none);
  expect(verdictOf(bare, '{"time":1}')).toEqual(malformed);
  expect(verdictOf(bare, JSON.stringify({ ...input, token: { jti: "j".repeat(256) } }))).toEqual(limit);
  // The one before leaves nothing behind.
  expect(verdictOf(bare, JSON.stringify({ ...input, token: {} }))).toEqual(none);
});

describe("B13 syntax", () => {
  const sane = ["[]", "{}", "[[]]", '[""]', "[1,2]", "[-0]", "[0]", "[1e1]", "[1E+1]", "[1.5e-3]", "[true,false,null]", '{"":0}', '{"a":{"a":{}}}', ' [ 1 , "a" ] ', '["\\u0041\\u00e9\\ud83d\\ude00"]', '["\\"\\\\\\/\\b\\f\\n\\r\\t"]', '["\u007f\u2028"]', '{"a":1,"b":1}', "[9007199254740993]", "[1e-999]", '"text"', "1", "true"]; // biome-ignore format: one line
  const wrong = ["", " ", "\u0000", "[", "]", "{", "}", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1,,2]", '{"a"}', '{"a":}', '{"a":1', '{"a":1,}', '{"a" 1}', '{a:1}', "{'a':1}", '{1:1}', '{"a":1 "b":2}', '{,"a":1}', "[01]", "[-]", "[+1]", "[1.]", "[.5]", "[1e]", "[1e+]", "[0x1]", "[1_0]", "[-01]", "[NaN]", "[Infinity]", "[-Infinity]", "[nul]", "[truE]", "[fals]", "[True]", '["a]', '["\\x41"]', '["\\u00"]', '["\\u00g0"]', '["\\"]', '["\\', '["\n"]', '["\u0000"]', '["\u001f"]', "['a']", `${"[1]]x"[0]}1}`, "[/**/]", `${"[1]//"[0]}//`, "\ufeff[]", "[\u00a0]", "[\u2003]", "[\f]", "[\v]", "*", "<a>", '[a', '["a",']; // biome-ignore format: one line

  test.each([...sane, ...wrong])("%j", (text) => {
    expectAsReference(encoder.encode(text));
    expectAsReference(encoder.encode(withMore(text)));
    expectAsReference(
      encoder.encode(`{"time":1,"request":{"host":"h","method":"GET","path":"/"},"token":{"env":${text}}}`),
    );
  });

  test.each(sane)("%j is JSON", (text) => {
    expect(verdict(text).isJson).toBe(true);
    const address = scanner.prepare(100);
    const bytes = encoder.encode(`${text} `);
    new Uint8Array(scanner.memory.buffer).set([...bytes, 0x21], address);
    expect(scanner.skip(address, address + bytes.length)).toBe(address + bytes.length);
    // What is behind the text is as it was.
    expect(new Uint8Array(scanner.memory.buffer)[address + bytes.length]).toBe(0x21);
  });

  test.each(wrong)("%j is not", (text) => {
    expect(verdict(text)).toEqual(noJson);
    const address = scanner.prepare(100);
    const bytes = encoder.encode(text);
    new Uint8Array(scanner.memory.buffer).set(bytes, address);
    expect(scanner.skip(address, address + bytes.length)).toBe(0);
  });
});

test("every beginning of a text, every byte left out, every byte replaced", () => {
  for (let length = 0; length < sound.length; length++) expect(verdict(sound.subarray(0, length))).toEqual(noJson);
  const replacements = [
    0x00, 0x0a, 0x20, 0x22, 0x2c, 0x30, 0x3a, 0x5b, 0x5c, 0x5d, 0x65, 0x7b, 0x7d, 0x7f, 0x80, 0xc3, 0xff,
  ];
  for (let at = 0; at < sound.length; at++) {
    expectAsReference(Uint8Array.from([...sound.subarray(0, at), ...sound.subarray(at + 1)]));
    for (const byte of replacements) expectAsReference(sound.with(at, byte));
  }
});

test.each([
  ["c3a9", true],
  ["efbfbf", true],
  ["f09f9880", true],
  ["f48fbfbf", true],
  ["eda080", false],
  ["edbfbf", false],
  ["c080", false],
  ["c1bf", false],
  ["e08080", false],
  ["e09fbf", false],
  ["f0808080", false],
  ["f08fbfbf", false],
  ["f4908080", false],
  ["f5808080", false],
  ["ff", false],
  ["fe", false],
  ["80", false],
  ["c3", false],
  ["c328", false],
  ["e282", false],
  ["e28228", false],
  ["f09f98", false],
  ["f8888080", false],
] as const)("the bytes %s in a string and in a name", (hexadecimal, isText) => {
  // biome-ignore format: one line
  const bytes = Buffer.from(hexadecimal, "hex").toString("latin1");
  for (const padding of ["", "aaaaaaa", "aaaaaa\\n"])
    for (const text of [
      withMore(`"${padding}${bytes}"`),
      withMore(`{"${padding}${bytes}b":1}`),
      withMore(`"${bytes}${padding}"`),
    ])
      expect(verdict(Buffer.from(text, "latin1"))).toEqual(isText ? none : noJson);
});

test("what follows the first value is ignored", () => {
  for (const rest of ["\0", "\0\0\0", " \n", "x", "}", '{"time":0}', "\ud800", "\ufeff"])
    expect(scanned(scanner, encoder.encode(JSON.stringify(input) + rest))).toEqual(expectedOf(sound));
  expect(verdict(Uint8Array.from([...sound, 0xff]))).toEqual(none);
});

test("B13 halves of surrogate pairs, and numbers that nothing holds", () => {
  for (const text of [
    '"\\ud800"',
    '"\\udc00"',
    '"\\ud800\\u0041"',
    '"\\ud800\\ud800"',
    '"\\ud800\\ud800\\udc00"',
    '{"\\udfff":1}',
    "[1e309]",
    "[-1e309]",
    `[1${"0".repeat(309)}]`,
  ]) {
    expect(verdict(withMore(text)), text).toEqual(malformed);
    expectAsReference(encoder.encode(withMore(text)));
  }
});

test("no name is special", () => {
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"]) {
    expect(verdict(withMore(`{"${name}":{"${name}":1}}`))).toEqual(none);
    expect(verdict(withMore(`{"${name}":1,"${name}":1}`))).toEqual(malformed);
    for (const part of ["token", "peer", "proof", "key", "request", "headers", "cnf"]) {
      const text = JSON.stringify(input).replace(`"${part}":{`, `"${part}":{"${name}":"a",`);
      expect(scanned(scanner, encoder.encode(text)), text).toEqual(expectedOf(sound));
    }
    // What only a prototype has is not there.
    expect(verdict(`{"${name}":{"time":1,"request":{"host":"h","method":"GET","path":"/"}}}`)).toEqual(malformed);
  }
});

describe("B12 names that are said twice", () => {
  test("in every object, in every spelling", () => {
    const text = JSON.stringify(input);
    for (const [member] of text.matchAll(/"[^"]+":/g)) {
      for (const spelled of [
        member,
        member.replace(/"(.)/, (_, c: string) => `"\\u00${c.charCodeAt(0).toString(16)}`),
      ]) {
        const twice = text.replace(member, `${spelled}null,${member}`);
        expect(verdict(twice), twice).toEqual(malformed);
        // The other spelling alone is the same name.
        expect(scanned(scanner, encoder.encode(text.replace(member, spelled)))).toEqual(expectedOf(sound));
      }
    }
  });

  test.each([2, 63, 64, 65, 66, 200, 1200])("among %i names", (count) => {
    const names = Array.from({ length: count }, (_, i) => `name-${(i * 7919) % count}`);
    const object = (list: readonly string[]) => `{${list.map((name) => `"${name}":[]`).join(",")}}`;
    expect(verdict(withMore(object(names)))).toEqual(none);
    for (const [from, to] of [
      [0, count - 1],
      [0, 1],
      [count >> 1, count - 1],
    ] as const)
      if (from !== to) expect(verdict(withMore(object(names.with(to, names[from]!))))).toEqual(malformed);
    // Names of other objects do not count, wherever those stand.
    expect(verdict(withMore(`{"a":${object(names)},"b":[${object(names)}],"name-0":${object(names)}}`))).toEqual(none);
    expect(verdict(withMore(`{"name-0":${object(names)},"b":1,"name-0":1}`))).toEqual(malformed);
  });

  test("alike names by the thousand take no longer", () => {
    // All are equal in what the hash of a name looks at: its length, its first and its last bytes.
    const names = Array.from({ length: 1400 }, (_, i) => `same-start-${String(i).padStart(5, "0")}-same-end`);
    const text = encoder.encode(withMore(`{${names.map((name) => `"${name}":0`).join(",")}}`));
    const before = processorTime();
    for (let n = 0; n < 20; n++) expect(verdict(text)).toEqual(none);
    expect((processorTime() - before) / 20).toBeLessThan(20);
  });
});

test("a text may end where the memory does, or lie anywhere below the heap pointer", () => {
  const { memory } = scanner;
  const end = memory.buffer.byteLength;
  new Uint8Array(memory.buffer).set(sound, end - sound.length);
  expect(scannedAt(scanner, end - sound.length, sound.length)).toEqual(expectedOf(sound));
  expect(scannedAt(scanner, 0, 0)).toEqual(noJson);
  expect(scannedAt(scanner, 0, 10)).toEqual(noJson);
  expect(scannedAt(scanner, memory.buffer.byteLength - 10, 20)).toEqual(noJson);
  expect(scannedAt(scanner, 0xfffffff0, 0xfffffff0)).toEqual(noJson);
});
