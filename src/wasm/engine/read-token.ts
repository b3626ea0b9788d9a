/** The token: the registered claims (RFC 7519 §4.1 and those that the decision reads beside them), and those that a policy asks for. */
import {
  FACT_SLOT_ADDRESS,
  FACT_SLOT_SIZE,
  FACT_SLOT_TYPE,
  FACT_SLOT_VALUE,
  HEADER_MEMBER_COUNT,
  HEADER_MEMBERS,
  MEMBER_AUD,
  MEMBER_CNF,
  MEMBER_EXP,
  MEMBER_IAT,
  MEMBER_ISS,
  MEMBER_JTI,
  MEMBER_KEY,
  MEMBER_NBF,
  MEMBER_NUMBER,
  MEMBER_OTHERS,
  MEMBER_SCOPE,
  MEMBER_SUB,
  REQUEST,
  REQUEST_CONFIRMATION,
  SCRATCH,
  TABLES,
  TYPE_LIST,
  TYPE_OTHER,
  TYPE_TEXT,
} from "../layout.ts";
import {
  afterColon,
  afterSpace,
  CLOSE_OBJECT,
  COMMA,
  QUOTE,
  readString,
  textEscaped,
  textLength,
  textStart,
} from "./json.ts";
import { addName, closeNames, nameHash, openNames } from "./names.ts";
import { isShaped, PART_CONFIRMATION, readPart } from "./read-parts.ts";
import { readValue } from "./read-values.ts";
import { hasTables, mayBeMember, memberSlot, seed } from "./tables.ts";
import { find, hash } from "./text.ts";

/** In place of slots: for what nobody asks for, and, without tables, for the registered claims. */
const NOWHERE: usize = SCRATCH;
const NO_SLOTS: usize = SCRATCH + FACT_SLOT_SIZE;

/** Where the slots of the registered claims lie. */
let registered: usize = NO_SLOTS;

/** `limits` */
const SCOPE_BYTES: u32 = 4096;
const SCOPES: u32 = 128;
const AUDIENCES: u32 = 8;
const NAME_BYTES: u32 = 255;

/** Whether a token since `startToken` named a registered claim twice. */
export let repeatsClaim: bool = false;

/** Before a token, and where there may be none. */
export function startToken(): void {
  repeatsClaim = false;
  registered = NO_SLOTS;
  if (hasTables() && load<u32>(TABLES, HEADER_MEMBER_COUNT) >= (MEMBER_OTHERS as u32)) registered = memberSlot(0);
  else memory.fill(NO_SLOTS, 0, MEMBER_OTHERS * FACT_SLOT_SIZE);
}

/**
 * @param at where its object opens
 * @param depth how many lists and objects are open around it
 */
export function readToken(at: usize, depth: u32): usize {
  const key = seed();
  const opened = openNames();
  let known: u32 = 0;
  let names: u64 = 0;
  at = afterSpace(at + 1);
  if (load<u8>(at) === CLOSE_OBJECT) return at + 1;
  while (true) {
    if (load<u8>(at) !== QUOTE) return 0;
    let claim = claimOf(++at);
    let slot = NOWHERE;
    if (claim) at += claim >> 8;
    else {
      at = readString(at);
      if (!at) return 0;
      if (textEscaped) claim = claimOf(textStart);
      if (claim >> 8 !== textLength + 1) {
        claim = 0;
        // Equal names get the same one of the two hashes.
        if (mayBeMember(textStart, textLength)) {
          const keyHash = hash(textStart, textLength, key);
          names = addName(opened, names, textStart, textLength, keyHash);
          const row = find(TABLES + HEADER_MEMBERS, MEMBER_KEY, textStart, textLength, keyHash);
          if (row) slot = memberSlot(load<u32>(row, MEMBER_NUMBER));
        } else names = addName(opened, names, textStart, textLength, nameHash(textStart, textLength));
      }
    }
    at = afterColon(at);
    if (!at) return 0;
    if (claim) {
      const number = (claim & 0xff) - 1;
      const bit: u32 = 1 << number;
      if (known & bit) repeatsClaim = true;
      known |= bit;
      slot = registered + number * FACT_SLOT_SIZE;
    }
    at = claim === CNF ? readConfirmation(at, slot, depth + 1) : readValue(at, slot, depth + 1);
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

/** RFC 7800 §3.1. What is malformed here is judged in its turn: it is no fault of the input's shape. */
function readConfirmation(at: usize, slot: usize, depth: u32): usize {
  const next = readPart(at, PART_CONFIRMATION, depth);
  store<u32>(REQUEST, isShaped ? 1 : 2, REQUEST_CONFIRMATION);
  store<u32>(slot, TYPE_OTHER, FACT_SLOT_TYPE);
  return next;
}

const CNF: u32 = (MEMBER_CNF + 1) | (4 << 8);

/** A registered claim's number + 1, and, 256 times, how many bytes its name and the quote after it take; 0 for any other. */
function claimOf(name: usize): u32 {
  switch (load<u32>(name)) {
    case 0x22737369: // iss"
      return (MEMBER_ISS + 1) | (4 << 8);
    case 0x22627573: // sub"
      return (MEMBER_SUB + 1) | (4 << 8);
    case 0x22647561: // aud"
      return (MEMBER_AUD + 1) | (4 << 8);
    case 0x22707865: // exp"
      return (MEMBER_EXP + 1) | (4 << 8);
    case 0x22746169: // iat"
      return (MEMBER_IAT + 1) | (4 << 8);
    case 0x2266626e: // nbf"
      return (MEMBER_NBF + 1) | (4 << 8);
    case 0x2269746a: // jti"
      return (MEMBER_JTI + 1) | (4 << 8);
    case 0x22666e63: // cnf"
      return CNF;
    case 0x706f6373: // scope"
      return load<u16>(name + 4) === 0x2265 ? (MEMBER_SCOPE + 1) | (6 << 8) : 0;
    default:
      return 0;
  }
}

/** Whether the token exceeds a limit. */
export function isLargeToken(): bool {
  const audiences = registered + MEMBER_AUD * FACT_SLOT_SIZE;
  const type = load<u32>(audiences, FACT_SLOT_TYPE);
  return (
    textBytes(MEMBER_SUB) > NAME_BYTES ||
    textBytes(MEMBER_JTI) > NAME_BYTES ||
    ((type === TYPE_LIST || type === TYPE_OTHER) && load<u32>(audiences, FACT_SLOT_VALUE) > AUDIENCES) ||
    hasManyScopes()
  );
}

function textBytes(member: u32): u32 {
  const slot = registered + member * FACT_SLOT_SIZE;
  return load<u32>(slot, FACT_SLOT_TYPE) === TYPE_TEXT ? load<u32>(slot, FACT_SLOT_VALUE) : 0;
}

/** RFC 6749 §3.3. A text that is no list of scopes has none; another step refuses it. */
function hasManyScopes(): bool {
  const length = textBytes(MEMBER_SCOPE);
  if (length > SCOPE_BYTES) return true;
  // A scope and a space take two bytes.
  if (length < SCOPES * 2) return false;
  const start: usize = load<u32>(registered + MEMBER_SCOPE * FACT_SLOT_SIZE, FACT_SLOT_ADDRESS);
  let count: u32 = 1;
  let before: u32 = 0x20;
  for (let at = start; at < start + length; at++) {
    const unit: u32 = load<u8>(at);
    if (unit < 0x20 || unit > 0x7e || unit === 0x22 || unit === 0x5c) return false;
    if (unit === 0x20) {
      if (before === 0x20) return false;
      count++;
    }
    before = unit;
  }
  return before !== 0x20 && count > SCOPES;
}
