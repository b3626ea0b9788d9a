/** A condition in words, as it follows on `when`: `claims.region is "eu" and claims.tenant equals params.tenant`. */
import { unreachable } from "../diagnostics/index.ts";
import type { Condition, Fact, Literal, Lookup } from "../model/index.ts";

type Named = Lookup["condition"];

/** What has to hold, one text each: the parts of a conjunction stand for themselves. */
export function conditionParts(condition: Condition, named: Named): readonly string[] {
  if (condition.kind === "named") return conditionParts(named(condition.name), named);
  if (condition.kind === "and") return condition.of.flatMap((part) => conditionParts(part, named));
  if (condition.kind === "constant" && condition.value) return [];
  if (condition.kind === "not" && condition.of.kind === "or")
    return condition.of.of.flatMap((part) => conditionParts({ kind: "not", of: part }, named));
  return [words(condition, named, true)];
}

/** @param wanted `false` for the opposite */
function words(condition: Condition, named: Named, wanted: boolean): string {
  const not = wanted ? "" : "not ";
  switch (condition.kind) {
    case "constant":
      return condition.value === wanted ? "anything" : "nothing";
    case "named":
      return words(named(condition.name), named, wanted);
    case "not":
      return words(condition.of, named, !wanted);
    case "and":
    case "or": {
      const between = (condition.kind === "and") === wanted ? " and " : " or ";
      const parts = condition.of.map((part) => words(part, named, wanted));
      return parts.length === 1 ? parts[0]! : `(${parts.join(between)})`;
    }
    case "compare":
      return `${factName(condition.fact)} is ${not}${comparisons[condition.operator]}${literal(condition.literal)}`;
    case "same":
      return `${factName(condition.left)} ${wanted ? "equals" : "does not equal"} ${factName(condition.right)}`;
    case "in":
      return `${factName(condition.fact)} is ${wanted ? "" : "none of "}${condition.values.map(literal).join(wanted ? " or " : ", ")}`;
    case "includes":
      return `${factName(condition.fact)} ${wanted ? "includes" : "does not include"} ${literal(condition.text)}`;
    case "starts-with":
      return `${factName(condition.fact)} ${wanted ? "starts" : "does not start"} with ${literal(condition.text)}`;
    case "ends-with":
      return `${factName(condition.fact)} ${wanted ? "ends" : "does not end"} with ${literal(condition.text)}`;
    case "cidr":
      return `${factName(condition.fact)} is ${not}in ${condition.range}`;
    case "present":
      return `${factName(condition.fact)} is ${wanted ? "present" : "absent"}`;
    default:
      return unreachable(condition);
  }
}

const comparisons = {
  equal: "",
  greater: "more than ",
  "greater-or-equal": "at least ",
  less: "less than ",
  "less-or-equal": "at most ",
} as const;

function literal(value: Literal): string {
  return JSON.stringify(value);
}

function factName(fact: Fact): string {
  switch (fact.kind) {
    case "claim":
      return `claims.${fact.name}`;
    case "parameter":
      return `params.${fact.name}`;
    case "request":
      return `request.${fact.name}`;
    case "header":
      return `header ${fact.name}`;
    case "token":
      return `token.${fact.name}`;
    case "identity":
      return `identity.${fact.name}`;
    default:
      return unreachable(fact);
  }
}
