/** The scope of a token: its names (RFC 6749 §3.3), and whether it carries what an operation needs (step 7). */
import {
  HEADER_SCOPES,
  ISSUER_TRANSLATIONS,
  OPERATION_SCOPE_COUNT,
  OPERATION_SCOPES,
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
import { IN_SCOPE, isOf } from "./byte-classes.ts";
import { CARRIED, SCOPE_NAME_LIMIT, SCOPE_NAMES } from "./scratch.ts";
import { seed } from "./tables.ts";
import { find, hash } from "./text.ts";

const SPACE: u32 = 0x20;

let names: u32 = 0;
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
  let at = address;
  while (true) {
    const start = at;
    while (at < end && isOf(load<u8>(at), IN_SCOPE)) at++;
    if (at === start || (at < end && load<u8>(at) !== SPACE) || names === SCOPE_NAME_LIMIT) return false;
    const span: usize = SCOPE_NAMES + names++ * SPAN_SIZE;
    store<u32>(span, start as u32);
    store<u32>(span, (at - start) as u32, 4);
    if (at++ === end) return true;
  }
}

/** Step 7: whether the token carries every scope that the operation needs, by its own name, implied, or translated. */
export function carriesScopes(operation: usize, issuer: usize): bool {
  resolveNames(issuer);
  let needed: usize = load<u32>(operation, OPERATION_SCOPES);
  const end = needed + (load<u32>(operation, OPERATION_SCOPE_COUNT) << 2);
  for (; needed < end; needed += 4) if (!carriesScope(load<u32>(needed))) return false;
  return true;
}

/** Finds what each name stands for: a scope of ours, else the issuer's translation of a foreign one. */
function resolveNames(issuer: usize): void {
  carried = 0;
  for (let i: u32 = 0; i < names; i++) {
    const span: usize = SCOPE_NAMES + i * SPAN_SIZE;
    const address: usize = load<u32>(span);
    const length = load<u32>(span, 4);
    const nameHash = hash(address, length, seed());
    let row = find(TABLES + HEADER_SCOPES, SCOPE_KEY, address, length, nameHash);
    // Rows are aligned, so the lowest bit is free to say which kind this is.
    if (!row) {
      row = find(issuer + ISSUER_TRANSLATIONS, TRANSLATION_KEY, address, length, nameHash);
      if (!row) continue;
      row |= 1;
    }
    store<u32>(CARRIED + (carried++ << 2), row as u32);
  }
}

function carriesScope(number: u32): bool {
  for (let i: u32 = 0; i < carried; i++) {
    const row: usize = load<u32>(CARRIED + (i << 2));
    if ((row & 1) === 0) {
      if (load<u32>(row, SCOPE_NUMBER) === number) return true;
      if (contains(load<u32>(row, SCOPE_IMPLIED), load<u32>(row, SCOPE_IMPLIED_COUNT), number)) return true;
    } else {
      const translation = row & ~1;
      const count = load<u32>(translation, TRANSLATION_SCOPE_COUNT);
      if (contains(load<u32>(translation, TRANSLATION_SCOPES), count, number)) return true;
    }
  }
  return false;
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
