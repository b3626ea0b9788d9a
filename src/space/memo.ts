/** A table from three whole numbers to one, in one typed array: what an operation on diagrams has already found. */

/** Numbers per slot: three of the key, and the value with 1 added, so that 0 is an empty slot. */
const WIDTH = 4;
const FIRST_SLOTS = 32;

export class Memo {
  #slots = new Int32Array(FIRST_SLOTS * WIDTH);
  #mask = FIRST_SLOTS - 1;
  #used = 0;

  /** The value, or -1 where there is none. */
  find(x: number, y: number, z: number): number {
    return this.#slots[this.#slotOf(x, y, z) + 3]! - 1;
  }

  /** `from`: keys whose last number is below it, and not below `lasting`, are of calls that are over: a full table drops them. */
  add(x: number, y: number, z: number, value: number, lasting: number, from: number): void {
    if (2 * this.#used > this.#mask) this.#grow(lasting, from);
    this.#put(x, y, z, value + 1);
  }

  #put(x: number, y: number, z: number, stored: number): void {
    const slot = this.#slotOf(x, y, z);
    if (this.#slots[slot + 3] === 0) this.#used++;
    this.#slots[slot] = x;
    this.#slots[slot + 1] = y;
    this.#slots[slot + 2] = z;
    this.#slots[slot + 3] = stored;
  }

  #slotOf(x: number, y: number, z: number): number {
    const slots = this.#slots;
    let hash = Math.imul(Math.imul(Math.imul(x, 0x9e3779b1) ^ y, 0x85ebca6b) ^ z, 0xc2b2ae35);
    hash ^= hash >>> 15;
    for (let at = hash & this.#mask; ; at = (at + 1) & this.#mask) {
      const slot = at * WIDTH;
      if (slots[slot + 3] === 0 || (slots[slot] === x && slots[slot + 1] === y && slots[slot + 2] === z)) return slot;
    }
  }

  #grow(lasting: number, from: number): void {
    const old = this.#slots;
    const alive = (slot: number): boolean =>
      old[slot + 3] !== 0 && (old[slot + 2]! < lasting || old[slot + 2]! >= from);
    let count = 0;
    for (let slot = 0; slot < old.length; slot += WIDTH) if (alive(slot)) count++;
    while (4 * count > this.#mask) this.#mask = 2 * this.#mask + 1;
    this.#slots = new Int32Array((this.#mask + 1) * WIDTH);
    this.#used = 0;
    for (let slot = 0; slot < old.length; slot += WIDTH) {
      if (alive(slot)) this.#put(old[slot]!, old[slot + 1]!, old[slot + 2]!, old[slot + 3]!);
    }
  }
}
