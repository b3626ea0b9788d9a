/** How often one caller may ask: a bucket for each, so that a flood by one is nobody else's trouble (threat P13). */

export interface RateLimitOptions {
  readonly perSecond: number;
  /** How many may come at once after a while of silence. */
  readonly burst: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly clock: () => number;
}

/** Buckets that are kept; they are forgotten once they are full again, so only who asks too much takes room. */
const MOST = 50_000;

/** Milliseconds between two looks for buckets that are full. */
const PAUSE = 1000;

interface Bucket {
  left: number;
  at: number;
}

export class RateLimit {
  readonly #options: RateLimitOptions;
  readonly #buckets = new Map<string, Bucket>();
  /** Of all for whom there is no room. */
  readonly #others: Bucket;
  #looked = Number.NEGATIVE_INFINITY;

  constructor(options: RateLimitOptions) {
    this.#options = options;
    this.#others = { left: options.burst, at: options.clock() };
  }

  /** 0 when this one may ask now; else after how many seconds, whole and at least 1, as `Retry-After` says it. */
  take(caller: string): number {
    const bucket = this.#bucketOf(caller);
    this.#fill(bucket);
    if (bucket.left >= 1) {
      bucket.left -= 1;
      return 0;
    }
    return Math.max(1, Math.ceil((1 - bucket.left) / this.#options.perSecond));
  }

  #bucketOf(caller: string): Bucket {
    const known = this.#buckets.get(caller);
    if (known) return known;
    if (this.#buckets.size >= MOST) this.#forgetFull();
    if (this.#buckets.size >= MOST) return this.#others;
    const fresh = { left: this.#options.burst, at: this.#options.clock() };
    this.#buckets.set(caller, fresh);
    return fresh;
  }

  #fill(bucket: Bucket): void {
    const now = this.#options.clock();
    const gained = (Math.max(0, now - bucket.at) / 1000) * this.#options.perSecond;
    bucket.left = Math.min(this.#options.burst, bucket.left + gained);
    bucket.at = now;
  }

  #forgetFull(): void {
    if (this.#options.clock() - this.#looked < PAUSE) return;
    this.#looked = this.#options.clock();
    for (const [caller, bucket] of this.#buckets) {
      this.#fill(bucket);
      if (bucket.left >= this.#options.burst) this.#buckets.delete(caller);
    }
  }
}
