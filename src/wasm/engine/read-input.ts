/** Reads the question: its JSON text, once and strictly, into the request record and the slots (step 0 of the decision procedure). */
import {
  PROBLEM_LIMIT,
  PROBLEM_MALFORMED,
  PROBLEM_NONE,
  REQUEST,
  REQUEST_HAS_TOKEN,
  REQUEST_HOST,
  REQUEST_METHOD,
  REQUEST_PATH,
  REQUEST_PROBLEM,
  REQUEST_SIZE,
  REQUEST_SPIFFE,
  REQUEST_TIME,
} from "../layout.ts";
import {
  afterColon,
  afterSpace,
  CLOSE_OBJECT,
  COMMA,
  expectWellFormed,
  illFormed,
  OPEN_OBJECT,
  QUOTE,
  readString,
  seal,
  textEscaped,
  textLength,
  textStart,
  unseal,
} from "./json.ts";
import { compactBytes, DEEPEST, depth, measure } from "./measure.ts";
import { cover, ensure, isHeld } from "./memory.ts";
import { addName, closeNames, hasDuplicate, nameHash, openNames, startNames } from "./names.ts";
import { integer, isNumberStart, isSafeInteger } from "./number.ts";
import { areHeaders, startHeaders } from "./read-headers.ts";
import {
  isShaped,
  namesTwice,
  PART_KEY,
  PART_PEER,
  PART_PROOF,
  PART_REQUEST,
  readPart,
  startParts,
} from "./read-parts.ts";
import { isLargeToken, readToken, repeatsClaim, startToken } from "./read-token.ts";
import { startLists } from "./read-values.ts";
import { isForbidden, isTooDeep, skipNumber, skipValue, startSkipping } from "./skip.ts";
import { clearSlots } from "./tables.ts";

/** `limits` */
const INPUT_BYTES: u32 = 65536;
const INPUT_DEPTH: u32 = 32;
const PATH_BYTES: u32 = 2048;
const PATH_SEGMENTS: u32 = 64;
const SPIFFE_BYTES: u32 = 2048;

/** A character takes at most six times as many bytes as it must: whatever is longer is too large, or mostly white space. */
const LONGEST: u32 = INPUT_BYTES * 6;
/** A number of one digit and its comma count nine bytes for two, nothing grows more: no shorter text is too large. */
const SURELY_SMALL: u32 = (INPUT_BYTES * 2) / 9;

/** Whether the members of the input were what they must be. */
let shaped: bool = false;

/**
 * Fills the request record and the slots from a JSON text; what follows its first value is ignored.
 * @returns whether the text is JSON. If not, that is the problem in the record, too; there may be others.
 */
export function readInput(address: usize, length: u32): bool {
  clearRequest();
  clearSlots();
  const end = address + length;
  let problem: u32 = PROBLEM_MALFORMED;
  let isJson = false;
  if (address && length && isHeld(address, length)) {
    isJson = true;
    if (length > LONGEST) problem = PROBLEM_LIMIT;
    else {
      // The text must not be where copies of its strings go.
      cover(end + 1);
      ensure(address, length);
      seal(end);
      if (length > SURELY_SMALL) problem = problemOfSize(address);
      else problem = PROBLEM_NONE;
      if (problem === PROBLEM_NONE) problem = readWhole(address, length);
      unseal();
      if (problem === NO_JSON) {
        isJson = false;
        problem = PROBLEM_MALFORMED;
      }
    }
  }
  store<u32>(REQUEST, problem, REQUEST_PROBLEM);
  return isJson;
}

/** Word by word: `memory.fill` is a call to the host's runtime. */
function clearRequest(): void {
  for (let at: u32 = 0; at < (REQUEST_SIZE as u32); at += 8) store<u64>(REQUEST + at, 0);
}

/** Beside the problems of the record. */
const NO_JSON: u32 = 3;

function problemOfSize(address: usize): u32 {
  if (measure(address))
    return compactBytes > (INPUT_BYTES as i64) || depth > INPUT_DEPTH ? PROBLEM_LIMIT : PROBLEM_NONE;
  // Deeper than anything that is looked at.
  return depth > DEEPEST ? PROBLEM_LIMIT : NO_JSON;
}

function readWhole(address: usize, length: u32): u32 {
  expectWellFormed();
  // A member takes at least five bytes, its comma included.
  startNames(min(length, INPUT_BYTES) / 5 + 1);
  startSkipping();
  startParts();
  startHeaders();
  startToken();
  startLists();
  shaped = true;
  const at = afterSpace(address);
  const after = load<u8>(at) === OPEN_OBJECT ? readMembers(at) : skipOther(at);
  if (!after) {
    if (!isTooDeep) return NO_JSON;
    // INVARIANT: what was not read to its end is never without a problem.
    const problem = problemOfSize(address);
    return problem === PROBLEM_NONE ? PROBLEM_LIMIT : problem;
  }
  if (!load<u32>(REQUEST, REQUEST_HOST) || !load<u32>(REQUEST, REQUEST_METHOD) || !load<u32>(REQUEST, REQUEST_PATH))
    return PROBLEM_MALFORMED;
  if (!shaped || illFormed || hasDuplicate || isForbidden || namesTwice || repeatsClaim || !areHeaders)
    return PROBLEM_MALFORMED;
  return exceedsLimits() ? PROBLEM_LIMIT : PROBLEM_NONE;
}

function skipOther(at: usize): usize {
  shaped = false;
  return skipValue(at, 0);
}

const TIME: u32 = 1 | (5 << 8);
const TOKEN: u32 = 2 | (6 << 8);
const PEER: u32 = 4 | (5 << 8);
const PROOF: u32 = 8 | (6 << 8);
const KEY: u32 = 16 | (4 << 8);
const PARTS: u32 = 32 | (8 << 8);

/** A bit for each known member, and, 256 times, how many bytes its name and the quote after it take; 0 for any other. */
function memberOf(name: usize): u32 {
  const word = load<u64>(name);
  if (word === (((0x22747365 as u64) << 32) | 0x75716572)) return PARTS; // request"
  const six = word & 0xffffffffffff;
  if (six === 0x226e656b6f74) return TOKEN; // token"
  if (six === 0x22666f6f7270) return PROOF; // proof"
  const five = word & 0xffffffffff;
  if (five === 0x22656d6974) return TIME; // time"
  if (five === 0x2272656570) return PEER; // peer"
  return (word as u32) === 0x2279656b ? KEY : 0; // key"
}

function readMembers(at: usize): usize {
  const opened = openNames();
  let known: u32 = 0;
  let names: u64 = 0;
  at = afterSpace(at + 1);
  if (load<u8>(at) === CLOSE_OBJECT) {
    shaped = false;
    return at + 1;
  }
  while (true) {
    if (load<u8>(at) !== QUOTE) return 0;
    let member = memberOf(++at);
    if (member) at += member >> 8;
    else {
      at = readString(at);
      if (!at) return 0;
      if (textEscaped) member = memberOf(textStart);
      if (member >> 8 !== textLength + 1) {
        member = 0;
        names = addName(opened, names, textStart, textLength, nameHash(textStart, textLength));
      }
    }
    at = afterColon(at);
    if (!at) return 0;
    if (known & member & 0xff) shaped = false;
    known |= member & 0xff;
    at = readMember(at, member);
    if (!at) return 0;
    at = afterSpace(at);
    const unit: u32 = load<u8>(at);
    if (unit !== COMMA) {
      closeNames(opened);
      if (!(known & TIME & 0xff) || !(known & PARTS & 0xff)) shaped = false;
      return unit === CLOSE_OBJECT ? at + 1 : 0;
    }
    at = afterSpace(at + 1);
  }
}

function readMember(at: usize, member: u32): usize {
  switch (member) {
    case TIME:
      return readTime(at);
    case TOKEN:
      return readClaims(at);
    case PEER:
      return readShaped(at, PART_PEER);
    case PROOF:
      return readShaped(at, PART_PROOF);
    case KEY:
      return readShaped(at, PART_KEY);
    case PARTS:
      return readShaped(at, PART_REQUEST);
    default:
      return skipValue(at, 1);
  }
}

function readClaims(at: usize): usize {
  if (load<u8>(at) !== OPEN_OBJECT) {
    shaped = false;
    return skipValue(at, 1);
  }
  store<u32>(REQUEST, 1, REQUEST_HAS_TOKEN);
  return readToken(at, 1);
}

function readTime(at: usize): usize {
  if (!isNumberStart(load<u8>(at))) {
    shaped = false;
    return skipValue(at, 1);
  }
  const next = skipNumber(at);
  if (!isSafeInteger || integer < 0) shaped = false;
  store<i64>(REQUEST, integer, REQUEST_TIME);
  return next;
}

function readShaped(at: usize, part: u32): usize {
  const next = readPart(at, part, 1);
  if (!isShaped) shaped = false;
  return next;
}

function exceedsLimits(): bool {
  return (
    load<u32>(REQUEST, REQUEST_SPIFFE + 4) > SPIFFE_BYTES ||
    isLargePath(load<u32>(REQUEST, REQUEST_PATH), load<u32>(REQUEST, REQUEST_PATH + 4)) ||
    (load<u32>(REQUEST, REQUEST_HAS_TOKEN) !== 0 && isLargeToken())
  );
}

function isLargePath(path: usize, length: u32): bool {
  if (length <= PATH_SEGMENTS) return false;
  let slashes: u32 = 0;
  for (let at = path; at < path + length; at++) slashes += (load<u8>(at) === 0x2f) as u32;
  return length > PATH_BYTES || slashes > PATH_SEGMENTS;
}
