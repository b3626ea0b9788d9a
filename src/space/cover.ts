/** A diagram as few conjunctions that a person can read: irredundant sums of widest products, after Minato and Morreale. */
import { assert } from "../diagnostics/index.ts";
import type { Diagram, Diagrams } from "./diagrams.ts";

/** For each variable that matters, which of its cells. */
export type Cube = ReadonlyMap<number, readonly number[]>;

/** The first literal of a product and what follows it; `undefined` is the product of nothing, which holds everywhere. */
type Product = { readonly variable: number; readonly cells: readonly boolean[]; readonly rest: Product } | undefined;

interface Sum {
  readonly products: readonly Product[];
  /** Where any of them holds. */
  readonly held: Diagram;
}

/** Which cells of each variable: a variable that does not matter has none of its own. */
type Literals = readonly (readonly boolean[] | undefined)[];

/** Few conjunctions, together exactly `on` wherever `care` holds and not necessarily beyond. Irredundant; deterministic. */
export function cover(diagrams: Diagrams, on: Diagram, care: Diagram): readonly Cube[] {
  for (const given of [on, care]) {
    assert(
      diagrams.leaves(given).every((leaf) => leaf <= 1),
      "what is covered, and cared for, leads to 0 or 1 only",
    );
  }
  const least = diagrams.and(on, care);
  const most = diagrams.or(on, diagrams.not(care));
  const wide = sumBetween(diagrams, least, most).products.map((product) => widest(diagrams, product, most));
  return irredundant(diagrams, wide, least).map(cubeOf);
}

/** Products that hold wherever `least` does and nowhere but in `most`. */
function sumBetween(diagrams: Diagrams, least: Diagram, most: Diagram): Sum {
  const known = new Map<Diagram, Map<Diagram, Sum>>();
  const sum = (low: Diagram, high: Diagram): Sum => {
    if (low === 0) return { products: [], held: 0 };
    if (high === 1) return { products: [undefined], held: 1 };
    const of = known.get(low) ?? new Map<Diagram, Sum>();
    const found = of.get(high) ?? split(low, high);
    known.set(low, of.set(high, found));
    return found;
  };
  const split = (low: Diagram, high: Diagram): Sum => {
    const variable = Math.min(diagrams.variableOf(low), diagrams.variableOf(high));
    const cells = [...Array(diagrams.sizes[variable]!).keys()];
    const lows = cells.map((cell) => diagrams.within(low, variable, cell));
    const highs = cells.map((cell) => diagrams.within(high, variable, cell));
    const everywhere = highs.reduce((all, part) => diagrams.and(all, part));
    const products: Product[] = [];
    const held = cells.map(() => 0);
    // What no product without the variable may cover; cells that lack the same are covered at once.
    for (const cell of cells) {
      const lacking = diagrams.without(diagrams.without(lows[cell]!, everywhere), held[cell]!);
      if (lacking === 0) continue;
      const chosen = cells.map((other) => diagrams.without(lacking, highs[other]!) === 0);
      const shared = highs.filter((_, other) => chosen[other]).reduce((all, part) => diagrams.and(all, part));
      const part = sum(lacking, shared);
      for (const rest of part.products) products.push({ variable, cells: chosen, rest });
      for (const other of cells) if (chosen[other]) held[other] = diagrams.or(held[other]!, part.held);
    }
    const left = lows
      .map((part, cell) => diagrams.without(part, held[cell]!))
      .reduce((any, part) => diagrams.or(any, part));
    const free = sum(left, everywhere);
    return {
      products: [...free.products, ...products],
      held: diagrams.or(free.held, diagrams.choose(variable, held)),
    };
  };
  return sum(least, most);
}

function widest(diagrams: Diagrams, product: Product, most: Diagram): Literals {
  const literals: (readonly boolean[] | undefined)[] = diagrams.sizes.map(() => undefined);
  for (let at = product; at !== undefined; at = at.rest) literals[at.variable] = at.cells;
  const variables = [...literals.keys()].filter((variable) => literals[variable] !== undefined);
  for (const variable of variables) {
    const cells = literals[variable];
    literals[variable] = undefined;
    if (!holdsWithin(diagrams, literals, most)) literals[variable] = cells;
  }
  for (const variable of variables) {
    const cells = literals[variable];
    if (cells === undefined) continue;
    literals[variable] = cells.map((held, cell) => {
      if (held) return true;
      literals[variable] = cells.map((_, other) => other === cell);
      return holdsWithin(diagrams, literals, most);
    });
  }
  return literals;
}

/** Whether the conjunction of the literals implies the diagram. */
function holdsWithin(diagrams: Diagrams, literals: Literals, most: Diagram): boolean {
  const reached = new Set([most]);
  for (const node of reached) {
    if (node === 0) return false;
    const variable = diagrams.variableOf(node);
    const cells = literals[variable];
    for (let cell = 0; cell < (diagrams.sizes[variable] ?? 0); cell++) {
      if (cells === undefined || cells[cell]) reached.add(diagrams.within(node, variable, cell));
    }
  }
  return true;
}

function irredundant(diagrams: Diagrams, wide: readonly Literals[], least: Diagram): readonly Literals[] {
  const sorted = wide.toSorted(bySimplicity);
  const parts = sorted.map((literals) => diagrams.and(least, conjunction(diagrams, literals)));
  const before: Diagram[] = [0];
  for (const part of parts) before.push(diagrams.or(before.at(-1)!, part));
  const kept: Literals[] = [];
  let behind: Diagram = 0;
  for (let at = parts.length - 1; at >= 0; at--) {
    if (diagrams.without(parts[at]!, diagrams.or(before[at]!, behind)) === 0) continue;
    kept.push(sorted[at]!);
    behind = diagrams.or(behind, parts[at]!);
  }
  return kept.reverse();
}

function conjunction(diagrams: Diagrams, literals: Literals): Diagram {
  return literals.reduceRight<Diagram>((rest, cells, variable) => {
    return cells === undefined
      ? rest
      : diagrams.choose(
          variable,
          cells.map((held) => (held ? rest : 0)),
        );
  }, 1);
}

/** Few variables first, then many cells, then first variables and first cells. */
function bySimplicity(a: Literals, b: Literals): number {
  const [ofA, ofB] = [a, b].map((literals) => literals.filter((cells) => cells !== undefined));
  const count = (of: readonly (readonly boolean[])[]) =>
    of.reduce((sum, cells) => sum + cells.filter(Boolean).length, 0);
  if (ofA!.length !== ofB!.length) return ofA!.length - ofB!.length;
  return count(ofB!) - count(ofA!) || byPlace(a, b);
}

function byPlace(a: Literals, b: Literals): number {
  for (const [variable, cells] of a.entries()) {
    const others = b[variable];
    if (cells === undefined && others === undefined) continue;
    if (cells === undefined || others === undefined) return cells === undefined ? 1 : -1;
    for (const [cell, held] of cells.entries()) if (held !== others[cell]) return held ? -1 : 1;
  }
  return 0;
}

function cubeOf(literals: Literals): Cube {
  const cube = new Map<number, readonly number[]>();
  for (const [variable, cells] of literals.entries()) {
    if (cells !== undefined)
      cube.set(
        variable,
        [...cells.keys()].filter((cell) => cells[cell]),
      );
  }
  return cube;
}
