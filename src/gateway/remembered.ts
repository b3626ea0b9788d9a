/** What was made once and may be asked for again, up to a number: whatever is asked for often stays. */
export class Remembered<V> {
  readonly #most: number;
  /** What was asked for lately, and what was before that. */
  #young = new Map<number, V>();
  #old = new Map<number, V>();

  /** @param most twice as many are held at most */
  constructor(most: number) {
    this.#most = most;
  }

  get(key: number): V | undefined {
    const value = this.#young.get(key);
    if (value !== undefined) return value;
    const aged = this.#old.get(key);
    if (aged !== undefined) this.set(key, aged);
    return aged;
  }

  set(key: number, value: V): void {
    if (this.#young.size >= this.#most) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }
}
