/** The requests of one class of callers and one of operations, cut into cells by what is asked of them, and formulas over them as diagrams. */
import type { CallerClass, OperationClass } from "./classes.ts";
import type { Cube } from "./cover.ts";
import { type Diagram, Diagrams } from "./diagrams.ts";
import { type Atom, atomsOf, type Cell, type Dimension, type Draft, type Formula, type Question } from "./formula.ts";

/** A dimension that something is asked of, cut into cells: a variable of the diagrams. */
export interface Variable {
  readonly dimension: Dimension;
  readonly cells: readonly Cell[];
}

/** For some variables, by number, the very value to write instead of the plainest of its cell. */
export type Chosen = ReadonlyMap<number, unknown>;

const someDay = 1_767_225_600;

export class Scene {
  readonly diagrams: Diagrams;
  readonly variables: readonly Variable[];
  /** What a request can be, although each of its dimensions can be anything. */
  readonly possible: Diagram;
  readonly #caller: CallerClass;
  readonly #operation: OperationClass;
  readonly #numbers = new Map<string, number>();
  readonly #drawn = new Map<Formula, Diagram>();

  /** @param formulas all that will be drawn */
  constructor(caller: CallerClass, operation: OperationClass, formulas: Iterable<Formula>, possible: Formula) {
    this.#caller = caller;
    this.#operation = operation;
    this.variables = variablesOf([...formulas, possible]);
    for (const [number, { dimension }] of this.variables.entries()) this.#numbers.set(dimension.key, number);
    this.diagrams = new Diagrams(this.variables.map(({ cells }) => cells.length));
    this.possible = this.draw(possible);
  }

  draw(formula: Formula): Diagram {
    const known = this.#drawn.get(formula);
    if (known !== undefined) return known;
    const drawn = this.#draw(formula);
    this.#drawn.set(formula, drawn);
    return drawn;
  }

  #draw(formula: Formula): Diagram {
    const { diagrams } = this;
    switch (formula.kind) {
      case "constant":
        return diagrams.leaf(formula.value ? 1 : 0);
      case "atom": {
        const { dimension, key } = formula.atom;
        const number = this.numberOf(dimension) as number;
        const { cells } = this.variables[number] as Variable;
        return diagrams.test(
          number,
          cells.map((cell) => cell.answers.get(key) === true),
        );
      }
      case "not":
        return diagrams.not(this.draw(formula.of));
      case "and":
        return formula.of.reduce((all, part) => diagrams.and(all, this.draw(part)), diagrams.leaf(1));
      case "or":
        return formula.of.reduce((any, part) => diagrams.or(any, this.draw(part)), diagrams.leaf(0));
    }
  }

  numberOf(dimension: Pick<Dimension, "key">): number | undefined {
    return this.#numbers.get(dimension.key);
  }

  /** A request that lies in these cells, one of each variable. */
  question(cells: readonly number[], chosen: Chosen = new Map()): Question {
    const draft = draftOf(this.#caller, this.#operation);
    for (const [number, { dimension, cells: all }] of this.variables.entries()) {
      const value = chosen.has(number) ? chosen.get(number) : all[cells[number] as number]?.values[0];
      dimension.write(value, draft);
    }
    return finish(draft, this.#operation);
  }

  /** The cells in which a request of these classes lies; `undefined` for a dimension whose pool lacks such answers. */
  cellsOf(question: Question): readonly (number | undefined)[] {
    return this.variables.map(({ dimension, cells }) => {
      const value = dimension.read(question);
      const atoms = this.#atoms.get(dimension.key) ?? [];
      const place = cells.findIndex(({ answers }) => atoms.every((a) => answers.get(a.key) === a.holds(value)));
      return place < 0 ? undefined : place;
    });
  }

  /** What a conjunction says, as it follows on `when`, less what holds of all that is cared for. */
  words(cube: Cube, care: Diagram): readonly string[] {
    return [...cube].flatMap(([number, chosen]) => {
      const { dimension, cells } = this.variables[number] as Variable;
      const cared = cells.map((_, cell) => this.#meets(care, number, cell));
      const inside = cells.filter((_, cell) => cared[cell] && chosen.includes(cell));
      const outside = cells.filter((_, cell) => cared[cell] && !chosen.includes(cell));
      return outside.length === 0 || inside.length === 0 ? [] : [dimension.words(inside, outside)];
    });
  }

  #meets(diagram: Diagram, variable: number, cell: number): boolean {
    const { diagrams } = this;
    const only = (this.variables[variable] as Variable).cells.map((_, other) => other === cell);
    return diagrams.and(diagram, diagrams.test(variable, only)) !== diagrams.leaf(0);
  }

  get #atoms(): ReadonlyMap<string, readonly Atom[]> {
    return atomsByDimension.get(this.variables) ?? new Map();
  }
}

const atomsByDimension = new WeakMap<readonly Variable[], ReadonlyMap<string, readonly Atom[]>>();

function variablesOf(formulas: Iterable<Formula>): readonly Variable[] {
  const dimensions = new Map<string, { readonly dimension: Dimension; readonly atoms: Map<string, Atom> }>();
  for (const formula of formulas) {
    for (const atom of atomsOf(formula)) {
      const { dimension } = atom;
      const known = dimensions.get(dimension.key) ?? { dimension, atoms: new Map<string, Atom>() };
      dimensions.set(dimension.key, known);
      if (!known.atoms.has(atom.key)) known.atoms.set(atom.key, atom);
    }
  }
  const sorted = [...dimensions.values()].sort(
    (a, b) => a.dimension.rank - b.dimension.rank || (a.dimension.key < b.dimension.key ? -1 : 1),
  );
  const variables = sorted.map(({ dimension, atoms }) => ({
    dimension,
    cells: cellsOf(dimension, [...atoms.values()]),
  }));
  atomsByDimension.set(variables, new Map(sorted.map(({ dimension, atoms }) => [dimension.key, [...atoms.values()]])));
  return variables;
}

/** Values that answer all atoms alike are one cell. */
function cellsOf(dimension: Dimension, atoms: readonly Atom[]): readonly Cell[] {
  const cells = new Map<string, { values: [unknown, ...unknown[]]; answers: ReadonlyMap<string, boolean> }>();
  for (const value of dimension.pool(atoms)) {
    const answers = atoms.map((atom) => atom.holds(value));
    const key = answers.map((answer) => (answer ? "1" : "0")).join("");
    const cell = cells.get(key);
    if (cell) cell.values.push(value);
    else
      cells.set(key, { values: [value], answers: new Map(atoms.map((atom, i) => [atom.key, answers[i] as boolean])) });
  }
  return [...cells.values()];
}

/** What every request of the classes has, in the plainest way. */
function draftOf({ shows, credential }: CallerClass, { host, method, segments }: OperationClass): Draft {
  return {
    time: someDay,
    revocationsAge: 0,
    ...(credential === "token" && { token: { iss: shows.url, sub: shows.subject } }),
    ...(credential === "svid" && { peer: { spiffe: shows.spiffe ?? "" } }),
    ...(credential === "key" && { key: { id: shows.key ?? "" } }),
    host,
    method,
    segments: segments.map((segment) => (segment.kind === "literal" ? segment.text : "1")),
    headers: {},
  };
}

function finish(draft: Draft, { kind }: OperationClass): Question {
  const { time, token, peer, proof, key, host, method, segments, ip, headers } = draft;
  const claims = token && { aud: "https://apis.example", iat: time, exp: time + 60, ...token };
  return {
    input: {
      time,
      ...(claims && { token: draft.isMalformed ? { ...claims, exp: "never" } : claims }),
      ...(peer && { peer }),
      ...(proof && { proof }),
      ...(key && { key }),
      request: {
        host,
        method,
        path: kind === "not-canonical" ? "/.." : `/${segments.join("/")}`,
        ...(ip !== undefined && { ip }),
        ...(Object.keys(headers).length > 0 && { headers }),
      },
    },
    revocations: { sequence: 1, at: time - draft.revocationsAge, floor: 0 },
  };
}
