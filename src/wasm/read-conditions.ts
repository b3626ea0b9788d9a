/** Conditions read back from tables: what they read, and their instructions in words. */
import {
  ACCEPT,
  CONDITION_CODE,
  CONDITION_FACTS,
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
  HEADER_FACTS,
  INSTRUCTION_A,
  INSTRUCTION_B,
  INSTRUCTION_ELSE,
  INSTRUCTION_FACT,
  INSTRUCTION_LIMIT,
  INSTRUCTION_OPERATION,
  INSTRUCTION_SIZE,
  INSTRUCTION_THEN,
  INSTRUCTION_VALUE,
  NONE,
  REJECT,
  TABLES,
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
  VALUE_KEY,
} from "./layout.ts";
import { damaged, type TableReader } from "./table-reader.ts";

/** `claim corp region`; a parameter has its number only, and `none` is one that no path has. */
export type ReadFact = string;

export type Target = number | "accept" | "reject";

export interface ReadInstruction {
  /** `equal-text` */
  readonly test: string;
  readonly fact?: ReadFact;
  /** What the fact is held against. */
  readonly value?: string | number | boolean | readonly (string | number)[];
  readonly onTrue: Target;
  readonly onFalse: Target;
}

export interface ReadCondition {
  readonly facts: readonly ReadFact[];
  readonly instructions: readonly ReadInstruction[];
}

/** What facts refer to: names by row or number. */
export interface FactNames {
  readonly issuers: ReadonlyMap<number, string>;
  readonly members: readonly string[];
  readonly headers: readonly string[];
}

const requestFacts = ["host", "ip", "method", "path"];
const tokenFacts = ["age", "lifetime"];
const identityFacts = ["name", "owner", "tags", "tier"];

/** By row. */
export function readFacts(reader: TableReader, names: FactNames): ReadonlyMap<number, ReadFact> {
  return new Map(reader.rows(TABLES + HEADER_FACTS, FACT_SIZE).map((row) => [row, readFact(reader, row, names)]));
}

function readFact(reader: TableReader, row: number, { issuers, members, headers }: FactNames): ReadFact {
  const [a, b] = [reader.word(row + FACT_A), reader.word(row + FACT_B)];
  const named = (kind: string, name: string | undefined): string => {
    if (name === undefined) throw damaged("number");
    return `${kind} ${name}`;
  };
  switch (reader.word(row + FACT_KIND)) {
    case FACT_KIND_CLAIM:
      return named(named("claim", issuers.get(a)), members[b]);
    case FACT_KIND_PARAMETER:
      return a === NONE ? "none" : `parameter ${a}`;
    case FACT_KIND_REQUEST:
      return named("request", requestFacts[a]);
    case FACT_KIND_HEADER:
      return named("header", headers[a]);
    case FACT_KIND_TOKEN:
      return named("token", tokenFacts[a]);
    case FACT_KIND_IDENTITY:
      return named("identity", identityFacts[a]);
    default:
      throw damaged("kind");
  }
}

export function readCondition(reader: TableReader, row: number, facts: ReadonlyMap<number, ReadFact>): ReadCondition {
  const code = reader.rows(row + CONDITION_CODE, INSTRUCTION_SIZE);
  if (code.length === 0 || code.length >= INSTRUCTION_LIMIT) throw damaged("jump");
  return {
    facts: reader.words(row + CONDITION_FACTS).map((fact) => factAt(fact, facts)),
    instructions: code.map((address, i) => {
      const target = (offset: number): Target => {
        const to = reader.word(address + offset);
        if (to === ACCEPT) return "accept";
        if (to === REJECT) return "reject";
        if (to <= i || to >= code.length) throw damaged("jump");
        return to;
      };
      return {
        ...readTest(reader, address, facts),
        onTrue: target(INSTRUCTION_THEN),
        onFalse: target(INSTRUCTION_ELSE),
      };
    }),
  };
}

function factAt(row: number, facts: ReadonlyMap<number, ReadFact>): ReadFact {
  const fact = facts.get(row);
  if (fact === undefined) throw damaged("reference");
  return fact;
}

/** What an instruction holds the fact against. */
type Operand = (reader: TableReader, row: number, facts: ReadonlyMap<number, ReadFact>) => ReadInstruction["value"];

const span: Operand = (reader, row) => reader.span(row + INSTRUCTION_A);
const number: Operand = (reader, row) => reader.long(row + INSTRUCTION_VALUE);
const boolean: Operand = (reader, row) => reader.flag(row + INSTRUCTION_VALUE);

const operands: ReadonlyMap<number, readonly [test: string, operand?: Operand]> = new Map([
  [TEST_CONSTANT, ["constant", boolean]],
  [TEST_EQUAL_TEXT, ["equal-text", span]],
  [TEST_EQUAL_NUMBER, ["equal-number", number]],
  [TEST_EQUAL_BOOLEAN, ["equal-boolean", boolean]],
  [TEST_LESS, ["less", number]],
  [TEST_LESS_OR_EQUAL, ["less-or-equal", number]],
  [TEST_GREATER, ["greater", number]],
  [TEST_GREATER_OR_EQUAL, ["greater-or-equal", number]],
  [TEST_IN_TEXTS, ["in-texts", (reader, row) => reader.set(reader.word(row + INSTRUCTION_A), VALUE_KEY)]],
  [TEST_IN_NUMBERS, ["in-numbers", (reader, row) => reader.rows(row + INSTRUCTION_A, 8).map((at) => reader.long(at))]],
  [TEST_INCLUDES, ["includes", span]],
  [TEST_STARTS_WITH, ["starts-with", span]],
  [TEST_ENDS_WITH, ["ends-with", span]],
  [TEST_CIDR, ["cidr", range]],
  [TEST_PRESENT, ["present"]],
  [TEST_SAME, ["same", (reader, row, facts) => factAt(reader.word(row + INSTRUCTION_A), facts)]],
] as const);

function readTest(
  reader: TableReader,
  row: number,
  facts: ReadonlyMap<number, ReadFact>,
): Pick<ReadInstruction, "test" | "fact" | "value"> {
  const [test, operand] = operands.get(reader.word(row + INSTRUCTION_OPERATION)) ?? [];
  if (test === undefined) throw damaged("kind");
  const fact = reader.word(row + INSTRUCTION_FACT);
  if ((fact === 0) !== (test === "constant")) throw damaged("reference");
  const value = operand?.(reader, row, facts);
  return { test, ...(fact !== 0 && { fact: factAt(fact, facts) }), ...(value !== undefined && { value }) };
}

/** Bytes in hexadecimal, `/` and the length of the prefix. */
function range(reader: TableReader, row: number): string {
  const size = reader.word(row + INSTRUCTION_B);
  const [prefix, length] = [size >>> 5, size & 31];
  if ((length !== 4 && length !== 16) || prefix > length * 8) throw damaged("number");
  const bytes = reader.bytes(reader.word(row + INSTRUCTION_A), length);
  return `${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}/${prefix}`;
}
