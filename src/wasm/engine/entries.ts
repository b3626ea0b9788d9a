/** A set of names within one document of data: open addressing with linear probing, at most half full, nothing ever marked as gone. */
import { give, take } from "./arena.ts";
import { fail } from "./memory.ts";
import { seed } from "./tables.ts";
import { equal, hash } from "./text.ts";

// Entries; all 0 where there is none.
const ENTRIES_SLOTS = 0; // address
const ENTRIES_MASK = 4; // slots − 1
export const ENTRIES_COUNT = 8;
export const ENTRIES_SIZE = 16; // the last word is their owner's

const ENTRY_HASH = 0;
const ENTRY_NAME = 4; // address of the name's bytes; 0: free
const ENTRY_LENGTH = 8; // of the name × 4, and bits
/** Address of what belongs to the entry, or 0. */
export const ENTRY_VALUE = 12;
const ENTRY_SIZE = 16;
/** The name is a copy of ours. */
const OWN_NAME: u32 = 1;
const IS_OBJECT: u32 = 2;

const FEWEST_SLOTS: u32 = 4;
const MOST_SLOTS: u32 = 1 << 26;
const LONGEST_NAME: u32 = 1 << 29;

/** The entry of a name, or 0. */
export function findEntry(entries: usize, address: usize, length: u32, nameHash: u32): usize {
  const slots: usize = load<u32>(entries, ENTRIES_SLOTS);
  if (!slots) return 0;
  const mask = load<u32>(entries, ENTRIES_MASK);
  let at = nameHash & mask;
  while (true) {
    const entry = slots + at * ENTRY_SIZE;
    const name: usize = load<u32>(entry, ENTRY_NAME);
    if (!name) return 0;
    if (
      load<u32>(entry, ENTRY_HASH) === nameHash &&
      load<u32>(entry, ENTRY_LENGTH) >> 2 === length &&
      equal(name, address, length)
    )
      return entry;
    at = (at + 1) & mask;
  }
}

/**
 * The entry of a name, which is added where it is not there yet.
 * @param copied whether the bytes will be gone
 */
export function putEntry(arena: usize, entries: usize, address: usize, length: u32, copied: bool): usize {
  const nameHash = hash(address, length, seed());
  const found = findEntry(entries, address, length, nameHash);
  if (found) return found;
  if (length > LONGEST_NAME) fail("a name is too long");
  // All memory is had before anything changes.
  let name = address;
  if (copied) {
    name = take(arena, length);
    memory.copy(name, address, length);
  }
  const count = load<u32>(entries, ENTRIES_COUNT) + 1;
  makeRoom(arena, entries, count);
  store<u32>(entries, count, ENTRIES_COUNT);
  const entry = freeSlot(load<u32>(entries, ENTRIES_SLOTS), load<u32>(entries, ENTRIES_MASK), nameHash);
  store<u32>(entry, nameHash, ENTRY_HASH);
  store<u32>(entry, name, ENTRY_NAME);
  store<u32>(entry, (length << 2) | (copied ? OWN_NAME : 0), ENTRY_LENGTH);
  store<u32>(entry, 0, ENTRY_VALUE);
  return entry;
}

/** Makes sure that so many entries fit. */
export function makeRoom(arena: usize, entries: usize, count: u32): void {
  const old: usize = load<u32>(entries, ENTRIES_SLOTS);
  const oldSlots: u32 = old ? load<u32>(entries, ENTRIES_MASK) + 1 : 0;
  if (count << 1 <= oldSlots || !count) return;
  if (count > MOST_SLOTS >> 1) fail("there are too many revocations");
  let slots = FEWEST_SLOTS;
  while (slots < count << 1) slots <<= 1;
  const fresh = take(arena, slots * ENTRY_SIZE);
  memory.fill(fresh, 0, slots * ENTRY_SIZE);
  for (let i: u32 = 0; i < oldSlots; i++) {
    const entry = old + i * ENTRY_SIZE;
    if (load<u32>(entry, ENTRY_NAME))
      memory.copy(freeSlot(fresh, slots - 1, load<u32>(entry, ENTRY_HASH)), entry, ENTRY_SIZE);
  }
  if (old) give(arena, old, oldSlots * ENTRY_SIZE);
  store<u32>(entries, fresh, ENTRIES_SLOTS);
  store<u32>(entries, slots - 1, ENTRIES_MASK);
}

function freeSlot(slots: usize, mask: u32, nameHash: u32): usize {
  let at = nameHash & mask;
  while (load<u32>(slots + at * ENTRY_SIZE, ENTRY_NAME)) at = (at + 1) & mask;
  return slots + at * ENTRY_SIZE;
}

/** What belongs to the entry must be given back before. Entries behind it move up, so that no search ends too early. */
export function removeEntry(arena: usize, entries: usize, entry: usize): void {
  giveName(arena, entry);
  const slots: usize = load<u32>(entries, ENTRIES_SLOTS);
  const mask = load<u32>(entries, ENTRIES_MASK);
  let hole = ((entry - slots) / ENTRY_SIZE) as u32;
  for (let at = (hole + 1) & mask; ; at = (at + 1) & mask) {
    const next = slots + at * ENTRY_SIZE;
    if (!load<u32>(next, ENTRY_NAME)) break;
    const home = load<u32>(next, ENTRY_HASH) & mask;
    if (((at - home) & mask) < ((at - hole) & mask)) continue;
    memory.copy(slots + hole * ENTRY_SIZE, next, ENTRY_SIZE);
    hole = at;
  }
  memory.fill(slots + hole * ENTRY_SIZE, 0, ENTRY_SIZE);
  store<u32>(entries, load<u32>(entries, ENTRIES_COUNT) - 1, ENTRIES_COUNT);
}

/** What belongs to entries must be given back before. */
export function removeEntries(arena: usize, entries: usize): void {
  const slots: usize = load<u32>(entries, ENTRIES_SLOTS);
  if (!slots) return;
  for (let entry = nextEntry(entries, 0); entry; entry = nextEntry(entries, entry)) giveName(arena, entry);
  give(arena, slots, (load<u32>(entries, ENTRIES_MASK) + 1) * ENTRY_SIZE);
  memory.fill(entries, 0, ENTRIES_SIZE);
}

/** The first entry after another one, or of all; 0 at the end. */
export function nextEntry(entries: usize, entry: usize): usize {
  const slots: usize = load<u32>(entries, ENTRIES_SLOTS);
  const end = slots ? slots + (load<u32>(entries, ENTRIES_MASK) + 1) * ENTRY_SIZE : 0;
  for (let next = entry ? entry + ENTRY_SIZE : slots; next < end; next += ENTRY_SIZE)
    if (load<u32>(next, ENTRY_NAME)) return next;
  return 0;
}

function giveName(arena: usize, entry: usize): void {
  const length = load<u32>(entry, ENTRY_LENGTH);
  if (length & OWN_NAME) give(arena, load<u32>(entry, ENTRY_NAME), length >> 2);
}

export function isObjectEntry(entry: usize): bool {
  return (load<u32>(entry, ENTRY_LENGTH) & IS_OBJECT) !== 0;
}

export function setObjectEntry(entry: usize, isObject: bool): void {
  const length = load<u32>(entry, ENTRY_LENGTH) & ~IS_OBJECT;
  store<u32>(entry, isObject ? length | IS_OBJECT : length, ENTRY_LENGTH);
}
