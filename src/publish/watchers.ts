/** Those who show what is so: told of changes, and not of each one. */

/** Milliseconds: as often as eyes see. */
const PAUSE = 50;

export class Watchers {
  readonly #listeners = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;

  add(listener: () => void): () => void {
    // One listener may watch twice, and end it once.
    const own = () => listener();
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  moved(): void {
    if (this.#listeners.size === 0) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const listener of [...this.#listeners]) listener();
    }, PAUSE);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }
}
