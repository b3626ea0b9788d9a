/** What a live gateway asks of its host: the network, two clocks, chance and timers. Tests give their own and let hours pass. */

export interface Environment {
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970 UTC, by a clock that somebody may set. */
  readonly wall: () => number;
  /** Milliseconds since whenever, by a clock that nobody sets. */
  readonly monotonic: () => number;
  /** From 0 up to, and never, 1. */
  readonly random: () => number;
  /** Calls once after so many milliseconds, unless what it gives is called before. No call keeps a process alive. */
  readonly after: (milliseconds: number, call: () => void) => () => void;
  /** Keeps the process alive until what it gives is called: somebody waits. */
  readonly stay: () => () => void;
}

const HOUR = 3_600_000;

/** Looked up once: each decision asks it. */
const { performance } = globalThis;

export const platform: Environment = {
  fetch: (input, init) => globalThis.fetch(input, init),
  wall: Date.now,
  monotonic: () => performance.now(),
  random: Math.random,
  after(milliseconds, call) {
    const timer: unknown = setTimeout(call, milliseconds);
    // Where timers are numbers, no process waits for them.
    if (typeof timer === "object") (timer as { unref?(): void }).unref?.();
    return () => clearTimeout(timer as number);
  },
  stay() {
    const timer = setInterval(() => {}, HOUR);
    return () => clearInterval(timer);
  },
};

/** Ends early, without an error, once `signal` is aborted. */
export function sleep(environment: Environment, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const cancel = environment.after(milliseconds, end);
    signal.addEventListener("abort", end);
  });
}

/** Until it has happened, or for so many milliseconds. */
export function within(environment: Environment, milliseconds: number, happening: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = environment.after(milliseconds, resolve);
    const end = () => {
      cancel();
      resolve();
    };
    happening.then(end, end);
  });
}
