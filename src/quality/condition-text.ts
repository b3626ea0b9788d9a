/** Conditions as their authors write them: `r.claims.region === "eu"`. */
import { unreachable } from "../diagnostics/index.ts";
import type { Condition, Fact } from "../model/index.ts";

/** One expression of the language; named conditions stay names. */
export function conditionText(condition: Condition): string {
  switch (condition.kind) {
    case "constant":
      return String(condition.value);
    case "named":
      return `${condition.name}(r)`;
    case "and":
    case "or":
      return condition.of.map((part) => inside(part, condition.kind)).join(condition.kind === "and" ? " && " : " || ");
    case "not":
      return negated(condition.of);
    case "compare":
      return typeof condition.literal === "boolean"
        ? `${condition.literal ? "" : "!"}${factText(condition.fact)}`
        : `${factText(condition.fact)} ${operators[condition.operator]} ${JSON.stringify(condition.literal)}`;
    case "same":
      return `${factText(condition.left)} === ${factText(condition.right)}`;
    case "in":
      return `[${condition.values.map((value) => JSON.stringify(value)).join(", ")}].includes(${factText(condition.fact)})`;
    case "includes":
      return `${factText(condition.fact)}.includes(${JSON.stringify(condition.text)})`;
    case "starts-with":
      return `${factText(condition.fact)}.startsWith(${JSON.stringify(condition.text)})`;
    case "ends-with":
      return `${factText(condition.fact)}.endsWith(${JSON.stringify(condition.text)})`;
    case "cidr":
      return `cidr(${JSON.stringify(condition.range)}).contains(${factText(condition.fact)})`;
    case "present":
      return `${factText(condition.fact)} !== undefined`;
    default:
      return unreachable(condition);
  }
}

const operators = {
  equal: "===",
  greater: ">",
  "greater-or-equal": ">=",
  less: "<",
  "less-or-equal": "<=",
} as const;

function negated(condition: Condition): string {
  switch (condition.kind) {
    case "compare":
      if (typeof condition.literal === "boolean" || condition.operator !== "equal") break;
      return `${factText(condition.fact)} !== ${JSON.stringify(condition.literal)}`;
    case "same":
      return `${factText(condition.left)} !== ${factText(condition.right)}`;
    case "present":
      return `${factText(condition.fact)} === undefined`;
  }
  const text = conditionText(condition);
  return /^!?[\w.()[\]"]+$/.test(text) && !text.startsWith("!") ? `!${text}` : `!(${text})`;
}

function inside(part: Condition, around: "and" | "or"): string {
  const text = conditionText(part);
  return (part.kind === "and" || part.kind === "or") && part.kind !== around ? `(${text})` : text;
}

/** `r.claims.region`, `r.request.headers["x-guest"]`. */
export function factText(fact: Fact): string {
  switch (fact.kind) {
    case "claim":
      return `r.claims.${fact.name}`;
    case "parameter":
      return `r.params.${fact.name}`;
    case "header":
      return `r.request.headers[${JSON.stringify(fact.name)}]`;
    case "request":
    case "token":
    case "identity":
      return `r.${fact.kind}.${fact.name}`;
    default:
      return unreachable(fact);
  }
}
