/** Templates of one method, by segment: finds the path whose requests a template would take, or that would take its requests. */
import type { Segment } from "./path-template.ts";

interface TrieNode<T> {
  readonly literals: Map<string, TrieNode<T>>;
  parameter?: TrieNode<T>;
  rest?: TrieNode<T>;
  readonly here: T[];
}

/** `undecided`: equal so far. `ahead`: the searching segments already won. `overlap`: who wins does not matter. */
type Mode = "undecided" | "ahead" | "overlap";

/** Steps that all searches may take together; only documents made to be slow come near it. */
const MOST_STEPS = 2_000_000;

function emptyNode<T>(): TrieNode<T> {
  return { literals: new Map(), here: [] };
}

export class TemplateTrie<T> {
  readonly #root: TrieNode<T> = emptyNode();
  #steps = 0;

  /** Whether the searches took too long; their answers then are "nothing found" where they should be "unknown". */
  get exhausted(): boolean {
    return this.#steps > MOST_STEPS;
  }

  add(segments: readonly Segment[], value: T): void {
    let node = this.#root;
    for (const segment of segments) {
      if (segment.kind === "rest") node = node.rest ??= emptyNode<T>();
      else if (segment.kind !== "literal") node = node.parameter ??= emptyNode<T>();
      else {
        let next = node.literals.get(segment.text);
        if (!next) {
          next = emptyNode<T>();
          node.literals.set(segment.text, next);
        }
        node = next;
      }
    }
    node.here.push(value);
  }

  /** What stands under the same template up to the names of parameters. */
  same(segments: readonly Segment[]): readonly T[] {
    let node: TrieNode<T> | undefined = this.#root;
    for (const segment of segments) {
      if (segment.kind === "rest") node = node.rest;
      else node = segment.kind === "literal" ? node.literals.get(segment.text) : node.parameter;
      if (!node) return [];
    }
    return node.here;
  }

  /**
   * Another value some of whose requests these segments take: equal templates, or an overlap in which these segments win by
   * "a literal before a parameter at the leftmost difference". `meets` says whether a value can be meant, looked at closely.
   */
  taken(segments: readonly Segment[], meets: (value: T) => boolean): T | undefined {
    return this.#search(this.#root, segments, 0, "undecided", meets);
  }

  /** A value that matches some of the very paths that these segments stand for; with `open`, whatever may follow them. */
  overlapping(segments: readonly Segment[], open: boolean): T | undefined {
    const all: readonly Segment[] = open ? [...segments, { kind: "rest", name: "_" }] : segments;
    return this.#search(this.#root, all, 0, "overlap", () => true);
  }

  /** The depth is at most that of a path: 64 segments. */
  #search(
    node: TrieNode<T>,
    segments: readonly Segment[],
    at: number,
    mode: Mode,
    meets: (value: T) => boolean,
  ): T | undefined {
    if (++this.#steps > MOST_STEPS) return undefined;
    const other = (where: TrieNode<T> | undefined) => where && this.#find(where, meets);
    const segment = segments[at];
    if (!segment) return other(node);
    if (segment.kind === "rest")
      return other(node.rest) ?? (mode === "undecided" ? undefined : this.#anyBelow(node, meets));
    const go = (next: TrieNode<T> | undefined, then: Mode) => next && this.#search(next, segments, at + 1, then, meets);
    if (segment.kind === "literal") {
      const then = mode === "undecided" ? "ahead" : mode;
      return go(node.literals.get(segment.text), mode) ?? go(node.parameter, then) ?? other(node.rest);
    }
    const found = go(node.parameter, mode) ?? other(node.rest);
    // While nothing is decided a literal over there wins, so nothing is taken from it.
    if (found !== undefined || mode === "undecided") return found;
    for (const [text, next] of node.literals) {
      if (mode === "overlap" && segment.kind === "partial" && !fits(text, segment)) continue;
      const below = go(next, mode);
      if (below !== undefined) return below;
    }
    return undefined;
  }

  #find(node: TrieNode<T>, meets: (value: T) => boolean): T | undefined {
    for (const value of node.here) if (++this.#steps > MOST_STEPS || meets(value)) return value;
    return undefined;
  }

  #anyBelow(node: TrieNode<T>, meets: (value: T) => boolean): T | undefined {
    const open = [...node.literals.values(), ...(node.parameter ? [node.parameter] : [])];
    for (let next = open.pop(); next; next = open.pop()) {
      if (++this.#steps > MOST_STEPS) return undefined;
      const found = this.#find(next, meets) ?? (next.rest && this.#find(next.rest, meets));
      if (found !== undefined) return found;
      open.push(...next.literals.values());
      if (next.parameter) open.push(next.parameter);
    }
    return undefined;
  }
}

/** Whether the first, read as wide as templates are, and the second, read as the document means it, share a path; same length, up to a rest. */
export function share(wide: readonly Segment[], meant: readonly Segment[]): boolean {
  return wide.every((segment, at) => {
    const other = meant[at];
    if (segment.kind !== "literal" || other === undefined) return true;
    if (other.kind === "partial") return fits(segment.text, other);
    return other.kind !== "literal" || other.text === segment.text;
  });
}

function fits(text: string, { before, after }: { before: string; after: string }): boolean {
  return text.length > before.length + after.length && text.startsWith(before) && text.endsWith(after);
}
