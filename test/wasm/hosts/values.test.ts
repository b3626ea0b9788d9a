/** Texts that hosts have parsed and dumped: JSON, terms as OPA in Go writes them, and what is neither. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Host, utf8 } from "./host.ts";
import { expected, module, questions, revocations } from "./module.ts";
import { readSet } from "./sequences.ts";

const host = new Host(module, { initial: 2, grows: true });
const { exports } = host;
const base = exports.opa_heap_ptr_get();

function parse(text: string | Uint8Array, term = false): number {
  exports.opa_heap_ptr_set(base);
  return host.parse(text, { free: true, term });
}

/** What a text is as a value, dumped as JSON. */
function read(text: string, term = false): unknown {
  const value = parse(text, term);
  return value === 0 ? "no value" : host.dump(value);
}

describe("JSON", () => {
  test("of any shape is dumped as it was parsed", () => {
    const json = fc.json({ maxDepth: 8, stringUnit: "binary", noUnicodeString: false });
    const spaced = fc.tuple(json, fc.nat(4)).map(([text, indent]) => JSON.stringify(JSON.parse(text), null, indent));
    fc.assert(
      fc.property(spaced, fc.boolean(), (text, term) => {
        const value = parse(text, term);
        if (/\\ud[89a-f]/i.test(text)) return value === 0;
        const compact = JSON.stringify(JSON.parse(text));
        expect(host.text(exports.opa_json_dump(value))).toBe(compact);
        expect(host.text(exports.opa_value_dump(value))).toBe(compact);
        return true;
      }),
      { numRuns: 3_000, seed: 1 },
    );
  });

  test.each([
    ["", "no value"],
    [" ", "no value"],
    ["[01]", "no value"],
    ["[1,]", "no value"],
    ["[1 2]", "no value"],
    ['{"a":1,}', "no value"],
    ["{1:2}", "no value"],
    ["{", "no value"],
    ['{"a"', "no value"],
    ['{"a":', "no value"],
    ['{"a":1', "no value"],
    ['"', "no value"],
    ['"a\u0001"', "no value"],
    ['"\\ud800"', "no value"],
    ['{"\\udfff":1}', "no value"],
    ['"\\x41"', "no value"],
    ["tru", "no value"],
    ["-", "no value"],
    ["1.", "no value"],
    ["1e", "no value"],
    ["nul", "no value"],
    ["\0\0\0\0", "no value"],
    ["1.50 [", 1.5],
    [' {"a" : [ "\\u0000" , { } ] }\0\0', { a: ["\0", {}] }],
    ["123\x004", 123],
    ["null", null],
    ["-0", -0],
    ['"😀\\ud83d\\ude00"', "😀😀"],
  ])("%j is %j", (text, value) => {
    expect(read(text)).toEqual(value);
  });

  test.each([
    [[0x22, 0xff, 0x22]],
    [[0x22, 0xc0, 0x80, 0x22]],
    [[0x22, 0xed, 0xa0, 0x80, 0x22]],
    [[0x22, 0xf4, 0x90, 0x80, 0x80, 0x22]],
    [[0x22, 0xe2, 0x82]],
    [[0xef, 0xbb, 0xbf, 0x31]],
  ])("bytes that are no UTF-8 are no value: %j", (bytes) => {
    expect(parse(Uint8Array.from(bytes))).toBe(0);
    expect(parse(Uint8Array.from(bytes), true)).toBe(0);
  });

  test("of any depth is read in linear time", () => {
    for (const depth of [1_000, 30_000, 100_000, 1_000_000]) {
      const value = parse("[".repeat(depth) + "]".repeat(depth));
      expect(value).not.toBe(0);
      expect(parse(`{"a":`.repeat(depth)) !== 0).toBe(depth > 32_768);
      const unread = `${"[".repeat(40_000)} "`;
      expect(host.text(exports.opa_json_dump(parse(unread)))).toBe(unread.replace(" ", ""));
      expect(parse("{".repeat(depth), true)).toBe(0);
    }
  });

  test("only the bytes that are given belong to a text", () => {
    exports.opa_heap_ptr_set(base);
    for (let length = 1; length < 40; length++) {
      const text = `[${"7".repeat(length)}]`;
      const address = exports.opa_malloc(length + 1);
      host.write(address, utf8(text).subarray(0, length + 1));
      expect(exports.opa_json_parse(address, length + 1)).toBe(0);
      expect(host.dump(exports.opa_json_parse(address + 1, length))).toBe(Number("7".repeat(length)));
      expect(host.text(exports.opa_json_dump(exports.opa_json_parse(address + 1, 1)))).toBe("7");
    }
  });
});

describe("terms", () => {
  test.each([
    ["set()", [], "set()"],
    ["{1, 2}", [1, 2], "{1, 2}"],
    ['{"a"}', ["a"], '{"a"}'],
    ["{{1}, {2: 3}, {}}", [[1], { "2": 3 }, {}], "{{1}, {2: 3}, {}}"],
    ['{"result": {1, set()}}', { result: [1, []] }, '{"result": {1, set()}}'],
    ["{true: null, 1.5: -2e3}", { true: null, "1.5": -2000 }, "{true: null, 1.5: -2e3}"],
    [
      '"\\x01\\a\\v\\x7f\\b\\f\\n\\r\\t\\\\\\""',
      '\x01\x07\x0b\x7f\b\f\n\r\t\\"',
      '"\\x01\\a\\v\\x7f\\b\\f\\n\\r\\t\\\\\\""',
    ],
    ['"\\U0001F600\\u00e9"', "😀é", '"\\U0001F600\\u00e9"'],
    ['["\\U000e0001", {"\\a": 1}] rest', ["\u{e0001}", { "\x07": 1 }], undefined],
    [`"${"\\a".repeat(500)}"`, "\x07".repeat(500), undefined],
    [
      `{${Array.from({ length: 300 }, (_, i) => `${i}:${i}`)}}`,
      Object.fromEntries(Array.from({ length: 300 }, (_, i) => [i, i])),
      undefined,
    ],
  ])("%s is %j", (text, value, dumped) => {
    expect(read(text, true)).toEqual(value);
    if (dumped !== undefined) expect(host.text(exports.opa_value_dump(parse(text, true)))).toBe(dumped);
  });

  test.each([
    '"\\x80"',
    '"\\xff"',
    '"\\xg1"',
    '"\\U00110000"',
    '"\\U0000d800"',
    '"\\U0001f6"',
    '"\\',
    '"\\x',
    '"\\U',
    "{[1]: 2}",
    "{{1}: 2}",
    "{set(): 2}",
    "{1: 2, 3}",
    "{1, 2: 3}",
    "{1,}",
    "{1: }",
    "{:1}",
    "{1:2:3}",
    "[1}",
    "{1]",
    "set(",
    "set",
    "a",
    `${"{".repeat(600)}1${"}".repeat(600)}`,
    "\0\0\0\0",
    "",
  ])("%s is none", (text) => {
    expect(parse(text, true)).toBe(0);
  });

  test("of any bytes never stop the module", () => {
    const pieces = fc.array(
      fc.oneof(
        fc.constantFrom(
          "{",
          "}",
          "[",
          "]",
          ":",
          ",",
          '"',
          "\\",
          "set()",
          "1",
          "-",
          "\\x",
          "\\U0001",
          "\\a",
          "é",
          "null",
          " ",
          "\0",
        ),
        fc.string({ unit: "binary" }),
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(pieces, (texts) => {
        const value = parse(texts.join(""), true);
        if (value !== 0) host.dump(value);
      }),
      { numRuns: 20_000, seed: 1 },
    );
  });

  test("as input are read like the JSON that they stand for", () => {
    const data = parse(JSON.stringify({ revocations }));
    const heap = exports.opa_heap_ptr_get();
    for (const question of questions) {
      const other = { ...question, more: "\x01\x07\u{e0001}", list: [1] };
      const term = JSON.stringify(other)
        .replace("\\u0001\\u0007\u{e0001}", "\\x01\\a\\U000e0001")
        .replace("[1]", "{1}");
      const text = utf8(term);
      host.write(heap, text);
      const answer = host.text(exports.opa_eval(0, 0, data, heap, text.length, heap + text.length, 1));
      expect(readSet(answer)).toEqual([{ result: expected(other) }]);
    }
  });
});

describe("addresses", () => {
  test("of anything are taken as what they are", () => {
    const text = utf8(JSON.stringify(questions[0]));
    const stale = (data: number, input: number, length: number, heap: number) =>
      JSON.parse(host.text(exports.opa_eval(0, 0, data, input, length, heap, 0)))[0].result.reason;
    exports.opa_heap_ptr_set(base);
    host.write(base, text);
    const end = host.memory.buffer.byteLength;
    for (const address of [
      0,
      1,
      7,
      8,
      16,
      1024,
      0x2000,
      0x10000,
      base - 1,
      base,
      base + 1,
      end - 8,
      end,
      2 ** 31,
      2 ** 32 - 8,
      2 ** 32 - 1,
    ]) {
      expect(stale(address, base, text.length, base + text.length)).toBe("revocations-stale");
      expect(stale(0, address, 0, base)).toBe("input-malformed");
      expect(stale(0, 0, address, base)).toBe("input-malformed");
      for (const [place, length] of [
        [address, 4],
        [base, address],
      ] as const)
        expect(stale(0, place, length, base + text.length)).toMatch(
          /^(?:input-malformed|input-limit|revocations-stale)$/,
        );
      host.write(base, text);
      exports.opa_free(address);
      exports.opa_value_free(address);
      expect(exports.opa_json_parse(address, 2 ** 31)).toBe(0);
      expect(exports.opa_json_parse(address, 0)).toBe(0);
      expect(exports.opa_value_add_path(address, address, address)).toBe(3);
      expect(exports.opa_value_remove_path(address, address)).toBe(3);
      exports.opa_eval_ctx_set_data(address, 1);
      exports.opa_eval_ctx_set_input(address, 1);
      exports.opa_eval_ctx_set_entrypoint(address, 1);
      expect(exports.opa_eval_ctx_get_result(address)).toBe(0);
      expect(exports.eval(address)).toBe(1);
      if (address !== 8 && address !== 16) {
        expect(host.text(exports.opa_json_dump(address))).toBe("null");
        expect(host.text(exports.opa_value_dump(address))).toBe("null");
      }
    }
  });

  test("of the heap pointer never reach into tables", () => {
    for (const address of [0, 1, 0x2000, 0x10000, base - 1]) {
      exports.opa_heap_ptr_set(address);
      expect(exports.opa_heap_ptr_get()).toBe(base);
    }
    for (const offset of [0, 1, 2, 3, 7, 9]) {
      exports.opa_heap_ptr_set(base + offset);
      expect(exports.opa_heap_ptr_get()).toBe(base + offset);
      expect(host.memory.buffer.byteLength).toBeGreaterThanOrEqual(base + offset + 262_144);
    }
  });

  test("of input that begins where data is said to be cannot pretend to be data", () => {
    const value = parse(JSON.stringify({ revocations }));
    const node = new Uint8Array(host.memory.buffer.slice(value, value + 32));
    // No text begins with the byte that a value begins with.
    expect(node[0]).toBe(1);
  });

  test("that were given back leave no trace, in whatever order", () => {
    exports.opa_heap_ptr_set(base + 3);
    const blocks = Array.from({ length: 20 }, (_, i) => exports.opa_malloc(i * 7));
    expect(new Set(blocks).size).toBe(20);
    for (const block of blocks.toSorted((a, b) => ((a * 7919) % 101) - ((b * 7919) % 101))) {
      exports.opa_free(block);
      exports.opa_free(block);
      exports.opa_free(block + 1);
      exports.opa_free(block + 8);
    }
    expect(exports.opa_heap_ptr_get()).toBe(base + 3);
  });

  test("a text that was given back stays as long as its value", () => {
    exports.opa_heap_ptr_set(base);
    const values = Array.from({ length: 50 }, (_, i) =>
      host.parse(JSON.stringify({ i, text: "x".repeat(i) }), { free: true }),
    );
    for (const [i, value] of values.entries()) expect(host.dump(value)).toEqual({ i, text: "x".repeat(i) });
  });
});

test("what has no entry point is refused loudly, and nothing follows", () => {
  const silent = new Host(module, { initial: 2, returns: true });
  expect(() => silent.exports.opa_eval(0, 2, 0, 0, 0, base, 0)).toThrow("unreachable");
  expect(() => silent.exports.opa_eval(1, 0, 0, 0, 0, base, 0)).toThrow("unreachable");
  const context = silent.exports.opa_eval_ctx_new();
  silent.exports.opa_eval_ctx_set_entrypoint(context, 7);
  expect(() => silent.exports.eval(context)).toThrow("unreachable");
  expect(silent.aborts).toEqual([
    "there is no such entry point",
    "the first argument must be 0",
    "there is no such entry point",
  ]);
  expect(() => silent.exports.opa_malloc(2 ** 32 - 1)).toThrow("unreachable");
  expect(silent.aborts.at(-1)).toBe("memory cannot grow");
});
