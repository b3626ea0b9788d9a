import { describe, expect, test } from "vitest";
import { type Cube, type Diagram, Diagrams } from "../../src/space/index.ts";
import { Random } from "../random.ts";
import { assignments, randomFormula, randomSizes, randomTable } from "./functions.ts";

/** Without the diagrams: whether an assignment is in a cube. */
function inCube(cube: Cube, cells: readonly number[]): boolean {
  return [...cube].every(([variable, allowed]) => allowed.includes(cells[variable]!));
}

function plain(cubes: readonly Cube[]): readonly Record<number, readonly number[]>[] {
  return cubes.map((cube) => Object.fromEntries(cube));
}

/** The same cube with a cell more in one literal, or without one: each way in which it could say less. */
function wider(cube: Cube, sizes: readonly number[]): readonly Cube[] {
  return [...cube].flatMap(([variable, cells]) => [
    new Map([...cube].filter(([other]) => other !== variable)),
    ...[...Array(sizes[variable]!).keys()]
      .filter((cell) => !cells.includes(cell))
      .map((cell) => new Map([...cube, [variable, [...cells, cell]]])),
  ]);
}

interface Asked {
  readonly sizes: readonly number[];
  readonly on: readonly number[];
  readonly care: readonly number[];
  readonly cubes: readonly Cube[];
}

/** What is asked of random functions; of functions as policies have them, and of any. */
function asked(seed: number): Asked {
  const random = new Random(seed);
  const diagrams = new Diagrams(randomSizes(random));
  const any = random.chance(0.3);
  const some = () => (any ? randomTable(diagrams, random, 2) : randomFormula(diagrams, random));
  const [before, after, impossible] = [some(), some(), some()];
  const changed = diagrams.combine(before.diagram, after.diagram, (x, y) => x ^ y);
  const care = random.chance(0.3) ? diagrams.leaf(1) : diagrams.not(impossible.diagram);
  return {
    sizes: diagrams.sizes,
    on: before.values.map((value, at) => value ^ after.values[at]!),
    care: impossible.values.map((value) => (care === 1 ? 1 : 1 - value)),
    cubes: diagrams.cover(changed, care),
  };
}

const rounds: readonly Asked[] = Array.from({ length: 200 }, (_, seed) => asked(seed + 1));

function exact({ sizes, on, care }: Asked, cubes: readonly Cube[]): boolean {
  return assignments(sizes).every(
    (cells, at) => care[at] === 0 || cubes.some((cube) => inCube(cube, cells)) === (on[at] === 1),
  );
}

describe("a cover of a random function", () => {
  test("is exact wherever it is cared", () => {
    for (const round of rounds) expect(exact(round, round.cubes)).toBe(true);
    // Neither all there is, nor nothing.
    expect(rounds.filter(({ cubes }) => cubes.length > 1).length).toBeGreaterThan(50);
  });

  test("can spare none of its cubes", () => {
    for (const round of rounds) {
      for (const spared of round.cubes) {
        const rest = round.cubes.filter((cube) => cube !== spared);
        expect(exact(round, rest)).toBe(false);
      }
    }
  });

  test("has no cube that could say less", () => {
    for (const round of rounds) {
      for (const cube of round.cubes) {
        for (const wide of wider(cube, round.sizes)) {
          const replaced = round.cubes.map((other) => (other === cube ? wide : other));
          expect(exact(round, replaced)).toBe(false);
        }
      }
    }
  });

  test("names variables and cells in order, and neither none nor all of a variable's cells", () => {
    for (const { sizes, cubes } of rounds) {
      for (const cube of cubes) {
        expect([...cube.keys()]).toEqual([...cube.keys()].toSorted((x, y) => x - y));
        for (const [variable, cells] of cube) {
          expect(cells).toEqual([...new Set(cells)].toSorted((x, y) => x - y));
          expect(cells.length).toBeGreaterThan(0);
          expect(cells.length).toBeLessThan(sizes[variable]!);
        }
      }
    }
  });

  test("is the same whatever else its manager has made", () => {
    for (let seed = 1; seed <= 50; seed++) {
      const sizes = randomSizes(new Random(seed));
      const [fresh, used] = [new Diagrams(sizes), new Diagrams(sizes)];
      const other = new Random(seed + 1000);
      for (let made = 0; made < 5; made++) randomTable(used, other, 4);
      const [first, second] = [fresh, used].map((diagrams) => {
        const random = new Random(seed);
        const on = randomTable(diagrams, random, 2).diagram;
        return plain(diagrams.cover(on, randomFormula(diagrams, random).diagram));
      });
      expect(second).toEqual(first);
    }
  });
});

describe("a cover that everybody would give", () => {
  const diagrams = new Diagrams([3, 2, 4]);
  const cells = (variable: number, ...of: readonly number[]): Diagram => {
    const answers = Array.from({ length: diagrams.sizes[variable]! }, (_, cell) => of.includes(cell));
    return diagrams.test(variable, answers);
  };
  const all = (...of: readonly Diagram[]): Diagram => of.reduce((a, b) => diagrams.and(a, b));
  const any = (...of: readonly Diagram[]): Diagram => of.reduce((a, b) => diagrams.or(a, b));
  const covered = (on: Diagram, care: Diagram = 1) => plain(diagrams.cover(on, care));

  test("of nothing is nothing, and of everything one cube that says nothing", () => {
    expect(covered(0)).toEqual([]);
    expect(covered(1)).toEqual([{}]);
  });

  test("where nothing is cared for is nothing, and where all that is cared for holds is everything", () => {
    expect(covered(1, 0)).toEqual([]);
    expect(covered(cells(1, 1), cells(1, 1))).toEqual([{}]);
    expect(covered(cells(1, 0), cells(1, 1))).toEqual([]);
  });

  test("of one conjunction is that conjunction", () => {
    expect(covered(all(cells(0, 0, 2), cells(1, 1), cells(2, 3)))).toEqual([{ 0: [0, 2], 1: [1], 2: [3] }]);
  });

  test("merges cells that lead to the same", () => {
    const parts = [0, 1, 3].map((cell) => all(cells(0, 1), cells(2, cell)));
    expect(covered(any(...parts))).toEqual([{ 0: [1], 2: [0, 1, 3] }]);
  });

  test("of a disjunction is each part alone, not one without the other", () => {
    expect(covered(any(cells(0, 0), cells(1, 1), cells(2, 0, 1)))).toEqual([{ 2: [0, 1] }, { 0: [0] }, { 1: [1] }]);
  });

  test("merges what overlaps in one variable into widest cubes", () => {
    const on = any(all(cells(0, 0), cells(2, 0)), all(cells(0, 1), cells(2, 0, 1)), all(cells(0, 2), cells(2, 1)));
    expect(covered(on)).toEqual([
      { 0: [0, 1], 2: [0] },
      { 0: [1, 2], 2: [1] },
    ]);
  });

  test("drops a literal that only what can't be would need", () => {
    // Two facts that are never in the cell 0 both.
    const possible = diagrams.not(all(cells(0, 0), cells(1, 0)));
    expect(covered(all(cells(0, 0), cells(1, 1), cells(2, 2)), possible)).toEqual([{ 0: [0], 2: [2] }]);
  });

  test("of what is neither 0 nor 1 is refused", () => {
    const of = diagrams.map(cells(0, 1), (leaf) => 2 + leaf);
    expect(() => diagrams.cover(of, 1)).toThrow("0 or 1 only");
    expect(() => diagrams.cover(cells(1, 0), of)).toThrow("0 or 1 only");
    expect(() => diagrams.cover(diagrams.leaf(2), cells(1, 0))).toThrow("0 or 1 only");
  });

  test("of many variables is what it was made of", () => {
    const many = new Diagrams(Array.from({ length: 60 }, () => 8));
    const random = new Random(7);
    // Each term has variables of its own, so that none can hide behind others.
    const terms = [0, 1, 2, 3, 4, 5].map((term) => {
      const of = many.sizes.keys().filter((variable) => variable % 6 === term);
      return new Map(of.map((variable) => [variable, random.some([0, 1, 2, 3, 4, 5, 6], 6)]));
    });
    let on: Diagram = 0;
    for (const term of terms) {
      let product: Diagram = 1;
      for (const [variable, held] of term) {
        const answers = Array.from({ length: 8 }, (_, cell) => held.includes(cell));
        product = many.and(product, many.test(variable, answers));
      }
      on = many.or(on, product);
    }
    const texts = (cubes: readonly Cube[]) =>
      plain(cubes)
        .map((cube) => JSON.stringify(cube))
        .toSorted();
    expect(texts(many.cover(on, 1))).toEqual(texts(terms));
  });
});
