/** The parts of an input that hold a few texts of known names: the request, the peer, the proof, the key, and a token's `cnf`. */
import {
  REQUEST,
  REQUEST_CONFIRMED_CERTIFICATE,
  REQUEST_CONFIRMED_KEY,
  REQUEST_HOST,
  REQUEST_IP,
  REQUEST_KEY_ID,
  REQUEST_METHOD,
  REQUEST_PATH,
  REQUEST_PROOF_KEY,
  REQUEST_SPIFFE,
  REQUEST_THUMBPRINT,
} from "../layout.ts";
import {
  afterColon,
  afterSpace,
  CLOSE_OBJECT,
  COMMA,
  OPEN_OBJECT,
  QUOTE,
  readString,
  textEscaped,
  textLength,
  textStart,
} from "./json.ts";
import { addName, closeNames, nameHash, openNames } from "./names.ts";
import { readHeaders } from "./read-headers.ts";
import { skipValue } from "./skip.ts";

export const PART_REQUEST = 0;
export const PART_PEER = 1;
export const PART_PROOF = 2;
export const PART_KEY = 3;
export const PART_CONFIRMATION = 4;

/** In place of a field of the request record: `headers`. */
const HEADERS: u32 = 8;

/** Whether each known member of the part that was read last is what it must be. */
export let isShaped: bool = false;
/** Whether a part since `startParts` named a known member twice. */
export let namesTwice: bool = false;

export function startParts(): void {
  namesTwice = false;
}

/**
 * @param depth how many lists and objects are open
 * @returns the address after the value; 0 where there is none, or one that is too deep
 */
export function readPart(at: usize, part: u32, depth: u32): usize {
  if (load<u8>(at) !== OPEN_OBJECT) {
    isShaped = false;
    return skipValue(at, depth);
  }
  let shaped = true;
  let known: u64 = 0;
  let names: u64 = 0;
  const opened = openNames();
  at = afterSpace(at + 1);
  if (load<u8>(at) === CLOSE_OBJECT) {
    isShaped = true;
    return at + 1;
  }
  while (true) {
    if (load<u8>(at) !== QUOTE) return 0;
    let field = fieldOf(part, ++at);
    if (field) at += field >> 8;
    else {
      at = readString(at);
      if (!at) return 0;
      if (textEscaped) field = fieldOf(part, textStart);
      if (field >> 8 !== textLength + 1) {
        field = 0;
        names = addName(opened, names, textStart, textLength, nameHash(textStart, textLength));
      }
    }
    at = afterColon(at);
    if (!at) return 0;
    if (field) {
      field &= 0xff;
      const bit = (1 as u64) << ((field >> 3) as u64);
      if (known & bit) namesTwice = true;
      known |= bit;
      if (field === HEADERS) {
        at = readHeaders(at, depth + 1);
      } else if (load<u8>(at) === QUOTE) {
        at = readString(at + 1);
        store<u32>(REQUEST + field, textStart as u32);
        store<u32>(REQUEST + field, textLength, 4);
      } else {
        shaped = false;
        at = skipValue(at, depth + 1);
      }
    } else at = skipValue(at, depth + 1);
    if (!at) return 0;
    at = afterSpace(at);
    const unit: u32 = load<u8>(at);
    if (unit !== COMMA) {
      closeNames(opened);
      isShaped = shaped;
      return unit === CLOSE_OBJECT ? at + 1 : 0;
    }
    at = afterSpace(at + 1);
  }
}

/**
 * Which field of the request record a member fills, and, 256 times, how many bytes its name and the quote after it take. Names
 * are compared as words, the quote included: the numbers are their letters, the last one first.
 */
function fieldOf(part: u32, name: usize): u32 {
  const word = load<u64>(name);
  switch (part) {
    case PART_REQUEST:
      if ((word & 0xffffffffff) === 0x2274736f68) return REQUEST_HOST | (5 << 8); // host"
      if ((word & (((0x00ffffff as u64) << 32) | 0xffffffff)) === (((0x0022646f as u64) << 32) | 0x6874656d))
        return REQUEST_METHOD | (7 << 8); // method"
      if ((word & 0xffffffffff) === 0x2268746170) return REQUEST_PATH | (5 << 8); // path"
      if (word === (((0x22737265 as u64) << 32) | 0x64616568)) return HEADERS | (8 << 8); // headers"
      return (word & 0xffffff) === 0x227069 ? REQUEST_IP | (3 << 8) : 0; // ip"
    case PART_PEER:
      if ((word & (((0x00ffffff as u64) << 32) | 0xffffffff)) === (((0x00226566 as u64) << 32) | 0x66697073))
        return REQUEST_SPIFFE | (7 << 8); // spiffe"
      return isThumbprint(name, word) ? REQUEST_THUMBPRINT | (9 << 8) : 0;
    case PART_PROOF:
      return (word as u32) === 0x22746b6a ? REQUEST_PROOF_KEY | (4 << 8) : 0; // jkt"
    case PART_KEY:
      return (word & 0xffffff) === 0x226469 ? REQUEST_KEY_ID | (3 << 8) : 0; // id"
    default:
      if ((word as u32) === 0x22746b6a) return REQUEST_CONFIRMED_KEY | (4 << 8); // jkt"
      return isThumbprint(name, word) ? REQUEST_CONFIRMED_CERTIFICATE | (9 << 8) : 0;
  }
}

/** x5t#S256" */
function isThumbprint(name: usize, word: u64): bool {
  return word === (((0x36353253 as u64) << 32) | 0x23743578) && load<u8>(name + 8) === QUOTE;
}
