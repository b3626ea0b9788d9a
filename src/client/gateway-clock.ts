/** What time it is for decisions: by the worse of two clocks, so that none of them can make what is known younger than it is. */
import type { Environment } from "./environment.ts";

/** Seconds by which clocks may disagree. */
const SKEW = 60;

/** What both clocks said when an answer came in, and the monotonic one when it was asked for. */
export interface Receipt {
  readonly wall: number;
  readonly monotonic: number;
  readonly asked: number;
}

/**
 * Threat model §5.3: age = max(wall now − `at`, max(0, wall at receipt − `at`) + monotonic time since receipt). The engine compares
 * the time of a decision with `at`; so that time is `at` + age.
 */
export class GatewayClock {
  readonly #wall: Environment["wall"];
  readonly #monotonic: Environment["monotonic"];
  #at: number | undefined;
  /** What, added to the monotonic clock, gives a time that is not too early. */
  #anchor = Number.NEGATIVE_INFINITY;
  /** Whether a new root disowned who said so, and nobody else has said anything. */
  isDisowned = false;

  constructor({ wall, monotonic }: Environment) {
    this.#wall = wall;
    this.#monotonic = monotonic;
  }

  /** @param asked the monotonic clock when somebody was asked; default: now */
  receipt(asked = this.#monotonic()): Receipt {
    return { wall: this.#wall(), monotonic: this.#monotonic(), asked };
  }

  /**
   * A head is in force that is newer than any before.
   * @param at the publisher's time in it, in seconds since 1970
   */
  heard(at: number, { wall, monotonic, asked }: Receipt): void {
    this.#at = at;
    // A wall clock that is behind does not show how long the answer was on its way: then all of the waiting counts.
    const since = at * 1000 - wall > SKEW * 1000 ? asked : monotonic;
    this.#anchor = Math.max(at * 1000 - since, wall - monotonic);
    this.isDisowned = false;
  }

  /** A new root has other keys for heads: what the old ones said of the time may have been a thief's (threat F07). */
  disown(): void {
    this.isDisowned = true;
  }

  /** Milliseconds since 1970. Each decision asks again: a process that was stopped, or a machine that slept, has no older answer. */
  now(): number {
    return Math.max(this.#wall(), this.#anchor + this.#monotonic());
  }

  /**
   * Whole seconds since 1970, and the one that has begun counts: what is late by a part of a second is late. Rounded down, a token
   * that was revoked would be allowed for up to a second longer than its tier says (threat model §5.8).
   */
  seconds(): number {
    return Math.ceil(this.now() / 1000);
  }

  /** By which metadata expires. Decisions go on by the old time until there is a new one. */
  metadataSeconds(): number {
    return this.isDisowned ? Math.ceil(this.#wall() / 1000) : this.seconds();
  }

  /** Seconds since the publisher said what is known, once it has said something. */
  get age(): number | undefined {
    return this.#at === undefined ? undefined : this.seconds() - this.#at;
  }

  /** Seconds by which the clock here is behind what the publisher said, where they are too many (threats F10, F26). */
  get behind(): number | undefined {
    return this.#behind(this.#anchor + this.#monotonic());
  }

  /**
   * Whether the age of a head is known at all that was stored before a restart: by a clock that is behind it, it could be of any
   * age (threat F13).
   */
  knowsAgeOf(at: number): boolean {
    return this.#behind(at * 1000) === undefined;
  }

  #behind(time: number): number | undefined {
    const seconds = Math.floor((time - this.#wall()) / 1000);
    return seconds > SKEW ? seconds : undefined;
  }
}
