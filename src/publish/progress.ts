/** How long changes took to come through, and who waits for that. */
import type { Change } from "./estate.ts";
import type { Fleet } from "./fleet.ts";
import type { Reach } from "./publisher.ts";
import { Waiters } from "./waiters.ts";

/** Milliseconds between two looks at the fleet: with ten thousand gateways each confirmation can't be one. */
const PAUSE = 5;

export class Progress {
  readonly #fleet: Fleet;
  readonly #changes: () => readonly Change[];
  readonly #elapsed: () => number;
  readonly #waiters = new Waiters();
  /** Changes of this life: when they were in force, and how long they took. */
  readonly #times = new Map<number, { readonly since: number; took?: number }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(fleet: Fleet, changes: () => readonly Change[], elapsed: () => number) {
    this.#fleet = fleet;
    this.#changes = changes;
    this.#elapsed = elapsed;
  }

  /** A change is in force. */
  began(sequence: number): void {
    this.#times.set(sequence, { since: this.#elapsed() });
    for (const old of this.#times.keys()) if (this.#times.size > 200) this.#times.delete(old);
  }

  /** Some gateway was heard of. */
  moved(): void {
    this.#timer ??= setTimeout(() => this.#look(), PAUSE);
  }

  tookOf(sequence: number): number | undefined {
    return this.#times.get(sequence)?.took;
  }

  reach(sequence: number): Reach {
    return this.#fleet.reach(
      sequence,
      this.#changes().find((change) => change.sequence === sequence),
    );
  }

  async reached(sequence: number, wait: number, signal: AbortSignal): Promise<Reach> {
    const complete = () => {
      const reach = this.reach(sequence);
      return reach.complete ? reach : undefined;
    };
    return (await this.#waiters.wait(complete, wait, signal)) ?? this.reach(sequence);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#waiters.close();
  }

  #look(): void {
    this.#timer = undefined;
    const open = this.#changes().filter(({ sequence }) => {
      const time = this.#times.get(sequence);
      return time && time.took === undefined;
    });
    for (const [index, { live, enforced }] of this.#fleet.counts(open).entries()) {
      const time = this.#times.get(open[index]!.sequence)!;
      if (live > 0 && live === enforced) time.took = Math.round(this.#elapsed() - time.since);
    }
    this.#waiters.wake();
  }
}
