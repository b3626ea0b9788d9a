/** Writes the decision as JSON, or only whether it allows, as the answer of an entry point. */
import {
  RESULT,
  RESULT_EMERGENCY,
  RESULT_GRANT_COUNT,
  RESULT_GRANTS,
  RESULT_IDENTITY,
  RESULT_OPERATION,
  RESULT_REASON,
  RESULT_REVISION,
  RESULT_TIER,
  RESULT_UNTIL,
  RESULT_UPSTREAM,
  RESULT_UPSTREAM_LENGTH,
  RULE_NAME,
  TEXT_JSON,
  TEXT_JSON_LENGTH,
} from "../layout.ts";
import { copy } from "./copy.ts";
import {
  ALLOW_FALSE,
  ALLOW_TRUE,
  ALLOWED,
  ALLOWED_IN_EMERGENCY,
  CLOSE,
  openHeaders,
  openIdentity,
  openOperation,
  openRevision,
  openTier,
  openUntil,
  prepareFragments,
  REFUSED,
  writeFragment,
} from "./fragments.ts";
import { allocate } from "./memory.ts";
import { GRANTED } from "./reasons.ts";
import { DIGITS_END } from "./scratch.ts";

/** More than all fragments and digits of an answer, and what `copy` writes past its end. */
const FIXED: u32 = 256;

/** @param format 0: as JSON; 1: as a set of Rego. @returns address of the text, which ends with a NUL */
export function writeDecision(format: i32): usize {
  prepareFragments();
  const start = allocate(FIXED + variableLength());
  const form: u32 = format === 0 ? 0 : 1;
  const reason = load<u32>(RESULT, RESULT_REASON);
  const allowed = reason === GRANTED;
  let at = start;
  if (allowed) {
    at = writeFragment(at, form + (load<u32>(RESULT, RESULT_EMERGENCY) ? ALLOWED_IN_EMERGENCY : ALLOWED));
    at = copy(
      openHeaders(writeGrants(at)),
      load<u32>(RESULT, RESULT_UPSTREAM),
      load<u32>(RESULT, RESULT_UPSTREAM_LENGTH),
    );
  } else {
    at = writeFragment(at, form + REFUSED);
  }
  // A member is left out where it was not established.
  const identity: usize = load<u32>(RESULT, RESULT_IDENTITY);
  if (identity) at = writeText(openIdentity(at), identity);
  const operation: usize = load<u32>(RESULT, RESULT_OPERATION);
  if (operation) at = writeText(openOperation(at), operation);
  at = writeFragment(at, reason);
  const revision: usize = load<u32>(RESULT, RESULT_REVISION);
  if (revision) at = writeText(openRevision(at), revision);
  const tier: usize = load<u32>(RESULT, RESULT_TIER);
  if (tier) at = writeText(openTier(at), tier);
  if (allowed) at = writeNumber(openUntil(at), load<f64>(RESULT, RESULT_UNTIL) as u64);
  store<u8>(writeFragment(at, form + CLOSE), 0);
  return start;
}

/** The same of nothing but whether the decision allows. */
export function writeAllow(format: i32): usize {
  prepareFragments();
  const start = allocate(FIXED);
  const form: u32 = format === 0 ? 0 : 1;
  const answer: u32 = load<u32>(RESULT, RESULT_REASON) === GRANTED ? ALLOW_TRUE : ALLOW_FALSE;
  store<u8>(writeFragment(start, form + answer), 0);
  return start;
}

function variableLength(): u32 {
  let length =
    jsonLength(load<u32>(RESULT, RESULT_IDENTITY)) +
    jsonLength(load<u32>(RESULT, RESULT_TIER)) +
    jsonLength(load<u32>(RESULT, RESULT_OPERATION)) +
    jsonLength(load<u32>(RESULT, RESULT_REVISION)) +
    load<u32>(RESULT, RESULT_UPSTREAM_LENGTH);
  let grant: usize = load<u32>(RESULT, RESULT_GRANTS);
  const end = grant + (load<u32>(RESULT, RESULT_GRANT_COUNT) << 2);
  for (; grant < end; grant += 4) length += jsonLength(load<u32>(load<u32>(grant), RULE_NAME)) + 1;
  return length;
}

function jsonLength(text: usize): u32 {
  return text ? load<u32>(text, TEXT_JSON_LENGTH) : 0;
}

function writeText(to: usize, text: usize): usize {
  return copy(to, text + TEXT_JSON, load<u32>(text, TEXT_JSON_LENGTH));
}

function writeGrants(to: usize): usize {
  let at = to;
  const first: usize = load<u32>(RESULT, RESULT_GRANTS);
  const end = first + (load<u32>(RESULT, RESULT_GRANT_COUNT) << 2);
  for (let grant = first; grant < end; grant += 4) {
    if (grant > first) store<u8>(at++, 0x2c);
    at = writeText(at, load<u32>(load<u32>(grant), RULE_NAME));
  }
  return at;
}

/** At most 20 digits, two at a time from the right; of 32 bits where they suffice, which divide much faster. */
function writeNumber(to: usize, number: u64): usize {
  let at: usize = DIGITS_END;
  let large = number;
  while (large >> 32) {
    const before = large / 100;
    at = writePair(at, (large - before * 100) as u32);
    large = before;
  }
  let rest = large as u32;
  while (rest >= 100) {
    const before = rest / 100;
    at = writePair(at, rest - before * 100);
    rest = before;
  }
  at = writePair(at, rest);
  if (rest < 10) at++;
  return copy(to, at, (DIGITS_END as u32) - (at as u32));
}

/** Writes the two digits of a number below 100 before an address. */
function writePair(end: usize, number: u32): usize {
  const tens = number / 10;
  store<u16>(end - 2, 0x3030 + tens + ((number - tens * 10) << 8));
  return end - 2;
}
