/** What conditions rest on: facts that can be trusted, and parameters that are there wherever the rule applies. */
import { report, type Span } from "../../diagnostics/index.ts";
import { type Fact, factsOf } from "../../model/index.ts";
import { provenance } from "../condition-fact.ts";
import type { DeclaredNever, DeclaredRule, Estate } from "../estate.ts";
import { findPath } from "../find-path.ts";
import type { Reach } from "./reach.ts";

export function checkConditions(estate: Estate, reach: Reach): void {
  for (const rule of [...estate.rules, ...estate.nevers]) {
    const { when } = rule.value;
    if (!when) continue;
    const facts = factsOf(when, (name) => estate.conditions.get(name)?.when ?? { kind: "constant", value: false });
    for (const fact of facts) {
      if (fact.kind === "parameter") checkParameter(estate, rule, fact.name, reach);
      else if (rule.kind !== "deny" && rule.kind !== "never") checkProvenance(estate, rule, fact);
    }
  }
}

type Conditional = DeclaredNever | DeclaredRule;

function placeOf(rule: Conditional, path: readonly string[]): Span {
  return findPath(rule.written("when"), path) ?? rule.at("when");
}

/** A parameter that is missing is unknown, and then a grant never applies and a deny always does. */
function checkParameter(estate: Estate, rule: Conditional, parameter: string, reach: Reach): void {
  const lacking = reach.lacking(rule.value, parameter);
  if (!lacking) return;
  const { operation, span } = lacking;
  const related = [{ span, message: `\`${operation}\` is declared here` }];
  estate.report(report("WRIT3208", placeOf(rule, ["params", parameter]), { parameter, operation }, { related }));
}

/** Whatever the client can choose is no ground for access; what only the gateway says is a weak one. */
function checkProvenance(estate: Estate, rule: Conditional, fact: Fact): void {
  const trust = provenance(fact);
  if (trust === "claimed") {
    const place = placeOf(rule, ["request", "headers", fact.name]);
    estate.report(report("WRIT3209", place, { header: fact.name }));
  } else if (trust === "asserted") estate.report(report("WRIT3210", placeOf(rule, ["request", fact.name]), {}));
}
