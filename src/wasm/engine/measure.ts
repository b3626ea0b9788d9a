/** Walks over a whole JSON value of any depth: whether it is one, how large it is without what spelling adds, and how deep. */
import { SCRATCH } from "../layout.ts";
import {
  afterCharacter,
  afterEscape,
  afterSpace,
  afterWord,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  characterLength,
  escaped,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
  seal,
  specials,
  unseal,
} from "./json.ts";
import { isNumberStart, readNumber } from "./number.ts";

/** Per level that is open a bit: whether it is an object. */
const LEVELS: usize = SCRATCH + 0x200;
/** As many as 4 KiB hold. */
export const DEEPEST: u32 = 32768;
/** What a number counts, however it is spelled: `limits.numberBytes`. */
const NUMBER_BYTES: i64 = 8;

/** Of the value that was walked last: bytes of its compact text, and how many lists and objects were open at once. */
export let compactBytes: i64 = 0;
export let depth: u32 = 0;

/** How many bytes the compact text has less. */
let spared: i64 = 0;

/** @returns the address after one JSON value and the white space around it, 0 where there is none or it is deeper than `DEEPEST` */
export function skipJson(address: usize, end: usize): usize {
  seal(end);
  const after = measure(address);
  const next = after ? afterSpace(after) : 0;
  unseal();
  return next;
}

/** @returns the address after the value, or 0; then `depth` says whether it was too deep */
export function measure(address: usize): usize {
  spared = 0;
  depth = 0;
  let level: u32 = 0;
  let at = afterSpace(address);
  const start = at;
  while (true) {
    // A value starts here.
    const unit: u32 = load<u8>(at);
    if (unit === OPEN_OBJECT || unit === OPEN_LIST) {
      if (level === DEEPEST) {
        depth = DEEPEST + 1;
        return 0;
      }
      setLevel(level++, unit === OPEN_OBJECT);
      depth = max(depth, level);
      at = pastSpace(at + 1);
      if (load<u8>(at) === unit + 2) {
        level--;
        at++;
      } else {
        if (unit === OPEN_OBJECT) {
          at = pastName(at);
          if (!at) return 0;
        }
        continue;
      }
    } else {
      at = pastScalar(at, unit);
      if (!at) return 0;
    }
    // After a value: close what ends here, then step over a comma.
    while (true) {
      if (level === 0) {
        compactBytes = ((at - start) as i64) - spared;
        return at;
      }
      at = pastSpace(at);
      const named = isObject(level - 1);
      const next: u32 = load<u8>(at++);
      if (next === COMMA) {
        at = pastSpace(at);
        if (named) {
          at = pastName(at);
          if (!at) return 0;
        }
        break;
      }
      if (next !== (named ? CLOSE_OBJECT : CLOSE_LIST)) return 0;
      level--;
    }
  }
}

function setLevel(level: u32, isOpenObject: bool): void {
  const byte = LEVELS + (level >> 3);
  const bit: u32 = 1 << (level & 7);
  const bits: u32 = load<u8>(byte);
  store<u8>(byte, isOpenObject ? bits | bit : bits & ~bit);
}

function isObject(level: u32): bool {
  return ((load<u8>(LEVELS + (level >> 3)) >> (level & 7)) & 1) !== 0;
}

function pastSpace(at: usize): usize {
  const next = afterSpace(at);
  spared += (next - at) as i64;
  return next;
}

function pastName(at: usize): usize {
  if (load<u8>(at) !== QUOTE) return 0;
  at = pastString(at + 1);
  if (!at) return 0;
  at = pastSpace(at);
  return load<u8>(at) === COLON ? pastSpace(at + 1) : 0;
}

function pastScalar(at: usize, unit: u32): usize {
  if (unit === QUOTE) return pastString(at + 1);
  if (!isNumberStart(unit)) return afterWord(at);
  const next = readNumber(at);
  spared += ((next - at) as i64) - NUMBER_BYTES;
  return next;
}

function pastString(at: usize): usize {
  while (true) {
    const marks = specials(load<u64>(at));
    if (!marks) {
      at += 8;
      continue;
    }
    at += (ctz(marks) >> 3) as usize;
    const unit: u32 = load<u8>(at);
    if (unit === QUOTE) return at + 1;
    if (unit < 0x80) {
      if (unit !== 0x5c) return 0;
      const next = afterEscape(at);
      if (!next) return 0;
      spared += ((next - at) as i64) - (writtenLength(escaped) as i64);
      at = next;
    } else {
      at = afterCharacter(at);
      if (!at) return 0;
    }
  }
}

/** How many bytes `JSON.stringify` writes for a character. */
function writtenLength(character: u32): u32 {
  if (character < 0x20) return (character >= 8 && character <= 10) || character === 12 || character === 13 ? 2 : 6;
  if (character === 0x22 || character === 0x5c) return 2;
  return (character & 0xfffff800) === 0xd800 ? 6 : characterLength(character);
}
