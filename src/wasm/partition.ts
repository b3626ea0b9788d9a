/** Things told apart by the marks that they have, without a list for each of them: those with the same marks are in one part. */

/** Part 0 has no marks. */
export class Partition {
  readonly #parts: Int32Array;
  readonly #parents: number[] = [0];
  readonly #marks: number[] = [-1];

  constructor(size: number) {
    this.#parts = new Int32Array(size);
  }

  /** Gives each of them the mark. */
  mark(members: Iterable<number>, mark: number): void {
    const moved = new Map<number, number>();
    for (const member of members) {
      const part = this.#parts[member]!;
      let next = moved.get(part);
      if (next === undefined) {
        next = this.#parents.push(part) - 1;
        this.#marks.push(mark);
        moved.set(part, next);
      }
      this.#parts[member] = next;
    }
  }

  partOf(member: number): number {
    return this.#parts[member]!;
  }

  /** Each once, ascending. */
  marksOf(part: number): readonly number[] {
    const marks = new Set<number>();
    for (let at = part; at !== 0; at = this.#parents[at]!) marks.add(this.#marks[at]!);
    return [...marks].sort((a, b) => a - b);
  }
}
