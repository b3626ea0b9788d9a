/** The requests of two models by the operation that each model finds for them: one cell per pair of operations. */
import { comparePrecedence, compareText, type FoundOperation, type Model, parseTemplate } from "../model/index.ts";
import { endsInRest, fitsRequest, meet, pointsOf, type Shape, ShapeTrie, shapeKey, shapeOfTemplate } from "./shapes.ts";

/** Canonical paths of one host and method that lead to this operation before and to that one after. One of them is there. */
export interface OperationCell {
  readonly host: string;
  readonly method: string;
  readonly before?: FoundOperation;
  readonly after?: FoundOperation;
  /** These paths, … */
  readonly shape: Shape;
  /** … without these, which are all within the shape. */
  readonly apart: () => readonly Shape[];
}

/** Every cell that holds a path, by host, method and precedence. */
export function operationCells(before: Model, after: Model): readonly OperationCell[] {
  const [old, young] = [tablesOf(before), tablesOf(after)];
  const keys = [...new Set([...old.keys(), ...young.keys()])].sort(compareText);
  return keys.flatMap((key) => {
    const [host = "", method = ""] = key.split(" ");
    const pair: Pair = { host, method, before: old.get(key) ?? new Table([]), after: young.get(key) ?? new Table([]) };
    return isUnchanged(pair) ? unchangedCells(pair) : changedCells(pair);
  });
}

interface Entry {
  readonly found: FoundOperation;
  readonly shape: Shape;
}

/** The operations of one host and method in order of precedence. */
class Table {
  readonly entries: readonly Entry[];
  #trie: ShapeTrie<number> | undefined;

  constructor(entries: readonly Entry[]) {
    this.entries = entries;
  }

  /** To places among the entries. */
  get trie(): ShapeTrie<number> {
    if (!this.#trie) {
      this.#trie = new ShapeTrie();
      for (const [place, { shape }] of this.entries.entries()) this.#trie.add(shape, place);
    }
    return this.#trie;
  }
}

interface Pair {
  readonly host: string;
  readonly method: string;
  readonly before: Table;
  readonly after: Table;
}

function tablesOf({ apis }: Model): ReadonlyMap<string, Table> {
  const lists = new Map<string, FoundOperation[]>();
  for (const api of apis) {
    for (const operation of api.operations) {
      const template = parseTemplate(operation.template);
      if ("problem" in template) continue; // the checker has refused it
      const key = `${api.host} ${operation.method}`;
      const found = { api, operation, name: `${key} ${operation.template}`, template };
      const list = lists.get(key);
      if (list) list.push(found);
      else lists.set(key, [found]);
    }
  }
  return new Map(
    [...lists].map(([key, list]) => {
      list.sort((a, b) => comparePrecedence(a.template, b.template));
      return [key, new Table(list.map((found) => ({ found, shape: shapeOfTemplate(found.template) })))];
    }),
  );
}

function isUnchanged({ before: { entries: old }, after: { entries: young } }: Pair): boolean {
  return (
    old.length === young.length &&
    old.every(({ found }, i) => {
      const other = young[i]!.found;
      return (
        found.operation.template === other.operation.template || comparePrecedence(found.template, other.template) === 0
      );
    })
  );
}

/** Where the templates are the same, every path leads to the same place of both tables. */
function unchangedCells(pair: Pair): readonly OperationCell[] {
  return pair.before.entries.flatMap(({ shape }, place) => {
    // Only a rest can be taken away altogether: from all others, a path of texts that stand nowhere else is left.
    const isLeft =
      !endsInRest(shape) ||
      pointsOf(shape, longestOf(pair)).some((p) => fitsRequest(p) && pair.before.trie.find(p) === place);
    return isLeft ? [cellOf(pair, place, place)] : [];
  });
}

function changedCells(pair: Pair): readonly OperationCell[] {
  const { before, after } = pair;
  const longest = longestOf(pair);
  const cells = new Map<number, OperationCell>();
  const look = (shape: Shape) => {
    for (const point of pointsOf(shape, longest)) {
      const [old, young] = [before.trie.find(point), after.trie.find(point)];
      const key = ((old ?? -1) + 1) * (after.entries.length + 1) + (young ?? -1) + 1;
      if (!cells.has(key) && fitsRequest(point)) cells.set(key, cellOf(pair, old, young));
    }
  };
  for (const { shape } of [...before.entries, ...after.entries]) look(shape);
  for (const { shape } of before.entries) {
    after.trie.overlapping(shape, (place) => {
      const other = after.entries[place]!.shape;
      const met = meet(shape, other)!;
      const key = shapeKey(met);
      if (key !== shapeKey(shape) && key !== shapeKey(other)) look(met);
    });
  }
  return [...cells].sort(([a], [b]) => a - b).map(([, cell]) => cell);
}

/** Of paths on which no template depends any more but by its rest. */
function longestOf({ before, after }: Pair): number {
  return Math.max(before.trie.longest, after.trie.longest) + 1;
}

function cellOf(pair: Pair, old: number | undefined, young: number | undefined): OperationCell {
  const { host, method } = pair;
  const before = old === undefined ? undefined : pair.before.entries[old]!;
  const after = young === undefined ? undefined : pair.after.entries[young]!;
  const shape = before && after ? meet(before.shape, after.shape)! : (before ?? after)!.shape;
  const apart = () => {
    const found = new Map<string, Shape>();
    for (const [{ entries, trie }, own] of [[pair.before, old] as const, [pair.after, young] as const]) {
      trie.overlapping(shape, (place) => {
        // Where this model has no operation, any that meets the shape is another cell.
        if (own !== undefined && place >= own) return;
        const met = meet(shape, entries[place]!.shape)!;
        found.set(shapeKey(met), met);
      });
    }
    return [...found].sort(([a], [b]) => compareText(a, b)).map(([, met]) => met);
  };
  return { host, method, ...(before && { before: before.found }), ...(after && { after: after.found }), shape, apart };
}
