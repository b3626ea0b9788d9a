/** The truth structure of conditions and predicates: `&&`, `||`, `!`, and what each branch then knows of optional facts. */
import { report } from "../diagnostics/index.ts";
import type { Arrow, Binary, Expression } from "../syntax/index.ts";
import { testCall } from "./condition-call.ts";
import { testComparison } from "./condition-comparison.ts";
import { type Flow, type Formula, type Language, type Tested, unreadable } from "./condition-language.ts";
import { describe, falsy, isNever, kindsOf, type Type, truthy, types, union } from "./condition-type.ts";
import { readOperand, type Value } from "./condition-value.ts";

/** The whole body of an arrow; a formula of no meaning once something is reported. */
export function formulaOf<F>(language: Language<F>, arrow: Arrow): Formula<F> {
  const tested = test(language, arrow.body, new Map());
  if (tested.type.absent)
    language.report(
      report(
        "WRIT2206",
        arrow.body.span,
        { what: "what decides here", use: "" },
        { help: "say what happens then: compare the optional claim with `=== true`" },
      ),
    );
  return tested.formula;
}

export function test<F>(language: Language<F>, expression: Expression, flow: Flow): Tested<F> {
  switch (expression.kind) {
    case "hole":
      return unreadable(flow);
    case "not": {
      const inner = test(language, expression.operand, flow);
      return {
        formula: { kind: "not", of: inner.formula },
        type: types.boolean,
        whenTrue: inner.whenFalse,
        whenFalse: inner.whenTrue,
      };
    }
    case "binary":
      return expression.operator === "&&" || expression.operator === "||"
        ? testChain(language, expression, flow)
        : testComparison(language, expression, flow);
    case "call":
      return testCall(language, expression, flow);
    default: {
      const value = readOperand(language, expression, flow);
      return value ? testValue(language, value, flow) : unreadable(flow);
    }
  }
}

/** A fact that is true or false by itself. An optional one counts as false when it is absent, as in TypeScript. */
function testValue<F>(language: Language<F>, value: Value<F>, flow: Flow): Tested<F> {
  const strange = kindsOf(value.type).some((kind) => kind !== "boolean");
  if (strange || value.kind === "absent" || isNever(value.type)) {
    language.report(report("WRIT2201", value.span, { what: describe(value.type) }));
    return unreadable(flow);
  }
  if (value.kind !== "fact") {
    language.report(report("WRIT2210", value.span, {}));
    return unreadable(flow);
  }
  const { fact, key, type } = value;
  return {
    formula: { kind: "compare", operator: "equal", fact, literal: true },
    type,
    whenTrue: () => new Map(flow).set(key, truthy(type)),
    whenFalse: () => new Map(flow).set(key, falsy(type)),
  };
}

/** `a && b && c` is nested to the left and can be as long as the file: it is walked, not recursed into. */
function testChain<F>(language: Language<F>, chain: Binary, flow: Flow): Tested<F> {
  const and = chain.operator === "&&";
  const operands: Expression[] = [];
  let rest: Expression = chain;
  while (rest.kind === "binary" && rest.operator === chain.operator) {
    operands.push(rest.right);
    rest = rest.left;
  }
  operands.push(rest);
  const tested: Tested<F>[] = [];
  let known = flow;
  for (const operand of operands.reverse()) {
    const next = test(language, operand, known);
    tested.push(next);
    if (tested.length < operands.length) known = and ? next.whenTrue() : next.whenFalse();
  }
  const last = tested.at(-1) ?? unreadable<F>(flow);
  const through = () => (and ? last.whenTrue() : last.whenFalse());
  const early = () => joinFlows(tested.map((t) => (and ? t.whenFalse() : t.whenTrue())));
  return {
    formula: { kind: and ? "and" : "or", of: tested.map((t) => t.formula) },
    type: tested.map((t) => t.type).reduce((left, right) => chainType(and, left, right)),
    whenTrue: and ? through : early,
    whenFalse: and ? early : through,
  };
}

/** `left && right` is what of `left` is false, or else `right`; `||` the other way round. */
function chainType(and: boolean, left: Type, right: Type): Type {
  const [ends, goesOn] = and ? [falsy(left), truthy(left)] : [truthy(left), falsy(left)];
  return isNever(goesOn) ? left : union([ends, right]);
}

/** After branches meet, a fact is what it was on any of them; one that a branch does not mention is as declared. */
function joinFlows(flows: readonly Flow[]): Flow {
  const [first, ...others] = flows;
  const joined = new Map<string, Type>();
  for (const key of first?.keys() ?? []) {
    if (others.every((flow) => flow.has(key))) joined.set(key, union(flows.flatMap((flow) => flow.get(key) ?? [])));
  }
  return joined;
}
