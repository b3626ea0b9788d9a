/** Those who want to know of every newer head. */
import type { Head } from "./head.ts";

export class Watchers {
  readonly #listeners = new Set<(head: Head) => void>();

  add(listener: (head: Head) => void): () => void {
    // One listener may watch twice, and end it once.
    const own = (head: Head) => listener(head);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  tell(head: Head): void {
    for (const listener of [...this.#listeners]) listener(head);
  }
}
