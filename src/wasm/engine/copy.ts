/** Copies bytes by words. */

/**
 * Up to seven bytes past the end are read and written: the writer goes on from the end and overwrites them.
 * @returns where the copy ends
 */
export function copy(to: usize, from: usize, length: u32): usize {
  for (let i: u32 = 0; i < length; i += 8) store<u64>(to + i, load<u64>(from + i));
  return to + length;
}
