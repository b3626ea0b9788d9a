/** Eight bytes at a time: whether all are of one kind, and where one of them stands. */
import { kindsOf } from "./byte-classes.ts";

const ONES: u64 = ((0x01010101 as u64) << 32) | 0x01010101;
const LOW_BITS: u64 = ONES * 0x7f;

/** The bytes at an address, of which those from `count` on are `filler`. May read past their end. */
export function wordAt(address: usize, count: usize, filler: u32): u64 {
  const word = load<u64>(address);
  if (count >= 8) return word;
  const kept = ((1 as u64) << ((count as u64) << 3)) - 1;
  return (word & kept) | ((ONES * (filler as u64)) & ~kept);
}

export function areOf(word: u64, kind: u32): bool {
  const low = word as u32;
  const high = (word >> 32) as u32;
  const a = kindsOf(low & 255) & kindsOf((low >> 8) & 255) & kindsOf((low >> 16) & 255) & kindsOf(low >> 24);
  const b = kindsOf(high & 255) & kindsOf((high >> 8) & 255) & kindsOf((high >> 16) & 255) & kindsOf(high >> 24);
  return (a & b & kind) !== 0;
}

/** The highest bit of each byte that is this one. */
export function placesOf(word: u64, byte: u32): u64 {
  const others = word ^ (ONES * (byte as u64));
  return ~(((others & LOW_BITS) + LOW_BITS) | others | LOW_BITS);
}

/** How many bytes stand before the first place. */
export function firstPlace(places: u64): usize {
  return (ctz(places) >> 3) as usize;
}
