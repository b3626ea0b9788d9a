/** The tables of RFC 1951 §3.2.5 and §3.2.7, shared by both directions. */

export const LENGTH_EXTRA = [
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
] as const;
export const DISTANCE_EXTRA = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
] as const;
export const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15] as const;

/** Where each code's range starts; the longest match, 258, has a code of its own. */
export const LENGTH_BASE: readonly number[] = [...bases(3, LENGTH_EXTRA.slice(0, -1)), 258];
export const DISTANCE_BASE: readonly number[] = bases(1, DISTANCE_EXTRA);

function bases(first: number, extras: readonly number[]): number[] {
  let base = first;
  return extras.map((extra) => {
    const start = base;
    base += 1 << extra;
    return start;
  });
}
