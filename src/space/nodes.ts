/** The nodes of diagrams, each made once: the same variable with the same children is the same number. */
import { assert } from "../diagnostics/index.ts";

/** Leaves are kept in 32 bits. */
const LARGEST = 2 ** 31 - 1;
const FIRST_SLOTS = 64;

export class Nodes {
  readonly sizes: readonly number[];
  /** Of each node: its variable (a leaf stands behind all), and where its children begin (of a leaf: its value). */
  readonly #variables: number[];
  readonly #starts: number[];
  readonly #children: number[] = [];
  readonly #leaves = new Map<number, number>();
  /** Nodes by hash, with 1 added: 0 is an empty slot. */
  #slots = new Int32Array(FIRST_SLOTS);
  /** Children of nodes that are being made, one node above the other, so that none needs an array of its own. */
  readonly #stack: number[] = [];
  #top = 0;

  constructor(sizes: readonly number[]) {
    this.sizes = sizes;
    // The leaves 0 and 1 are the nodes 0 and 1.
    this.#variables = [sizes.length, sizes.length];
    this.#starts = [0, 1];
  }

  get size(): number {
    return this.#variables.length;
  }

  leaf(value: number): number {
    if (value === 0 || value === 1) return value;
    const known = this.#leaves.get(value);
    if (known !== undefined) return known;
    assert(Number.isInteger(value) && value > 0 && value <= LARGEST, "a leaf is a small whole number");
    const made = this.#variables.push(this.sizes.length) - 1;
    this.#starts.push(value);
    this.#leaves.set(value, made);
    return made;
  }

  isLeaf(node: number): boolean {
    return this.#variables[node] === this.sizes.length;
  }

  valueOf(leaf: number): number {
    return this.#starts[leaf]!;
  }

  variableOf(node: number): number {
    return this.#variables[node]!;
  }

  childOf(node: number, cell: number): number {
    return this.#children[this.#starts[node]! + cell]!;
  }

  /** Begins a node: each of its children is then pushed, and others may be made in between. */
  begin(): number {
    return this.#top;
  }

  push(child: number): void {
    this.#stack[this.#top++] = child;
  }

  /** The node of a variable and all that was pushed since it was begun; where all are equal, what they are. */
  end(variable: number, base: number): number {
    const [stack, top] = [this.#stack, this.#top];
    this.#top = base;
    const first = stack[base]!;
    let same = true;
    let hash = variable;
    for (let at = base; at < top; at++) {
      const child = stack[at]!;
      if (child !== first) same = false;
      hash = mixed(hash, child);
    }
    if (same) return first;
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const node = this.#slots[slot]! - 1;
      if (this.#variables[node] === variable && this.#holds(this.#starts[node]!, base, top)) return node;
    }
    const made = this.#variables.push(variable) - 1;
    this.#starts.push(this.#children.length);
    for (let at = base; at < top; at++) this.#children.push(stack[at]!);
    this.#slots[slot] = made + 1;
    if (2 * made > mask) this.#grow();
    return made;
  }

  #holds(start: number, base: number, top: number): boolean {
    for (let at = base; at < top; at++) if (this.#children[start + at - base] !== this.#stack[at]) return false;
    return true;
  }

  #grow(): void {
    // Many leaves may have been made since it grew last.
    let length = 2 * this.#slots.length;
    while (length <= 2 * this.size) length *= 2;
    const slots = new Int32Array(length);
    const mask = length - 1;
    for (let node = 0; node < this.size; node++) {
      if (this.isLeaf(node)) continue;
      let hash = this.#variables[node]!;
      for (let cell = 0; cell < this.sizes[this.#variables[node]!]!; cell++) {
        hash = mixed(hash, this.childOf(node, cell));
      }
      let slot = hash & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = node + 1;
    }
    this.#slots = slots;
  }
}

function mixed(hash: number, child: number): number {
  const product = Math.imul(hash ^ child, 0x9e3779b1);
  return product ^ (product >>> 15);
}
