/** Bytes: their hash, whether they are equal, and finding a row by them. */
import {
  INDEX_MASK,
  INDEX_SLOTS,
  ROW_KEY_LENGTH,
  SLOT_HASH,
  SLOT_ROW,
  SLOT_SIZE,
  TEXT_JSON,
  TEXT_JSON_LENGTH,
  TEXT_LENGTH,
} from "../layout.ts";

/** Murmur3 of 32 bits. May read up to three bytes past the end, which never lies at the end of the memory. */
export function hash(address: usize, length: u32, seed: u32): u32 {
  const end = address + (length & ~3);
  return finished(mixed(address, end, seed), end, length);
}

/** The same of very many bytes. */
export function hashOfMany(address: usize, length: u32, seed: u32): u32 {
  const end = address + (length & ~3);
  let state = seed;
  // Piece by piece: hosts compile a function well once it was called often, and not while it runs.
  for (let at = address; at < end; at += PIECE) state = mixed(at, min(at + PIECE, end), state);
  return finished(state, end, length);
}

const PIECE: usize = 4096;

function mixed(address: usize, end: usize, before: u32): u32 {
  let state = before;
  for (let at = address; at < end; at += 4) state = rotl(state ^ scramble(load<u32>(at)), 13) * 5 + 0xe6546b64;
  return state;
}

function finished(before: u32, end: usize, length: u32): u32 {
  let state = before;
  const rest = length & 3;
  if (rest) state ^= scramble(load<u32>(end) & ((1 << (rest << 3)) - 1));
  state ^= length;
  state = (state ^ (state >> 16)) * 0x85ebca6b;
  state = (state ^ (state >> 13)) * 0xc2b2ae35;
  return state ^ (state >> 16);
}

function scramble(word: u32): u32 {
  return rotl<u32>(word * 0xcc9e2d51, 15) * 0x1b873593;
}

/** May read up to seven bytes past the ends, which never lie at the end of the memory. */
export function equal(a: usize, b: usize, length: u32): bool {
  if (length < 8) return length === 0 || (load<u64>(a) ^ load<u64>(b)) << (64 - ((length as u64) << 3)) === 0;
  // The last word overlaps the one before it.
  const last: usize = length - 8;
  for (let i: usize = 0; i < last; i += 8) if (load<u64>(a + i) !== load<u64>(b + i)) return false;
  return load<u64>(a + last) === load<u64>(b + last);
}

/**
 * The row of an index with exactly this key, or 0. A hash never decides alone.
 * @param keyOffset where in a row its key stands
 */
export function find(index: usize, keyOffset: u32, address: usize, length: u32, keyHash: u32): usize {
  const slots = load<u32>(index, INDEX_SLOTS) as usize;
  if (!slots) return 0;
  const mask = load<u32>(index, INDEX_MASK);
  // No further than once around, and always onwards, at last out of memory: tables that lie about their slots end the search soon.
  for (let at = keyHash & mask, tries: u32 = 0; tries <= mask; tries++, at = at === mask ? 0 : at + 1) {
    const slot = slots + at * SLOT_SIZE;
    const row = load<u32>(slot, SLOT_ROW) as usize;
    if (!row) return 0;
    if (
      load<u32>(slot, SLOT_HASH) === keyHash &&
      load<u32>(row, ROW_KEY_LENGTH) === length &&
      equal(row + keyOffset, address, length)
    )
      return row;
  }
  return 0;
}

/** The raw bytes of a text. */
export function rawOf(text: usize): usize {
  const length = load<u32>(text, TEXT_JSON_LENGTH);
  return text + TEXT_JSON + (length === load<u32>(text, TEXT_LENGTH) + 2 ? 1 : length);
}
