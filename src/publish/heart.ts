/** Says again and again what is so, so that gateways know that they know it; and writes down what was refused. */
import type { Ledger } from "../store/index.ts";
import type { Refusals } from "./refusals.ts";

/** Milliseconds between two looks for what was refused, and between two at what has to leave or to be renewed. */
const REFUSALS = 1000;
const UPKEEP = 10_000;

export class Heart {
  readonly #parts: Parts;
  #beat: NodeJS.Timeout | undefined;
  /** By themselves: where heads come all the time, no heartbeat does. */
  readonly #upkeep: NodeJS.Timeout;
  #refusals: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#upkeep = setInterval(() => void parts.upkeep().catch(parts.failed), UPKEEP);
    this.#lookForRefusals(REFUSALS);
    this.moved();
  }

  /** There is a newer head: the next heartbeat is due a whole interval later. */
  moved(): void {
    clearTimeout(this.#beat);
    if (!this.#isStopped) this.#beat = setTimeout(() => void this.#tick(), this.#parts.interval());
  }

  async #tick(): Promise<void> {
    const { ledger, isBehind, failed } = this.#parts;
    // Threat F24: a clock that was set back says nothing of now. Revocations go on, under the time that was said last.
    if (!isBehind()) await ledger.beat().catch(failed);
    this.moved();
  }

  /**
   * Each write is a head for which every gateway wakes, and anybody at all may be refused: so there are no more of them than of
   * heartbeats (threat P16).
   */
  #lookForRefusals(pause: number): void {
    if (this.#isStopped) return;
    this.#refusals = setTimeout(async () => {
      const isWritten = await this.writeRefusals();
      this.#lookForRefusals(isWritten ? this.#parts.interval() : REFUSALS);
    }, pause);
  }

  /** Whether there were any. What finds no room on the disk is lost; whoever asked was refused in any case. */
  async writeRefusals(): Promise<boolean> {
    const { ledger, refusals, failed } = this.#parts;
    const records = refusals.take();
    if (records.length > 0) await ledger.commit({ records }).catch(failed);
    return records.length > 0;
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#beat);
    clearTimeout(this.#refusals);
    clearInterval(this.#upkeep);
  }
}

interface Parts {
  readonly ledger: Ledger;
  readonly refusals: Refusals;
  /** Milliseconds. */
  readonly interval: () => number;
  readonly isBehind: () => boolean;
  /** What leaves by itself, and what has to be signed anew before it ends. */
  readonly upkeep: () => Promise<void>;
  /** Is told of every failure; the next heartbeat tries again. */
  readonly failed: (error: unknown) => void;
}
