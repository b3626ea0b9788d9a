import { describe, expect, test } from "vitest";
import { type Diagram, Diagrams } from "../../src/space/index.ts";
import { Random } from "../random.ts";
import { assignments, type Both, ofTable, randomFormula, randomSizes, randomTable } from "./functions.ts";

const ROUNDS = 150;

/** Runs on random variables, each time with the same seed. */
function everyRound(body: (random: Random, diagrams: Diagrams, all: readonly (readonly number[])[]) => void): void {
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const random = new Random(seed);
    const sizes = randomSizes(random);
    body(random, new Diagrams(sizes), assignments(sizes));
  }
}

/** Equal at every assignment, and the same number as the function that is built from the table. */
function expectValues(diagrams: Diagrams, diagram: Diagram, values: readonly number[]): void {
  expect(assignments(diagrams.sizes).map((cells) => diagrams.evaluate(diagram, cells))).toEqual(values);
  expect(diagram).toBe(ofTable(diagrams, values));
}

function either(diagrams: Diagrams, random: Random): Both {
  return random.chance(0.5) ? randomTable(diagrams, random, 2) : randomFormula(diagrams, random);
}

describe("a diagram", () => {
  test("says what its table says", () => {
    everyRound((random, diagrams) => {
      const { diagram, values } = randomTable(diagrams, random, 5);
      expectValues(diagrams, diagram, values);
    });
  });

  test("of 0 and 1 is 0 and 1, and of another leaf the same each time", () => {
    const diagrams = new Diagrams([]);
    expect([0, 1].map((value) => diagrams.leaf(value))).toEqual([0, 1]);
    expect(diagrams.leaf(7)).toBe(diagrams.leaf(7));
    expect(diagrams.evaluate(diagrams.leaf(7), [])).toBe(7);
    expect(() => diagrams.leaf(-1)).toThrow("small whole number");
    expect(() => diagrams.leaf(0.5)).toThrow("small whole number");
  });

  test("tests one variable", () => {
    everyRound((random, diagrams, all) => {
      const variable = random.int(0, diagrams.sizes.length - 1);
      const cells = Array.from({ length: diagrams.sizes[variable]! }, () => random.chance(0.5));
      expectValues(
        diagrams,
        diagrams.test(variable, cells),
        all.map((at) => (cells[at[variable]!] ? 1 : 0)),
      );
    });
  });

  test("is joined by logic", () => {
    everyRound((random, diagrams) => {
      const [a, b] = [either(diagrams, random), either(diagrams, random)];
      const table = (f: (x: number, y: number) => number) => a.values.map((value, at) => f(value, b.values[at]!));
      expectValues(
        diagrams,
        diagrams.not(a.diagram),
        table((x) => 1 - x),
      );
      expectValues(
        diagrams,
        diagrams.and(a.diagram, b.diagram),
        table((x, y) => x & y),
      );
      expectValues(
        diagrams,
        diagrams.or(a.diagram, b.diagram),
        table((x, y) => x | y),
      );
      expectValues(
        diagrams,
        diagrams.without(a.diagram, b.diagram),
        table((x, y) => x & (1 - y)),
      );
      expectValues(
        diagrams,
        diagrams.without(b.diagram, a.diagram),
        table((x, y) => y & (1 - x)),
      );
    });
  });

  test("is chosen, combined and mapped with any leaves", () => {
    everyRound((random, diagrams) => {
      const condition = either(diagrams, random);
      const [a, b] = [randomTable(diagrams, random, 5), randomTable(diagrams, random, 3)];
      expectValues(
        diagrams,
        diagrams.ifThenElse(condition.diagram, a.diagram, b.diagram),
        condition.values.map((held, at) => (held === 1 ? a : b).values[at]!),
      );
      // Neither call may see what the other has found.
      expectValues(
        diagrams,
        diagrams.combine(a.diagram, b.diagram, (x, y) => 10 * x + y),
        a.values.map((value, at) => 10 * value + b.values[at]!),
      );
      expectValues(
        diagrams,
        diagrams.combine(a.diagram, b.diagram, (x, y) => x * y),
        a.values.map((value, at) => value * b.values[at]!),
      );
      expectValues(
        diagrams,
        diagrams.map(a.diagram, (x) => (x * x) % 7),
        a.values.map((x) => (x * x) % 7),
      );
    });
  });

  test("asks for each pair of leaves once", () => {
    const diagrams = new Diagrams([3, 3]);
    const a = ofTable(diagrams, [0, 1, 2, 1, 0, 2, 2, 2, 2]);
    const asked: string[] = [];
    diagrams.combine(a, diagrams.test(0, [true, false, false]), (x, y) => {
      asked.push(`${x} ${y}`);
      return x;
    });
    expect(asked.toSorted()).toEqual(["0 0", "0 1", "1 0", "1 1", "2 0", "2 1"]);
  });

  test("names its leaves and its variables", () => {
    everyRound((random, diagrams, all) => {
      const { diagram, values } = random.chance(0.5)
        ? randomTable(diagrams, random, 12)
        : randomFormula(diagrams, random);
      expect(diagrams.leaves(diagram)).toEqual([...new Set(values)].sort((x, y) => x - y));
      const depends = (variable: number) =>
        all.some((cells, at) =>
          all.some(
            (others, there) =>
              values[at] !== values[there] && cells.every((cell, v) => v === variable || cell === others[v]),
          ),
        );
      if (all.length <= 100) {
        expect(diagrams.support(diagram)).toEqual([...diagrams.sizes.keys()].filter(depends));
      }
    });
  });

  test("picks the first assignment that leads to 1", () => {
    everyRound((random, diagrams, all) => {
      const { diagram, values } = random.chance(0.5)
        ? randomTable(diagrams, random, random.int(2, 20))
        : randomFormula(diagrams, random);
      expect(diagrams.pick(diagram)).toEqual(all[values.indexOf(1)]);
    });
  });

  test("counts what does not lead to 0, exactly", () => {
    everyRound((random, diagrams, all) => {
      const { diagram, values } = either(diagrams, random);
      const weights = diagrams.sizes.map((size) => Array.from({ length: size }, () => random.int(0, 2 ** 40)));
      const expected = all.reduce((sum, cells, at) => {
        const weight = cells.reduce((product, cell, variable) => product * BigInt(weights[variable]![cell]!), 1n);
        return values[at] === 0 ? sum : sum + weight;
      }, 0n);
      expect(diagrams.count(diagram, weights)).toBe(expected);
    });
  });

  test("is refused where it does not fit its variable", () => {
    const diagrams = new Diagrams([2, 3]);
    const later = diagrams.test(1, [true, false, false]);
    expect(() => diagrams.test(1, [true, false])).toThrow("one answer for each");
    expect(() => diagrams.choose(0, [later])).toThrow("one child for each");
    expect(() => diagrams.choose(1, [later, 0, 1])).toThrow("later variables only");
    expect(() => diagrams.and(diagrams.leaf(2), later)).not.toThrow();
    expect(() => diagrams.and(diagrams.leaf(2), diagrams.leaf(3))).toThrow("0 or 1 only");
  });

  test("is combined anew in each of many calls", () => {
    const diagrams = new Diagrams([3, 4, 3]);
    const random = new Random(3);
    const [a, b] = [randomTable(diagrams, random, 6), randomTable(diagrams, random, 6)];
    for (let call = 0; call < 300; call++) {
      const joined = diagrams.combine(a.diagram, b.diagram, (x, y) => (x * y + call) % 11);
      expectValues(
        diagrams,
        joined,
        a.values.map((value, at) => (value * b.values[at]! + call) % 11),
      );
      const large = diagrams.map(joined, (leaf) => (leaf >= 5 ? 1 : 0));
      const small = diagrams.map(joined, (leaf) => (leaf < 5 ? 1 : 0));
      expect(diagrams.not(large)).toBe(small);
      expect(diagrams.and(large, small)).toBe(0);
    }
  });

  test("stays the same number while its manager grows", () => {
    const sizes = Array.from({ length: 12 }, () => 4);
    const diagrams = new Diagrams(sizes);
    const random = new Random(1);
    const made = new Map<Diagram, readonly number[]>();
    const build = (seeds: readonly number[]) => {
      let diagram = diagrams.leaf(0);
      for (const seed of seeds) {
        const choices = new Random(seed);
        const literal = () =>
          diagrams.test(
            choices.int(0, 11),
            Array.from({ length: 4 }, () => choices.chance(0.5)),
          );
        diagram = diagrams.or(diagram, diagrams.and(diagrams.and(literal(), literal()), literal()));
      }
      return diagram;
    };
    for (let round = 0; round < 100; round++) {
      const seeds = Array.from({ length: 8 }, () => random.int(0, 1_000_000));
      made.set(build(seeds), seeds);
    }
    expect(diagrams.size).toBeGreaterThan(5000);
    const { size } = diagrams;
    for (const [diagram, seeds] of made) expect(build(seeds.toReversed())).toBe(diagram);
    const complements = [...made.keys()].map((diagram) => diagrams.not(diagram));
    expect(complements.map((diagram) => diagrams.not(diagram))).toEqual([...made.keys()]);
    expect(diagrams.size).toBeGreaterThan(size);
  });
});
