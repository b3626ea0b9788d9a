/** When to try again: by chance, so that a thousand gateways that lost their publisher together do not come back together. */

const FIRST = 250;
/** Milliseconds at most, and while no policy says how soon revocations have to be known. */
const LONGEST = 15_000;
/** Milliseconds over which first connects are spread. */
export const FIRST_CONNECT = 2000;

/** Never so long that waiting alone would make everything stale. */
export function longestWait(smallestDelay: number | undefined): number {
  return Math.min(LONGEST, ((smallestDelay ?? Number.POSITIVE_INFINITY) * 1000) / 2);
}

interface Failure {
  /** How many failed in a row before it. */
  readonly before: number;
  /**
   * Whether the connection itself was lost: then all gateways lost theirs at this moment, and to come back within a quarter of a
   * second would be four of ten in a tenth of one (threat F22). So it is as when all of them start.
   */
  readonly lost: boolean;
  /** Milliseconds, as the publisher asks. */
  readonly retryAfter?: number;
}

/** Milliseconds: full jitter up to a bound that doubles. */
export function backOff({ before, lost, retryAfter = 0 }: Failure, longest: number, random: () => number): number {
  const doubled = Math.max(FIRST * 2 ** Math.min(before, 16), lost ? FIRST_CONNECT : 0);
  return Math.min(retryAfter, longest) + random() * Math.min(longest, doubled);
}
