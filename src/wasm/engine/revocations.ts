/** What a document of data says is revoked: read once while it is parsed, then found by name, and changed name by name. */
import { TEXT_HASH, TEXT_LENGTH } from "../layout.ts";
import { ARENA_SIZE, createArena, give, take } from "./arena.ts";
import { afterName, isText } from "./document.ts";
import {
  ENTRIES_COUNT,
  ENTRIES_SIZE,
  ENTRY_VALUE,
  findEntry,
  makeRoom,
  nextEntry,
  putEntry,
  removeEntries,
  removeEntry,
  setObjectEntry,
} from "./entries.ts";
import { afterSpace, CLOSE_OBJECT, COMMA, OPEN_OBJECT, textEscaped, textLength, textStart } from "./json.ts";
import { measure } from "./measure.ts";
import { heapPointer, release } from "./memory.ts";
import { integer, isNumberStart, isSafeInteger, readNumber } from "./number.ts";
import { rawOf } from "./text.ts";
import { revocationsOf } from "./value.ts";

export const LIST_IDENTITIES: u32 = 0;
export const LIST_OWNERS: u32 = 1;
export const LIST_ISSUERS: u32 = 2;
export const LIST_TIERS: u32 = 3;
export const LIST_KEYS: u32 = 4;
export const LIST_GRANTS: u32 = 5;
/** Of lists of tokens, by issuer. */
export const LIST_TOKENS: u32 = 6;
/** Of times. */
export const LIST_ISSUED_BEFORE: u32 = 7;
export const MEMBER_AT: u32 = 8;
export const MEMBER_FLOOR: u32 = 9;
export const MEMBER_OTHER: u32 = 10;
const LISTS: u32 = 8;

/** Neither a time nor absent. */
const NO_TIME: i64 = -2;
const ABSENT: i64 = -1;

// The record: an arena, then these.
const ROOT_AT = ARENA_SIZE; // 64 bits; negative where it is no time
const ROOT_FLOOR = ARENA_SIZE + 8;
const ROOT_KIND = ARENA_SIZE + 16; // KIND_…
const ROOT_LISTS = ARENA_SIZE + 24; // entries each
const ROOT_SIZE = ROOT_LISTS + 8 * 16;
/** Of a list, in its last word. */
const LIST_KIND = 12;
export const KIND_ABSENT: u32 = 0;
export const KIND_OBJECT: u32 = 1;
export const KIND_OTHER: u32 = 2;

// ---- What the decision asks.

/** The revocations of a document of data; 0 where they are not known, as without their time or their floor (threat model F25). */
export function revocationsIn(data: usize): usize {
  const root = revocationsOf(data);
  return root && load<i64>(root, ROOT_AT) >= 0 && load<i64>(root, ROOT_FLOOR) >= 0 ? root : 0;
}

export function revokedAt(root: usize): i64 {
  return load<i64>(root, ROOT_AT);
}

export function revokedFloor(root: usize): i64 {
  return load<i64>(root, ROOT_FLOOR);
}

/** Whether a list has anything, so that nothing need be hashed in vain. */
export function hasEntries(root: usize, list: u32): bool {
  return load<u32>(listOf(root, list), ENTRIES_COUNT) !== 0;
}

/** Whether a list has this name. An entry counts by being there, whatever its value. */
export function isRevoked(root: usize, list: u32, address: usize, length: u32, hash: u32): bool {
  return findEntry(listOf(root, list), address, length, hash) !== 0;
}

/** Whether the list of an issuer has this `jti`. */
export function isTokenRevoked(root: usize, issuer: usize, address: usize, length: u32, hash: u32): bool {
  const entry = entryOf(root, LIST_TOKENS, issuer);
  const tokens: usize = entry ? (load<u32>(entry, ENTRY_VALUE) as usize) : 0;
  return tokens !== 0 && findEntry(tokens, address, length, hash) !== 0;
}

/** Before when credentials of a name must have been issued to be refused: −1 without an entry, −2 where that is no time. */
export function issuedBefore(root: usize, name: usize): i64 {
  const entry = entryOf(root, LIST_ISSUED_BEFORE, name);
  if (!entry) return ABSENT;
  const time: usize = load<u32>(entry, ENTRY_VALUE);
  return time ? load<i64>(time) : NO_TIME;
}

function entryOf(root: usize, list: u32, name: usize): usize {
  return findEntry(listOf(root, list), rawOf(name), load<u32>(name, TEXT_LENGTH), load<u32>(name, TEXT_HASH));
}

// ---- What patches change. Values are well-formed JSON, sealed; `copied` says whether their text will be gone.

export function createRevocations(): usize {
  const root = createArena(ROOT_SIZE);
  store<i64>(root, ABSENT, ROOT_AT);
  store<i64>(root, ABSENT, ROOT_FLOOR);
  return root;
}

export function kindOfRevocations(root: usize): u32 {
  return load<u32>(root, ROOT_KIND);
}

/** Also creates them. */
export function setRevocations(root: usize, value: usize, copied: bool): void {
  dropRevocations(root);
  createObject(root);
  if (load<u8>(value) !== OPEN_OBJECT) {
    store<u32>(root, KIND_OTHER, ROOT_KIND);
    return;
  }
  for (let at = firstName(value); at; at = nextName(valueEnd))
    setMember(root, memberOf(textStart, textLength), at, copied);
}

export function createObject(root: usize): void {
  store<u32>(root, KIND_OBJECT, ROOT_KIND);
}

export function dropRevocations(root: usize): void {
  for (let member: u32 = 0; member < MEMBER_OTHER; member++) dropMember(root, member);
  store<u32>(root, KIND_ABSENT, ROOT_KIND);
}

/** Which member of the revocations has a name. */
export function memberOf(address: usize, length: u32): u32 {
  if (isText(address, length, "identities")) return LIST_IDENTITIES;
  if (isText(address, length, "owners")) return LIST_OWNERS;
  if (isText(address, length, "issuers")) return LIST_ISSUERS;
  if (isText(address, length, "tiers")) return LIST_TIERS;
  if (isText(address, length, "keys")) return LIST_KEYS;
  if (isText(address, length, "grants")) return LIST_GRANTS;
  if (isText(address, length, "tokens")) return LIST_TOKENS;
  if (isText(address, length, "issuedBefore")) return LIST_ISSUED_BEFORE;
  if (isText(address, length, "at")) return MEMBER_AT;
  return isText(address, length, "floor") ? MEMBER_FLOOR : MEMBER_OTHER;
}

export function setMember(root: usize, member: u32, value: usize, copied: bool): void {
  if (member === MEMBER_AT || member === MEMBER_FLOOR) setTime(root, member, timeAt(value));
  if (member < LISTS) {
    dropMember(root, member);
    const list = listOf(root, member);
    const isObject = load<u8>(value) === OPEN_OBJECT;
    store<u32>(list, isObject ? KIND_OBJECT : KIND_OTHER, LIST_KIND);
    if (isObject) {
      fill(root, list, member, value, copied);
      return;
    }
  }
  valueEnd = measure(value);
}

export function dropMember(root: usize, member: u32): void {
  if (member === MEMBER_AT || member === MEMBER_FLOOR) setTime(root, member, ABSENT);
  if (member >= LISTS) return;
  const list = listOf(root, member);
  for (let entry = nextEntry(list, 0); entry; entry = nextEntry(list, entry)) giveValue(root, member, entry);
  removeEntries(root, list);
  store<u32>(list, KIND_ABSENT, LIST_KIND);
}

export function listOf(root: usize, list: u32): usize {
  return root + ROOT_LISTS + list * ENTRIES_SIZE;
}

export function kindOfList(list: usize): u32 {
  return load<u32>(list, LIST_KIND);
}

export function createList(list: usize): void {
  store<u32>(list, KIND_OBJECT, LIST_KIND);
}

/** Whether the member is a time, below which there is nothing. */
export function isTime(root: usize, member: u32): bool {
  return (
    (member === MEMBER_AT && load<i64>(root, ROOT_AT) >= 0) ||
    (member === MEMBER_FLOOR && load<i64>(root, ROOT_FLOOR) >= 0)
  );
}

/**
 * Puts a name into a list, or another value to it.
 * @param value 0: an object without members
 */
export function setEntry(root: usize, list: u32, name: usize, length: u32, value: usize, copied: bool): void {
  const entry = putEntry(root, listOf(root, list), name, length, copied);
  giveValue(root, list, entry);
  const isObject = !value || load<u8>(value) === OPEN_OBJECT;
  setObjectEntry(entry, isObject);
  if (list === LIST_TOKENS && isObject) {
    const tokens = take(root, ENTRIES_SIZE);
    memory.fill(tokens, 0, ENTRIES_SIZE);
    store<u32>(entry, tokens, ENTRY_VALUE);
    if (value) fill(root, tokens, LISTS, value, copied);
    return;
  }
  if (!value) return;
  if (list === LIST_ISSUED_BEFORE) setIssuedBefore(root, entry, timeAt(value));
  valueEnd = measure(value);
}

function setIssuedBefore(root: usize, entry: usize, time: i64): void {
  if (time < 0) return;
  const place = take(root, sizeof<i64>());
  store<i64>(place, time);
  store<u32>(entry, place, ENTRY_VALUE);
}

export function dropEntry(root: usize, list: u32, entry: usize): void {
  giveValue(root, list, entry);
  removeEntry(root, listOf(root, list), entry);
}

function giveValue(root: usize, list: u32, entry: usize): void {
  const value: usize = load<u32>(entry, ENTRY_VALUE);
  if (!value) return;
  if (list === LIST_TOKENS) removeEntries(root, value);
  give(root, value, list === LIST_TOKENS ? ENTRIES_SIZE : sizeof<i64>());
  store<u32>(entry, 0, ENTRY_VALUE);
}

/** After the value that was set last. */
let valueEnd: usize = 0;

/**
 * Puts all names of an object into a list.
 * @param list `LISTS`: one of an issuer
 */
function fill(root: usize, entries: usize, list: u32, object: usize, copied: bool): void {
  // Of issuers there are few.
  if (list !== LIST_TOKENS) makeRoom(root, entries, countNames(object));
  const heap = heapPointer();
  let at = firstName(object);
  while (at) {
    const ownCopy = copied || textEscaped;
    if (list < LISTS) {
      setEntry(root, list, textStart, textLength, at, ownCopy);
    } else {
      setObjectEntry(putEntry(root, entries, textStart, textLength, ownCopy), load<u8>(at) === OPEN_OBJECT);
      valueEnd = measure(at);
    }
    release(heap);
    at = nextName(valueEnd);
  }
  valueEnd = objectEnd;
}

function countNames(object: usize): u32 {
  let count: u32 = 0;
  for (let at = firstName(object); at; at = nextName(measure(at))) count++;
  return count;
}

/** After the object whose last name was read. */
let objectEnd: usize = 0;

/** The value of the first member of an object; 0 where it has none. Its name is the text that was read last. */
function firstName(object: usize): usize {
  return nameOrEnd(afterSpace(object + 1));
}

function nextName(end: usize): usize {
  const at = afterSpace(end);
  return nameOrEnd(load<u8>(at) === COMMA ? afterSpace(at + 1) : at);
}

function nameOrEnd(at: usize): usize {
  if (load<u8>(at) !== CLOSE_OBJECT) return afterName(at);
  objectEnd = at + 1;
  return 0;
}

function setTime(root: usize, member: u32, time: i64): void {
  if (member === MEMBER_AT) store<i64>(root, time, ROOT_AT);
  else store<i64>(root, time, ROOT_FLOOR);
}

/** A whole number of seconds, or what is negative. */
function timeAt(value: usize): i64 {
  if (!isNumberStart(load<u8>(value))) return NO_TIME;
  readNumber(value);
  return isSafeInteger && integer >= 0 ? integer : NO_TIME;
}
