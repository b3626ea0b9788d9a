/** Evaluates conditions over the facts of one request. */
import { type Condition, type Fact, factsOf, type Literal } from "./condition.ts";
import { parseIp, parseIpRange, rangeContains } from "./ip.ts";

/** The value of a fact that is there. */
export type FactValue = string | number | boolean | readonly string[];

/**
 * What a request says about a fact. *Unknown* means that it cannot be read: claims without a token of that issuer,
 * a parameter with an escape in it, a header that came twice, an address that is none. *Absent* is an optional fact left out.
 */
export type Reading =
  | { readonly state: "known"; readonly value: FactValue }
  | { readonly state: "absent" }
  | { readonly state: "unknown" };

export type Read = (fact: Fact) => Reading;

/**
 * `unknown` when any fact that the condition reads is unknown, whatever the rest says: a grant then does not apply
 * and a deny does, so that withholding or garbling a fact never widens access.
 */
export function evaluateCondition(
  condition: Condition,
  named: (name: string) => Condition,
  read: Read,
): boolean | "unknown" {
  if (factsOf(condition, named).some((fact) => read(fact).state === "unknown")) return "unknown";
  return holds(condition, named, read);
}

function holds(condition: Condition, named: (name: string) => Condition, read: Read): boolean {
  switch (condition.kind) {
    case "constant":
      return condition.value;
    case "named":
      return holds(named(condition.name), named, read);
    case "and":
      return condition.of.every((c) => holds(c, named, read));
    case "or":
      return condition.of.some((c) => holds(c, named, read));
    case "not":
      return !holds(condition.of, named, read);
    case "same":
      return sameValue(read(condition.left), read(condition.right));
    case "present":
      return read(condition.fact).state === "known";
    default: {
      const reading = read(condition.fact);
      return reading.state === "known" && test(condition, reading.value);
    }
  }
}

/** Lists are never the same, as for `===` in the language. */
function sameValue(left: Reading, right: Reading): boolean {
  if (left.state === "known" && typeof left.value === "object") return false;
  return left.state === "known" && right.state === "known" && left.value === right.value;
}

type Test = Exclude<Condition, { kind: "constant" | "named" | "and" | "or" | "not" | "same" | "present" }>;

function test(condition: Test, value: FactValue): boolean {
  switch (condition.kind) {
    case "compare":
      return compare(condition.operator, value, condition.literal);
    case "in":
      return condition.values.some((literal) => literal === value);
    case "includes":
      return Array.isArray(value) && value.includes(condition.text);
    case "starts-with":
      return typeof value === "string" && value.startsWith(condition.text);
    case "ends-with":
      return typeof value === "string" && value.endsWith(condition.text);
    case "cidr": {
      const address = typeof value === "string" ? parseIp(value) : undefined;
      const range = parseIpRange(condition.range);
      return address !== undefined && "bytes" in range && rangeContains(range, address);
    }
  }
}

function compare(operator: (Test & { kind: "compare" })["operator"], value: FactValue, literal: Literal): boolean {
  if (operator === "equal") return value === literal;
  if (typeof value !== "number" || typeof literal !== "number") return false;
  switch (operator) {
    case "less":
      return value < literal;
    case "less-or-equal":
      return value <= literal;
    case "greater":
      return value > literal;
    case "greater-or-equal":
      return value >= literal;
  }
}
