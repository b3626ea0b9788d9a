/**
 * What a step of the decision procedure demands, as a formula over independent dimensions of a request. Each dimension has infinitely
 * many values, but a formula asks only finitely many questions about it, so a few values stand for all.
 */
import type { Input, Revocations } from "../model/index.ts";

/** What is asked of a policy. */
export interface Question {
  readonly input: Input;
  readonly revocations: Revocations;
}

/** A question that is being written, from what is common to its class to what each dimension adds. */
export interface Draft {
  time: number;
  /** How old the knowledge of revocations is. */
  revocationsAge: number;
  token?: Record<string, unknown>;
  peer?: { spiffe?: string; "x5t#S256"?: string };
  proof?: { jkt?: string };
  key?: { id: string };
  host: string;
  method: string;
  /** What stands between the slashes. */
  segments: string[];
  ip?: string;
  headers: Record<string, string | string[]>;
  /** The registered claims of the token are not what they should be. */
  isMalformed?: true;
}

/** One independent part of a request: a claim, a segment of the path, how old the token is. */
export interface Dimension<Value = unknown> {
  /** Is the same for the same part of a request. */
  readonly key: string;
  /** Dimensions are written, and stand in diagrams, in this order, then by key. */
  readonly rank: number;
  readonly read: (question: Question) => Value;
  readonly write: (value: Value, draft: Draft) => void;
  /**
   * Values among which is one for each combination of answers to the atoms that any value can give, the plainest first; where order
   * matters (times), the least and the greatest of each combination too.
   */
  readonly pool: (atoms: readonly Atom<Value>[]) => readonly Value[];
  /** The values of some of the cells in words, as it follows on `when`: `claims.region is "eu"`. `others` are the cells that are left out. */
  readonly words: (cells: readonly Cell<Value>[], others: readonly Cell<Value>[]) => string;
}

/** A question about one dimension. Two atoms of a dimension with the same key are the same question. */
export interface Atom<Value = unknown> {
  readonly dimension: Dimension<Value>;
  readonly key: string;
  readonly holds: (value: Value) => boolean;
}

/** All values of a dimension that answer every atom alike. */
export interface Cell<Value = unknown> {
  /** Those of the pool, in its order: the first is the plainest. */
  readonly values: readonly [Value, ...Value[]];
  /** What the atoms answer, by key. */
  readonly answers: ReadonlyMap<string, boolean>;
}

export type Formula =
  | { readonly kind: "constant"; readonly value: boolean }
  // biome-ignore lint/suspicious/noExplicitAny: a formula asks about dimensions of any values
  | { readonly kind: "atom"; readonly atom: Atom<any> }
  | { readonly kind: "not"; readonly of: Formula }
  | { readonly kind: "and" | "or"; readonly of: readonly Formula[] };

export const always: Formula = { kind: "constant", value: true };
export const never: Formula = { kind: "constant", value: false };

// biome-ignore lint/suspicious/noExplicitAny: see above
export function ask(atom: Atom<any>): Formula {
  return { kind: "atom", atom };
}

export function not(of: Formula): Formula {
  if (of.kind === "constant") return of.value ? never : always;
  return of.kind === "not" ? of.of : { kind: "not", of };
}

export function and(...of: readonly Formula[]): Formula {
  const parts = of.filter((part) => part.kind !== "constant" || !part.value);
  if (parts.some((part) => part.kind === "constant")) return never;
  return parts.length === 1 ? parts[0]! : parts.length === 0 ? always : { kind: "and", of: parts };
}

export function or(...of: readonly Formula[]): Formula {
  const parts = of.filter((part) => part.kind !== "constant" || part.value);
  if (parts.some((part) => part.kind === "constant")) return always;
  return parts.length === 1 ? parts[0]! : parts.length === 0 ? never : { kind: "or", of: parts };
}

/** The atoms of a formula, each time that they are met. */
export function* atomsOf(formula: Formula): Generator<Atom> {
  switch (formula.kind) {
    case "constant":
      return;
    case "atom":
      yield formula.atom;
      return;
    case "not":
      yield* atomsOf(formula.of);
      return;
    default:
      for (const part of formula.of) yield* atomsOf(part);
  }
}
