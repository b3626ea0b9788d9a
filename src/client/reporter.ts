/** Reports to the publisher how this gateway is: every half minute, and when something is wrong that was not before. */
import { type StatusReport, writeStatusReport } from "../protocol/index.ts";
import type { Environment } from "./environment.ts";
import type { PublisherAddress } from "./publisher-address.ts";

const PERIOD = 30_000;
/** What goes wrong together is reported together. */
const SOON = 1000;
const MOST_PROBLEMS = 32;
const LONGEST_MESSAGE = 1024;

/** What decided so far, since the start. */
export interface Counts {
  readonly allowed: number;
  readonly denied: number;
  readonly dropped: number;
}

interface ReporterOptions {
  readonly environment: Environment;
  readonly address: () => PublisherAddress;
  readonly counts: () => Counts;
  readonly status: () => Omit<StatusReport, "decisions">;
}

export class Reporter {
  readonly #options: ReporterOptions;
  #reported: Counts = { allowed: 0, denied: 0, dropped: 0 };
  #cancel: (() => void) | undefined;
  #due = Number.POSITIVE_INFINITY;
  #isClosed = false;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  /** From now on, each period; or soon, if it is worth it. */
  start(): void {
    this.#plan(PERIOD);
  }

  soon(): void {
    this.#plan(SOON);
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }

  #plan(milliseconds: number): void {
    const { after, monotonic } = this.#options.environment;
    const due = monotonic() + milliseconds;
    if (this.#isClosed || due >= this.#due) return;
    this.#cancel?.();
    this.#due = due;
    this.#cancel = after(milliseconds, () => void this.#report());
  }

  async #report(): Promise<void> {
    this.#due = Number.POSITIVE_INFINITY;
    this.#plan(PERIOD);
    const { address, counts, status } = this.#options;
    const now = counts();
    const { allowed, denied, dropped } = this.#reported;
    const decisions = { allowed: now.allowed - allowed, denied: now.denied - denied, dropped: now.dropped - dropped };
    const { problems, ...rest } = status();
    const told = problems.slice(0, MOST_PROBLEMS).map((problem) => ({
      ...problem,
      // Cut in the middle of a character, it would be no text that can be written down.
      message: problem.message.slice(0, LONGEST_MESSAGE).toWellFormed(),
    }));
    try {
      await address().report(writeStatusReport({ ...rest, problems: told, decisions }));
      this.#reported = now;
    } catch {
      // That the publisher can't be reached is what its polls say.
    }
  }
}
