/** Time that passes when a test says so: two clocks, chance and timers, while cryptography and engines take their real time. */
import type { Environment } from "../../src/client/index.ts";
import { Random } from "../random.ts";

interface Timer {
  readonly due: number;
  readonly call: () => void;
}

/** What runs outside of this thread, and has to end before time goes on. */
let pending = 0;
const counted = [
  [crypto.subtle, ["digest", "verify", "importKey", "exportKey", "sign"]],
  [(globalThis as unknown as { WebAssembly: object }).WebAssembly, ["compile"]],
] as const;
for (const [object, names] of counted) {
  for (const name of names) {
    const original = (object as Record<string, (...values: unknown[]) => Promise<unknown>>)[name]!.bind(object);
    const value = async (...values: unknown[]) => {
      pending++;
      try {
        return await original(...values);
      } finally {
        pending--;
      }
    };
    Object.defineProperty(object, name, { value, configurable: true, writable: true });
  }
}

/** Until nothing happens any more but by a timer. */
export async function settle(): Promise<void> {
  for (let quiet = 0; quiet < 6; quiet = pending === 0 ? quiet + 1 : 0)
    await new Promise((resolve) => setImmediate(resolve));
}

export class Simulation {
  /** Milliseconds since 1970, as they are. */
  #true: number;
  /** Milliseconds since the gateway's machine started. */
  monotonic = 5000;
  /** Seconds by which the gateway's wall clock is ahead. */
  ahead = 0;
  readonly #timers = new Set<Timer>();
  readonly #random: Random;

  constructor(seconds: number, seed = 1) {
    this.#true = seconds * 1000;
    this.#random = new Random(seed);
  }

  /** Since 1970, as they are. */
  get seconds(): number {
    return Math.floor(this.#true / 1000);
  }

  after(milliseconds: number, call: () => void): () => void {
    const timer = { due: this.monotonic + milliseconds, call };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  get timers(): number {
    return this.#timers.size;
  }

  /** Lets so many seconds pass, and everything happen that is due. */
  async pass(seconds: number): Promise<void> {
    const end = this.monotonic + seconds * 1000;
    for (;;) {
      await settle();
      const next = [...this.#timers].sort((a, b) => a.due - b.due)[0];
      if (!next || next.due > end) break;
      this.#moveTo(Math.max(next.due, this.monotonic));
      this.#timers.delete(next);
      next.call();
    }
    this.#moveTo(end);
  }

  /** The process is stopped, or busy: time passes, and nothing happens. */
  stop(seconds: number): void {
    this.#moveTo(this.monotonic + seconds * 1000);
  }

  /** The machine sleeps: only the wall clock knows. */
  sleep(seconds: number): void {
    this.#true += seconds * 1000;
  }

  #moveTo(monotonic: number): void {
    this.#true += monotonic - this.monotonic;
    this.monotonic = monotonic;
  }

  environment(fetch: Environment["fetch"]): Environment {
    return {
      fetch,
      wall: () => this.#true + this.ahead * 1000,
      monotonic: () => this.monotonic,
      random: () => this.#random.next(),
      after: (milliseconds, call) => this.after(milliseconds, call),
      stay: () => () => {},
    };
  }
}
