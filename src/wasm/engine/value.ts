/** A value that a host holds: a small node over its text, which stays where it was, and what a document of data revokes. */
import { allocateBlock, freeBlock, isOnHeap } from "./memory.ts";

const VALUE_MARK = 0; // 64 bits
const VALUE_JSON = 8; // address, length
const VALUE_TERM = 16; // address, length: the text as a term of Rego
const VALUE_REVOCATIONS = 24; // or 0
const VALUE_UNREAD = 28;
const VALUE_SIZE = 32;
/** Begins with a byte that no text begins with: one SDK takes what stands first on the heap for data, be it a request. */
const MARK: u64 = 0x197469727701;

/** Hosts pass any address: 0, or where something else lies. */
export function isValue(address: usize): bool {
  return (address & 7) === 0 && isOnHeap(address, VALUE_SIZE) && load<u64>(address, VALUE_MARK) === MARK;
}

export function createValue(): usize {
  const value = allocateBlock(VALUE_SIZE);
  memory.fill(value, 0, VALUE_SIZE);
  store<u64>(value, MARK, VALUE_MARK);
  return value;
}

export function dropValue(value: usize): void {
  store<u64>(value, 0, VALUE_MARK);
  freeBlock(value);
}

export function setJson(value: usize, address: usize, length: u32): void {
  store<u32>(value, address, VALUE_JSON);
  store<u32>(value, length, VALUE_JSON + 4);
}

export function jsonOf(value: usize): usize {
  return load<u32>(value, VALUE_JSON);
}

export function jsonLengthOf(value: usize): u32 {
  return load<u32>(value, VALUE_JSON + 4);
}

/** The text is too deep to be looked at: it may be no JSON. */
export function setUnread(value: usize): void {
  store<u32>(value, 1, VALUE_UNREAD);
}

export function isUnread(value: usize): bool {
  return load<u32>(value, VALUE_UNREAD) !== 0;
}

export function setTerm(value: usize, address: usize, length: u32): void {
  store<u32>(value, address, VALUE_TERM);
  store<u32>(value, length, VALUE_TERM + 4);
}

export function termOf(value: usize): usize {
  return load<u32>(value, VALUE_TERM);
}

export function termLengthOf(value: usize): u32 {
  return load<u32>(value, VALUE_TERM + 4);
}

/** The record of what data revokes, or 0; of any address. */
export function revocationsOf(address: usize): usize {
  return isValue(address) ? (load<u32>(address, VALUE_REVOCATIONS) as usize) : 0;
}

export function setRevocationsOf(value: usize, root: usize): void {
  store<u32>(value, root, VALUE_REVOCATIONS);
}
