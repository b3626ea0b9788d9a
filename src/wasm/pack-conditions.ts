/** Conditions to instructions: named ones written out, every jump forwards, equal programs once. */
import { assert, unreachable } from "../diagnostics/index.ts";
import { type Condition, compareText, type Fact, factKey, type Literal, parseIpRange } from "../model/index.ts";
import {
  ACCEPT,
  CONDITION_CODE,
  CONDITION_CODE_COUNT,
  CONDITION_FACT_COUNT,
  CONDITION_FACTS,
  CONDITION_SIZE,
  FACT_A,
  FACT_B,
  FACT_KIND,
  FACT_KIND_CLAIM,
  FACT_KIND_HEADER,
  FACT_KIND_IDENTITY,
  FACT_KIND_PARAMETER,
  FACT_KIND_REQUEST,
  FACT_KIND_TOKEN,
  FACT_SIZE,
  FOREVER,
  INSTRUCTION_LIMIT,
  NONE,
  REJECT,
  TEST_CIDR,
  TEST_CONSTANT,
  TEST_ENDS_WITH,
  TEST_EQUAL_BOOLEAN,
  TEST_EQUAL_NUMBER,
  TEST_EQUAL_TEXT,
  TEST_GREATER,
  TEST_GREATER_OR_EQUAL,
  TEST_IN_NUMBERS,
  TEST_IN_TEXTS,
  TEST_INCLUDES,
  TEST_LESS,
  TEST_LESS_OR_EQUAL,
  TEST_PRESENT,
  TEST_SAME,
  TEST_STARTS_WITH,
} from "./layout.ts";
import type { Numbers } from "./numbers.ts";
import type { TableWriter } from "./table-writer.ts";

const requestFacts = ["host", "ip", "method", "path"];
const tokenFacts = ["age", "lifetime"];
const identityFacts = ["name", "owner", "tags", "tier"];

/** The rows of facts: each once, in the order of their keys. */
export function packFacts(
  writer: TableWriter,
  facts: readonly Fact[],
  numbers: Numbers,
  issuerRows: ReadonlyMap<string, number>,
): { readonly address: number; readonly rows: ReadonlyMap<string, number> } {
  const address = writer.reserve(facts.length * FACT_SIZE);
  const rows = new Map<string, number>();
  for (const [i, fact] of facts.entries()) {
    const row = address + i * FACT_SIZE;
    const [kind, a, b = 0] = wordsOf(fact, numbers, issuerRows);
    writer.word(row + FACT_KIND, kind);
    writer.word(row + FACT_A, a);
    writer.word(row + FACT_B, b);
    rows.set(factKey(fact), row);
  }
  return { address, rows };
}

function wordsOf(
  fact: Fact,
  { members, parameters, headers }: Numbers,
  issuerRows: ReadonlyMap<string, number>,
): readonly [kind: number, a: number, b?: number] {
  switch (fact.kind) {
    case "claim": {
      const issuer = issuerRows.get(fact.issuer);
      // No token is of an issuer that is not declared: as unknown as what no path has.
      return issuer === undefined
        ? [FACT_KIND_PARAMETER, NONE]
        : [FACT_KIND_CLAIM, issuer, members.get(fact.name) ?? NONE];
    }
    case "parameter":
      return [FACT_KIND_PARAMETER, parameters.get(fact.name) ?? NONE];
    case "request":
      return [FACT_KIND_REQUEST, requestFacts.indexOf(fact.name)];
    case "header":
      return [FACT_KIND_HEADER, headers.get(fact.name) ?? NONE];
    case "token":
      return [FACT_KIND_TOKEN, tokenFacts.indexOf(fact.name)];
    case "identity":
      return [FACT_KIND_IDENTITY, identityFacts.indexOf(fact.name)];
    default:
      return unreachable(fact);
  }
}

/** Where to go on: the number of an instruction counted from the end, or one of the two ends. */
type Label = number;

interface Instruction {
  readonly operation: number;
  readonly fact?: number;
  readonly a?: number;
  readonly b?: number;
  readonly value?: number;
  readonly onTrue: Label;
  readonly onFalse: Label;
}

/** What an instruction tests, before it is known where to go on. */
type Test = Pick<Instruction, "operation" | "a" | "b" | "value">;

export class ConditionPacker {
  readonly #writer: TableWriter;
  readonly #named: (name: string) => Condition;
  readonly #facts: ReadonlyMap<string, number>;
  readonly #rows: (readonly number[])[] = [];
  readonly #numbers = new Map<string, number>();
  #code: Instruction[] = [];

  constructor(writer: TableWriter, named: (name: string) => Condition, facts: ReadonlyMap<string, number>) {
    this.#writer = writer;
    this.#named = named;
    this.#facts = facts;
  }

  /**
   * Which of the rows that `finish` writes is the condition's.
   * @param facts what it reads
   */
  add(condition: Condition, facts: readonly Fact[]): number {
    this.#code = [];
    const start = this.#compile(condition, ACCEPT, REJECT);
    if (start === ACCEPT || start === REJECT)
      this.#emit({ operation: TEST_CONSTANT, value: start === ACCEPT ? 1 : 0 }, undefined, ACCEPT, REJECT);
    const factRows = facts.map((fact) => this.#rowOf(fact)).sort((a, b) => a - b);
    const row = [
      this.#writer.list(factRows),
      factRows.length,
      this.#writer.list(this.#instructionWords()),
      this.#code.length,
    ];
    const key = row.join();
    const number = this.#numbers.get(key) ?? this.#rows.push(row) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  finish(): { readonly address: number; readonly count: number } {
    const address = this.#writer.reserve(this.#rows.length * CONDITION_SIZE);
    for (const [i, [facts = 0, factCount = 0, code = 0, codeCount = 0]] of this.#rows.entries()) {
      const row = address + i * CONDITION_SIZE;
      this.#writer.word(row + CONDITION_FACTS, facts);
      this.#writer.word(row + CONDITION_FACT_COUNT, factCount);
      this.#writer.word(row + CONDITION_CODE, code);
      this.#writer.word(row + CONDITION_CODE_COUNT, codeCount);
    }
    return { address, count: this.#rows.length };
  }

  /** Compiles from the end backwards, so that where to go on is always known; the result is where to begin. */
  #compile(condition: Condition, onTrue: Label, onFalse: Label): Label {
    switch (condition.kind) {
      case "constant":
        return condition.value ? onTrue : onFalse;
      case "named":
        return this.#compile(this.#named(condition.name), onTrue, onFalse);
      case "and":
        return condition.of.reduceRight((next, part) => this.#compile(part, next, onFalse), onTrue);
      case "or":
        return condition.of.reduceRight((next, part) => this.#compile(part, onTrue, next), onFalse);
      case "not":
        return this.#compile(condition.of, onFalse, onTrue);
      case "same":
        return this.#emit({ operation: TEST_SAME, a: this.#rowOf(condition.right) }, condition.left, onTrue, onFalse);
      default: {
        // One of several tests must hold; mostly there is one.
        const tests = this.#testsOf(condition);
        return tests.reduceRight((next, test) => this.#emit(test, condition.fact, onTrue, next), onFalse);
      }
    }
  }

  #testsOf(condition: Exclude<Condition, { kind: "constant" | "named" | "and" | "or" | "not" | "same" }>): Test[] {
    switch (condition.kind) {
      case "compare":
        return condition.operator === "equal"
          ? this.#in([condition.literal])
          : compareTests(condition.operator, condition.literal);
      case "in":
        return this.#in(condition.values);
      case "includes":
        return [this.#textTest(TEST_INCLUDES, condition.text)];
      case "starts-with":
        return [this.#textTest(TEST_STARTS_WITH, condition.text)];
      case "ends-with":
        return [this.#textTest(TEST_ENDS_WITH, condition.text)];
      case "cidr": {
        const range = parseIpRange(condition.range);
        if ("problem" in range) return [];
        const { bytes, prefix } = range;
        return [{ operation: TEST_CIDR, a: this.#writer.bytes(bytes), b: prefix * 32 + bytes.length }];
      }
      case "present":
        return [{ operation: TEST_PRESENT }];
      default:
        return unreachable(condition);
    }
  }

  #textTest(operation: number, text: string): Test {
    const { address, length } = this.#writer.span(text);
    return { operation, a: address, b: length };
  }

  /** Equal to one of the literals: a test for each of their types. */
  #in(values: readonly Literal[]): Test[] {
    const texts = [...new Set(values.filter((value) => typeof value === "string"))].sort(compareText);
    // A fact that is a number is a whole one.
    const numbers = [...new Set(values.filter((value) => typeof value === "number"))]
      .filter(Number.isSafeInteger)
      .sort((a, b) => a - b);
    const booleans = [...new Set(values.filter((value) => typeof value === "boolean"))];
    const tests: Test[] = booleans.map((value) => ({ operation: TEST_EQUAL_BOOLEAN, value: value ? 1 : 0 }));
    if (texts.length === 1) tests.push(this.#textTest(TEST_EQUAL_TEXT, texts[0]!));
    if (texts.length > 1) tests.push({ operation: TEST_IN_TEXTS, a: this.#writer.set(texts) });
    if (numbers.length === 1) tests.push({ operation: TEST_EQUAL_NUMBER, value: numbers[0]! });
    if (numbers.length > 1)
      tests.push({ operation: TEST_IN_NUMBERS, a: this.#writer.list(numbers.flatMap(halves)), b: numbers.length });
    return tests;
  }

  #emit(test: Test, fact: Fact | undefined, onTrue: Label, onFalse: Label): Label {
    assert(this.#code.length < INSTRUCTION_LIMIT - 1, "the checker lets no condition become so large");
    this.#code.push({ ...test, ...(fact && { fact: this.#rowOf(fact) }), onTrue, onFalse });
    return this.#code.length - 1;
  }

  #rowOf(fact: Fact): number {
    const row = this.#facts.get(factKey(fact));
    assert(row !== undefined, "every fact that a condition reads has a row");
    return row;
  }

  #instructionWords(): readonly number[] {
    const last = this.#code.length - 1;
    const place = (label: Label): number => (label === ACCEPT || label === REJECT ? label : last - label);
    return this.#code.toReversed().flatMap(({ operation, fact = 0, a = 0, b = 0, value = 0, onTrue, onFalse }) => {
      return [operation, fact, a, b, place(onTrue), place(onFalse), ...halves(value)];
    });
  }
}

function compareTests(operator: "greater" | "greater-or-equal" | "less" | "less-or-equal", literal: Literal): Test[] {
  if (typeof literal !== "number" || Number.isNaN(literal)) return [];
  // Of two whole numbers that surround a fraction one says the same; beyond every fact all bounds are alike.
  const within = (value: number): number => Math.max(-FOREVER, Math.min(FOREVER, value));
  switch (operator) {
    case "greater":
      return [{ operation: TEST_GREATER, value: within(Math.floor(literal)) }];
    case "greater-or-equal":
      return [{ operation: TEST_GREATER_OR_EQUAL, value: within(Math.ceil(literal)) }];
    case "less":
      return [{ operation: TEST_LESS, value: within(Math.ceil(literal)) }];
    case "less-or-equal":
      return [{ operation: TEST_LESS_OR_EQUAL, value: within(Math.floor(literal)) }];
    default:
      return unreachable(operator);
  }
}

/** The two words of a number of 64 bits. */
function halves(value: number): readonly number[] {
  return [value >>> 0, Math.floor(value / 0x1_0000_0000) >>> 0];
}
