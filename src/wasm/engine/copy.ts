/** Copies bytes by words. */

/**
 * Up to sixteen bytes past the end are read and written: the writer goes on from the end and overwrites them.
 * @returns where the copy ends
 */
export function copy(to: usize, from: usize, length: u32): usize {
  const end = to + length;
  store<u64>(to, load<u64>(from));
  store<u64>(to, load<u64>(from, 8), 8);
  // Most texts are no longer.
  for (let at = to + 16, next = from + 16; at < end; at += 8, next += 8) store<u64>(at, load<u64>(next));
  return end;
}
