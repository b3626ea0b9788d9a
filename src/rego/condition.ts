/** The estate's conditions in Rego: for each, whether its facts can be read, and whether it holds. */
import { unreachable } from "../diagnostics/index.ts";
import {
  type ClaimType,
  type Comparison,
  type Condition,
  type Fact,
  factsOf,
  type Literal,
  type Model,
  parseIpRange,
} from "../model/index.ts";
import { isRegoName, regoComment, regoMember, regoString } from "./text.ts";

/** Where a name was declared. */
export interface Place {
  readonly path: string;
  readonly line: number;
}

export type Positions = ReadonlyMap<string, Place>;

/** What the conditions are made of: text that is the same for every estate. */
const readings = `#
# Conditions. A fact that cannot be read never widens access: then a grant does not apply, and a deny does.
#

condition_holds("")

condition_holds(name) if {
	name != ""
	readable[name]
	holds[name]
}

condition_fails(name) if {
	name != ""
	readable[name]
	not holds[name]
}

# Without a token there are no claims, and those of another issuer are none of the condition's.
token_of(name) if issuer.name == name

# Raw as sent; what holds an escape is not read.
parameter(name) := value if {
	value := parameters[name]
	not contains(value, "%")
}

parameters[name] := segments[place] if some name, place in operation.parameters

parameters[operation.rest.name] := concat("/", array.slice(segments, operation.rest.place, count(segments)))

headers_sent := object.get(input.request, "headers", {})

# A header that came more than once is not read.
header(name) := headers_sent[name] if is_string(headers_sent[name])

header(name) := value if [value] = headers_sent[name]

readable_header(name) if is_string(header(name))

readable_header(name) if not present(headers_sent, name)

# An address, not a range.
is_address(text) if {
	is_boolean(net.cidr_contains("::/0", text))
	not contains(text, "/")
}

address_in(range, text) if {
	is_address(text)
	net.cidr_contains(range, text)
}

`;

const none = `# No grant and no deny has a condition.
condition_holds("")

condition_fails(_) := false
`;

/** The conditions of grants and denies, and the named ones that they use. */
export function emitConditions(model: Model, positions: Positions): string {
  const emitter = new ConditionEmitter(model, positions);
  for (const { name, when } of model.conditions) emitter.add(name, when);
  for (const { name, when } of [...model.grants, ...model.denies]) {
    if (when && conditionName(name, when) === name) emitter.add(name, when);
  }
  return emitter.finish();
}

/** Under which name a grant's or deny's condition stands: its own, unless it is just a named one. */
export function conditionName(rule: string, when: Condition): string {
  return when.kind === "named" ? when.name : rule;
}

interface Part {
  readonly head: string;
  readonly bodies: readonly (readonly string[])[];
}

class ConditionEmitter {
  readonly #positions: Positions;
  readonly #named: (name: string) => Condition;
  readonly #claimTypes = new Map<string, ClaimType>();
  readonly #conditions: { readonly name: string; readonly when: Condition }[] = [];
  readonly #known = new Set<string>();
  #dotted = true;

  constructor(model: Model, positions: Positions) {
    this.#positions = positions;
    const named = new Map(model.conditions.map((c) => [c.name, c.when]));
    this.#named = (name) => named.get(name) ?? { kind: "constant", value: false };
    for (const issuer of model.issuers) {
      for (const claim of issuer.claims) this.#claimTypes.set(`${issuer.name} ${claim.name}`, claim.type);
    }
  }

  add(name: string, when: Condition): void {
    this.#conditions.push({ name, when });
    this.#known.add(name);
    this.#dotted &&= isRegoName(name);
  }

  finish(): string {
    if (this.#conditions.length === 0) return none;
    return readings + this.#conditions.map(({ name, when }) => this.#rules(name, when)).join("\n");
  }

  #rules(name: string, when: Condition): string {
    const place = this.#positions.get(name);
    const parts: Part[] = [];
    const body = this.#conjunction(when, name, parts);
    const facts = factsOf(when, this.#named).flatMap(readable);
    const rules = [
      rule(this.#head("readable", name), facts),
      ...parts.flatMap(({ head, bodies }) => bodies.map((b) => rule(head, b))),
      rule(this.#head("holds", name), body),
    ];
    return `${regoComment(place ? `${name}: ${place.path}:${place.line}` : name)}\n${rules.join("\n")}`;
  }

  #head(table: string, name: string): string {
    return regoMember(table, name, this.#dotted);
  }

  /** The expressions that must all hold; alternatives become rules of their own under \`part\`. */
  #conjunction(condition: Condition, name: string, parts: Part[]): readonly string[] {
    switch (condition.kind) {
      case "constant":
        return condition.value ? [] : ["false"];
      case "named":
        return [this.#known.has(condition.name) ? this.#head("holds", condition.name) : "false"];
      case "and":
        return condition.of.flatMap((c) => this.#conjunction(c, name, parts));
      case "or":
        return [this.#alternatives(condition.of, name, parts)];
      case "not":
        return this.#negation(this.#conjunction(condition.of, name, parts), name, parts);
      case "same":
        return [this.#same(condition.left, condition.right)];
      case "present":
        return presence(condition.fact);
      case "compare":
        return [this.#comparison(condition.operator, condition.fact, condition.literal)];
      case "in":
        return [this.#membership(condition.fact, condition.values)];
      case "includes":
        return [
          this.#typeOf(condition.fact) === "strings"
            ? `${regoString(condition.text)} in ${factText(condition.fact)}`
            : "false",
        ];
      case "starts-with":
        return [this.#textTest("startswith", condition.fact, condition.text)];
      case "ends-with":
        return [this.#textTest("endswith", condition.fact, condition.text)];
      case "cidr":
        if ("problem" in parseIpRange(condition.range) || this.#typeOf(condition.fact) !== "string") return ["false"];
        return [`address_in(${regoString(condition.range)}, ${factText(condition.fact)})`];
      default:
        return unreachable(condition);
    }
  }

  #alternatives(of: readonly Condition[], name: string, parts: Part[]): string {
    if (of.length === 0) return "false";
    const bodies = of.map((c) => this.#conjunction(c, name, parts));
    return this.#part(name, "any", bodies, parts);
  }

  /**
   * What is undefined does not hold, so a comparison with an absent fact is false and its negation true. For that the negation
   * must be of a rule alone: OPA evaluates what a comparison or a call reads outside of the negation.
   */
  #negation(body: readonly string[], name: string, parts: Part[]): readonly string[] {
    const [only, ...more] = body;
    if (only === undefined) return ["false"];
    if (more.length === 0) {
      if (only === "false") return [];
      if (only.startsWith("not ")) return [only.slice("not ".length)];
      if (/^(?:holds|part)[.[]/.test(only)) return [`not ${only}`];
    }
    return [`not ${this.#part(name, "all", [body], parts)}`];
  }

  #part(name: string, kind: "any" | "all", bodies: readonly (readonly string[])[], parts: Part[]): string {
    const head = `${this.#head("part", name)}.${kind}_${parts.length + 1}`;
    parts.push({ head, bodies });
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
    return `${factText(fact)} ${operators[operator]} ${literalText(literal)}`;
  }

  #membership(fact: Fact, values: readonly Literal[]): string {
    const possible = values.filter((value) => literalType(value) === this.#typeOf(fact));
    return possible.length === 0 ? "false" : `${factText(fact)} in {${possible.map(literalText).join(", ")}}`;
  }

  #textTest(test: "startswith" | "endswith", fact: Fact, text: string): string {
    return this.#typeOf(fact) === "string" ? `${test}(${factText(fact)}, ${regoString(text)})` : "false";
  }

  #typeOf(fact: Fact): ClaimType | undefined {
    switch (fact.kind) {
      case "claim":
        return this.#claimTypes.get(`${fact.issuer} ${fact.name}`);
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

function literalText(literal: Literal): string {
  return typeof literal === "string" ? regoString(literal) : String(literal);
}

function factText(fact: Fact): string {
  switch (fact.kind) {
    case "claim":
      return regoMember("input.token", fact.name, isRegoName(fact.name));
    case "parameter":
      return `parameter(${regoString(fact.name)})`;
    case "request":
      return `input.request.${fact.name}`;
    case "header":
      return `header(${regoString(fact.name)})`;
    case "token":
      return fact.name === "age" ? "input.time - input.token.iat" : "input.token.exp - input.token.iat";
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

function rule(head: string, body: readonly string[]): string {
  const lines = [...new Set(body)];
  if (lines.length === 0) return `${head} := true\n`;
  if (lines.length === 1) return `${head} if ${lines[0]}\n`;
  return `${head} if {\n${lines.map((line) => `\t${line}\n`).join("")}}\n`;
}
