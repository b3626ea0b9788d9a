/** Values of the input that nobody asks for: they must be JSON all the same, and name no member twice. */
import {
  afterColon,
  afterSpace,
  afterWord,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COMMA,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
  readString,
  textLength,
  textStart,
} from "./json.ts";
import { addName, closeNames, nameHash, openNames } from "./names.ts";
import { isInfinite, isNumberStart, readNumber } from "./number.ts";

/** `limits.inputDepth` */
const DEPTH: u32 = 32;

/** Since `startSkipping`: whether something was deeper than the limit; whether a number was one that must not be. */
export let isTooDeep: bool = false;
export let isForbidden: bool = false;

export function startSkipping(): void {
  isTooDeep = false;
  isForbidden = false;
}

/**
 * @param depth how many lists and objects are open
 * @returns the address after the value; 0 where there is none, or one that is too deep
 */
export function skipValue(at: usize, depth: u32): usize {
  const unit: u32 = load<u8>(at);
  if (unit === QUOTE) return readString(at + 1);
  if (unit === OPEN_OBJECT || unit === OPEN_LIST) {
    // INVARIANT: so the recursion ends.
    if (depth === DEPTH) {
      isTooDeep = true;
      return 0;
    }
    return unit === OPEN_OBJECT ? skipObject(at + 1, depth + 1) : skipList(at + 1, depth + 1);
  }
  return isNumberStart(unit) ? skipNumber(at) : afterWord(at);
}

/** `readNumber`, and notes what no reader can hold. */
export function skipNumber(at: usize): usize {
  const next = readNumber(at);
  if (isInfinite) isForbidden = true;
  return next;
}

function skipObject(at: usize, depth: u32): usize {
  const opened = openNames();
  let names: u64 = 0;
  at = afterSpace(at);
  if (load<u8>(at) === CLOSE_OBJECT) return at + 1;
  while (true) {
    if (load<u8>(at) !== QUOTE) return 0;
    at = readString(at + 1);
    if (!at) return 0;
    names = addName(opened, names, textStart, textLength, nameHash(textStart, textLength));
    at = afterColon(at);
    if (!at) return 0;
    at = skipValue(at, depth);
    if (!at) return 0;
    at = afterSpace(at);
    const unit: u32 = load<u8>(at);
    if (unit !== COMMA) {
      closeNames(opened);
      return unit === CLOSE_OBJECT ? at + 1 : 0;
    }
    at = afterSpace(at + 1);
  }
}

function skipList(at: usize, depth: u32): usize {
  at = afterSpace(at);
  if (load<u8>(at) === CLOSE_LIST) return at + 1;
  while (true) {
    at = skipValue(at, depth);
    if (!at) return 0;
    at = afterSpace(at);
    const unit: u32 = load<u8>(at);
    if (unit !== COMMA) return unit === CLOSE_LIST ? at + 1 : 0;
    at = afterSpace(at + 1);
  }
}
