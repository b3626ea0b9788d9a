/** All who wait for something newer. They are woken in batches, so that ten thousand gateways do not stop everything else at once. */

/** Threat model §9. */
const BATCH = 500;
const PAUSE = 10;

/** Those to whom a revocation matters most are woken first. */
type Urgency = "revocations" | "policy";

interface Waiter {
  readonly wake: () => void;
  readonly urgency: Urgency;
}

export class Waiters {
  readonly #waiting = new Set<Waiter>();
  /** Who is still to be woken, by urgency. */
  readonly #next = { revocations: new Set<Waiter>(), policy: new Set<Waiter>() };
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  #isClosed = false;

  get size(): number {
    return this.#waiting.size + this.#next.revocations.size + this.#next.policy.size;
  }

  /**
   * Looks, and waits until `look` finds something, at most so many milliseconds. It is asked again when there may be something; what
   * it throws ends the wait.
   */
  wait<T>(
    look: () => T | undefined | Promise<T | undefined>,
    milliseconds: number,
    signal: AbortSignal,
    urgency: Urgency = "revocations",
  ): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        signal.removeEventListener("abort", stop);
        this.#forget(waiter);
        settle();
      };
      const stop = () => end(() => resolve(undefined));
      const take = (found: T | undefined) => {
        if (found !== undefined) end(() => resolve(found));
        else if (milliseconds <= 0 || signal.aborted) stop();
      };
      const wake = () => {
        if (this.#isClosed) return stop();
        // Whoever finds nothing waits on, for what remains of its time; and from before it looks, or it would miss what comes meanwhile.
        this.#waiting.add(waiter);
        Promise.resolve()
          .then(look)
          .then(take, (error: unknown) => end(() => reject(error)));
      };
      const waiter: Waiter = { wake, urgency };
      const timer = milliseconds > 0 ? setTimeout(stop, milliseconds) : undefined;
      signal.addEventListener("abort", stop);
      wake();
    });
  }

  /** There may be something for each. */
  wake(): void {
    for (const waiter of this.#waiting) this.#next[waiter.urgency].add(waiter);
    this.#waiting.clear();
    // Not at once: whoever made the change is answered first.
    this.#timer ??= setImmediate(() => this.#batch());
  }

  close(): void {
    this.#isClosed = true;
    for (const waiter of [...this.#waiting, ...this.#next.revocations, ...this.#next.policy]) waiter.wake();
  }

  #batch(): void {
    this.#timer = undefined;
    let left = BATCH;
    for (const set of [this.#next.revocations, this.#next.policy]) {
      for (const waiter of set) {
        if (left-- === 0) break;
        set.delete(waiter);
        waiter.wake();
      }
    }
    if (this.#next.revocations.size + this.#next.policy.size > 0) this.#timer = setTimeout(() => this.#batch(), PAUSE);
  }

  #forget(waiter: Waiter): void {
    this.#waiting.delete(waiter);
    this.#next[waiter.urgency].delete(waiter);
  }
}
