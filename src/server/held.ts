/** Requests that wait for something to happen: how many there may be, and how all of them are let go at once. */
import { WritError } from "../diagnostics/index.ts";
import type { Limits } from "./limits.ts";

export class Held {
  readonly #limits: Limits;
  readonly #byCaller = new Map<string, number>();
  readonly #waiting = new Set<AbortController>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /**
   * Waits within the limits (threat P17). Those who wait already go on: it is the new one that is turned away.
   *
   * @throws WritError `too-many-polls` of one caller, `server-busy` of all
   */
  async wait<T>(caller: string, controller: AbortController, hold: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { polls, pollsPerCaller } = this.#limits;
    const before = this.#byCaller.get(caller) ?? 0;
    if (before >= pollsPerCaller) throw WritError.of("WRIT8407", { most: pollsPerCaller });
    if (this.#waiting.size >= polls) throw WritError.of("WRIT8408", { shortage: "polls" });
    this.#byCaller.set(caller, before + 1);
    this.#waiting.add(controller);
    try {
      return await hold(controller.signal);
    } finally {
      this.#waiting.delete(controller);
      const left = this.#byCaller.get(caller)! - 1;
      if (left === 0) this.#byCaller.delete(caller);
      else this.#byCaller.set(caller, left);
    }
  }

  /** All who wait are answered now, with what there is. */
  letGo(): void {
    for (const controller of this.#waiting) controller.abort("the server stops");
  }
}
