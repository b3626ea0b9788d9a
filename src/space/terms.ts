/** What a condition can ask of one value of a request, wherever it stands: the common ground of claims, parameters, headers and times. */
import type { Condition, Literal } from "../model/index.ts";
import { always, and, type Draft, type Formula, never, not, or } from "./formula.ts";
import { type TextTest, textKey } from "./texts.ts";

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
  readonly asked: Asked;
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
  const { texts, numbers } = sortedOut(values);
  return or(
    texts.length === 0 ? never : term.text({ kind: "in", texts }),
    numbers.length === 0 ? never : term.number({ kind: "in", numbers }),
    ...[true, false].map((value) => (values.includes(value) ? term.truth(value) : never)),
  );
}

interface SortedOut {
  readonly texts: readonly string[];
  readonly numbers: readonly number[];
}

const sorted = new WeakMap<readonly Literal[], SortedOut>();

/** The literals of each type, once for each list: every class of requests asks for it. */
function sortedOut(values: readonly Literal[]): SortedOut {
  const known = sorted.get(values) ?? {
    texts: [...new Set(values.filter((value) => typeof value === "string"))].sort(),
    numbers: [...new Set(values.filter((value) => typeof value === "number" && Number.isSafeInteger(value)))].sort(
      (a, b) => Number(a) - Number(b),
    ) as readonly number[],
  };
  sorted.set(values, known);
  return known;
}

export function oneOf(texts: readonly string[]): TextTest & { kind: "in" } {
  return { kind: "in", texts: sortedOut(texts).texts };
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
  /** Texts that it must not be by chance. */
  readonly avoided = new Set<string>();

  text(test: TextTest): TextTest {
    this.texts.set(textKey(test), test);
    return test;
  }

  number(test: NumberTest): NumberTest {
    this.numbers.set(numberKey(test), test);
    return test;
  }
}

/** From each of these numbers on, or from the next one, an answer may be another; sorted. */
export function testedNumbers(tests: readonly NumberTest[]): readonly number[] {
  const turns = tests.flatMap((test) => (test.kind === "in" ? test.numbers.flatMap((n) => [n, n + 1]) : [test.number]));
  return [...new Set(turns)].sort((a, b) => a - b);
}

/** A fact that is a text and nothing else. */
export abstract class TextTerm implements Term {
  abstract readonly key: string;
  abstract readonly title: string;
  abstract readonly order: number;
  abstract readonly known: Formula;
  readonly kinds: readonly ValueKind[] = ["text"];
  readonly asked: Asked = new Asked();

  abstract text(test: TextTest): Formula;
  abstract read(place: Place): Value | undefined;
  abstract write(value: Value, draft: Draft): void;

  get present(): Formula {
    return this.is("text");
  }

  is(kind: ValueKind): Formula {
    return kind === "text" ? this.isText() : never;
  }

  number(_: NumberTest): Formula {
    return never;
  }

  truth(_: boolean): Formula {
    return never;
  }

  includes(_: string): Formula {
    return never;
  }

  protected isText(): Formula {
    return always;
  }
}
