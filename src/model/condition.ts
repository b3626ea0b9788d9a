/** Conditions: finite, total, without arithmetic, so that the space of requests stays partitionable. */

/** Something that a condition can read. */
export type Fact =
  | { readonly kind: "claim"; readonly issuer: string; readonly name: string }
  | { readonly kind: "parameter"; readonly name: string }
  | { readonly kind: "request"; readonly name: "host" | "ip" | "method" | "path" }
  | { readonly kind: "header"; readonly name: string }
  | { readonly kind: "token"; readonly name: "age" | "lifetime" }
  | { readonly kind: "identity"; readonly name: "name" | "owner" | "tags" | "tier" };

export type Literal = string | number | boolean;

export type Comparison = "equal" | "greater" | "greater-or-equal" | "less" | "less-or-equal";

/**
 * The operators. `not-equal` is `not` around `equal`. A comparison with an absent optional fact is false;
 * two absent facts are not equal.
 */
export type Condition =
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "named"; readonly name: string }
  | { readonly kind: "and" | "or"; readonly of: readonly Condition[] }
  | { readonly kind: "not"; readonly of: Condition }
  /** `equal` for any type; the others for integers only. */
  | { readonly kind: "compare"; readonly operator: Comparison; readonly fact: Fact; readonly literal: Literal }
  /** Two facts of the same type hold the same value. */
  | { readonly kind: "same"; readonly left: Fact; readonly right: Fact }
  | { readonly kind: "in"; readonly fact: Fact; readonly values: readonly Literal[] }
  /** The fact is a list of strings that includes the text. */
  | { readonly kind: "includes"; readonly fact: Fact; readonly text: string }
  | { readonly kind: "starts-with" | "ends-with"; readonly fact: Fact; readonly text: string }
  /** The fact is an IP address in the range, `203.0.113.0/24`. */
  | { readonly kind: "cidr"; readonly fact: Fact; readonly range: string }
  /** The optional fact is there. */
  | { readonly kind: "present"; readonly fact: Fact };

/** One text per fact, by which sets of facts are sorted and compared. */
export function factKey(fact: Fact): string {
  return fact.kind === "claim" ? `claim ${fact.issuer} ${fact.name}` : `${fact.kind} ${fact.name}`;
}

/**
 * The facts that a condition reads, named conditions included, sorted by `factKey`.
 * Whether one can be read at all decides before the condition is looked at.
 */
export function factsOf(condition: Condition, named: (name: string) => Condition): readonly Fact[] {
  const found = new Map([...readsOf(condition, named)].map((fact) => [factKey(fact), fact]));
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, fact]) => fact);
}

/** Whether the answer may change with nothing but the time. */
export function readsAge(condition: Condition, named: (name: string) => Condition): boolean {
  return factsOf(condition, named).some((fact) => fact.kind === "token" && fact.name === "age");
}

function* readsOf(condition: Condition, named: (name: string) => Condition): Generator<Fact> {
  switch (condition.kind) {
    case "constant":
      return;
    case "named":
      yield* readsOf(named(condition.name), named);
      return;
    case "and":
    case "or":
      for (const part of condition.of) yield* readsOf(part, named);
      return;
    case "not":
      yield* readsOf(condition.of, named);
      return;
    case "same":
      yield condition.left;
      yield condition.right;
      return;
    default:
      yield condition.fact;
  }
}
