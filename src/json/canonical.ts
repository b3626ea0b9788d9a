/** The one spelling of a JSON value: the bytes over which OPA takes the digest of `data.json` and `.manifest`. */
import { assert } from "../diagnostics/index.ts";
import type { JsonObject, JsonValue } from "./read.ts";

/** Deeper values are a bug: nothing that Writ writes nests further than the reader's default allows. */
const DEPTH = 64;

/**
 * Without white space, keys in the order of their UTF-8 bytes, whole numbers only. This is not RFC 8785: that one sorts by UTF-16
 * units and leaves U+2028 and U+2029 as they are, so another digest would come out.
 *
 * @example canonicalJson({ b: 1, a: "é" }) // '{"a":"é","b":1}'
 */
export function canonicalJson(value: JsonValue): string {
  return new TextDecoder().decode(canonicalJsonBytes(value));
}

export function canonicalJsonBytes(value: JsonValue): Uint8Array<ArrayBuffer> {
  const writer = new Writer();
  writer.value(value, 0);
  return writer.finish();
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const PIECE = 1 << 20;

/** Writes bytes at once: strings glued together cost three times as much on a large estate. */
class Writer {
  /** The pieces that are full; the last one is filled up to `#length`. */
  readonly #full: Uint8Array[] = [];
  #bytes = new Uint8Array(4096);
  #length = 0;
  /** The order of the keys of the object before, by depth: rows of a table are mostly of one form. */
  readonly #orders: KeyOrder[] = [];

  finish(): Uint8Array<ArrayBuffer> {
    const pieces = [...this.#full, this.#bytes.subarray(0, this.#length)];
    const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }

  value(value: JsonValue, depth: number): void {
    if (typeof value === "string") this.#string(value);
    else if (typeof value === "number") this.#number(value);
    else if (value === null || typeof value === "boolean") this.#ascii(String(value));
    else {
      assert(typeof value === "object", "canonical JSON was given what is no JSON value");
      assert(depth < DEPTH, "canonical JSON is nested too deeply");
      if (Array.isArray(value)) this.#array(value, depth);
      else this.#object(value as JsonObject, depth);
    }
  }

  #number(value: number): void {
    assert(Number.isSafeInteger(value) && !Object.is(value, -0), "canonical JSON holds whole numbers only");
    this.#ascii(String(value));
  }

  #array(values: readonly JsonValue[], depth: number): void {
    this.#byte(0x5b);
    for (let index = 0; index < values.length; index++) {
      if (index > 0) this.#byte(0x2c);
      this.value(values[index]!, depth + 1);
    }
    this.#byte(0x5d);
  }

  #object(object: JsonObject, depth: number): void {
    const keys = this.#sortedKeys(object, depth);
    this.#byte(0x7b);
    for (let index = 0; index < keys.length; index++) {
      if (index > 0) this.#byte(0x2c);
      this.#string(keys[index]!);
      this.#byte(0x3a);
      this.value(object[keys[index]!]!, depth + 1);
    }
    this.#byte(0x7d);
  }

  #sortedKeys(object: JsonObject, depth: number): readonly string[] {
    const keys = Object.keys(object);
    const before = this.#orders[depth];
    if (before && isSame(keys, before.keys)) return before.sorted;
    const sorted = sortKeys(keys);
    this.#orders[depth] = { keys, sorted };
    return sorted;
  }

  #string(text: string): void {
    this.#reserve(text.length + 2);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = QUOTE;
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      if (unit < 0x20 || unit > 0x7f || unit === QUOTE || unit === BACKSLASH) {
        this.#escapedString(text);
        return;
      }
      bytes[at++] = unit;
    }
    bytes[at++] = QUOTE;
    this.#length = at;
  }

  /** `JSON.stringify` has the same short escapes and leaves the same characters alone, but for these two. */
  #escapedString(text: string): void {
    assert(text.isWellFormed(), "canonical JSON can't hold half of a surrogate pair");
    const escaped = JSON.stringify(text).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
    this.#reserve(escaped.length * 3);
    this.#length += new TextEncoder().encodeInto(escaped, this.#bytes.subarray(this.#length)).written;
  }

  #ascii(text: string): void {
    this.#reserve(text.length);
    for (let index = 0; index < text.length; index++) this.#bytes[this.#length++] = text.charCodeAt(index);
  }

  #byte(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    this.#full.push(this.#bytes.subarray(0, this.#length));
    // Grown by and by: most files are small, and a large piece for each would keep the collector busy.
    this.#bytes = new Uint8Array(Math.max(size, Math.min(4 * this.#bytes.length, PIECE)));
    this.#length = 0;
  }
}

interface KeyOrder {
  readonly keys: readonly string[];
  readonly sorted: readonly string[];
}

function isSame(keys: readonly string[], others: readonly string[]): boolean {
  if (keys.length !== others.length) return false;
  for (let index = 0; index < keys.length; index++) if (keys[index] !== others[index]) return false;
  return true;
}

/** UTF-8 bytes order as code points do; UTF-16 units differ from that only where surrogates meet U+E000 and above. */
function sortKeys(keys: readonly string[]): readonly string[] {
  let sorted = true;
  let high = false;
  for (let index = 0; index < keys.length; index++) {
    if (index > 0 && keys[index - 1]! > keys[index]!) sorted = false;
    if (hasHighUnit(keys[index]!)) high = true;
  }
  if (high) return keys.toSorted(byCodePoints);
  return sorted ? keys : keys.toSorted();
}

function hasHighUnit(key: string): boolean {
  for (let index = 0; index < key.length; index++) if (key.charCodeAt(index) >= 0xd800) return true;
  return false;
}

/** In the order of code points, which is that of UTF-8 bytes. */
export function byCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === length) return a.length - b.length;
  return rank(a.charCodeAt(at)) - rank(b.charCodeAt(at));
}

/** Lifts surrogates above all other units: they stand for code points from U+10000. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}
