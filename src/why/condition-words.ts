/** Why a condition does not hold for a request, in the terms in which its author wrote it. */
import {
  type Call,
  type Comparison,
  type Condition,
  evaluateCondition,
  type Fact,
  factsOf,
  type Read,
  readFactsOf,
} from "../model/index.ts";
import { inWords } from "./change.ts";

/** What keeps the condition from holding (or, for a deny, from not holding), one entry for each thing to change. */
export function whatIsLacking(condition: Condition, call: Call, wanted = true): readonly string[] {
  const read = readFactsOf(call);
  const named = call.lookup.condition;
  const unknown = factsOf(condition, named).filter((fact) => read(fact).state === "unknown");
  // One unknown fact decides alone, whatever the rest says.
  if (unknown.length > 0) return unknown.map((fact) => `${factWords(fact)} cannot be read: ${whyUnknown(fact, call)}`);
  return lacking(condition, wanted, named, read);
}

function lacking(
  condition: Condition,
  wanted: boolean,
  named: (name: string) => Condition,
  read: Read,
): readonly string[] {
  if (evaluateCondition(condition, named, read) === wanted) return [];
  switch (condition.kind) {
    case "constant":
      return [`the condition is always ${condition.value}`];
    case "named":
      return lacking(named(condition.name), wanted, named, read);
    case "not":
      return lacking(condition.of, !wanted, named, read);
    case "and":
    case "or": {
      const parts = condition.of.map((part) => lacking(part, wanted, named, read)).filter((part) => part.length > 0);
      // All parts must change, or any one: by De Morgan the two swap when the opposite is wanted.
      if ((condition.kind === "and") === wanted) return parts.flat();
      return parts.length > 0
        ? [parts.map((part) => part.join(" and ")).join(", or ")]
        : ["none of no conditions holds"];
    }
    case "same":
      return [
        `${factWords(condition.left)} is ${reads(condition.left, read)}, ${needs(wanted)} what ${factWords(condition.right)} is, ${reads(condition.right, read)}`,
      ];
    default:
      return [
        `${factWords(condition.fact)} is ${reads(condition.fact, read)}, ${needs(wanted)} ${demandOf(condition)}`,
      ];
  }
}

function needs(wanted: boolean): string {
  return wanted ? "needs" : "needs anything but";
}

function reads(fact: Fact, read: Read): string {
  const reading = read(fact);
  return reading.state === "known" ? inWords(reading.value) : "absent";
}

type Leaf = Exclude<Condition, { kind: "constant" | "named" | "and" | "or" | "not" | "same" }>;

const comparisons: Readonly<Record<Comparison, string>> = {
  equal: "",
  greater: "more than ",
  "greater-or-equal": "at least ",
  less: "less than ",
  "less-or-equal": "at most ",
};

function demandOf(condition: Leaf): string {
  switch (condition.kind) {
    case "compare":
      return `${comparisons[condition.operator]}${inWords(condition.literal)}`;
    case "in":
      return `one of ${condition.values.map((value) => inWords(value)).join(", ")}`;
    case "includes":
      return `a list that includes ${inWords(condition.text)}`;
    case "starts-with":
      return `a text that starts with ${inWords(condition.text)}`;
    case "ends-with":
      return `a text that ends with ${inWords(condition.text)}`;
    case "cidr":
      return `an address in ${condition.range}`;
    case "present":
      return "any value";
  }
}

/** As authors write it: `r.claims.region`. */
export function factWords(fact: Fact): string {
  switch (fact.kind) {
    case "claim":
      return `\`r.claims.${fact.name}\``;
    case "parameter":
      return `\`r.params.${fact.name}\``;
    case "header":
      return `\`r.request.headers[${JSON.stringify(fact.name)}]\``;
    default:
      return `\`r.${fact.kind}.${fact.name}\``;
  }
}

function whyUnknown(fact: Fact, { credential, parameters, input }: Call): string {
  switch (fact.kind) {
    case "claim":
      return credential.kind === "token"
        ? `the token is of \`${credential.token.issuer.name}\`, the condition reads claims of \`${fact.issuer}\``
        : "there is no token";
    case "token":
      return "there is no token";
    case "parameter":
      return parameters.has(fact.name) ? "it holds an escape" : "the path has no such parameter";
    case "header":
      return "it was sent more than once";
    case "request":
      return input.request.ip === undefined
        ? "the request does not say it"
        : `${inWords(input.request.ip)} is no address`;
    case "identity":
      return "the identity does not say it";
  }
}
