/** `=== !== < <= > >=` between facts and literals. */
import { type Diagnostic, report } from "../diagnostics/index.ts";
import type { Comparison } from "../model/index.ts";
import type { Binary } from "../syntax/index.ts";
import { type Flow, type Formula, type Language, plain, type Tested, unreadable } from "./condition-language.ts";
import {
  areComparable,
  describe,
  has,
  isNever,
  isSingle,
  kindsOf,
  narrowToEqual,
  narrowToUnequal,
  type Type,
  types,
} from "./condition-type.ts";
import { type FactValue, type LiteralValue, readOperand, type Value } from "./condition-value.ts";
import { nearest } from "./nearest.ts";

const orders = {
  "<": "less",
  "<=": "less-or-equal",
  ">": "greater",
  ">=": "greater-or-equal",
} as const satisfies Record<string, Comparison>;

const turned = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" } as const;

export function testComparison<F>(language: Language<F>, comparison: Binary, flow: Flow): Tested<F> {
  const left = readOperand(language, comparison.left, flow);
  const right = readOperand(language, comparison.right, flow);
  if (!left || !right) return unreadable(flow);
  const { operator } = comparison;
  if (operator === "===" || operator === "!==") return testEquality(language, comparison, left, right, flow);
  if (operator === "&&" || operator === "||") return unreadable(flow);
  return testOrder(language, comparison, operator, left, right, flow);
}

function testEquality<F>(
  language: Language<F>,
  comparison: Binary,
  left: Value<F>,
  right: Value<F>,
  flow: Flow,
): Tested<F> {
  const formula = equality(language, comparison, left, right);
  if (!formula) return unreadable(flow);
  const equal = () => narrowed(flow, left, right, narrowToEqual);
  const unequal = () => narrowed(flow, left, right, narrowToUnequal);
  return comparison.operator === "==="
    ? { formula, type: types.boolean, whenTrue: equal, whenFalse: unequal }
    : { formula: { kind: "not", of: formula }, type: types.boolean, whenTrue: unequal, whenFalse: equal };
}

/** Either side learns from the other, as both were before. */
function narrowed<F>(flow: Flow, left: Value<F>, right: Value<F>, narrow: (type: Type, other: Type) => Type): Flow {
  const known = new Map(flow);
  if (left.kind === "fact") known.set(left.key, narrow(left.type, right.type));
  if (right.kind === "fact") known.set(right.key, narrow(right.type, left.type));
  return known;
}

function equality<F>(
  language: Language<F>,
  comparison: Binary,
  left: Value<F>,
  right: Value<F>,
): Formula<F> | undefined {
  const problem = (diagnostic: Diagnostic): undefined => void language.report(diagnostic);
  const { span } = comparison;
  if (left.kind === "list" || right.kind === "list") return problem(report("WRIT2231", span, {}));
  if (left.kind !== "fact" && right.kind !== "fact") return problem(report("WRIT2210", span, {}));
  const [fact, other] = left.kind === "fact" ? [left, right] : [right as FactValue<F>, left];
  if (other.kind === "absent") {
    if (!fact.declared.absent) language.report(report("WRIT2229", span, { fact: fact.title }));
    return { kind: "not", of: { kind: "present", fact: fact.fact } };
  }
  if (has(fact.declared, "texts")) return problem(report("WRIT2231", span, {}));
  if (has(fact.declared, "address")) return problem(report("WRIT2222", span, { fact: fact.title }));
  if (other.kind === "fact") return sameness(fact, other, comparison, problem);
  return isPossible(language, fact, other) ? equalToLiteral(language, fact, other, comparison) : undefined;
}

function sameness<F>(
  left: FactValue<F>,
  right: FactValue<F>,
  { span }: Binary,
  problem: (diagnostic: Diagnostic) => undefined,
): Formula<F> | undefined {
  if (left.key === right.key) return problem(report("WRIT2227", span, { fact: left.title }));
  const overlap = narrowToEqual({ ...left.type, absent: false }, { ...right.type, absent: false });
  if (isNever(overlap) || kindsOf(left.declared).join() !== kindsOf(right.declared).join())
    return problem(
      report("WRIT2207", span, { fact: left.title, type: describe(left.type), other: describe(right.type) }),
    );
  return { kind: "same", left: left.fact, right: right.fact };
}

/** Whether the literal is one that the fact could be; else reports what it could be. */
export function isPossible<F>(language: Language<F>, fact: FactValue<F>, literal: LiteralValue): boolean {
  const problem = problemOf(fact, literal);
  if (problem) language.report(problem);
  return !problem;
}

function problemOf<F>({ declared, type, title }: FactValue<F>, literal: LiteralValue): Diagnostic | undefined {
  const { span } = literal;
  const value = String(literal.literal);
  if (kindsOf(literal.type).every((kind) => !has(declared, kind))) {
    const quoted = has(literal.type, "text") && (["tier", "issuer"] as const).find((kind) => has(declared, kind));
    return quoted
      ? report("WRIT2233", span, { fact: title, what: quoted === "tier" ? "a tier" : "an issuer" })
      : report("WRIT2207", span, {
          fact: title,
          type: describe({ ...declared, absent: false }),
          other: describe(literal.type),
        });
  }
  if (
    typeof literal.literal === "string" &&
    declared.text !== "any" &&
    has(declared, "text") &&
    !declared.text.includes(value)
  ) {
    const near = nearest(value, declared.text);
    const few = declared.text.slice(0, 10).map((text) => `\`${JSON.stringify(text)}\``);
    const more = declared.text.length - few.length;
    const listed = more > 0 ? `${few.join(", ")} and ${more} more` : few.join(", ");
    const help = near === undefined ? `it is one of ${listed}` : `did you mean \`${JSON.stringify(near)}\`?`;
    return report("WRIT2208", span, { fact: title, value }, { help });
  }
  return areComparable(type, literal.type) ? undefined : report("WRIT2209", span, { fact: title });
}

function equalToLiteral<F>(
  language: Language<F>,
  fact: FactValue<F>,
  literal: LiteralValue,
  { span }: Binary,
): Formula<F> {
  const exact = isSingle(literal.type) && isSingle(fact.type);
  if (exact) language.report(report("WRIT2230", span, { fact: fact.title }));
  return { kind: "compare", operator: "equal", fact: fact.fact, literal: literal.literal };
}

function testOrder<F>(
  language: Language<F>,
  comparison: Binary,
  operator: keyof typeof orders,
  left: Value<F>,
  right: Value<F>,
  flow: Flow,
): Tested<F> {
  const problem = (diagnostic: Diagnostic): Tested<F> => {
    language.report(diagnostic);
    return unreadable(flow);
  };
  const { span } = comparison;
  for (const side of [left, right]) {
    if (side.kind === "fact" && side.type.absent && has(side.declared, "number"))
      return problem(
        report("WRIT2206", side.span, { what: `\`${side.title}\``, use: `\`${side.title} !== undefined && …\`` }),
      );
    if (side.kind === "fact" && isNever(side.type)) return problem(report("WRIT2209", side.span, { fact: side.title }));
    if (kindsOf(side.type).join() !== "number" || side.type.absent)
      return problem(report("WRIT2211", side.span, { type: describe(side.type) }));
  }
  if (left.kind === "fact" && right.kind === "fact") return problem(report("WRIT2232", span, {}));
  if (left.kind === "fact" && right.kind === "literal")
    return plain({ kind: "compare", operator: orders[operator], fact: left.fact, literal: right.literal }, flow);
  if (left.kind === "literal" && right.kind === "fact")
    return plain(
      { kind: "compare", operator: orders[turned[operator]], fact: right.fact, literal: left.literal },
      flow,
    );
  return problem(report("WRIT2210", span, {}));
}
