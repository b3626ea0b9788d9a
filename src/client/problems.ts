/** What is wrong now, by where it is wrong: it stays until that place is right again. */
import type { WritError } from "../diagnostics/index.ts";

export interface Problem {
  /** Of the table: `WRIT9105`. */
  readonly code: string;
  readonly message: string;
  /** Seconds since 1970, by the gateway's clock. */
  readonly since: number;
  /** The publisher's address, where it is about one of several. */
  readonly address?: string;
  /** The digest of the bundle that could not be activated. */
  readonly digest?: string;
}

export class Problems {
  readonly #now: () => number;
  readonly #onNew: () => void;
  readonly #byPlace = new Map<string, Problem>();

  /** @param onNew is called when something is wrong that was not before */
  constructor(now: () => number, onNew: () => void) {
    this.#now = now;
    this.#onNew = onNew;
  }

  set(place: string, error: WritError, about: Pick<Problem, "address" | "digest"> = {}): void {
    const { code, message } = error;
    const held = this.#byPlace.get(place);
    const isSame = held?.code === code && held.digest === about.digest;
    this.#byPlace.set(place, { code, message, since: isSame ? held.since : this.#now(), ...about });
    if (!isSame) this.#onNew();
  }

  clear(place: string): void {
    this.#byPlace.delete(place);
  }

  /** Newest first. */
  list(): readonly Problem[] {
    return [...this.#byPlace.values()].reverse().sort((a, b) => b.since - a.since);
  }
}
