/** What a condition can ask of one value of a request, wherever it stands: the common ground of claims, parameters, headers and times. */
import type { Condition, Literal } from "../model/index.ts";
import { type Atom, and, ask, type Cell, type Dimension, type Draft, type Formula, never, not, or } from "./formula.ts";
import { passes, type TextTest, textKey } from "./texts.ts";
import { inWords } from "./words.ts";

export type NumberTest =
  | { readonly kind: "at-least"; readonly number: number }
  /** Sorted. */
  | { readonly kind: "in"; readonly numbers: readonly number[] };

/** Values that two facts can have in common. */
export type ValueKind = "boolean" | "number" | "text";
export type Value = boolean | number | string;

/** A fact whose value varies within a class. Two facts that are the same part of a request are one term. */
export interface Term {
  readonly key: string;
  /** As a reviewer reads it: `claims.region`. */
  readonly title: string;
  /** Where two terms are the same, the value of the first is copied. */
  readonly order: number;
  readonly kinds: readonly ValueKind[];
  /** Whether it can be read. */
  readonly known: Formula;
  /** Whether it is there, where it can be read. */
  readonly present: Formula;
  is(kind: ValueKind): Formula;
  text(test: TextTest): Formula;
  number(test: NumberTest): Formula;
  truth(value: boolean): Formula;
  /** It is a list of texts that includes this one. */
  includes(text: string): Formula;
  /** What was asked so far. */
  readonly asked: { readonly texts: ReadonlyMap<string, TextTest>; readonly numbers: ReadonlyMap<string, NumberTest> };
  /** The value, if it is one of `kinds`. */
  read(place: Place): Value | undefined;
  write(value: Value, draft: Draft): void;
}

/** What facts are read from: a request, or one that is being written. */
export interface Place {
  readonly time: number;
  readonly token: Readonly<Record<string, unknown>> | undefined;
  readonly segments: readonly string[];
  readonly ip: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
}

export type Test = Exclude<Condition, { kind: "and" | "constant" | "named" | "not" | "or" | "present" | "same" }>;

/** Whether a term passes, as `evaluateCondition` has it: what is of another type does not. */
export function testOf(test: Test, term: Term): Formula {
  switch (test.kind) {
    case "compare":
      return compare(test, term);
    case "in":
      return isOneOf(test.values, term);
    case "includes":
      return term.includes(test.text);
    case "starts-with":
    case "ends-with":
      // Every text does.
      return test.text === "" ? term.is("text") : term.text({ kind: test.kind, text: test.text });
    case "cidr":
      return term.text({ kind: "cidr", range: test.range });
  }
}

/** Of whole numbers every comparison is `at least`, so that there are few questions. */
function compare({ operator, literal }: Test & { kind: "compare" }, term: Term): Formula {
  if (operator === "equal") return isOneOf([literal], term);
  if (typeof literal !== "number") return never;
  const least = operator === "less" || operator === "greater-or-equal" ? Math.ceil(literal) : Math.floor(literal) + 1;
  const reaches = term.number({ kind: "at-least", number: least });
  return operator === "greater" || operator === "greater-or-equal" ? reaches : and(term.is("number"), not(reaches));
}

export function isOneOf(values: readonly Literal[], term: Term): Formula {
  const texts = values.filter((value) => typeof value === "string");
  const numbers = values.filter((value) => Number.isSafeInteger(value)) as readonly number[];
  return or(
    texts.length === 0 ? never : term.text(oneOf(texts)),
    numbers.length === 0 ? never : term.number({ kind: "in", numbers: [...new Set(numbers)].sort((a, b) => a - b) }),
    ...[true, false].map((value) => (values.includes(value) ? term.truth(value) : never)),
  );
}

export function oneOf(texts: readonly string[]): TextTest & { kind: "in" } {
  return { kind: "in", texts: [...new Set(texts)].sort() };
}

export function numberKey(test: NumberTest): string {
  return test.kind === "in" ? `in ${test.numbers.join()}` : `at-least ${test.number}`;
}

export function numberPasses(test: NumberTest, number: number): boolean {
  return test.kind === "in" ? test.numbers.includes(number) : number >= test.number;
}

/** Remembers what was asked of a term. */
export class Asked {
  readonly texts = new Map<string, TextTest>();
  readonly numbers = new Map<string, NumberTest>();

  text(test: TextTest): TextTest {
    this.texts.set(textKey(test), test);
    return test;
  }

  number(test: NumberTest): NumberTest {
    this.numbers.set(numberKey(test), test);
    return test;
  }
}

/** An atom that knows what it asks, and how that is said. */
export interface AskedAtom<V> extends Atom<V> {
  readonly text?: TextTest;
  readonly number?: NumberTest;
  /** What follows on the name of the part that it is about. */
  readonly says: (answer: boolean) => string;
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
    const told = inWords(cells, others, (key, answer) => this.#made.get(key)?.says(answer) ?? key);
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

function textWords(test: TextTest, answer: boolean): string {
  switch (test.kind) {
    case "in": {
      const parts = test.texts.slice(0, mostListed).map((text) => JSON.stringify(text));
      const more = test.texts.length - parts.length;
      const all = more > 0 ? [...parts, `${more} more texts`] : parts;
      return answer ? isAnyOf(all) : isNoneOf(all);
    }
    case "starts-with":
      return `${answer ? "starts" : "does not start"} with ${JSON.stringify(test.text)}`;
    case "ends-with":
      return `${answer ? "ends" : "does not end"} with ${JSON.stringify(test.text)}`;
    case "escaped":
      return `holds ${answer ? "an" : "no"} escape`;
    case "cidr":
      return `is ${answer ? "" : "not "}in ${test.range}`;
    case "shaped":
      return answer ? "is the path of another operation" : "is no other operation's path";
  }
}

export function numberWords(test: NumberTest, answer: boolean): string {
  if (test.kind === "at-least") return answer ? `is at least ${test.number}` : `is not at least ${test.number}`;
  const parts = test.numbers.slice(0, mostListed).map(String);
  return answer ? isAnyOf(parts) : isNoneOf(parts);
}

/** From each of these numbers on, or from the next one, an answer may be another; sorted. */
export function testedNumbers(tests: readonly NumberTest[]): readonly number[] {
  const turns = tests.flatMap((test) => (test.kind === "in" ? test.numbers.flatMap((n) => [n, n + 1]) : [test.number]));
  return [...new Set(turns)].sort((a, b) => a - b);
}
