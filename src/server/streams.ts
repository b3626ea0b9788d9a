/** Pages that are kept up to date by server-sent events: one event after each change of the view, none that piles up. */
import { Readable } from "node:stream";
import { WritError } from "../diagnostics/index.ts";
import type { Publisher } from "../publish/index.ts";
import type { Limits } from "./limits.ts";

/** Milliseconds between two signs of life, so that nothing on the way takes a quiet stream for a dead one. */
const KEEP_ALIVE = 15_000;

export class Streams {
  readonly #publisher: Publisher;
  readonly #limits: Limits;
  /** How each of them ends. */
  readonly #open = new Set<() => void>();

  constructor(publisher: Publisher, limits: Limits) {
    this.#publisher = publisher;
    this.#limits = limits;
  }

  /** @throws WritError `server-busy` */
  open(event: string): Readable {
    if (this.#open.size >= this.#limits.streams) throw WritError.of("WRIT8408", { shortage: "streams" });
    let isWanted = false;
    let hasChanged = false;
    const stream = new Readable({
      read: () => {
        isWanted = true;
        if (hasChanged) tell();
      },
    });
    // Whoever reads slowly is told once of many changes.
    const tell = () => {
      hasChanged = !isWanted;
      if (!isWanted) return;
      isWanted = false;
      stream.push(event);
    };
    const stopWatching = this.#publisher.watch(tell);
    const timer = setInterval(() => isWanted && stream.push(": \n\n"), KEEP_ALIVE);
    const forget = () => {
      clearInterval(timer);
      stopWatching();
      this.#open.delete(end);
    };
    const end = () => {
      forget();
      stream.push(null);
    };
    stream.once("close", forget);
    this.#open.add(end);
    stream.push(": \n\n");
    return stream;
  }

  close(): void {
    for (const end of [...this.#open]) end();
  }
}
