/** Test vectors for any host of our engine: requests, what is known of revocations, and the whole decision of the reference. */
import { type Decision, decide, type Model, type Policy } from "../model/index.ts";
import { applyChanges, type Question } from "../why/index.ts";
import { type Base, requestsOf } from "./requests.ts";
import type { Variation } from "./variation.ts";
import { varyCall } from "./vary-call.ts";
import { varyCredential } from "./vary-credential.ts";
import { varyKnown } from "./vary-known.ts";
import { varyShape, varySize } from "./vary-shape.ts";

/** Plain data, ready for JSON. */
export interface Vectors {
  readonly format: 1;
  /** Which policy must decide. */
  readonly policy: Policy;
  /** What is known of revocations, as it stands in `data.revocations`; `null` where nothing is. */
  readonly revocations: readonly unknown[];
  /** Those that know the same of revocations stand together. */
  readonly vectors: readonly Vector[];
}

export interface Vector {
  /** What was asked, and what is odd about it. */
  readonly case: string;
  /** The place in `revocations`. */
  readonly revocations: number;
  readonly input: unknown;
  readonly decision: Decision;
}

/** Of those asked for: this part are whole requests; the rest are varied, and chosen from this many times as many. */
const wholePart = 1 / 8;
const choice = 12;
/** Variations of one request follow each other at this distance in the next: a prime, so that all of them come up. */
const stride = 37;

interface Candidate {
  readonly words: string;
  readonly question: Question;
  readonly decision: Decision;
}

/**
 * Requests that the estate allows, each changed in one way, and where that is too few in two; all reasons as evenly as they are reached.
 * The same model and policy give the same vectors.
 *
 * @param count how many; fewer only where the estate has nothing more to say
 * @example vectorsOf(model, { revision: "r1", sequence: 1, notBefore: 0, notAfter: 2_000_000_000 }, 1000).vectors.length
 */
export function vectorsOf(model: Model, policy: Policy, count: number): Vectors {
  const bases = requestsOf(model, policy, Math.max(1, Math.ceil(count * wholePart)));
  const whole: Candidate[] = [];
  const varied = new Map<string, Candidate[]>();
  const seen = new Set<string>();
  const take = (candidate: Candidate, list: (candidate: Candidate) => Candidate[]): void => {
    const key = JSON.stringify([candidate.question.loaded.revocations, candidate.question.input]);
    if (seen.has(key)) return;
    seen.add(key);
    list(candidate).push(candidate);
  };
  for (const candidate of examplesOf(model, policy)) take(candidate, () => whole);
  for (const base of bases) take(decided(wordsOf(base), base.scene.question), () => whole);
  for (const candidate of variationsOf(bases)) {
    if (seen.size >= count * choice) break;
    take(candidate, ({ decision }) => {
      const list = varied.get(decision.reason) ?? [];
      varied.set(decision.reason, list);
      return list;
    });
  }
  return gather(policy, choose(whole, [...varied.values()], count));
}

/** First what is whole, then one of each reason in turn. */
function choose(
  whole: readonly Candidate[],
  varied: readonly (readonly Candidate[])[],
  count: number,
): readonly Candidate[] {
  const chosen = whole.slice(0, count);
  for (let turn = 0; chosen.length < count; turn++) {
    const row = varied.flatMap((list) => list[turn] ?? []);
    if (row.length === 0) break;
    chosen.push(...row.slice(0, count - chosen.length));
  }
  return chosen;
}

function gather(policy: Policy, chosen: readonly Candidate[]): Vectors {
  const byKnown = Map.groupBy(chosen, ({ question }) => JSON.stringify(question.loaded.revocations ?? null));
  return {
    format: 1,
    policy,
    revocations: [...byKnown.keys()].map((text): unknown => JSON.parse(text)),
    vectors: [...byKnown.values()].flatMap((candidates, revocations) =>
      candidates.map(({ words, question, decision }) => ({
        case: words,
        revocations,
        input: question.input,
        decision,
      })),
    ),
  };
}

function decided(words: string, question: Question): Candidate {
  return { words, question, decision: decide(question.loaded, question.input) };
}

/** What the author gave, asked of this policy instead of their own. */
function* examplesOf(model: Model, policy: Policy): Generator<Candidate> {
  for (const { name, revocations, input } of model.examples)
    yield decided(name, { loaded: { model, policy, revocations }, input });
}

function* variationsOf(bases: readonly Base[]): Generator<Candidate> {
  const sets = bases.map((base) => ({
    base,
    variations: [...varyKnown(base), ...varyCredential(base), ...varyCall(base), ...varyShape(base)],
  }));
  for (const base of bases.slice(0, 1)) for (const variation of varySize(base)) yield vary(base, variation);
  const most = Math.max(...sets.map(({ variations }) => variations.length));
  const at = (variations: readonly Variation[], i: number): Variation => variations[i % variations.length] as Variation;
  for (let turn = 0; turn < most; turn++) {
    for (const { base, variations } of sets)
      if (turn < variations.length) yield vary(base, at(variations, turn + base.number * stride));
  }
  for (let step = 1; step < most; step++) {
    for (let turn = 0; turn < most; turn++) {
      for (const { base, variations } of sets) {
        const first = turn + base.number * stride;
        if (turn < variations.length && step < variations.length)
          yield vary(base, [...at(variations, first), ...at(variations, first + step)]);
      }
    }
  }
}

function vary(base: Base, variation: Variation): Candidate {
  const words = variation.flatMap((change) => (change.words === "" ? [] : [change.words]));
  return decided([wordsOf(base), ...words].join("; "), applyChanges(base.scene.question, variation));
}

function wordsOf({ input, identity }: Base): string {
  const { host, method, path } = input.request;
  return `${method} ${host}${path} by ${identity?.name ?? "nobody"}`;
}
