/** The tables of the policy: whether there are any, and where what belongs to them lies. */
import {
  FACT_SLOT_SIZE,
  HEADER_DIGEST,
  HEADER_HEADER_COUNT,
  HEADER_LENGTH,
  HEADER_MAGIC,
  HEADER_MEMBER_COUNT,
  HEADER_SEED,
  HEADER_SIZE,
  HEADER_VERSION,
  MAGIC,
  TABLES,
  VERSION,
} from "../layout.ts";
import { grow, isHeld, setHeapBase } from "./memory.ts";
import { hash } from "./text.ts";

let loaded: bool = false;
let slots: usize = 0;
let slotBytes: u32 = 0;
let headers: usize = 0;

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
  return loaded;
}

function isWhole(length: u32): bool {
  if (length < (HEADER_SIZE as u32) || (length & 7) !== 0 || !isHeld(TABLES, length)) return false;
  if (load<u32>(TABLES, HEADER_MAGIC) !== (MAGIC as u32) || load<u32>(TABLES, HEADER_VERSION) !== (VERSION as u32))
    return false;
  if (load<u32>(TABLES, HEADER_LENGTH) !== length) return false;
  const after: u32 = HEADER_DIGEST + 4;
  if (hash(TABLES + after, length - after, MAGIC as u32) !== load<u32>(TABLES, HEADER_DIGEST)) return false;
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
  memory.fill(slots, 0, slotBytes);
}

export function memberSlot(number: u32): usize {
  return slots + number * FACT_SLOT_SIZE;
}

export function headerSlot(number: u32): usize {
  return headers + number * FACT_SLOT_SIZE;
}
