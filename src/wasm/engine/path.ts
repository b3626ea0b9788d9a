/** The path of the request: whether it is canonical (row 6 of the procedure), and its segments. */
import { SPAN_SIZE } from "../layout.ts";
import { IN_SEGMENT, isOf, NEVER_ESCAPED } from "./byte-classes.ts";
import { arePlain, firstPlace, placesOf, wordAt } from "./bytes-of-word.ts";
import { SEGMENT_LIMIT, SEGMENTS } from "./scratch.ts";

const SLASH: u32 = 0x2f;
const PERCENT: u32 = 0x25;
const DOT: u32 = 0x2e;

let segments: u32 = 0;
let pathEnd: usize = 0;
/** Whether the path that was read last has no escape, so that nothing in it has one. */
export let isUnescaped: bool = false;

/** How many segments the path has that was read last; a trailing `/` makes a last, empty one. */
export function segmentCount(): u32 {
  return segments;
}

export function segmentAddress(number: u32): usize {
  return load<u32>(SEGMENTS + number * SPAN_SIZE);
}

export function segmentLength(number: u32): u32 {
  return load<u32>(SEGMENTS + number * SPAN_SIZE, 4);
}

/** From the segment to the end of the path. */
export function restLength(number: u32): u32 {
  return (pathEnd - segmentAddress(number)) as u32;
}

/** Reads the path into its segments; false where it is not canonical. Refused, never repaired. */
export function readPath(address: usize, length: u32): bool {
  segments = 0;
  isUnescaped = true;
  const end = address + length;
  pathEnd = end;
  if (length === 0 || load<u8>(address) !== SLASH) return false;
  let start = address + 1;
  for (let at = start; at < end; at += 8) {
    const word = wordAt(at, end - at, DOT);
    if (!arePlain(word)) return readSlowly(start, at, end);
    for (let slashes = placesOf(word, SLASH); slashes; slashes &= slashes - 1) {
      const slash = at + firstPlace(slashes);
      if (slash === start || !addSegment(start, slash)) return false;
      start = slash + 1;
    }
  }
  return addSegment(start, end);
}

/** The same byte by byte from `at` on: there are rare characters, escapes, or bytes that must not be. */
function readSlowly(first: usize, from: usize, end: usize): bool {
  let start = first;
  let at = from;
  while (true) {
    while (at < end && isOf(load<u8>(at), IN_SEGMENT)) at++;
    if (at < end && load<u8>(at) === PERCENT) {
      isUnescaped = false;
      at = escapedEnd(at, end);
      if (!at) return false;
      continue;
    }
    if (at < end && (at === start || load<u8>(at) !== SLASH)) return false;
    if (!addSegment(start, at)) return false;
    if (at === end) return true;
    start = ++at;
  }
}

function addSegment(start: usize, end: usize): bool {
  const size = (end - start) as u32;
  if (isDots(start, size) || segments === SEGMENT_LIMIT) return false;
  const span: usize = SEGMENTS + segments++ * SPAN_SIZE;
  store<u32>(span, start as u32);
  store<u32>(span, size, 4);
  return true;
}

/** `.` and `..`, which some gateways resolve and others do not. */
function isDots(address: usize, length: u32): bool {
  if (length === 1) return load<u8>(address) === DOT;
  return length === 2 && load<u16>(address) === 0x2e2e;
}

/**
 * The end of the escapes that stand for one character, or 0: upper-case digits, of a byte that may be escaped, and UTF-8
 * without overlong forms, surrogates and what lies above U+10FFFF (RFC 3629 §3).
 */
function escapedEnd(at: usize, end: usize): usize {
  const first = escapedByte(at, end);
  if (first < 0x80) return isOf(first, NEVER_ESCAPED) ? 0 : at + 3;
  // 0x100 and above is no byte at all.
  if (first < 0xc2 || first > 0xf4) return 0;
  const second = escapedByte(at + 3, end);
  const lowest: u32 = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const highest: u32 = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest) return 0;
  const bytes: u32 = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  for (let i: u32 = 2; i < bytes; i++) if ((escapedByte(at + i * 3, end) & ~0x3f) !== 0x80) return 0;
  return at + bytes * 3;
}

function escapedByte(at: usize, end: usize): u32 {
  if (at + 3 > end || load<u8>(at) !== PERCENT) return 0x100;
  return (hexDigit(load<u8>(at, 1)) << 4) | hexDigit(load<u8>(at, 2));
}

/** 0x100 and above for what is no digit. */
function hexDigit(byte: u32): u32 {
  if (byte - 0x30 < 10) return byte - 0x30;
  return byte - 0x41 < 6 ? byte - 0x37 : 0x100;
}
