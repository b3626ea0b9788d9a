/** What a gateway keeps for its next start. A slow or full disk costs the next start, and never a decision. */
import { WritError } from "../diagnostics/index.ts";
import type { Store } from "../trust/index.ts";

interface Listeners {
  /** What can't be kept, and nothing once all is. */
  readonly onProblem: (problem: WritError | undefined) => void;
  readonly onRemoved: (name: string) => void;
}

/**
 * Gives files to the host's store one after the other, in the order in which they were written, while what was verified is in force
 * already: a revocation does not wait for a disk. Stopped in between, it starts with an older state, whose age counts from its time.
 */
export class KeptFiles implements Store {
  readonly #store: Store | undefined;
  readonly #listeners: Listeners;
  /** What the store does not hold yet; nothing in place of bytes where it should forget. Without a store, all files. */
  readonly #waiting = new Map<string, Uint8Array | undefined>();
  #writing: Promise<void> | undefined;

  constructor(store: Store | undefined, listeners: Listeners) {
    this.#store = store;
    this.#listeners = listeners;
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    if (this.#waiting.has(name)) return this.#waiting.get(name);
    try {
      return await this.#store?.read(name);
    } catch {
      // Unreadable is as good as not there: it comes again from the publisher.
      return undefined;
    }
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    this.#change(name, bytes);
  }

  async remove(name: string): Promise<void> {
    this.#change(name, undefined);
    this.#listeners.onRemoved(name);
  }

  /** Once the store was given everything. */
  async written(): Promise<void> {
    await this.#writing;
  }

  #change(name: string, bytes: Uint8Array | undefined): void {
    // What is written anew comes last again.
    this.#waiting.delete(name);
    this.#waiting.set(name, bytes);
    if (this.#store) this.#writing ??= this.#writeAll(this.#store);
  }

  async #writeAll(store: Store): Promise<void> {
    const failed = new Set<string>();
    for (;;) {
      const [name, bytes] = [...this.#waiting].find(([next]) => !failed.has(next)) ?? [];
      if (name === undefined) break;
      try {
        await (bytes ? store.write(name, bytes) : store.remove(name));
        if (this.#waiting.get(name) === bytes) this.#waiting.delete(name);
      } catch (error) {
        // It is tried again with the next change.
        failed.add(name);
        const problem = error instanceof Error ? error.message : String(error);
        this.#listeners.onProblem(WritError.of("WRIT9304", { file: name, problem }, error));
      }
    }
    this.#writing = undefined;
    if (failed.size === 0) this.#listeners.onProblem(undefined);
  }
}
