/** Says again and again what is so, so that gateways know that they know it; and writes down what was refused. */
import type { Ledger } from "../store/index.ts";
import type { Refusals } from "./refusals.ts";

/** Milliseconds between two writes of what was refused, and between two looks at what has to leave or to be renewed. */
const REFUSALS = 1000;
const UPKEEP = 10_000;

export class Heart {
  readonly #parts: Parts;
  #beat: NodeJS.Timeout | undefined;
  /** By themselves: where heads come all the time, no heartbeat does. */
  readonly #others: readonly NodeJS.Timeout[];
  #isStopped = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    const upkeep = () => void parts.upkeep().catch(parts.failed);
    this.#others = [setInterval(() => void this.writeRefusals(), REFUSALS), setInterval(upkeep, UPKEEP)];
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

  /** What finds no room on the disk is lost; whoever asked was refused in any case. */
  async writeRefusals(): Promise<void> {
    const { ledger, refusals, failed } = this.#parts;
    const records = refusals.take();
    if (records.length > 0) await ledger.commit({ records }).catch(failed);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#beat);
    for (const timer of this.#others) clearInterval(timer);
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
