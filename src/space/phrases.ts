/** Atoms that know what they ask, and the cells that they make in words. */
import { type Atom, ask, type Cell, type Dimension, type Formula } from "./formula.ts";
import type { NumberTest, Value } from "./terms.ts";
import { passes, type TextTest, textKey } from "./texts.ts";
import { inWords } from "./words.ts";

/** An atom that knows what it asks, and how that is said. */
export interface AskedAtom<V> extends Atom<V> {
  readonly text?: TextTest;
  readonly number?: NumberTest;
  /** What follows on the name of the part that it is about. */
  readonly says: (answer: boolean, allNumbers: boolean) => string;
}

/** The atoms of one dimension, by key, and how cells are told from one another by them. */
export class Atoms<V> {
  readonly #dimension: () => Dimension<V>;
  readonly #made = new Map<string, AskedAtom<V>>();

  constructor(dimension: () => Dimension<V>) {
    this.#dimension = dimension;
  }

  ask(key: string, made: Omit<AskedAtom<V>, "dimension" | "key">): Formula {
    const atom = this.#made.get(key) ?? { dimension: this.#dimension(), key, ...made };
    this.#made.set(key, atom);
    return ask(atom);
  }

  /** @param textOf the text that a value is, if it is one */
  askText(test: TextTest, textOf: (value: V) => string | undefined): Formula {
    return this.ask(`text ${textKey(test)}`, {
      text: test,
      says: (answer) => textWords(test, answer),
      holds: (value) => {
        const text = textOf(value);
        return text !== undefined && passes(test, text);
      },
    });
  }

  words(title: string, cells: readonly Cell<V>[], others: readonly Cell<V>[], namedOf: (value: V) => Listed): string {
    const listed = listing(cells, others, (cell) => this.#listed(cell, namedOf));
    // Of what may be absent or no number, "less than" would say too much; of numbers it says that they are.
    const allNumbers = cells.every(({ values: [value] }) => typeof value === "number");
    const told = inWords(cells, others, (key, answer) => this.#made.get(key)?.says(answer, allNumbers) ?? key)
      .replaceAll(/is a whole number and (?=is (?:less|at|more))/g, "")
      .replaceAll(/(?<=(?:less than|at most|at least|more than) -?\d+) and is a whole number/g, "");
    const isSimple = !/ (?:and|or) /.test(told);
    return `${title} ${listed !== undefined && !(isSimple && told.length < listed.length) ? listed : told}`;
  }

  /** All values of a cell, where they are few and known. */
  #listed(cell: Cell<V>, namedOf: (value: V) => Listed): readonly Listed[] | undefined {
    const listed = cell.values.map(namedOf);
    if (listed.some((value) => value === undefined)) return undefined;
    const isClosed = listed.every(
      (value) => value === "absent" || typeof value !== "object" || typeof value.is === "boolean",
    );
    if (isClosed) return listed;
    const named = [...cell.answers].some(([key, answer]) => {
      const atom = this.#made.get(key);
      return answer && (atom?.text?.kind === "in" || atom?.number?.kind === "in");
    });
    return named ? listed : undefined;
  }
}

/** A value that can be named; `undefined` where there are others like it. */
export type Listed = "absent" | { readonly is: Value } | undefined;

/** More than these are not listed. */
const mostListed = 6;

function listing<V>(
  cells: readonly Cell<V>[],
  others: readonly Cell<V>[],
  listedOf: (cell: Cell<V>) => readonly Listed[] | undefined,
): string | undefined {
  const [inside, outside] = [cells, others].map((some) => {
    const lists = some.map(listedOf);
    if (lists.some((list) => list === undefined)) return undefined;
    const all = lists.flatMap((list) => list ?? []);
    return all.length <= mostListed ? all : undefined;
  });
  const values = (list: readonly Listed[]) =>
    list.flatMap((listed) => (typeof listed === "object" ? JSON.stringify(listed.is) : [])).sort();
  if (inside && (!outside || inside.length <= outside.length))
    return isAnyOf([...(inside.includes("absent") ? ["absent"] : []), ...values(inside)]);
  if (!outside) return undefined;
  const parts = values(outside);
  if (!outside.includes("absent")) return isNoneOf(parts);
  return parts.length === 0 ? "is there" : `is there and ${isNoneOf(parts)}`;
}

/** `is "a"`, `is "a" or "b"`, `is "a", "b" or "c"`. */
export function isAnyOf(parts: readonly string[]): string {
  return parts.length === 1 ? `is ${parts[0]}` : `is ${parts.slice(0, -1).join(", ")} or ${parts.at(-1)}`;
}

export function isNoneOf(parts: readonly string[]): string {
  return parts.length === 1 ? `is not ${parts[0]}` : `is neither ${parts.slice(0, -1).join(", ")} nor ${parts.at(-1)}`;
}

/** A list as it is written. All of it, however long: words that two lists share would make one change of two, with one approval. */
export function spelledOut(values: readonly Value[]): readonly string[] {
  return values.map((value) => JSON.stringify(value));
}

function textWords(test: TextTest, answer: boolean): string {
  switch (test.kind) {
    case "in": {
      const all = spelledOut(test.texts);
      return answer ? isAnyOf(all) : isNoneOf(all);
    }
    case "starts-with":
      return `${answer ? "starts" : "does not start"} with ${JSON.stringify(test.text)}`;
    case "ends-with":
      return `${answer ? "ends" : "does not end"} with ${JSON.stringify(test.text)}`;
    case "escaped":
      return answer ? 'contains "%"' : 'contains no "%"';
    case "cidr":
      return `is ${answer ? "" : "not "}in ${test.range}`;
    case "shaped":
      return answer ? "is the path of another operation" : "is no other operation's path";
  }
}

export function numberWords(test: NumberTest, answer: boolean, allNumbers: boolean): string {
  if (test.kind === "at-least") {
    const { number } = test;
    // As it was written, most likely: with the rounder number.
    const isOver = zerosOf(number - 1) > zerosOf(number);
    if (answer) return isOver ? `is more than ${number - 1}` : `is at least ${number}`;
    if (!allNumbers) return isOver ? `is not more than ${number - 1}` : `is not at least ${number}`;
    return isOver ? `is at most ${number - 1}` : `is less than ${number}`;
  }
  const all = spelledOut(test.numbers);
  return answer ? isAnyOf(all) : isNoneOf(all);
}

function zerosOf(number: number): number {
  return /0*$/.exec(String(number))?.[0].length ?? 0;
}
