/** Asks tables that were read back, as slowly and plainly as can be: a second opinion on what they mean. */
import { type FactValue, parseIp, type Reading } from "../../src/model/index.ts";
import type { ReadCondition, ReadInstruction, ReadTables } from "../../src/wasm/index.ts";

/** The name of what a walk over segments finds. */
export function walk(
  { states }: ReadTables,
  start: number | undefined,
  segments: readonly string[],
  keys: readonly string[],
): string | undefined {
  let at = start;
  for (const segment of segments) {
    const state = at === undefined ? undefined : states[at];
    at = state?.literals.find(({ text }) => text === segment)?.state ?? (segment === "" ? undefined : state?.other);
  }
  return at === undefined ? undefined : states[at]?.found.find(({ key }) => keys.includes(key))?.name;
}

/** Names of the rules that an identity has for a scope. */
export function rulesFor(
  tables: ReadTables,
  rights: number,
  of: "grants" | "denies",
  scope: string,
): readonly string[] {
  const own = tables.rights[rights]!;
  const row = own[of].find((right) => right.scope === scope);
  if (row || own.common === undefined) return row?.rules ?? [];
  return tables.rights[own.common]![of].find((right) => right.scope === scope)?.rules ?? [];
}

/** @param read what is known of a fact, by the name that the tables give it */
export function run(condition: ReadCondition, read: (fact: string) => Reading): boolean | "unknown" {
  if (condition.facts.some((fact) => read(fact).state === "unknown")) return "unknown";
  let at: ReadInstruction["onTrue"] = 0;
  while (typeof at === "number") {
    const instruction: ReadInstruction = condition.instructions[at]!;
    at = holds(instruction, read) ? instruction.onTrue : instruction.onFalse;
  }
  return at === "accept";
}

function holds({ test, fact, value }: ReadInstruction, read: (fact: string) => Reading): boolean {
  if (test === "constant") return value === true;
  const reading = read(fact!);
  if (test === "same") {
    const other = read(value as string);
    const [a, b] = [reading, other].map((r) =>
      r.state === "known" && typeof r.value !== "object" ? r.value : undefined,
    );
    return a !== undefined && a === b;
  }
  return reading.state === "known" && (test === "present" || compares(test, reading.value, value));
}

function compares(test: string, value: FactValue, against: ReadInstruction["value"]): boolean {
  const number = typeof value === "number" ? value : Number.NaN;
  switch (test) {
    case "equal-text":
    case "equal-number":
    case "equal-boolean":
      return value === against;
    case "in-texts":
    case "in-numbers":
      return (against as readonly unknown[]).includes(value);
    case "less":
      return number < Number(against);
    case "less-or-equal":
      return number <= Number(against);
    case "greater":
      return number > Number(against);
    case "greater-or-equal":
      return number >= Number(against);
    case "includes":
      return Array.isArray(value) && value.includes(against);
    case "starts-with":
      return typeof value === "string" && value.startsWith(against as string);
    case "ends-with":
      return typeof value === "string" && value.endsWith(against as string);
    case "cidr":
      return typeof value === "string" && isWithin(value, against as string);
    default:
      throw new TypeError(test);
  }
}

/** The range as hexadecimal digits and the length of its prefix. */
function isWithin(address: string, range: string): boolean {
  const [digits = "", prefix] = range.split("/");
  const bits = (bytes: readonly number[]): string => bytes.map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const bytes = parseIp(address);
  const base = digits.match(/../g)!.map((byte) => Number.parseInt(byte, 16));
  return (
    bytes !== undefined &&
    bytes.length === base.length &&
    bits(bytes).slice(0, Number(prefix)) === bits(base).slice(0, Number(prefix))
  );
}
