/** The operands of conditions and predicates: facts, literals, lists of literals, and the constants that stand for them. */
import { type Diagnostic, report, type Span } from "../diagnostics/index.ts";
import type { ArrayLiteral, Call, Expression, Identifier, Index, Member, ObjectLiteral } from "../syntax/index.ts";
import type { Flow, Language, LiteralElement, Step } from "./condition-language.ts";
import { literalType, type Type, types, union } from "./condition-type.ts";

export type Value<F> = FactValue<F> | LiteralValue | AbsentValue | ListValue;

export interface FactValue<F> {
  readonly kind: "fact";
  readonly span: Span;
  readonly fact: F;
  readonly key: string;
  /** As narrowed by what was tested before. */
  readonly type: Type;
  readonly declared: Type;
  /** As the author wrote it, `r.claims.tenant`. */
  readonly title: string;
}

export type LiteralValue = LiteralElement;

export interface AbsentValue {
  readonly kind: "absent";
  readonly span: Span;
  readonly type: Type;
}

export interface ListValue {
  readonly kind: "list";
  readonly span: Span;
  readonly type: Type;
  readonly elements: readonly LiteralValue[];
}

/** How many constants may stand for one another. */
const maximalDepth = 64;

/** The value of an operand; `undefined` once it is reported why it is none. */
export function readOperand<F>(
  language: Language<F>,
  expression: Expression,
  flow: Flow,
  depth = 0,
): Value<F> | undefined {
  const { span } = expression;
  if (depth > maximalDepth) {
    language.report(report("WRIT2140", span, { what: "constants", limit: maximalDepth }));
    return undefined;
  }
  switch (expression.kind) {
    case "hole":
      return undefined;
    case "string":
    case "boolean":
      return { kind: "literal", span, type: literalType(expression.value), literal: expression.value };
    case "number":
      if (!Number.isInteger(expression.value)) language.report(report("WRIT2212", span, {}));
      if (!Number.isSafeInteger(expression.value)) return undefined; // too large is reported where it was read
      return { kind: "literal", span, type: literalType(expression.value), literal: expression.value };
    case "undefined":
      return { kind: "absent", span, type: types.absent };
    case "identifier":
      return readName(language, expression, flow, depth);
    case "member":
    case "index":
      return readPath(language, expression, flow, depth);
    case "array":
      return readList(language, expression, flow, depth);
    case "call":
      language.report(callProblem(expression));
      return undefined;
    case "not":
    case "binary":
      language.report(report("WRIT2235", span, {}));
      return undefined;
    case "arrow":
    case "object":
      language.report(report("WRIT2236", span, { what: expression.kind === "arrow" ? "a function" : "an object" }));
      return undefined;
  }
}

const tests = ["contains", "endsWith", "includes", "startsWith"];

/** `x.toLowerCase() === "a"` asks for what is not there, `f(r) === true` for too much. */
function callProblem({ callee, span }: Call): Diagnostic {
  if (callee.kind !== "member" || callee.name.kind === "hole" || tests.includes(callee.name.name))
    return report("WRIT2235", span, {});
  return report("WRIT2217", callee.name.span, { name: callee.name.name });
}

function readName<F>(language: Language<F>, name: Identifier, flow: Flow, depth: number): Value<F> | undefined {
  const { span } = name;
  if (name.name === language.parameter) {
    language.fact([], name);
    return undefined;
  }
  const meaning = language.resolve(name);
  switch (meaning?.kind) {
    case undefined:
      return undefined;
    case "constant": {
      if (meaning.value.kind === "object") {
        language.report(report("WRIT2236", span, { what: "an object" }));
        return undefined;
      }
      const value = readOperand(language, meaning.value, flow, depth + 1);
      // The mistake is where the constant is used: where it is declared it may serve something else.
      if (value?.kind !== "list") return value && { ...value, span };
      return { ...value, span, elements: value.elements.map((e) => ({ ...e, span })) };
    }
    case "tier":
    case "issuer":
      return { kind: "literal", span, type: types[meaning.kind], literal: meaning.name };
    case "condition":
      language.report(report("WRIT2223", span, { name: name.name, parameter: language.parameter }));
      return undefined;
    case "cidr":
      language.report(report("WRIT2236", span, { what: "a function" }));
      return undefined;
    case "other":
      language.report(report("WRIT2236", span, { what: meaning.what }));
      return undefined;
  }
}

/** `a.b["c"]` as its root and the names that follow; `undefined` where a key is no text, which is reported. */
function stepsOf<F>(
  language: Language<F>,
  path: Member | Index,
): { readonly root: Expression; readonly steps: readonly Step[]; readonly title: string } | undefined {
  const steps: Step[] = [];
  const titles: string[] = [];
  let rest: Expression = path;
  while (rest.kind === "member" || rest.kind === "index") {
    const key: Expression = rest.kind === "member" ? rest.name : rest.key;
    if (key.kind === "hole") return undefined;
    if (rest.kind === "member" && key.kind === "identifier") {
      steps.push({ name: key.name, expression: key });
      titles.push(`.${key.name}`);
    } else if (key.kind === "string") {
      steps.push({ name: key.value, expression: key });
      titles.push(`["${key.value}"]`);
    } else {
      language.report(report("WRIT2237", key.span, {}));
      return undefined;
    }
    rest = rest.object;
  }
  const title = [rest.kind === "identifier" ? rest.name : "", ...titles.reverse()].join("");
  return { root: rest, steps: steps.reverse(), title };
}

function readPath<F>(language: Language<F>, path: Member | Index, flow: Flow, depth: number): Value<F> | undefined {
  const taken = stepsOf(language, path);
  if (!taken || taken.root.kind === "hole") return undefined;
  const { root, steps, title } = taken;
  if (root.kind !== "identifier") {
    language.report(report("WRIT2236", path.span, { what: "part of a value" }));
    return undefined;
  }
  if (root.name !== language.parameter) return memberOfConstant(language, root, steps, path, flow, depth);
  const found = language.fact(steps, path);
  if (!found) return undefined;
  return {
    kind: "fact",
    span: path.span,
    fact: found.fact,
    key: found.key,
    type: flow.get(found.key) ?? found.type,
    declared: found.type,
    title,
  };
}

/** `limits.age` of a constant `{ age: 300 }`; TypeScript sees any number there, so it proves nothing about the fact. */
function memberOfConstant<F>(
  language: Language<F>,
  root: Identifier,
  steps: readonly Step[],
  path: Expression,
  flow: Flow,
  depth: number,
): Value<F> | undefined {
  const meaning = language.resolve(root);
  if (!meaning) return undefined;
  let held: Expression | undefined = meaning.kind === "constant" ? meaning.value : undefined;
  if (held?.kind === "hole") return undefined;
  for (const step of steps) {
    if (held?.kind === "identifier") {
      const next = language.resolve(held);
      held = next?.kind === "constant" ? next.value : undefined;
    }
    held = held?.kind === "object" ? propertyOf(held, step.name) : undefined;
  }
  if (!held) {
    language.report(report("WRIT2236", path.span, { what: "part of a value" }));
    return undefined;
  }
  const value = readOperand(language, held, flow, depth + 1);
  return value && { ...value, span: path.span, type: value.kind === "literal" ? widened(value.type) : value.type };
}

function propertyOf(object: ObjectLiteral, name: string): Expression | undefined {
  const found = object.properties.findLast(
    (p) => p.kind === "property" && (p.key.kind === "string" ? p.key.value : p.key.name) === name,
  );
  return found?.value;
}

function widened(type: Type): Type {
  return {
    ...type,
    text: type.text.length > 0 ? "any" : type.text,
    number: type.number.length > 0 ? "any" : type.number,
    boolean: type.boolean.length > 0 ? [true, false] : type.boolean,
  };
}

/** More values are no condition that anybody can review. */
const mostElements = 1_000;

function readList<F>(language: Language<F>, list: ArrayLiteral, flow: Flow, depth: number): ListValue | undefined {
  const known = language.lists.has(list);
  const elements = known ? language.lists.get(list) : readElements(language, list, flow, depth);
  if (!known) language.lists.set(list, elements);
  return elements && { kind: "list", span: list.span, type: union(elements.map((e) => widened(e.type))), elements };
}

function readElements<F>(
  language: Language<F>,
  list: ArrayLiteral,
  flow: Flow,
  depth: number,
): readonly LiteralElement[] | undefined {
  const elements: LiteralElement[] = [];
  let whole = true;
  for (const element of list.elements) {
    const value = readOperand(language, element.kind === "spread" ? element.value : element, flow, depth + 1);
    if (element.kind === "spread" && value?.kind === "list")
      elements.push(...value.elements.map((e) => ({ ...e, span: element.span })));
    else if (element.kind !== "spread" && value?.kind === "literal") elements.push(value);
    else {
      if (value) language.report(report("WRIT2213", element.span, {}));
      whole = false;
    }
    if (elements.length > mostElements) {
      language.report(report("WRIT2141", list.span, { limit: mostElements }));
      return undefined;
    }
  }
  return whole ? elements : undefined;
}
