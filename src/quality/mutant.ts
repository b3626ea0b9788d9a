/** One careless edit of an estate: what it changes, where, and the model that it makes. */
import type { Model } from "../model/index.ts";
import type { Declaration } from "./declarations.ts";

/** What is edited, in the order in which mutants are made. */
export const mutantKinds = [
  "deny-dropped",
  "deny-narrowed",
  "grant-dropped",
  "condition-dropped",
  "conjunct-dropped",
  "comparison-negated",
  "comparison-moved",
  "comparison-widened",
  "api-dropped",
  "until-dropped",
  "until-later",
  "from-dropped",
  "from-earlier",
  "scope-added",
  "holder-added",
  "member-added",
  "trust-dropped",
  "trust-lowered",
  "tier-raised",
  "method-added",
  "lifetime-longer",
  "delay-longer",
  "rotation-longer",
  "audiences-more",
  "revocation-dropped",
  "needed-scope-dropped",
  "needed-scope-weaker",
  "made-public",
  "translation-widened",
  "subject-widened",
  "header-dropped",
  "header-changed",
  "tier-swapped",
  "expiry-later",
  "begin-earlier",
  "claim-optional",
  "claim-open",
] as const;

export type MutantKind = (typeof mutantKinds)[number];

export interface Mutant {
  readonly kind: MutantKind;
  /** What is edited; several declarations of one kind where one edit is made to all rows of a registry. */
  readonly of: Declaration;
  /** The edit as a sentence without its full stop: "`until` is a day later". */
  readonly words: string;
  /** The estate after it. It shares whatever is not edited with the estate before. */
  readonly make: () => Model;
}

export const day = 86_400;

interface Named {
  readonly name: string;
}

/** The list with one of its things edited; `undefined` takes it out. */
export function edited<T extends Named>(
  list: readonly T[],
  name: string,
  edit: (thing: T) => T | undefined,
): readonly T[] {
  return list.flatMap((thing) => (thing.name === name ? (edit(thing) ?? []) : [thing]));
}

/** A set with one more, in its order. */
export function withOne(set: readonly string[], one: string): readonly string[] {
  return [...new Set([...set, one])].sort();
}
