/** One condition as Rego expressions that must all hold; what they cannot say in one line becomes rules of its own. */
import { unreachable } from "../diagnostics/index.ts";
import {
  type ClaimType,
  type Comparison,
  type Condition,
  type Fact,
  type Literal,
  parseIpRange,
} from "../model/index.ts";
import { regoMember, regoString } from "./text.ts";

/** How the words of a condition are spelled where it stands. */
export interface Spelling {
  /** A literal, or a list of them. */
  readonly literal: (value: Literal | readonly Literal[]) => string;
  /** The head of the part with this number; `any` has several bodies, `all` one. */
  readonly part: (label: string) => string;
  /** The named condition, or `undefined` when there is none. */
  readonly named: (name: string) => string | undefined;
  readonly typeOfClaim: (issuer: string, name: string) => ClaimType | undefined;
}

export interface Part {
  readonly head: string;
  readonly bodies: readonly Body[];
}

/** Expressions that must all hold; none: it always holds. */
export type Body = readonly string[];

/** What must be so for every one of the facts to be known or absent. */
export function readableBody(facts: readonly Fact[]): Body {
  return [...new Set(facts.flatMap(readable))];
}

export class ConditionBody {
  readonly #spelling: Spelling;
  readonly parts: Part[] = [];
  readonly body: Body;

  constructor(condition: Condition, spelling: Spelling) {
    this.#spelling = spelling;
    this.body = this.#conjunction(condition);
  }

  #conjunction(condition: Condition): Body {
    switch (condition.kind) {
      case "constant":
        return condition.value ? [] : ["false"];
      case "named":
        return [this.#spelling.named(condition.name) ?? "false"];
      case "and":
        return condition.of.flatMap((c) => this.#conjunction(c));
      case "or":
        return condition.of.length === 0
          ? ["false"]
          : [
              this.#part(
                "any",
                condition.of.map((c) => this.#conjunction(c)),
              ),
            ];
      case "not":
        return this.#negation(this.#conjunction(condition.of));
      case "same":
        return [this.#same(condition.left, condition.right)];
      case "present":
        return presence(condition.fact);
      case "compare":
        return [this.#comparison(condition.operator, condition.fact, condition.literal)];
      case "in":
        return [this.#membership(condition.fact, condition.values)];
      case "includes":
        if (this.#typeOf(condition.fact) !== "strings") return ["false"];
        return [`${this.#spelling.literal(condition.text)} in ${factText(condition.fact)}`];
      case "starts-with":
        return [this.#textTest("startswith", condition.fact, condition.text)];
      case "ends-with":
        return [this.#textTest("endswith", condition.fact, condition.text)];
      case "cidr":
        if ("problem" in parseIpRange(condition.range)) return ["false"];
        return [this.#textTest("address_in", condition.fact, condition.range)];
      default:
        return unreachable(condition);
    }
  }

  /**
   * What is undefined does not hold, so a comparison with an absent fact is false and its negation true. For that the negation
   * must be of a rule alone: OPA evaluates what a comparison or a call reads outside of the negation.
   */
  #negation(body: Body): Body {
    const [only, ...more] = body;
    if (only === undefined) return ["false"];
    if (more.length === 0) {
      if (only === "false") return [];
      if (only.startsWith("not ")) return [only.slice("not ".length)];
      if (/^(?:holds|part)/.test(only)) return [`not ${only}`];
    }
    return [`not ${this.#part("all", [body])}`];
  }

  #part(kind: "any" | "all", bodies: readonly Body[]): string {
    const head = this.#spelling.part(`${kind}_${this.parts.length + 1}`);
    this.parts.push({ head, bodies });
    return head;
  }

  // Values of different types are never equal; where Rego's own types show it, it would refuse to compile the comparison.

  #same(left: Fact, right: Fact): string {
    const type = this.#typeOf(left);
    return type !== this.#typeOf(right) || type === "strings" ? "false" : `${factText(left)} == ${factText(right)}`;
  }

  /** Rego orders values of different types, too: only integers are compared. */
  #comparison(operator: Comparison, fact: Fact, literal: Literal): string {
    const type = this.#typeOf(fact);
    if (type !== literalType(literal) || (operator !== "equal" && type !== "integer")) return "false";
    return `${factText(fact)} ${operators[operator]} ${this.#spelling.literal(literal)}`;
  }

  #membership(fact: Fact, values: readonly Literal[]): string {
    const possible = values.filter((value) => literalType(value) === this.#typeOf(fact));
    return possible.length === 0 ? "false" : `${factText(fact)} in ${this.#spelling.literal(possible)}`;
  }

  #textTest(test: "startswith" | "endswith" | "address_in", fact: Fact, text: string): string {
    return this.#typeOf(fact) === "string" ? `${test}(${factText(fact)}, ${this.#spelling.literal(text)})` : "false";
  }

  #typeOf(fact: Fact): ClaimType | undefined {
    switch (fact.kind) {
      case "claim":
        return this.#spelling.typeOfClaim(fact.issuer, fact.name);
      case "token":
        return "integer";
      case "identity":
        return fact.name === "tags" ? "strings" : "string";
      default:
        return "string";
    }
  }
}

function literalType(literal: Literal): ClaimType {
  return typeof literal === "number" ? "integer" : typeof literal === "string" ? "string" : "boolean";
}

const operators = { equal: "==", greater: ">", "greater-or-equal": ">=", less: "<", "less-or-equal": "<=" } as const;

/** A literal as it stands in Rego. */
export function literalText(literal: Literal | readonly Literal[]): string {
  if (typeof literal === "object") return `{${literal.map(literalText).join(", ")}}`;
  return typeof literal === "string" ? regoString(literal) : String(literal);
}

function factText(fact: Fact): string {
  switch (fact.kind) {
    case "claim":
      return regoMember("input.token", fact.name);
    case "parameter":
      return `parameter(${regoString(fact.name)})`;
    case "request":
      return `input.request.${fact.name}`;
    case "header":
      return `header(${regoString(fact.name)})`;
    case "token":
      return fact.name === "age" ? "token_age" : "token_lifetime";
    case "identity":
      return fact.name === "name" ? "identity_name" : `identity.${fact.name}`;
    default:
      return unreachable(fact);
  }
}

/** What must be so for the fact to be known or absent. */
function readable(fact: Fact): readonly string[] {
  switch (fact.kind) {
    case "claim":
      return [`token_of(${regoString(fact.issuer)})`];
    case "parameter":
      return [`is_string(${factText(fact)})`];
    case "request":
      return fact.name === "ip" ? [`is_address(${factText(fact)})`] : [];
    case "header":
      return [`readable_header(${regoString(fact.name)})`];
    case "token":
      return ['credential == "token"'];
    case "identity":
      return [];
    default:
      return unreachable(fact);
  }
}

/** Only claims and headers can be absent. */
function presence(fact: Fact): readonly string[] {
  if (fact.kind === "claim") return [`present(input.token, ${regoString(fact.name)})`];
  return fact.kind === "header" ? [`is_string(${factText(fact)})`] : [];
}
