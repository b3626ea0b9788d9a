/** The closed vocabulary of scopes: a trie by segment, so that a pattern costs what it matches and not what there is. */
import type { Span } from "../diagnostics/index.ts";
import type { PatternSegment } from "../model/index.ts";

interface Node {
  readonly children: Map<string, Node>;
  scope?: string;
}

export class Vocabulary {
  readonly #root: Node = { children: new Map() };
  readonly #implies = new Map<string, readonly string[]>();
  readonly #places = new Map<string, Span>();
  /** Complete before the first pattern is looked up. */
  readonly #matches = new Map<string, readonly string[]>();
  readonly #closures = new Map<string, readonly string[]>();
  /** Some resource was not understood, so that a scope that is missing may be one of its. */
  partial = false;

  get names(): Iterable<string> {
    return this.#places.keys();
  }

  place(scope: string): Span | undefined {
    return this.#places.get(scope);
  }

  has(scope: string): boolean {
    return this.#places.has(scope);
  }

  add(scope: string, implies: readonly string[], span: Span): void {
    let node = this.#root;
    for (const segment of scope.split(":")) {
      let next = node.children.get(segment);
      if (!next) {
        next = { children: new Map() };
        node.children.set(segment, next);
      }
      node = next;
    }
    node.scope = scope;
    this.#implies.set(scope, implies);
    this.#places.set(scope, span);
  }

  /** Every scope that a pattern matches, sorted. */
  match(text: string, pattern: readonly PatternSegment[]): readonly string[] {
    let found = this.#matches.get(text);
    if (!found) {
      found = this.#search(pattern);
      this.#matches.set(text, found);
    }
    return found;
  }

  #search(pattern: readonly PatternSegment[]): readonly string[] {
    const found = new Set<string>();
    let level: readonly Node[] = [this.#root];
    for (const part of pattern) {
      if (part.kind === "rest") {
        for (const node of level) for (const child of node.children.values()) collect(child, found);
        level = [];
        break;
      }
      level = level.flatMap((node) =>
        part.kind === "one" ? [...node.children.values()] : part.names.flatMap((name) => node.children.get(name) ?? []),
      );
    }
    for (const { scope } of level) if (scope !== undefined) found.add(scope);
    return [...found].sort();
  }

  /** What a scope implies, directly or not, without itself; sorted. */
  implied(scope: string): readonly string[] {
    let closure = this.#closures.get(scope);
    if (!closure) {
      const found = new Set<string>();
      const open = [...(this.#implies.get(scope) ?? [])];
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        if (found.has(next)) continue;
        found.add(next);
        open.push(...(this.#implies.get(next) ?? []));
      }
      found.delete(scope);
      closure = [...found].sort();
      this.#closures.set(scope, closure);
    }
    return closure;
  }
}

function collect(node: Node, found: Set<string>): void {
  if (node.scope !== undefined) found.add(node.scope);
  for (const child of node.children.values()) collect(child, found); // at most 8 deep
}
