/** Changes of the data, path by path. Only revocations are kept, so only what lies there has an effect. */
import { SCRATCH } from "../layout.ts";
import { isText } from "./document.ts";
import { ENTRY_VALUE, findEntry, isObjectEntry, putEntry, removeEntry, setObjectEntry } from "./entries.ts";
import {
  afterSpace,
  CLOSE_LIST,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
  readString,
  seal,
  textLength,
  textStart,
  unseal,
} from "./json.ts";
import { measure } from "./measure.ts";
import { heapPointer, release } from "./memory.ts";
import { forget } from "./parse.ts";
import {
  createList,
  createObject,
  createRevocations,
  dropEntry,
  dropMember,
  dropRevocations,
  isTime,
  KIND_OBJECT,
  KIND_OTHER,
  kindOfList,
  kindOfRevocations,
  LIST_TOKENS,
  listOf,
  MEMBER_AT,
  memberOf,
  setEntry,
  setMember,
  setRevocations,
} from "./revocations.ts";
import { seed } from "./tables.ts";
import { hash } from "./text.ts";
import { isUnread, isValue, jsonLengthOf, jsonOf, revocationsOf, setRevocationsOf } from "./value.ts";

// What the functions return to the host.
const FINE: u32 = 0;
const WRONG_TYPE: u32 = 2;
const WRONG_PATH: u32 = 3;

// The path at hand: spans of its first names, how many names it has, and whether the last one is a text.
const NAMES: usize = SCRATCH + 0x1200;
const NAME_SIZE = 8;
const KEPT_NAMES: u32 = 4;
let count: u32 = 0;
let isLastText: bool = false;

/**
 * Puts a value where the path says; objects on the way are created. The value is the document's from now on.
 * @returns 0, or why nothing was changed: 2 something on the way is no object, 3 the path is none
 */
export function addPath(data: usize, path: usize, value: usize): u32 {
  const heap = heapPointer();
  let result = readPath(path);
  if (result === FINE) {
    if (!isObject(data) || !isValue(value)) {
      result = WRONG_TYPE;
    } else {
      seal(jsonOf(value) + jsonLengthOf(value));
      result = add(data, jsonOf(value), isUnread(value));
      unseal();
    }
  }
  release(heap);
  if (result === FINE && value !== data && value !== path) forget(value);
  return result;
}

/** Removes what is at a path. What is not there is removed already. */
export function removePath(data: usize, path: usize): u32 {
  const heap = heapPointer();
  const result = readPath(path);
  if (result === FINE) remove(revocationsOf(data));
  release(heap);
  return result;
}

function isObject(value: usize): bool {
  return isValue(value) && load<u8>(jsonOf(value)) === OPEN_OBJECT;
}

function readPath(path: usize): u32 {
  if (!isValue(path)) return WRONG_PATH;
  const list = jsonOf(path);
  seal(list + jsonLengthOf(path));
  const isPath = load<u8>(list) === OPEN_LIST && readNames(list);
  unseal();
  return isPath ? FINE : WRONG_PATH;
}

function readNames(list: usize): bool {
  count = 0;
  let at = afterSpace(list + 1);
  if (load<u8>(at) === CLOSE_LIST) return false;
  while (true) {
    isLastText = load<u8>(at) === QUOTE;
    at = isLastText ? readString(at + 1) : measure(at);
    if (!at) return false;
    if (isLastText && count < KEPT_NAMES) {
      store<u32>(NAMES + count * NAME_SIZE, textStart);
      store<u32>(NAMES + count * NAME_SIZE, textLength, 4);
    }
    count++;
    at = afterSpace(at);
    if (load<u8>(at) === CLOSE_LIST) return true;
    if (!isLastText) return false;
    at = afterSpace(at + 1);
  }
}

function nameAt(place: u32): usize {
  return load<u32>(NAMES + place * NAME_SIZE);
}

function lengthAt(place: u32): u32 {
  return load<u32>(NAMES + place * NAME_SIZE, 4);
}

function find(entries: usize, place: u32): usize {
  return findEntry(entries, nameAt(place), lengthAt(place), hash(nameAt(place), lengthAt(place), seed()));
}

/** A last name that is no text names nothing of ours: it has no effect. */
function namesRevocations(): bool {
  return (count > 1 || isLastText) && isText(nameAt(0), lengthAt(0), "revocations");
}

function add(data: usize, value: usize, isTooDeep: bool): u32 {
  if (!namesRevocations()) return FINE;
  if (isTooDeep) return WRONG_TYPE;
  let root = revocationsOf(data);
  if (!root) {
    root = createRevocations();
    setRevocationsOf(data, root);
  }
  if (count === 1) {
    setRevocations(root, value, true);
    return FINE;
  }
  if (kindOfRevocations(root) === KIND_OTHER) return WRONG_TYPE;
  createObject(root);
  if (count === 2) {
    if (isLastText) setMember(root, memberOf(nameAt(1), lengthAt(1)), value, true);
    return FINE;
  }
  const member = memberOf(nameAt(1), lengthAt(1));
  if (member >= MEMBER_AT) return isTime(root, member) ? WRONG_TYPE : FINE;
  const list = listOf(root, member);
  if (kindOfList(list) === KIND_OTHER) return WRONG_TYPE;
  createList(list);
  if (count === 3) {
    if (isLastText) setEntry(root, member, nameAt(2), lengthAt(2), value, true);
    return FINE;
  }
  const before = find(list, 2);
  if (!before) setEntry(root, member, nameAt(2), lengthAt(2), 0, true);
  else if (!isObjectEntry(before)) return WRONG_TYPE;
  return member === LIST_TOKENS ? addToken(root, load<u32>(find(list, 2), ENTRY_VALUE), value) : FINE;
}

function addToken(root: usize, tokens: usize, value: usize): u32 {
  if (count === 4 && !isLastText) return FINE;
  const before = find(tokens, 3);
  if (count > 4 && before && !isObjectEntry(before)) return WRONG_TYPE;
  const entry = before ? before : putEntry(root, tokens, nameAt(3), lengthAt(3), true);
  setObjectEntry(entry, count > 4 || load<u8>(value) === OPEN_OBJECT);
  return FINE;
}

function remove(root: usize): void {
  if (!root || !isLastText || !namesRevocations()) return;
  if (count === 1) dropRevocations(root);
  if (count === 1 || kindOfRevocations(root) !== KIND_OBJECT) return;
  const member = memberOf(nameAt(1), lengthAt(1));
  if (count === 2) dropMember(root, member);
  if (count === 2 || member >= MEMBER_AT) return;
  const entry = find(listOf(root, member), 2);
  if (!entry) return;
  if (count === 3) dropEntry(root, member, entry);
  if (count !== 4 || member !== LIST_TOKENS) return;
  const tokens: usize = load<u32>(entry, ENTRY_VALUE);
  const token = tokens ? find(tokens, 3) : 0;
  if (token) removeEntry(root, tokens, token);
}
