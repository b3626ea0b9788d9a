/** What becomes of a mutant: an example or a `never` notices it, or nobody does, or it changes no decision at all. */
import { type Change, diffModels } from "../diff/index.ts";
import { compareWithExpected, decide, type Example, type Model } from "../model/index.ts";
import { proveNevers } from "../prove/index.ts";
import type { Places } from "./declarations.ts";
import { type Exercise, exercise } from "./exercise.ts";
import type { Mutant } from "./mutant.ts";
import { mutantsOf, pickEvenly } from "./mutants.ts";
import { partForExamples, representatives } from "./part.ts";

export type Judged =
  /** `by` an example or a `never`, by its name. */
  | { readonly mutant: Mutant; readonly outcome: "noticed"; readonly by: string }
  | { readonly mutant: Mutant; readonly outcome: "unnoticed"; readonly changes: readonly Change[] }
  | { readonly mutant: Mutant; readonly outcome: "equivalent" };

export interface Mutation {
  /** In the order of the mutants. */
  readonly judged: readonly Judged[];
  /** How many there are of all kinds, tried or not. */
  readonly possible: number;
  readonly noticed: number;
  readonly unnoticed: number;
  readonly equivalent: number;
}

export interface MutationOptions {
  /** Try this many at most. */
  readonly most?: number;
  readonly progress?: (what: string) => void;
}

/**
 * Makes every mutant and looks who notices it. An edit after which every request is decided as before is no mistake, and is not counted.
 *
 * @example mutate(model, places).judged.filter(({ outcome }) => outcome === "unnoticed")
 */
export function mutate(model: Model, places: Places, { most, progress }: MutationOptions = {}): Mutation {
  const all = mutantsOf(model, places);
  const mutants = pickEvenly(all, most ?? Number.POSITIVE_INFINITY);
  const judge = judgeOf(model);
  const judged = mutants.map((mutant, i): Judged => {
    if (i % Math.ceil(mutants.length / progressSteps) === 0)
      progress?.(`${i} of ${mutants.length} careless edits made`);
    return judge(mutant);
  });
  const count = (outcome: Judged["outcome"]): number => judged.filter((one) => one.outcome === outcome).length;
  return {
    judged,
    possible: all.length,
    noticed: count("noticed"),
    unnoticed: count("unnoticed"),
    equivalent: count("equivalent"),
  };
}

/** How often people who wait are told how far it is. */
const progressSteps = 10;

function judgeOf(model: Model): (mutant: Mutant) => Judged {
  const { examples } = model;
  const part = partForExamples(model, examples);
  const exercises = examples.map((example) => exercise(model, example));
  const familiar = {
    identities: exercises.flatMap(({ credential }) => (credential ? [credential.identity.name] : [])),
    operations: exercises.flatMap(({ found }) => (found ? [`${found.api.name} ${found.operation.name}`] : [])),
  };
  return (mutant) => {
    const after = mutant.make();
    const small = part(after);
    // Whoever has to do with what is edited is asked first: most mutants are noticed by the first example that is asked.
    const first = exercises.filter((one) => concerns(one, mutant)).map(({ example }) => example);
    const rest = examples.filter((example) => !first.includes(example));
    const by = [...first, ...rest].find((example) => comesOutDifferently(small, example));
    if (by) return { mutant, outcome: "noticed", by: by.name };
    const [was, is] = representatives(model, after, familiar);
    const { changes } = diffModels(withoutNevers(was), withoutNevers(is));
    if (changes.length === 0) return { mutant, outcome: "equivalent" };
    // Not only by a gain: whoever comes into a tier or a group comes under what is said of it.
    const [violation] = proveNevers(is);
    if (violation) return { mutant, outcome: "noticed", by: violation.never.name };
    return { mutant, outcome: "unnoticed", changes };
  };
}

export function comesOutDifferently(model: Model, example: Example): boolean {
  const { policy, revocations, input } = example;
  return compareWithExpected(example, decide({ model, policy, revocations }, input)).length > 0;
}

/** Nothing is decided by them. */
function withoutNevers({ nevers: _, ...model }: Model): Model {
  return model;
}

function concerns({ decision, grants, denies, example }: Exercise, { of, kind }: Mutant): boolean {
  switch (of.kind) {
    case "grant":
      return grants.some(({ rule }) => rule.name === of.name);
    case "deny":
      return denies.some(({ rule }) => rule.name === of.name);
    case "tier":
      return decision.tier === of.name;
    case "identity":
      return decision.identity === of.name;
    case "operation":
      return decision.operation === of.name;
    case "condition":
      return decision.reason === "condition" || decision.allow;
    default:
      return kind === "claim-open" || kind === "claim-optional"
        ? decision.reason === "claims-malformed"
        : example.expect.headers !== undefined || decision.allow;
  }
}

/** Whether this example alone would notice the edit. */
export function noticedBy(mutant: Mutant, example: Example): boolean {
  const after = mutant.make();
  return comesOutDifferently(partForExamples(after, [example])(after), example);
}
