/** Texts that hosts want parsed: JSON, or a term of Rego that becomes JSON first. What follows the first value is ignored. */
import { dropArena } from "./arena.ts";
import { afterMember, afterName, isText } from "./document.ts";
import {
  afterSpace,
  CLOSE_OBJECT,
  COMMA,
  expectWellFormed,
  illFormed,
  OPEN_OBJECT,
  seal,
  textLength,
  textStart,
  unseal,
} from "./json.ts";
import { DEEPEST, depth, measure } from "./measure.ts";
import { cover, ensure, freeBlock, heapPointer, isHeld, release } from "./memory.ts";
import { createRevocations, setRevocations } from "./revocations.ts";
import { jsonEnd, jsonOfTerm } from "./term.ts";
import {
  createValue,
  dropValue,
  isValue,
  jsonOf,
  revocationsOf,
  setJson,
  setRevocationsOf,
  setTerm,
  setUnread,
  termOf,
} from "./value.ts";

/** @returns a value, 0 where the text is no JSON */
export function parseJson(address: usize, length: u32): usize {
  if (!protect(address, length)) return 0;
  const value = createValue();
  seal(address + length);
  const isJson = read(value, address, address + length);
  unseal();
  if (isJson) return value;
  dropValue(value);
  return 0;
}

/** @returns a value, 0 where the text is neither JSON nor a term */
export function parseTerm(address: usize, length: u32): usize {
  const value = parseJson(address, length);
  if (value || !protect(address, length)) return value;
  const json = termAsJson(address, length);
  if (!json) return 0;
  const other = parseJson(json, (jsonEnd - json) as u32);
  if (other) setTerm(other, address, length);
  else freeBlock(json);
  return other;
}

/** A block with JSON up to `jsonEnd`, or 0. */
export function termAsJson(address: usize, length: u32): usize {
  seal(address + length);
  const json = jsonOfTerm(address, length);
  unseal();
  return json;
}

/** The host needs the value no more. Takes any address. */
export function forget(value: usize): void {
  if (!isValue(value)) return;
  const root = revocationsOf(value);
  if (root) dropArena(root);
  const json = termOf(value) ? jsonOf(value) : 0;
  dropValue(value);
  freeBlock(json);
}

/** Makes sure that a text is in memory, and that nothing is written over it or over the byte behind it. */
export function protect(address: usize, length: u32): bool {
  if (!address || !length || !isHeld(address, length)) return false;
  cover(address + length + 1);
  ensure(address, length);
  return true;
}

function read(value: usize, address: usize, end: usize): bool {
  expectWellFormed();
  const start = afterSpace(address);
  let revoked: usize = 0;
  let at = start;
  if (load<u8>(start) === OPEN_OBJECT) {
    const heap = heapPointer();
    at = afterSpace(start + 1);
    let mark: u32 = load<u8>(at);
    if (mark === CLOSE_OBJECT) at++;
    while (mark !== CLOSE_OBJECT) {
      at = afterName(at);
      if (!at) return false;
      if (isText(textStart, textLength, "revocations")) revoked = at;
      release(heap);
      at = afterMember(at);
      if (!at) break;
      mark = load<u8>(at);
      at = afterSpace(at + 1);
      if (mark !== CLOSE_OBJECT && mark !== COMMA) return false;
    }
  } else {
    at = measure(start);
  }
  if (!at) {
    // Too deep to be looked at. The decision refuses it by its limits, so that it must be known; nothing of it is data.
    if (depth <= DEEPEST) return false;
    setJson(value, start, (end - start) as u32);
    setUnread(value);
    return true;
  }
  if (illFormed) return false;
  setJson(value, start, (at - start) as u32);
  if (revoked) {
    const root = createRevocations();
    setRevocationsOf(value, root);
    setRevocations(root, revoked, false);
  }
  return true;
}
