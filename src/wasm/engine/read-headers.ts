/** The headers of the request: each a text or a list of texts; those that a condition reads go to their slots. */
import {
  FACT_SLOT_TYPE,
  HEADER_HEADERS,
  MEMBER_KEY,
  MEMBER_NUMBER,
  SCRATCH,
  TABLES,
  TYPE_LIST,
  TYPE_TEXT,
} from "../layout.ts";
import {
  afterColon,
  afterSpace,
  CLOSE_OBJECT,
  COMMA,
  OPEN_OBJECT,
  QUOTE,
  readString,
  textLength,
  textStart,
} from "./json.ts";
import { addName, closeNames, nameHash, openNames } from "./names.ts";
import { readValue } from "./read-values.ts";
import { skipValue } from "./skip.ts";
import { headerSlot, mayBeHeader, seed } from "./tables.ts";
import { find, hash } from "./text.ts";

/** In place of a slot, for what nobody asks for. */
const NOWHERE: usize = SCRATCH;

/** Whether the headers since `startHeaders` were what they must be. */
export let areHeaders: bool = true;

export function startHeaders(): void {
  areHeaders = true;
}

export function readHeaders(at: usize, depth: u32): usize {
  if (load<u8>(at) !== OPEN_OBJECT) {
    areHeaders = false;
    return skipValue(at, depth);
  }
  const key = seed();
  const opened = openNames();
  let names: u64 = 0;
  at = afterSpace(at + 1);
  if (load<u8>(at) === CLOSE_OBJECT) return at + 1;
  while (true) {
    if (load<u8>(at) !== QUOTE) return 0;
    at = readString(at + 1);
    if (!at) return 0;
    let slot = NOWHERE;
    // Equal names get the same one of the two hashes.
    if (mayBeHeader(textStart, textLength)) {
      const keyHash = hash(textStart, textLength, key);
      names = addName(opened, names, textStart, textLength, keyHash);
      const row = find(TABLES + HEADER_HEADERS, MEMBER_KEY, textStart, textLength, keyHash);
      if (row) slot = headerSlot(load<u32>(row, MEMBER_NUMBER));
    } else names = addName(opened, names, textStart, textLength, nameHash(textStart, textLength));
    at = afterColon(at);
    if (!at) return 0;
    at = readValue(at, slot, depth + 1);
    if (!at) return 0;
    const type = load<u32>(slot, FACT_SLOT_TYPE);
    if (type !== TYPE_TEXT && type !== TYPE_LIST) areHeaders = false;
    at = afterSpace(at);
    const unit: u32 = load<u8>(at);
    if (unit !== COMMA) {
      closeNames(opened);
      return unit === CLOSE_OBJECT ? at + 1 : 0;
    }
    at = afterSpace(at + 1);
  }
}
