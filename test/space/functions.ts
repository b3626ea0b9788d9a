/** Random functions of a few variables, as a diagram and as a plain table of all assignments. */
import type { Diagram, Diagrams } from "../../src/space/index.ts";
import type { Random } from "../random.ts";

export interface Both {
  readonly diagram: Diagram;
  /** The value at each assignment, in the order of `assignments`. */
  readonly values: readonly number[];
}

export function assignments(sizes: readonly number[]): readonly (readonly number[])[] {
  return sizes.reduceRight<readonly (readonly number[])[]>(
    (rest, size) => Array.from({ length: size }, (_, cell) => rest.map((cells) => [cell, ...cells])).flat(),
    [[]],
  );
}

export function randomSizes(random: Random): readonly number[] {
  return Array.from({ length: random.int(1, 5) }, () => random.int(1, 4));
}

/** Any function at all: each assignment has a value of its own. */
export function randomTable(diagrams: Diagrams, random: Random, leaves: number): Both {
  const { sizes } = diagrams;
  const values = assignments(sizes).map(() => random.int(0, leaves - 1));
  return { diagram: ofTable(diagrams, values), values };
}

/** The diagram of a table, by nothing but `leaf` and `choose`. */
export function ofTable(diagrams: Diagrams, values: readonly number[], variable = 0): Diagram {
  const size = diagrams.sizes[variable];
  if (size === undefined) return diagrams.leaf(values[0]!);
  const width = values.length / size;
  const children = Array.from({ length: size }, (_, cell) =>
    ofTable(diagrams, values.slice(cell * width, (cell + 1) * width), variable + 1),
  );
  return diagrams.choose(variable, children);
}

/** A function as policies have them: a few conjunctions of a few tests, joined. */
export function randomFormula(diagrams: Diagrams, random: Random): Both {
  const { sizes } = diagrams;
  const all = assignments(sizes);
  let diagram = diagrams.leaf(0);
  let values = all.map(() => 0);
  for (let term = random.int(0, 4); term > 0; term--) {
    let product = diagrams.leaf(1);
    let held = all.map(() => 1);
    for (let literal = random.int(1, 3); literal > 0; literal--) {
      const variable = random.int(0, sizes.length - 1);
      const cells = Array.from({ length: sizes[variable]! }, () => random.chance(0.5));
      product = diagrams.and(product, diagrams.test(variable, cells));
      held = held.map((value, at) => (cells[all[at]![variable]!] ? value : 0));
    }
    diagram = diagrams.or(diagram, product);
    values = values.map((value, at) => value | held[at]!);
  }
  return { diagram, values };
}
