/**
 * The one scanner of JSON texts: RFC 8259 and nothing beside it, iterative, one look at each character.
 * It builds no values; it says that the text is sound, how many members it holds, and, if asked, where everything stands.
 */
import type { JsonProblem } from "../diagnostics/index.ts";

/** What is wrong and at which UTF-16 offset of the text (for `not-utf-8`: at which byte). */
export interface JsonFailure {
  readonly problem: JsonProblem;
  readonly offset: number;
}

/**
 * `whole`: integers up to 2^53 − 1, written as digits. `fractions`: also fractions and exponents, as long as no integer beyond
 * that range comes out and nothing vanishes. `finite`: whatever fits a double, rounded; for other people's documents only.
 */
export type JsonNumbers = "whole" | "fractions" | "finite";

/** Takes what the scanner meets, in the order of the text. */
export interface JsonListener {
  key(start: number, end: number): JsonProblem | undefined;
  open(start: number): void;
  close(end: number): void;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const MINUS = 0x2d;
const DOT = 0x2e;

/** The number of members (key and value) in all objects of the text, or what is wrong with it. */
export function scan(text: string, depth: number, numbers: JsonNumbers, listener?: JsonListener): number | JsonFailure {
  const inObject = new Uint8Array(depth + 1);
  let level = 0;
  let members = 0;
  let at = skipSpace(text, 0);

  for (;;) {
    // A value starts at `at`.
    const unit = text.charCodeAt(at);
    listener?.open(at);
    let opened = false;
    if (unit === QUOTE) {
      const end = endOfString(text, at);
      if (typeof end !== "number") return end;
      at = end;
    } else if (unit === OPEN_OBJECT || unit === OPEN_ARRAY) {
      if (level === depth) return { problem: "too-deep", offset: at };
      inObject[++level] = unit === OPEN_OBJECT ? 1 : 0;
      at = skipSpace(text, at + 1);
      opened = text.charCodeAt(at) !== unit + 2;
    } else if (unit === MINUS || isDigit(unit)) {
      const end = endOfNumber(text, at, numbers);
      if (typeof end !== "number") return end;
      at = end;
    } else {
      const end = endOfWord(text, at, unit);
      if (end < 0) return { problem: "syntax", offset: at };
      at = end;
    }

    // After a value: close what ends here, then step over a comma.
    if (!opened) {
      if (unit !== OPEN_OBJECT && unit !== OPEN_ARRAY) listener?.close(at);
      for (;;) {
        at = skipSpace(text, at);
        if (level === 0) return at === text.length ? members : { problem: "trailing-data", offset: at };
        const next = text.charCodeAt(at);
        if (next === COMMA) {
          at = skipSpace(text, at + 1);
          break;
        }
        if (next !== (inObject[level] === 1 ? CLOSE_OBJECT : CLOSE_ARRAY)) return { problem: "syntax", offset: at };
        level--;
        at++;
        listener?.close(at);
      }
    }

    // In an object a key comes before the next value.
    if (inObject[level] === 1) {
      if (text.charCodeAt(at) !== QUOTE) return { problem: "syntax", offset: at };
      const end = endOfString(text, at);
      if (typeof end !== "number") return end;
      if (isForbidden(text, at, end)) return { problem: "forbidden-key", offset: at };
      const problem = listener?.key(at, end);
      if (problem) return { problem, offset: at };
      members++;
      at = skipSpace(text, end);
      if (text.charCodeAt(at) !== COLON) return { problem: "syntax", offset: at };
      at = skipSpace(text, at + 1);
    }
  }
}

/** RFC 8259 §2: space, tab, line feed, carriage return. */
function skipSpace(text: string, start: number): number {
  let at = start;
  for (;;) {
    const unit = text.charCodeAt(at);
    if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return at;
    at++;
  }
}

/** RFC 8259 §7. Raw surrogates were checked before: here only escapes can leave half a pair. */
function endOfString(text: string, start: number): number | JsonFailure {
  let at = start + 1;
  for (;;) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) return at + 1;
    if (unit === BACKSLASH) {
      const escaped = text.charCodeAt(at + 1);
      if (escaped === 0x75) {
        const code = hexadecimal(text, at + 2);
        if (code < 0) return { problem: "syntax", offset: at };
        if (code >= 0xd800 && code < 0xe000) {
          const paired = code < 0xdc00 && text.charCodeAt(at + 6) === BACKSLASH && text.charCodeAt(at + 7) === 0x75;
          const low = paired ? hexadecimal(text, at + 8) : -1;
          if (low < 0xdc00 || low >= 0xe000) return { problem: "surrogate", offset: at };
          at += 6;
        }
        at += 6;
      } else if (isShortEscape(escaped)) at += 2;
      else return { problem: "syntax", offset: at };
    } else if (unit >= 0x20) at++;
    else return { problem: "syntax", offset: at }; // a control character, or NaN: the end of the text
  }
}

function isShortEscape(unit: number): boolean {
  switch (unit) {
    case QUOTE:
    case BACKSLASH:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return true;
    default:
      return false;
  }
}

/** The value of four hexadecimal digits, or −1. */
function hexadecimal(text: string, start: number): number {
  let value = 0;
  for (let at = start; at < start + 4; at++) {
    const unit = text.charCodeAt(at);
    const digit = isDigit(unit)
      ? unit - 0x30
      : (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x66
        ? (unit | 0x20) - 0x57
        : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

/** RFC 8259 §6, and then that every reader gets the same value out of it. */
function endOfNumber(text: string, start: number, numbers: JsonNumbers): number | JsonFailure {
  let at = text.charCodeAt(start) === MINUS ? start + 1 : start;
  const digits = at;
  if (!isDigit(text.charCodeAt(at))) return { problem: "syntax", offset: at };
  const leadingZero = text.charCodeAt(at) === 0x30;
  at = skipDigits(text, at + 1);
  if (leadingZero && at > digits + 1) return { problem: "syntax", offset: digits };
  const whole = at;
  if (text.charCodeAt(at) === DOT) {
    const fraction = at + 1;
    at = skipDigits(text, fraction);
    if (at === fraction) return { problem: "syntax", offset: at };
  }
  if ((text.charCodeAt(at) | 0x20) === 0x65) {
    at++;
    const sign = text.charCodeAt(at);
    if (sign === 0x2b || sign === MINUS) at++;
    const exponent = at;
    at = skipDigits(text, exponent);
    if (at === exponent) return { problem: "syntax", offset: at };
  }
  // Up to 15 digits are exact; only −0 has a second spelling among them.
  if (at === whole && at - digits <= 15 && !(leadingZero && digits > start)) return at;
  return isFaithful(text.slice(start, at), at === whole, numbers) ? at : { problem: "number", offset: start };
}

function isFaithful(literal: string, whole: boolean, numbers: JsonNumbers): boolean {
  const value = Number(literal);
  if (!Number.isFinite(value)) return false;
  if (numbers === "finite") return true;
  if (!whole && numbers === "whole") return false;
  if (Object.is(value, -0)) return false;
  if (value === 0 && /^[^eE]*[1-9]/.test(literal)) return false;
  return !Number.isInteger(value) || Number.isSafeInteger(value);
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

function skipDigits(text: string, start: number): number {
  let at = start;
  while (isDigit(text.charCodeAt(at))) at++;
  return at;
}

/** `true`, `false`, `null`. */
function endOfWord(text: string, at: number, unit: number): number {
  const word = unit === 0x74 ? "true" : unit === 0x66 ? "false" : unit === 0x6e ? "null" : undefined;
  return word !== undefined && text.startsWith(word, at) ? at + word.length : -1;
}

/** `__proto__` in any spelling: copied into another object it becomes a prototype. */
function isForbidden(text: string, start: number, end: number): boolean {
  if (end - start < 11) return false;
  const first = text.charCodeAt(start + 1);
  if (first !== 0x5f && first !== BACKSLASH) return false;
  return end - start <= 2 + 9 * 6 && JSON.parse(text.slice(start, end)) === "__proto__";
}
