/** Where the values and keys of a JSON text stand, so that an error can point at them. */
import type { JsonListener } from "./scan.ts";

/** A half-open range of UTF-16 offsets. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** From the root inwards: keys of objects, indexes of arrays. */
export type JsonPath = readonly (string | number)[];

// Five numbers for each value, in the order of the text: its range, its key's range (or −1), and where its inside ends in the list.
const START = 0;
const END = 1;
const KEY_START = 2;
const KEY_END = 3;
const NEXT = 4;
const WIDTH = 5;

/** Writes the list while the scanner reads. */
export class PlaceRecorder implements JsonListener {
  readonly list: number[] = [];
  readonly #open: number[] = [];
  #keyStart = -1;
  #keyEnd = -1;

  key(start: number, end: number): undefined {
    this.#keyStart = start;
    this.#keyEnd = end;
  }

  open(start: number): void {
    this.#open.push(this.list.length);
    this.list.push(start, -1, this.#keyStart, this.#keyEnd, -1);
    this.#keyStart = -1;
  }

  close(end: number): void {
    const node = this.#open.pop()!;
    this.list[node + END] = end;
    this.list[node + NEXT] = this.list.length;
  }
}

export class Places {
  readonly #text: string;
  readonly #list: readonly number[];
  readonly #children = new Map<number, ReadonlyMap<string | number, number>>();

  constructor(text: string, list: readonly number[]) {
    this.#text = text;
    this.#list = list;
  }

  /** The range of the value at `path`, or of the innermost one on the way that is there. */
  ofValue(path: JsonPath): Place {
    const node = this.#find(path);
    return { start: this.#list[node + START]!, end: this.#list[node + END]! };
  }

  /** The range of the key (with its quotes) of the value at `path`; of the value where it has no key. */
  ofKey(path: JsonPath): Place {
    const node = this.#find(path);
    const start = this.#list[node + KEY_START]!;
    return start < 0 ? this.ofValue(path) : { start, end: this.#list[node + KEY_END]! };
  }

  #find(path: JsonPath): number {
    let node = 0;
    for (const step of path) {
      const child = this.#childrenOf(node).get(step);
      if (child === undefined) break;
      node = child;
    }
    return node;
  }

  /** Indexed at the first question only: a file without errors asks none, one with many asks the same parents again. */
  #childrenOf(node: number): ReadonlyMap<string | number, number> {
    const known = this.#children.get(node);
    if (known) return known;
    const children = new Map<string | number, number>();
    const end = this.#list[node + NEXT]!;
    for (let child = node + WIDTH; child < end; child = this.#list[child + NEXT]!) {
      const keyStart = this.#list[child + KEY_START]!;
      const step =
        keyStart < 0 ? children.size : (JSON.parse(this.#text.slice(keyStart, this.#list[child + KEY_END])) as string);
      children.set(step, child);
    }
    this.#children.set(node, children);
    return children;
  }
}
