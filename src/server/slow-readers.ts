/** Closes connections of those who ask and do not take the answer: each holds memory of ours (threat P16). */
import type { ServerResponse } from "node:http";
import type { Limits } from "./limits.ts";

interface Sending {
  readonly begun: number;
  /** It goes on for as long as somebody looks. */
  readonly endless: boolean;
  /** Since when something waits to be taken, and how much had been by then. */
  since: number;
  taken: number;
}

export class SlowReaders {
  readonly #limits: Limits;
  readonly #sending = new Map<ServerResponse, Sending>();
  readonly #timer: NodeJS.Timeout;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#timer = setInterval(() => this.look(performance.now()), limits.checkEvery);
    this.#timer.unref();
  }

  begin(response: ServerResponse, endless: boolean): void {
    const now = performance.now();
    this.#sending.set(response, { begun: now, endless, since: now, taken: takenOf(response) });
  }

  end(response: ServerResponse): void {
    this.#sending.delete(response);
  }

  look(now: number): void {
    const { slowAfter, slowestReader, longestAnswer } = this.#limits;
    for (const [response, sending] of this.#sending) {
      const { socket } = response;
      if (!socket || socket.destroyed) this.#sending.delete(response);
      else if (!sending.endless && now - sending.begun > longestAnswer) socket.destroy();
      else {
        const waited = now - sending.since;
        const taken = takenOf(response) - sending.taken;
        const isWaiting = socket.writableLength > 0;
        if (isWaiting && waited < slowAfter) continue;
        if (isWaiting && taken < (slowestReader * waited) / 1000) socket.destroy();
        // What the system took for the other side at once counts for no later time.
        sending.since = now;
        sending.taken += taken;
      }
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

function takenOf({ socket }: ServerResponse): number {
  return socket ? socket.bytesWritten - socket.writableLength : 0;
}
