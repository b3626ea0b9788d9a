/** Changes of the data, path by path: what they do, what they return, and that they need no more memory than what they hold. */
import { describe, expect, test } from "vitest";
import { Random } from "../../random.ts";
import { Host, utf8 } from "./host.ts";
import { expected, module, questions, revocations } from "./module.ts";

/** A host that patches as OPA in Go does. */
class Patcher {
  readonly host = new Host(module, { initial: 2, grows: true });
  readonly #base = this.host.exports.opa_heap_ptr_get();
  heap = this.#base;
  data = 0;

  load(document: unknown): void {
    this.host.exports.opa_heap_ptr_set(this.#base);
    this.data = this.host.parse(JSON.stringify(document), { free: true });
    this.heap = this.host.exports.opa_heap_ptr_get();
  }

  patch(path: unknown, value?: unknown): number {
    const { exports } = this.host;
    exports.opa_heap_ptr_set(this.heap);
    const added = value === undefined ? 0 : this.host.parse(JSON.stringify(value), { free: true, term: true });
    const place = this.host.parse(JSON.stringify(path), { free: true, term: true });
    const code = added
      ? exports.opa_value_add_path(this.data, place, added)
      : exports.opa_value_remove_path(this.data, place);
    if (added && code !== 0) exports.opa_value_free(added);
    exports.opa_value_free(place);
    this.heap = exports.opa_heap_ptr_get();
    return code;
  }

  decide(input: unknown): unknown {
    const text = utf8(JSON.stringify(input));
    this.host.write(this.heap, text);
    const end = this.heap + text.length;
    const answer = this.host.text(this.host.exports.opa_eval(0, 0, this.data, this.heap, text.length, end, 0));
    return JSON.parse(answer)[0].result;
  }
}

type Document = Record<string, unknown>;

function isObject(value: unknown): value is Document {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What OPA does: section by section of its `opa_value_add_path`. */
function add(data: unknown, path: readonly unknown[], value: unknown): number {
  if (path.length === 0 || path.slice(0, -1).some((name) => typeof name !== "string")) return 3;
  let at = data;
  for (const [i, name] of (path as readonly string[]).entries()) {
    if (!isObject(at)) return 2;
    if (i === path.length - 1)
      Object.defineProperty(at, name, { value, writable: true, enumerable: true, configurable: true });
    else {
      if (!Object.hasOwn(at, name))
        Object.defineProperty(at, name, { value: {}, writable: true, enumerable: true, configurable: true });
      at = at[name];
    }
  }
  return 0;
}

function remove(data: unknown, path: readonly unknown[]): number {
  if (path.length === 0 || path.slice(0, -1).some((name) => typeof name !== "string")) return 3;
  let at = data;
  for (const name of path.slice(0, -1) as readonly string[]) {
    if (!isObject(at) || !Object.hasOwn(at, name)) return 0;
    at = at[name];
  }
  if (isObject(at)) Reflect.deleteProperty(at, String(path.at(-1)));
  return 0;
}

const names = ["payments", "corp", "j1", "cert", "thumb", "k1", "workload", "paymentsRefund", "", 'é\n"', "__proto__"];
const lists = ["identities", "owners", "issuers", "tiers", "keys", "grants", "tokens", "issuedBefore"];

function randomValue(random: Random, depth: number): unknown {
  const leaf = () => random.pick([1, 1_799_999_000, 1_900_000_000, null, true, "x", -1, 1.5, [], [1], {}]);
  if (depth === 0 || random.chance(0.4)) return leaf();
  return Object.fromEntries(
    Array.from({ length: random.int(0, 4) }, () => [random.pick(names), randomValue(random, depth - 1)]),
  );
}

function randomPatch(random: Random): readonly [readonly unknown[], unknown] {
  const more = (count: number) => Array.from({ length: count }, () => random.pick(names));
  const value = (depth: number) => (random.chance(0.35) ? undefined : randomValue(random, depth));
  const list = random.pick(lists);
  switch (random.int(0, 11)) {
    case 0:
      return [["revocations"], random.chance(0.5) ? { ...revocations, [list]: randomValue(random, 3) } : value(3)];
    case 1:
      return [["revocations", random.pick(["at", "floor"])], random.pick([1_799_999_995, 5, -1, "x", undefined])];
    case 2:
      return [["revocations", list], value(2)];
    case 3:
      return [random.pick<readonly unknown[]>([[], [1], [[], "x"], ["revocations", null, "x"]]), value(1)];
    case 4:
      return [
        random.pick([["system", "x"], ["revocation", "at"], ["revocations2"], ["revocations", "other", "x"]]),
        value(1),
      ];
    case 5:
      return [["revocations", { ...revocations }, 1].slice(0, random.int(1, 2)), { ...revocations }];
    case 6:
    case 7:
      return [["revocations", "tokens", "corp", ...more(random.int(0, 2))], value(1)];
    default:
      return [["revocations", list, ...more(random.int(1, 2))], value(1)];
  }
}

describe("patches", () => {
  test("do what OPA's do, and decisions follow", () => {
    let allowed = 0;
    let refused = 0;
    const codes = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const random = new Random(seed);
      const patcher = new Patcher();
      const data: Document = random.chance(0.2) ? {} : { revocations: structuredClone(revocations) };
      patcher.load(data);
      for (let step = 0; step < 150; step++) {
        const [path, value] = randomPatch(random);
        const before = JSON.stringify(data);
        const code = value === undefined ? remove(data, path) : add(data, path, structuredClone(value));
        if (code !== 0) expect(JSON.stringify(data)).toBe(before);
        expect([path, value, patcher.patch(path, value)]).toEqual([path, value, code]);
        codes.add(code);
        const question = random.pick(questions);
        const reference = expected(question, data.revocations ?? null) as { allow: boolean };
        if (reference.allow) allowed++;
        else refused++;
        expect(patcher.decide(question)).toEqual(reference);
      }
    }
    expect([...codes].sort()).toEqual([0, 2, 3]);
    expect(Math.min(allowed, refused)).toBeGreaterThan(500);
  });

  test("of what is no document of data change nothing", () => {
    const { host, data } = new Patcher();
    const path = host.parse('["revocations","at"]');
    const value = host.parse("1");
    for (const place of [data, 8, 16, path, value, host.parse("[]"), host.parse('"x"')])
      expect(host.exports.opa_value_add_path(place, path, value)).toBe(2);
    const document = host.parse("{}");
    for (const place of [0, 8, document + 8]) {
      expect(host.exports.opa_value_add_path(document, path, place)).toBe(2);
      expect(host.exports.opa_value_add_path(document, place, value)).toBe(3);
      expect(host.exports.opa_value_remove_path(place, path)).toBe(0);
      expect(host.exports.opa_value_remove_path(document, place)).toBe(3);
    }
    const deep = host.parse(`{"keys":${"[".repeat(40_000)}`);
    expect(host.exports.opa_value_add_path(document, path, deep)).toBe(2);
    expect(host.exports.opa_value_add_path(document, host.parse('["revocations"]'), deep)).toBe(2);
    expect(
      host.exports.opa_value_add_path(document, host.parse(`["revocations","at",${"[".repeat(40_000)}`), value),
    ).toBe(3);
  });

  test("with one value for all of path, data and value end well", () => {
    const patcher = new Patcher();
    patcher.load({ revocations });
    const { exports } = patcher.host;
    const path = patcher.host.parse('["revocations"]');
    expect(exports.opa_value_add_path(patcher.data, path, patcher.data)).toBe(0);
    expect(exports.opa_value_add_path(patcher.data, path, path)).toBe(0);
    expect(exports.opa_value_add_path(path, path, path)).toBe(2);
    const other = patcher.host.parse(JSON.stringify(revocations));
    expect(exports.opa_value_add_path(patcher.data, path, other)).toBe(0);
    patcher.heap = exports.opa_heap_ptr_get();
    for (const input of questions) expect(patcher.decide(input)).toEqual(expected(input));
  });

  test("a hundred thousand, of few names and many, keep memory where it was", () => {
    const patcher = new Patcher();
    const random = new Random(7);
    const held = new Map<string, readonly string[]>();
    patcher.load({ revocations });
    let pages = 0;
    let heap = 0;
    for (let i = 0; i < 100_000; i++) {
      const full = held.size >= 500;
      if (full || (held.size > 0 && random.chance(0.3))) {
        const [key, path] = random.pick([...held.entries()].slice(0, 10));
        expect(patcher.patch(path)).toBe(0);
        held.delete(key);
      } else {
        const name = `${random.int(0, 1e9)}${"é".repeat(random.int(0, 60))}\u0001`;
        const path = ["revocations", ...random.pick([["tokens", "corp"], ["keys"], ["issuedBefore"]]), name];
        expect(patcher.patch(path, 1_800_000_000)).toBe(0);
        held.set(path.join(), path);
      }
      if (i % 100 === 0) expect(patcher.patch(["revocations", "at"], 1_799_999_990 + (i % 1000) / 100)).toBe(0);
      if (i % 997 === 0) {
        const more = Object.fromEntries(Array.from({ length: random.int(0, 300) }, (_, n) => [`${n}${i}`, null]));
        expect(patcher.patch(["revocations"], { ...revocations, keys: more, tokens: { corp: more, [i]: more } })).toBe(
          0,
        );
        held.clear();
      }
      if (i === 50_000) {
        pages = patcher.host.memory.buffer.byteLength;
        heap = patcher.heap;
      }
    }
    expect(patcher.host.memory.buffer.byteLength).toBe(pages);
    expect(patcher.heap).toBeLessThanOrEqual(heap * 1.02);
    expect(patcher.heap - 0x10000).toBeLessThan(400_000);
    patcher.patch(["revocations"], revocations);
    for (const input of questions) expect(patcher.decide(input)).toEqual(expected(input));
  });

  test("that come to nothing leave the heap pointer where it was", () => {
    const patcher = new Patcher();
    patcher.load({ revocations });
    patcher.patch(["revocations", "keys", "a"], 1);
    const { heap } = patcher;
    for (let i = 0; i < 1_000; i++) {
      expect(patcher.patch(["revocations", "keys", "b"], { x: "é\u0001" })).toBe(0);
      expect(patcher.patch(["revocations", "keys", "a"], i)).toBe(0);
      expect(patcher.patch(["revocations", "keys", "b"])).toBe(0);
      expect(patcher.patch(["system", "x".repeat(i)], "y".repeat(i))).toBe(0);
      expect(patcher.patch(["revocations", "keys", "a", "deeper"], 1)).toBe(2);
      expect(patcher.patch([], 1)).toBe(3);
      expect(patcher.heap).toBe(heap);
    }
  });

  test("of a copy do not touch what it was copied from", () => {
    const [first, second] = [new Patcher(), new Patcher()];
    first.load({ revocations: { ...revocations, keys: Object.fromEntries(names.map((n) => [n.toUpperCase(), 1])) } });
    first.patch(["revocations", "keys", "a"], 1);
    second.host.write(0, new Uint8Array(0));
    const base = second.heap;
    second.host.write(base, new Uint8Array(first.host.memory.buffer.slice(base, first.heap)));
    [second.data, second.heap] = [first.data, first.heap];
    for (let i = 0; i < 2_000; i++) {
      expect(second.patch(["revocations", "keys", `k${i % 3_00}`], i)).toBe(0);
      if (i % 2) expect(first.patch(["revocations", "owners", `${i}`], i)).toBe(0);
    }
    expect(first.patch(["revocations", "keys", "a", "b"], 1)).toBe(2);
    expect(second.patch(["revocations", "keys", "thumb"], 1)).toBe(0);
    for (const input of questions) {
      expect(first.decide(input)).toEqual(expected(input));
      expect(second.decide(input)).toEqual(expected(input, { ...revocations, keys: { thumb: 1, k1: 1 } }));
    }
  });
});
