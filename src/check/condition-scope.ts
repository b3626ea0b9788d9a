/** What a condition or predicate can see from where it is written. */
import type { Identifier } from "../syntax/index.ts";
import type { ConditionScope } from "./condition.ts";
import type { ClaimSource } from "./condition-fact.ts";
import type { Meaning } from "./condition-language.ts";
import type { Estate } from "./estate.ts";
import { kindNames } from "./word.ts";

export function conditionScope(estate: Estate, issuer: ClaimSource | undefined): ConditionScope {
  return {
    resolve: (name) => meaningOf(estate, name),
    ...(issuer && { issuer }),
    report: estate.report,
  };
}

function meaningOf(estate: Estate, name: Identifier): Meaning | undefined {
  const target = estate.resolve(name);
  if (!target) return undefined;
  if (target.kind === "word") return target.word === "cidr" ? { kind: "cidr" } : { kind: "other", what: "a word" };
  if (target.word === undefined) {
    const { value } = target.declaration;
    return value.kind === "call" ? undefined : { kind: "constant", value };
  }
  const thing = estate.thing(target);
  if (!thing) return undefined;
  switch (thing.kind) {
    case "condition":
      return { kind: "condition", name: thing.name, ...(thing.issuer !== undefined && { issuer: thing.issuer }) };
    case "tier":
    case "issuer":
      return { kind: thing.kind, name: thing.name };
    default:
      return { kind: "other", what: kindNames[thing.kind] };
  }
}
