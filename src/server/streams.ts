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
  readonly #open = new Set<Readable>();

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
    stream.once("close", () => {
      clearInterval(timer);
      stopWatching();
      this.#open.delete(stream);
    });
    this.#open.add(stream);
    stream.push(": \n\n");
    return stream;
  }

  close(): void {
    for (const stream of this.#open) stream.push(null);
  }
}
