/**
 * The pieces of JSON (RFC 8259): white space, strings, words. A NUL stands after every text that is read, and it ends each of
 * them, so that nothing here asks where the text ends.
 */
import { allocate, ensure, heapPointer } from "./memory.ts";

export const QUOTE: u32 = 0x22;
export const COMMA: u32 = 0x2c;
export const COLON: u32 = 0x3a;
export const OPEN_LIST: u32 = 0x5b;
export const CLOSE_LIST: u32 = 0x5d;
export const OPEN_OBJECT: u32 = 0x7b;
export const CLOSE_OBJECT: u32 = 0x7d;
const SPACE: u32 = 0x20;
const BACKSLASH: u32 = 0x5c;

const ONES: u64 = ((0x01010101 as u64) << 32) | 0x01010101;
const HIGH_BITS: u64 = ((0x80808080 as u64) << 32) | 0x80808080;

let sealed: usize = 0;
let covered: u32 = 0;

/** Puts the NUL after a text; `unseal` puts back what stood there. There is memory behind it for more than a word. */
export function seal(end: usize): void {
  sealed = end;
  covered = load<u8>(end);
  store<u8>(end, 0);
}

export function unseal(): void {
  store<u8>(sealed, covered);
}

export function afterSpace(at: usize): usize {
  for (; load<u8>(at) <= SPACE; at++) {
    const unit: u32 = load<u8>(at);
    if (unit !== SPACE && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) break;
  }
  return at;
}

/** The address of the value after `:`, or 0. */
export function afterColon(at: usize): usize {
  if (load<u8>(at) !== COLON) {
    at = afterSpace(at);
    if (load<u8>(at) !== COLON) return 0;
  }
  return afterSpace(at + 1);
}

/** After `true`, `false` or `null`; 0 where there is none of them. */
export function afterWord(at: usize): usize {
  const word = load<u32>(at);
  if (word === 0x65757274 || word === 0x6c6c756e) return at + 4;
  return load<u8>(at) === 0x66 && load<u32>(at + 1) === 0x65736c61 ? at + 5 : 0;
}

/** Of the string that was read last: its bytes without escapes. A quote stands after them. */
export let textStart: usize = 0;
export let textLength: u32 = 0;
/** Whether the bytes are a copy. */
export let textEscaped: bool = false;
/** Whether any string since `expectWellFormed` had half a surrogate pair. */
export let illFormed: bool = false;

export function expectWellFormed(): void {
  illFormed = false;
}

/**
 * Marks in the high bits of bytes, of which the lowest is true: the first byte that is a quote, a backslash, a control character
 * or not ASCII. With its second bit turned a quote is 0x20, so that it and all control characters are below 0x21. Subtractions
 * borrow only from bytes that are marked themselves.
 */
export function specials(word: u64): u64 {
  return (((word ^ (ONES * 0x02)) - ONES * 0x21) | ((word ^ (ONES * 0x5c)) - ONES) | word) & HIGH_BITS;
}

/**
 * Reads a string.
 * @param start the byte after the opening quote
 * @returns the address after the closing quote, 0 where there is no string in UTF-8
 */
export function readString(start: usize): usize {
  let at = start;
  while (true) {
    const marks = specials(load<u64>(at));
    if (!marks) {
      at += 8;
      continue;
    }
    at += (ctz(marks) >> 3) as usize;
    const unit: u32 = load<u8>(at);
    if (unit === QUOTE) {
      textStart = start;
      textLength = (at - start) as u32;
      textEscaped = false;
      return at + 1;
    }
    if (unit < 0x80) return unit === BACKSLASH ? readEscapedString(start, at) : 0;
    at = afterCharacter(at);
    if (!at) return 0;
  }
}

/** The same from the first escape on, into a copy on the heap. */
function readEscapedString(start: usize, at: usize): usize {
  const copy = (heapPointer() + 7) & ~7;
  // What is written is never longer than what is read, but for the rest of a word.
  ensure(copy, ((sealed - start) as u32) + 16);
  memory.copy(copy, start, at - start);
  let to = copy + (at - start);
  while (true) {
    const word = load<u64>(at);
    store<u64>(to, word);
    const marks = specials(word);
    const plain: usize = marks ? ((ctz(marks) >> 3) as usize) : 8;
    at += plain;
    to += plain;
    if (!marks) continue;
    const unit: u32 = load<u8>(at);
    if (unit === QUOTE) {
      textStart = copy;
      textLength = (to - copy) as u32;
      textEscaped = true;
      allocate(textLength + 8);
      store<u8>(to, QUOTE);
      return at + 1;
    }
    if (unit >= 0x80) {
      const next = afterCharacter(at);
      if (!next) return 0;
      store<u32>(to, load<u32>(at));
      to += next - at;
      at = next;
      continue;
    }
    if (unit !== BACKSLASH) return 0;
    at = afterEscape(at);
    if (!at) return 0;
    to = writeCharacter(to, escaped);
  }
}

/** The character of the escape that was read last; half a surrogate pair is one, too. */
export let escaped: u32 = 0;

/** @param at the backslash */
export function afterEscape(at: usize): usize {
  const unit: u32 = load<u8>(at + 1);
  switch (unit) {
    case 0x22:
    case 0x5c:
    case 0x2f:
      escaped = unit;
      return at + 2;
    case 0x62:
      escaped = 8;
      return at + 2;
    case 0x66:
      escaped = 12;
      return at + 2;
    case 0x6e:
      escaped = 10;
      return at + 2;
    case 0x72:
      escaped = 13;
      return at + 2;
    case 0x74:
      escaped = 9;
      return at + 2;
    case 0x75:
      return afterCodeUnits(at);
    default:
      return 0;
  }
}

/** `\uXXXX`, or two of them that are a pair of surrogates. */
function afterCodeUnits(at: usize): usize {
  const unit = hexadecimal(at + 2);
  if (unit < 0) return 0;
  escaped = unit as u32;
  if ((unit & 0xf800) !== 0xd800) return at + 6;
  if (unit < 0xdc00 && load<u16>(at + 6) === 0x755c) {
    const low = hexadecimal(at + 8);
    if (low < 0) return 0;
    if ((low & 0xfc00) === 0xdc00) {
      escaped = (0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)) as u32;
      return at + 12;
    }
  }
  illFormed = true;
  return at + 6;
}

/** The value of four hexadecimal digits, or −1. */
export function hexadecimal(at: usize): i32 {
  let value: i32 = 0;
  for (let i: usize = 0; i < 4; i++) {
    const unit: i32 = load<u8>(at + i);
    const letter = (unit | 0x20) - 0x61;
    if (unit >= 0x30 && unit <= 0x39) value = (value << 4) | (unit - 0x30);
    else if (letter >= 0 && letter < 6) value = (value << 4) | (letter + 10);
    else return -1;
  }
  return value;
}

/** How many bytes of UTF-8 a character takes; half a surrogate pair counts three. */
export function characterLength(character: u32): u32 {
  return character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
}

export function writeCharacter(to: usize, character: u32): usize {
  const length = characterLength(character);
  if (length === 1) {
    store<u8>(to, character);
    return to + 1;
  }
  for (let i: usize = length - 1; i > 0; i--) {
    store<u8>(to + i, 0x80 | (character & 0x3f));
    character >>= 6;
  }
  // The marks of the first byte: 110, 1110, 11110.
  store<u8>(to, (0xf00 >> length) | character);
  return to + length;
}

/** After one character that is not ASCII; 0 where the bytes are none (RFC 3629 §4: no overlong form, no surrogate, no end). */
export function afterCharacter(at: usize): usize {
  const first: u32 = load<u8>(at);
  const second: u32 = load<u8>(at + 1);
  if ((second & 0xc0) !== 0x80) return 0;
  if (first < 0xe0) return first >= 0xc2 ? at + 2 : 0;
  if ((load<u8>(at + 2) & 0xc0) !== 0x80) return 0;
  if (first < 0xf0) {
    if ((first === 0xe0 && second < 0xa0) || (first === 0xed && second >= 0xa0)) return 0;
    return at + 3;
  }
  if ((load<u8>(at + 3) & 0xc0) !== 0x80) return 0;
  if (first > 0xf4 || (first === 0xf0 && second < 0x90) || (first === 0xf4 && second >= 0x90)) return 0;
  return at + 4;
}
