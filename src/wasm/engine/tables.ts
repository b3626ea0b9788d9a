/** The tables of the policy: whether there are any, and where what belongs to them lies. */
import {
  FACT_SLOT_SIZE,
  HEADER_DIGEST,
  HEADER_HEADER_COUNT,
  HEADER_HEADERS,
  HEADER_LENGTH,
  HEADER_MAGIC,
  HEADER_MEMBER_COUNT,
  HEADER_MEMBERS,
  HEADER_SEED,
  HEADER_SIZE,
  HEADER_VERSION,
  INDEX_MASK,
  INDEX_SLOTS,
  MAGIC,
  MEMBER_KEY,
  ROW_KEY_LENGTH,
  SLOT_ROW,
  SLOT_SIZE,
  TABLES,
  VERSION,
} from "../layout.ts";
import { grow, isHeld, setHeapBase } from "./memory.ts";
import { hashOfMany } from "./text.ts";

let loaded: bool = false;
let slots: usize = 0;
let slotBytes: u32 = 0;
let headers: usize = 0;
/** A bit for each kind of name that the index of members, or that of headers, holds. */
let memberKinds: u64 = 0;
let headerKinds: u64 = 0;

/**
 * Memory for so many bytes of tables; the host or the start function writes them at the address that is returned. Where there
 * is none the module stops without a word: hosts do not listen yet.
 */
export function reserve(length: u32): usize {
  if (!grow(TABLES, length)) unreachable();
  return TABLES;
}

/**
 * Takes the tables into use, whatever was there before. Without tables, and with ones that were damaged on their way, the
 * engine runs and refuses every request as `policy-missing`: nothing here may stop a host that has no handler ready yet.
 *
 * @param length how many bytes were written
 */
export function attach(length: u32): bool {
  loaded = isWhole(length);
  slots = (TABLES + (loaded ? length : 0) + 15) & ~15;
  const members: u32 = loaded ? load<u32>(TABLES, HEADER_MEMBER_COUNT) : 0;
  const count = members + (loaded ? load<u32>(TABLES, HEADER_HEADER_COUNT) : 0);
  headers = slots + members * FACT_SLOT_SIZE;
  slotBytes = count * FACT_SLOT_SIZE;
  if (!grow(slots, slotBytes)) unreachable();
  setHeapBase(slots + slotBytes);
  memberKinds = loaded ? kindsIn(TABLES + HEADER_MEMBERS) : 0;
  headerKinds = loaded ? kindsIn(TABLES + HEADER_HEADERS) : 0;
  return loaded;
}

/** Names of one kind have the same length and the same first byte: most names that nobody asks for need no hash. */
function kindOf(address: usize, length: u32): u64 {
  return (1 as u64) << ((length ? load<u8>(address) + length * 7 : 0) & 63);
}

function kindsIn(index: usize): u64 {
  const first: usize = load<u32>(index, INDEX_SLOTS);
  const count: u32 = first ? load<u32>(index, INDEX_MASK) + 1 : 0;
  let kinds: u64 = 0;
  // Tables that lie about their slots are not read any further than there is memory.
  for (let i: u32 = 0, slot = first; i < count && isHeld(slot, SLOT_SIZE); i++, slot += SLOT_SIZE) {
    const row: usize = load<u32>(slot, SLOT_ROW);
    if (row && isHeld(row, MEMBER_KEY + 1)) kinds |= kindOf(row + MEMBER_KEY, load<u32>(row, ROW_KEY_LENGTH));
  }
  return kinds;
}

/** Whether the index of members may hold a name. */
export function mayBeMember(address: usize, length: u32): bool {
  return (memberKinds & kindOf(address, length)) !== 0;
}

/** Whether the index of headers may hold a name. */
export function mayBeHeader(address: usize, length: u32): bool {
  return (headerKinds & kindOf(address, length)) !== 0;
}

function isWhole(length: u32): bool {
  if (length < (HEADER_SIZE as u32) || (length & 7) !== 0 || !isHeld(TABLES, length)) return false;
  if (load<u32>(TABLES, HEADER_MAGIC) !== (MAGIC as u32) || load<u32>(TABLES, HEADER_VERSION) !== (VERSION as u32))
    return false;
  if (load<u32>(TABLES, HEADER_LENGTH) !== length) return false;
  const after: u32 = HEADER_DIGEST + 4;
  if (hashOfMany(TABLES + after, length - after, MAGIC as u32) !== load<u32>(TABLES, HEADER_DIGEST)) return false;
  // A slot per name: a name is at least a row of 16 bytes.
  const names = (load<u32>(TABLES, HEADER_MEMBER_COUNT) as u64) + (load<u32>(TABLES, HEADER_HEADER_COUNT) as u64);
  return names < length;
}

export function hasTables(): bool {
  return loaded;
}

/** The seed of this policy's hashes. */
export function seed(): u32 {
  return loaded ? load<u32>(TABLES, HEADER_SEED) : 0;
}

/** Nothing is known yet of any member or header. */
export function clearSlots(): void {
  // Word by word: `memory.fill` is a call to the host's runtime.
  const end = slots + slotBytes;
  for (let slot = slots; slot < end; slot += FACT_SLOT_SIZE) {
    store<u64>(slot, 0);
    store<u64>(slot, 0, 8);
  }
}

export function memberSlot(number: u32): usize {
  return slots + number * FACT_SLOT_SIZE;
}

export function headerSlot(number: u32): usize {
  return headers + number * FACT_SLOT_SIZE;
}
