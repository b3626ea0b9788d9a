/** Finds the name that an author most probably meant. */

/**
 * The candidate that takes the fewest single changes (a letter more, less, another, or two swapped), when those are few
 * for its length; of equals the first in byte order.
 *
 * @example nearest("ordres", ["orders", "ledger"]) // "orders"
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.slice(0, 128).toLowerCase();
  const letters = lettersOf(wanted);
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    if (candidate.length > 128) continue;
    const shorter = Math.min(wanted.length, candidate.length);
    const limit = Math.min(least, shorter < 3 ? 0 : Math.max(1, Math.floor(shorter / 3)));
    if (Math.abs(candidate.length - wanted.length) > limit) continue;
    // Each change adds or takes away at most two kinds of letters: most candidates are told apart by a glance.
    if (countBits(letters ^ lettersOf(candidate)) > 2 * limit) continue;
    const changes = countChanges(wanted, candidate.toLowerCase());
    if (changes <= limit && (changes < least || best === undefined || candidate < best)) {
      best = candidate;
      least = changes;
    }
  }
  return best === name ? undefined : best;
}

/** Which letters occur, in either case, one bit each; different ones may share a bit. */
function lettersOf(text: string): number {
  let letters = 0;
  for (let i = 0; i < text.length; i++) letters |= 1 << ((text.charCodeAt(i) | 32) % 31);
  return letters;
}

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Optimal string alignment, row by row. */
function countChanges(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    [before, previous] = [previous, row];
  }
  return previous[b.length] ?? 0;
}
