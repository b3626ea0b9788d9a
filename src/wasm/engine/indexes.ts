/** Finds rows by a text. */
import { INDEX_MASK, INDEX_SLOTS, ROW_KEY_LENGTH, SLOT_ROW, SLOT_SIZE } from "../layout.ts";
import { seed } from "./tables.ts";
import { equal, find, hash } from "./text.ts";

/** Of an index with no more slots than this all keys are compared: that takes less time than to hash the text. */
const FEW_SLOTS: u32 = 8;

/**
 * The row of an index with exactly this key, or 0.
 * @param keyOffset where in a row its key stands
 */
export function rowOf(index: usize, keyOffset: u32, address: usize, length: u32): usize {
  const mask = load<u32>(index, INDEX_MASK);
  if (mask >= FEW_SLOTS) return find(index, keyOffset, address, length, hash(address, length, seed()));
  const slots: usize = load<u32>(index, INDEX_SLOTS);
  if (!slots) return 0;
  const last = slots + mask * SLOT_SIZE;
  for (let slot = slots; slot <= last; slot += SLOT_SIZE) {
    const row: usize = load<u32>(slot, SLOT_ROW);
    if (row && load<u32>(row, ROW_KEY_LENGTH) === length && equal(row + keyOffset, address, length)) return row;
  }
  return 0;
}
