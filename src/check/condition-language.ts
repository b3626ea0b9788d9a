/** What conditions and predicates have in common: the formula that comes out, and what can be read where one stands. */
import type { Diagnostic, Span } from "../diagnostics/index.ts";
import type { Comparison, Literal } from "../model/index.ts";
import type { Expression, Identifier } from "../syntax/index.ts";
import { type Type, types } from "./condition-type.ts";

/** A condition of the model over any kind of fact. */
export type Formula<F> =
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "named"; readonly name: string }
  | { readonly kind: "and" | "or"; readonly of: readonly Formula<F>[] }
  | { readonly kind: "not"; readonly of: Formula<F> }
  | { readonly kind: "compare"; readonly operator: Comparison; readonly fact: F; readonly literal: Literal }
  | { readonly kind: "same"; readonly left: F; readonly right: F }
  | { readonly kind: "in"; readonly fact: F; readonly values: readonly Literal[] }
  | { readonly kind: "includes" | "starts-with" | "ends-with"; readonly fact: F; readonly text: string }
  | { readonly kind: "cidr"; readonly fact: F; readonly range: string }
  | { readonly kind: "present"; readonly fact: F };

/** What a name of the file means inside a condition. */
export type Meaning =
  | { readonly kind: "constant"; readonly value: Expression }
  | { readonly kind: "cidr" }
  | { readonly kind: "condition"; readonly name: string; readonly issuer?: string }
  | { readonly kind: "tier" | "issuer"; readonly name: string }
  /** Declared, but nothing that a condition could read. */
  | { readonly kind: "other"; readonly what: string };

export interface Step {
  readonly name: string;
  readonly expression: Expression;
}

export interface FoundFact<F> {
  readonly fact: F;
  /** Equal for two expressions that read the same. */
  readonly key: string;
  readonly type: Type;
}

/** An element of a list, and where it stands or is spread. */
export interface LiteralElement {
  readonly kind: "literal";
  readonly span: Span;
  readonly type: Type;
  readonly literal: Literal;
}

/** What can be read where a condition or predicate stands. */
export interface Language<F> {
  /** The name of the arrow's parameter, `r`. */
  readonly parameter: string;
  /** The fact at `r.a.b`; `undefined` once it has reported why there is none. */
  readonly fact: (steps: readonly Step[], path: Expression) => FoundFact<F> | undefined;
  /** What lists were found to hold: constants may spread one another, and each is laid open once. */
  readonly lists: Map<Expression, readonly LiteralElement[] | undefined>;
  /** `undefined` once it is reported. */
  readonly resolve: (name: Identifier) => Meaning | undefined;
  /** Whether the named condition can be asked here; `undefined` where no condition can be. */
  readonly admits?: (condition: Meaning & { kind: "condition" }, call: Expression) => boolean;
  readonly report: (diagnostic: Diagnostic) => void;
}

/** What is known of facts on one branch: the narrowed type by key. */
export type Flow = ReadonlyMap<string, Type>;

/** Flows are made only when a later operand asks for them: a long chain would cost its square. */
export interface Tested<F> {
  readonly formula: Formula<F>;
  /** Its type in TypeScript, which `&&` and `||` let be `undefined`. */
  readonly type: Type;
  readonly whenTrue: () => Flow;
  readonly whenFalse: () => Flow;
}

/** Stands for what is already reported. */
export function unreadable<F>(flow: Flow): Tested<F> {
  return plain({ kind: "constant", value: false }, flow);
}

/** A truth value from which nothing follows for later operands. */
export function plain<F>(formula: Formula<F>, flow: Flow): Tested<F> {
  return { formula, type: types.boolean, whenTrue: () => flow, whenFalse: () => flow };
}
