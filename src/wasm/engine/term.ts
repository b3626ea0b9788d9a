/**
 * Terms of Rego as OPA in Go writes them, turned into JSON: sets become lists, keys that are no strings become strings, and the
 * escapes of Go those of JSON. What comes out must still be read as JSON: here only what differs is looked at.
 */
import { SCRATCH } from "../layout.ts";
import {
  afterSpace,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  hexadecimal,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
  writeCharacter,
} from "./json.ts";
import { allocateBlock, freeBlock } from "./memory.ts";

// Per level that is open: where its bracket was written, and what it is.
const LEVELS: usize = SCRATCH + 0x200;
const LEVEL_KIND = 4;
const LEVEL_SIZE = 8;
const DEEPEST: u32 = 512;
const LIST: u32 = 0;
const SET: u32 = 1;
/** `{`, before one knows. */
const UNDECIDED: u32 = 2;
/** An object, within a key, or within a value. */
const KEY: u32 = 3;
const VALUE: u32 = 4;

/** An escape of two bytes becomes one of six, and nothing grows more. */
const GROWTH: u32 = 3;
const LONGEST: u32 = 1 << 28;
const BACKSLASH: u32 = 0x5c;

/** Where the text is written. */
let to: usize = 0;
/** Where the value that was written last begins; 0 where it is a list, a set or an object. */
let scalar: usize = 0;

/** After the JSON text that was written last. */
export let jsonEnd: usize = 0;

/** @returns a block with JSON up to `jsonEnd`, 0 where the sealed text is no term, or has keys that are lists, sets or objects */
export function jsonOfTerm(address: usize, length: u32): usize {
  if (length > LONGEST) return 0;
  const block = allocateBlock(length * GROWTH + 16);
  to = block;
  if (writeTerm(address)) {
    jsonEnd = to;
    return block;
  }
  freeBlock(block);
  return 0;
}

function writeTerm(address: usize): bool {
  let depth: u32 = 0;
  let at = afterSpace(address);
  while (true) {
    const unit: u32 = load<u8>(at);
    if (unit === OPEN_LIST || unit === OPEN_OBJECT) {
      if (depth === DEEPEST) return false;
      const level = LEVELS + depth++ * LEVEL_SIZE;
      store<u32>(level, to);
      store<u32>(level, unit === OPEN_LIST ? LIST : UNDECIDED, LEVEL_KIND);
      put(unit);
      at = afterSpace(at + 1);
      if (load<u8>(at) !== unit + 2) continue;
      put(unit + 2);
      depth--;
      scalar = 0;
      at++;
    } else {
      at = afterScalar(at);
      if (!at) return false;
    }
    // After a value: close what ends here, then step over a mark.
    while (true) {
      if (!depth) return true;
      at = afterSpace(at);
      const level = LEVELS + (depth - 1) * LEVEL_SIZE;
      const mark: u32 = load<u8>(at++);
      if (mark === COMMA || mark === COLON) {
        if (mark === COMMA ? !separate(level) : !nameValue(level)) return false;
        at = afterSpace(at);
        break;
      }
      if (!close(level, mark)) return false;
      depth--;
    }
  }
}

function separate(level: usize): bool {
  const kind = load<u32>(level, LEVEL_KIND);
  if (kind === KEY) return false;
  if (kind === UNDECIDED) makeSet(level);
  if (kind === VALUE) store<u32>(level, KEY, LEVEL_KIND);
  put(COMMA);
  return true;
}

function nameValue(level: usize): bool {
  const kind = load<u32>(level, LEVEL_KIND);
  if ((kind !== KEY && kind !== UNDECIDED) || !scalar) return false;
  if (load<u8>(scalar) !== QUOTE) {
    memory.copy(scalar + 1, scalar, to - scalar);
    store<u8>(scalar, QUOTE);
    to++;
    put(QUOTE);
  }
  store<u32>(level, VALUE, LEVEL_KIND);
  put(COLON);
  return true;
}

function close(level: usize, mark: u32): bool {
  const kind = load<u32>(level, LEVEL_KIND);
  if (kind === KEY || mark !== (kind === LIST ? CLOSE_LIST : CLOSE_OBJECT)) return false;
  if (kind === UNDECIDED) makeSet(level);
  put(kind === VALUE ? CLOSE_OBJECT : CLOSE_LIST);
  scalar = 0;
  return true;
}

function makeSet(level: usize): void {
  store<u8>(load<u32>(level), OPEN_LIST);
  store<u32>(level, SET, LEVEL_KIND);
}

/** Numbers and words are copied as they are. */
function afterScalar(at: usize): usize {
  scalar = to;
  if (load<u8>(at) === QUOTE) return afterString(at + 1);
  if (load<u32>(at) === 0x28746573 && load<u8>(at + 4) === 0x29) {
    scalar = 0;
    put(OPEN_LIST);
    put(CLOSE_LIST);
    return at + 5;
  }
  const start = at;
  for (; isOfScalar(load<u8>(at)); at++) put(load<u8>(at));
  return at === start ? 0 : at;
}

/** A letter, a digit, `+`, `-`, `.` */
function isOfScalar(unit: u32): bool {
  return (unit | 0x20) - 0x61 < 26 || unit - 0x30 < 10 || unit === 0x2b || unit === 0x2d || unit === 0x2e;
}

function afterString(at: usize): usize {
  put(QUOTE);
  while (true) {
    const unit: u32 = load<u8>(at++);
    if (unit === BACKSLASH) {
      at = afterGoEscape(at);
      if (!at) return 0;
      continue;
    }
    if (!unit) return 0;
    put(unit);
    if (unit === QUOTE) return at;
  }
}

/** @param at after the backslash */
function afterGoEscape(at: usize): usize {
  const unit: u32 = load<u8>(at++);
  switch (unit) {
    case 0:
      return 0;
    case 0x61: // a
      putControl(0x3037);
      return at;
    case 0x76: // v
      putControl(0x3062);
      return at;
    case 0x78: // x: above 7F it is a byte that is no character
      if (load<u8>(at) > 0x37) return 0;
      putControl(((load<u8>(at) as u32) << 8) | load<u8>(at + 1));
      return at + 2;
    case 0x55: {
      // U: of what is above FFFF; the rest is written with `u`, as in JSON.
      const high = hexadecimal(at);
      const low = hexadecimal(at + 4);
      if (high < 1 || high > 0x10 || low < 0) return 0;
      to = writeCharacter(to, ((high << 16) | low) as u32);
      return at + 8;
    }
    default:
      put(BACKSLASH);
      put(unit);
      return at;
  }
}

function put(unit: u32): void {
  store<u8>(to++, unit);
}

/** `\u00` and two digits, as they stand one after the other. */
function putControl(digits: u32): void {
  store<u32>(to, 0x3030755c);
  store<u8>(to, digits >> 8, 4);
  store<u8>(to, digits, 5);
  to += 6;
}
