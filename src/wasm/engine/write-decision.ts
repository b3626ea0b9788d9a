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
  ALLOWED,
  ALLOWED_IN_EMERGENCY,
  CLOSE_ARRAY,
  CLOSE_SET,
  FALSE,
  HEADERS,
  IDENTITY,
  OPEN_ARRAY,
  OPEN_SET,
  OPERATION,
  prepareFragments,
  REASON,
  REFUSED,
  REVISION,
  TIER,
  TRUE,
  UNTIL,
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
  let at = writeFragment(start, format === 0 ? OPEN_ARRAY : OPEN_SET);
  const reason = load<u32>(RESULT, RESULT_REASON);
  const allowed = reason === GRANTED;
  if (allowed) {
    at = writeFragment(at, load<u32>(RESULT, RESULT_EMERGENCY) ? ALLOWED_IN_EMERGENCY : ALLOWED);
    at = writeGrants(at);
    at = writeFragment(at, HEADERS);
    at = copy(at, load<u32>(RESULT, RESULT_UPSTREAM), load<u32>(RESULT, RESULT_UPSTREAM_LENGTH));
  } else {
    at = writeFragment(at, REFUSED);
  }
  at = writeMember(at, IDENTITY, load<u32>(RESULT, RESULT_IDENTITY));
  at = writeMember(at, OPERATION, load<u32>(RESULT, RESULT_OPERATION));
  at = writeFragment(writeFragment(at, REASON), reason);
  at = writeMember(at, REVISION, load<u32>(RESULT, RESULT_REVISION));
  at = writeMember(at, TIER, load<u32>(RESULT, RESULT_TIER));
  if (allowed) at = writeNumber(writeFragment(at, UNTIL), load<f64>(RESULT, RESULT_UNTIL) as u64);
  store<u8>(at++, 0x7d);
  at = writeFragment(at, format === 0 ? CLOSE_ARRAY : CLOSE_SET);
  store<u8>(at, 0);
  return start;
}

/** The same of nothing but whether the decision allows. */
export function writeAllow(format: i32): usize {
  prepareFragments();
  const start = allocate(FIXED);
  let at = writeFragment(start, format === 0 ? OPEN_ARRAY : OPEN_SET);
  at = writeFragment(at, load<u32>(RESULT, RESULT_REASON) === GRANTED ? TRUE : FALSE);
  at = writeFragment(at, format === 0 ? CLOSE_ARRAY : CLOSE_SET);
  store<u8>(at, 0);
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

/** A member that is left out where it was not established. */
function writeMember(to: usize, fragment: u32, text: usize): usize {
  return text ? writeText(writeFragment(to, fragment), text) : to;
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

/** At most 20 digits, two at a time from the right. */
function writeNumber(to: usize, number: u64): usize {
  let at: usize = DIGITS_END;
  let rest = number;
  while (rest >= 100) {
    const before = rest / 100;
    at -= 2;
    store<u16>(at, pairOf((rest - before * 100) as u32));
    rest = before;
  }
  at -= 2;
  store<u16>(at, pairOf(rest as u32));
  if (rest < 10) at++;
  return copy(to, at, (DIGITS_END as u32) - (at as u32));
}

/** The two digits of a number below 100. */
function pairOf(number: u32): u32 {
  const tens = number / 10;
  return 0x3030 + tens + ((number - tens * 10) << 8);
}
