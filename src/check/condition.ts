/** Turns the arrow that a word takes as a condition into a condition of the model. */
import { type Diagnostic, report } from "../diagnostics/index.ts";
import type { Condition, Fact } from "../model/index.ts";
import type { Expression, Identifier } from "../syntax/index.ts";
import { type ClaimSource, requestFact } from "./condition-fact.ts";
import { formulaOf } from "./condition-formula.ts";
import type { Language, Meaning } from "./condition-language.ts";

/** What a condition can see from where it is written. */
export interface ConditionScope {
  /** What a name of the file means; `undefined` once it is reported that it means nothing. */
  readonly resolve: (name: Identifier) => Meaning | undefined;
  /** The one issuer whose tokens are meant, if there is one. */
  readonly issuer?: ClaimSource;
  readonly report: (diagnostic: Diagnostic) => void;
}

/** The condition that an arrow, or the name of a condition, stands for; `undefined` once something is reported. */
export function checkCondition(expression: Expression, scope: ConditionScope): Condition | undefined {
  if (expression.kind === "hole") return undefined;
  let failed = false;
  const say = (diagnostic: Diagnostic): void => {
    if (diagnostic.severity === "error") failed = true;
    scope.report(diagnostic);
  };
  if (expression.kind === "identifier") {
    const meaning = scope.resolve(expression);
    if (!meaning) return undefined;
    if (meaning.kind !== "condition") {
      say(report("WRIT2200", expression.span, {}));
      return undefined;
    }
    return admits(meaning, expression, scope, say) ? { kind: "named", name: meaning.name } : undefined;
  }
  if (expression.kind !== "arrow") {
    say(report("WRIT2200", expression.span, {}));
    return undefined;
  }
  if (expression.parameter.kind === "hole" || expression.body.kind === "hole") return undefined;
  const language: Language<Fact> = {
    parameter: expression.parameter.name,
    lists: new Map(),
    fact: (steps, path) => requestFact(steps, path, scope.issuer, say),
    resolve: (name) => {
      const meaning = scope.resolve(name);
      if (!meaning) failed = true;
      return meaning;
    },
    admits: (meaning, call) => admits(meaning, call, scope, say),
    report: say,
  };
  const condition = formulaOf(language, expression);
  return failed ? undefined : condition;
}

/** A condition about another issuer's claims would never hold in a grant, and always in a deny. */
function admits(
  condition: Meaning & { kind: "condition" },
  { span }: Expression,
  { issuer }: ConditionScope,
  say: (diagnostic: Diagnostic) => void,
): boolean {
  if (condition.issuer === undefined || condition.issuer === issuer?.name) return true;
  say(report("WRIT2225", span, { condition: condition.name, issuer: condition.issuer }));
  return false;
}
