/** Eight bytes at a time: whether all are of one kind, and where one of them stands. */

const ONES: u64 = ((0x01010101 as u64) << 32) | 0x01010101;
const LOW_BITS: u64 = ONES * 0x7f;
const HIGH_BITS: u64 = ONES << 7;

/** The bytes at an address, of which those from `count` on are `filler`. May read past their end. */
export function wordAt(address: usize, count: usize, filler: u32): u64 {
  const word = load<u64>(address);
  if (count >= 8) return word;
  const kept = ((1 as u64) << ((count as u64) << 3)) - 1;
  return (word & kept) | ((ONES * (filler as u64)) & ~kept);
}

/** Whether all eight are letters, digits, or one of `- . / : _`, as most bytes of paths are. */
export function arePlain(word: u64): bool {
  const letters = from(word | (ONES << 5), 0x61) & ~from(word | (ONES << 5), 0x7b);
  const digits = from(word, 0x2d) & ~from(word, 0x3b);
  return ((letters | digits | placesOf(word, 0x5f)) & ~word & HIGH_BITS) === HIGH_BITS;
}

/** RFC 6749 §3.3: whether all eight are characters of scope names, or spaces. */
export function areInScopes(word: u64): bool {
  const refused = word | ~from(word, 0x20) | from(word, 0x7f) | placesOf(word, 0x22) | placesOf(word, 0x5c);
  return (refused & HIGH_BITS) === 0;
}

/** The highest bit of each byte that is this one or a later one of ASCII, if it is of ASCII at all. */
function from(word: u64, byte: u32): u64 {
  return (word & LOW_BITS) + ONES * ((0x80 - byte) as u64);
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
