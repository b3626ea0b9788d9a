/** The scope of a token: its names (RFC 6749 §3.3), and whether it carries what an operation needs (step 7). */
import {
  HEADER_SCOPES,
  ISSUER_TRANSLATIONS,
  OPERATION_SCOPE_COUNT,
  OPERATION_SCOPE_ROWS,
  OPERATION_SCOPES,
  ROW_KEY_LENGTH,
  SCOPE_IMPLIED,
  SCOPE_IMPLIED_COUNT,
  SCOPE_KEY,
  SCOPE_NUMBER,
  SPAN_SIZE,
  TABLES,
  TRANSLATION_KEY,
  TRANSLATION_SCOPE_COUNT,
  TRANSLATION_SCOPES,
} from "../layout.ts";
import { areInScopes, firstPlace, placesOf, wordAt } from "./bytes-of-word.ts";
import { CARRIED, SCOPE_NAME_LIMIT, SCOPE_NAMES } from "./scratch.ts";
import { seed } from "./tables.ts";
import { equal, find, hash } from "./text.ts";

const SPACE: u32 = 0x20;
/** Any character of a name. */
const FILLER: u32 = 0x61;

let names: u32 = 0;
/** How many names were looked up, and how many of them stand for something. */
let resolved: u32 = 0;
let carried: u32 = 0;

/** A token without a scope. */
export function noScopes(): void {
  names = 0;
}

/** Names of the one alphabet, separated by single spaces; the empty text holds none. */
export function splitScopes(address: usize, length: u32): bool {
  names = 0;
  if (length === 0) return true;
  const end = address + length;
  let start = address;
  for (let at = address; at < end; at += 8) {
    const word = wordAt(at, end - at, FILLER);
    if (!areInScopes(word)) return false;
    for (let spaces = placesOf(word, SPACE); spaces; spaces &= spaces - 1) {
      const space = at + firstPlace(spaces);
      if (!addName(start, space)) return false;
      start = space + 1;
    }
  }
  return addName(start, end);
}

function addName(start: usize, end: usize): bool {
  if (start === end || names === SCOPE_NAME_LIMIT) return false;
  const span: usize = SCOPE_NAMES + names++ * SPAN_SIZE;
  store<u32>(span, start as u32);
  store<u32>(span, (end - start) as u32, 4);
  return true;
}

/** Step 7: whether the token carries every scope that the operation needs, by its own name, implied, or translated. */
export function carriesScopes(operation: usize, issuer: usize): bool {
  resolved = 0;
  carried = 0;
  const numbers: usize = load<u32>(operation, OPERATION_SCOPES);
  const rows: usize = load<u32>(operation, OPERATION_SCOPE_ROWS);
  const size = load<u32>(operation, OPERATION_SCOPE_COUNT) << 2;
  for (let i: u32 = 0; i < size; i += 4)
    if (!isNamed(load<u32>(rows + i)) && !carriesScope(issuer, load<u32>(numbers + i))) return false;
  return true;
}

/** Whether a scope of ours is among the names itself, as most are: then nothing need be looked up. */
function isNamed(row: usize): bool {
  if (!row) return false;
  const length = load<u32>(row, ROW_KEY_LENGTH);
  const end: usize = SCOPE_NAMES + names * SPAN_SIZE;
  for (let span: usize = SCOPE_NAMES; span < end; span += SPAN_SIZE)
    if (load<u32>(span, 4) === length && equal(load<u32>(span), row + SCOPE_KEY, length)) return true;
  return false;
}

/** Finds what names stand for only as far as it must. */
function carriesScope(issuer: usize, number: u32): bool {
  for (let i: u32 = 0; i < carried; i++) if (stands(load<u32>(CARRIED + (i << 2)), number)) return true;
  while (resolved < names) {
    const row = resolvedName(issuer, SCOPE_NAMES + resolved++ * SPAN_SIZE);
    if (!row) continue;
    store<u32>(CARRIED + (carried++ << 2), row as u32);
    if (stands(row, number)) return true;
  }
  return false;
}

/** What a name stands for: a scope of ours, else the issuer's translation of a foreign one, marked by the lowest bit. */
function resolvedName(issuer: usize, span: usize): usize {
  const address: usize = load<u32>(span);
  const length = load<u32>(span, 4);
  const nameHash = hash(address, length, seed());
  const row = find(TABLES + HEADER_SCOPES, SCOPE_KEY, address, length, nameHash);
  if (row) return row;
  const translation = find(issuer + ISSUER_TRANSLATIONS, TRANSLATION_KEY, address, length, nameHash);
  // Rows are aligned, so that the lowest bit is free.
  return translation ? translation | 1 : 0;
}

/** Whether what a name stands for is or holds this scope. */
function stands(row: usize, number: u32): bool {
  if (row & 1) {
    const translation = row & ~1;
    const count = load<u32>(translation, TRANSLATION_SCOPE_COUNT);
    return contains(load<u32>(translation, TRANSLATION_SCOPES), count, number);
  }
  return (
    load<u32>(row, SCOPE_NUMBER) === number ||
    contains(load<u32>(row, SCOPE_IMPLIED), load<u32>(row, SCOPE_IMPLIED_COUNT), number)
  );
}

/** Whether the number is among so many ascending ones. */
export function contains(numbers: usize, count: u32, number: u32): bool {
  let low: u32 = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const found = load<u32>(numbers + (middle << 2));
    if (found === number) return true;
    if (found < number) low = middle + 1;
    else high = middle;
  }
  return false;
}
