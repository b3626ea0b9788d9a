/** Size, nesting, the limits of single members, and numbers: the engine draws the line where the reference does. */
import { describe, expect, test } from "vitest";
import { limits } from "../../src/model/index.ts";
import { PROBLEM_MALFORMED, PROBLEM_NONE } from "../../src/wasm/layout.ts";
import { Random } from "../random.ts";
import { input, limit, malformed, noJson, none, openReader, withMore } from "./read-input-cases.ts";
import { scanned } from "./read-input-oracle.ts";

const encoder = new TextEncoder();
const { scanner, verdict, expectAsReference } = await openReader();

describe("size and nesting", () => {
  /** An input whose compact text counts exactly so many bytes. */
  function sized(total: number, write: (letters: number) => string, fixed: number): string {
    return withMore(write(total - fixed));
  }

  test.each<[string, (letters: number) => string, number]>([
    ["letters", (n) => `"${"a".repeat(n)}"`, 2],
    ["escaped letters", (n) => `"${"\\u0061".repeat(n)}"`, 2],
    ["white space", (n) => `${" \n\t\r".repeat(1000)}"${"a".repeat(n)}"${" ".repeat(1000)}`, 2],
    ["two-byte characters", (n) => `"${"\\u00e9".repeat(n >> 1)}${"a".repeat(n & 1)}"`, 2],
    ["quotes", (n) => `"${"\\u0022".repeat(n >> 1)}${"a".repeat(n & 1)}"`, 2],
    ["control characters", (n) => `"${"\\u0001".repeat(Math.floor(n / 6))}${"a".repeat(n % 6)}"`, 2],
    ["numbers", (n) => `[${"1,".repeat(Math.floor(n / 9))}"${"a".repeat(n % 9)}"]`, 4],
    ["long numbers", (n) => `[${"1.000000000000,".repeat(Math.floor(n / 9))}"${"a".repeat(n % 9)}"]`, 4],
  ])("counted in %s", (_, write, fixed) => {
    const rest = encoder.encode(withMore("")).length + limits.numberBytes - 1 + fixed;
    expect(verdict(sized(limits.inputBytes, write, rest))).toEqual(none);
    expect(verdict(sized(limits.inputBytes + 1, write, rest))).toEqual(limit);
    expectAsReference(encoder.encode(sized(limits.inputBytes, write, rest)));
    expectAsReference(encoder.encode(sized(limits.inputBytes + 1, write, rest)));
    // Of what is too large the shape is not looked at, but it must be JSON.
    expect(verdict(`[${sized(limits.inputBytes + 1, write, rest)}]`)).toEqual(limit);
    expect(verdict(`[${sized(limits.inputBytes + 1, write, rest)}`)).toEqual(noJson);
  });

  test.each([1, 31, 32, 33, 64, 1000, 10_000, 40_000, 100_000])("%i levels", (levels) => {
    const lists = "[".repeat(levels) + "]".repeat(levels);
    expect(verdict(lists)).toEqual(levels > 32 ? limit : malformed);
    expect(verdict(withMore(lists))).toEqual(levels > 31 ? limit : none);
    expect(verdict('{"a":'.repeat(levels) + 0 + "}".repeat(levels))).toEqual(levels > 32 ? limit : malformed);
    // What is open still is no JSON, where it is looked at.
    if (levels < 30_000) expect(verdict("[".repeat(levels))).toEqual(noJson);
    expect(verdict(withMore(`0,"token":{"env":${lists}}`))).toEqual(levels > 30 ? limit : none);
    expect(verdict(withMore(`0,"peer":{"x":${lists}}`))).toEqual(levels > 30 ? limit : none);
  });

  test("a million bytes of anything", () => {
    for (const text of ["a", "\0", "[", '"', "{", " ", "1", '[""', "\ufeff"])
      expect(verdict(text.repeat(1_000_000)).problem).not.toBe(PROBLEM_NONE);
    expect(verdict(withMore(`"${"a".repeat(1_000_000)}"`))).toEqual(limit);
    expect(verdict(withMore(`"${"\\n".repeat(30_000)}"`))).toEqual(none);
  });
});

test("limits of single members", () => {
  const verdictOf = (change: object) => verdict(JSON.stringify({ ...input, ...change }));
  const request = (path: string) => ({ request: { ...input.request, path } });
  const cases: [object, object][] = [
    [request("a".repeat(2048)), request("a".repeat(2049))],
    [request("é".repeat(1024)), request(`${"é".repeat(1024)}a`)],
    [request("/".repeat(64)), request("/".repeat(65))],
    [{ peer: { spiffe: "a".repeat(2048) } }, { peer: { spiffe: "a".repeat(2049) } }],
    [{ token: { scope: "a".repeat(4096) } }, { token: { scope: "a".repeat(4097) } }],
    [{ token: { scope: `${"a ".repeat(127)}a` } }, { token: { scope: `${"a ".repeat(128)}a` } }],
    [{ token: { scope: "a ".repeat(200) } }, { token: { scope: `${"b ".repeat(200)}a` } }],
    [{ token: { scope: `a  a${" a".repeat(200)}` } }, { token: { scope: `a a${" a".repeat(200)}` } }],
    [{ token: { aud: Array(8).fill("a") } }, { token: { aud: Array(9).fill("a") } }],
    [{ token: { aud: Array(8).fill({}) } }, { token: { aud: Array(9).fill({}) } }],
    [{ token: { sub: "a".repeat(255) } }, { token: { sub: "a".repeat(256) } }],
    [{ token: { jti: "é".repeat(127) } }, { token: { jti: "é".repeat(128) } }],
  ];
  for (const [most, over] of cases) {
    expect(verdictOf(most)).toEqual(none);
    expect(verdictOf(over)).toEqual(limit);
    // Shape comes first.
    expect(verdictOf({ ...over, key: 1 })).toEqual(malformed);
    expectAsReference(encoder.encode(JSON.stringify({ ...input, ...over, time: -1 })));
  }
});

test("numbers are what 64 bits of floating point make of them", () => {
  const random = new Random(5);
  const digits = (most: number) => Array.from({ length: random.int(1, most) }, () => random.int(0, 9)).join("");
  const texts = ["18446744073709551616", "18446744073709551617", "9007199254740991.5", "9007199254740991.49999999999999999999", "4503599627370497.5", "4503599627370496.5", "0.99999999999999994448884876874217297882", "0.99999999999999994448884876874217297881", "0.999999999999999944488848768742172978818416595458984375", "2.4703282292062327e-324", "2.4703282292062328e-324", "1.7976931348623158e308", "1.7976931348623159e308", "1.00000000000000011102230246251565404236316680908203125", "1.00000000000000011102230246251565404236316680908203126"]; // biome-ignore format: one line
  for (let n = 0; n < 20_000; n++) {
    const whole = random.chance(0.3) ? String(2 ** random.int(0, 54) + random.int(-1, 1)) : String(BigInt(digits(20)));
    const fraction = random.chance(0.5)
      ? `.${random.pick(["", "0", "5", "49", "50", "000", "9".repeat(random.int(10, 20)), "0".repeat(random.int(10, 20))])}${digits(3)}`
      : "";
    const exponent = random.chance(0.3)
      ? `e${random.pick(["", "+", "-"])}${random.int(0, random.pick([5, 20, 330]))}`
      : "";
    texts.push(`${random.pick(["", "", "-"])}${whole}${fraction}${exponent}`);
  }
  const base = scanner.prepare(200);
  for (const text of texts) {
    const value = JSON.parse(text) as number;
    const found = scanned(
      scanner,
      encoder.encode(`{"time":1,"request":{"host":"","method":"","path":""},"token":{"level":${text}}}`),
    );
    const expected = Number.isSafeInteger(value) ? value + 0 : "other";
    if (Number.isFinite(value)) expect(found.kept?.["claim level"], text).toBe(expected);
    else expect(found.problem, text).toBe(PROBLEM_MALFORMED);
  }
  expect(scanner.heapPointer()).toBeGreaterThan(base);
});

test("numbers so near to a border that only hundreds of digits could tell are refused, on both sides of it", () => {
  const [tiny, huge] = ["2470328229206232720882843964341106861825", "1797693134862315807937289714053034150799"];
  const near = [tiny, `${tiny}2`, `${tiny}3`].flatMap((digits) => [
    `0.${digits}e-323`,
    `-${digits}e${-323 - digits.length}`,
  ]);
  const large = [huge, `${huge}3`, `${huge}4`].map((digits) => `${digits}${"0".repeat(309 - digits.length)}`);
  for (const number of [...near, ...large]) expect(verdict(withMore(number)), number).toEqual(malformed);
  for (const digits of [`${tiny.slice(0, -1)}4`, `${tiny.slice(0, -1)}6`]) {
    const number = `0.${digits}e-323`;
    const found = scanned(
      scanner,
      encoder.encode(`{"time":1,"request":{"host":"","method":"","path":""},"token":{"level":${number}}}`),
    );
    expect(found.kept?.["claim level"]).toBe(JSON.parse(number) === 0 ? 0 : "other");
  }
});
