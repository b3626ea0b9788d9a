/** Writes the examples that are missing: few boundary requests that together notice many careless edits and show many points. */
import { fillIn, type Said } from "../check/index.ts";
import type { Change } from "../diff/index.ts";
import { type Decision, decide, type Example, type Input, type Model, type Revocations } from "../model/index.ts";
import { vectorsOf } from "../vectors/index.ts";
import { type Asked, saidOf } from "./author.ts";
import type { Coverage, CoveredPoint } from "./coverage.ts";
import { exercise } from "./exercise.ts";
import { comesOutDifferently, type Judged, type Mutation } from "./judge.ts";
import type { Mutant } from "./mutant.ts";
import { nameExample } from "./name-example.ts";
import { partForExamples } from "./part.ts";
import { simplify, type Usual, usualOf } from "./simplify.ts";

export interface Suggestion {
  readonly example: Example;
  /** What its author says. */
  readonly said: Said;
  /** The careless edits that it notices and that no earlier suggestion does. */
  readonly notices: readonly Mutant[];
  /** The points that it shows and that no earlier suggestion does. */
  readonly shows: readonly CoveredPoint[];
}

export interface SuggestOptions {
  readonly most?: number;
  readonly progress?: (what: string) => void;
}

/** Of each survivor, so many of its changes are tried, and so many requests for what no change shows. */
const mostChanges = 6;
const mostRequests = 1500;

/**
 * Examples that are true of the model as it is. Each next one is the one that does most of what is left to do.
 *
 * @example suggest(model, mutate(model, places), coverageOf(model, places)).map(({ example }) => example.name)
 */
export function suggest(
  model: Model,
  mutation: Mutation,
  coverage: Coverage,
  { most = Number.POSITIVE_INFINITY, progress }: SuggestOptions = {},
): readonly Suggestion[] {
  const usual = usualOf(model);
  const survivors = mutation.judged.flatMap((one) => (one.outcome === "unnoticed" ? [one] : []));
  progress?.(`looking for requests that show ${survivors.length} edits`);
  const shown = survivors.flatMap((survivor) => candidatesFor(model, survivor, usual));
  const gaps = coverage.declarations.flatMap(({ points }) => points.filter(({ examples }) => examples.length === 0));
  progress?.(`looking for requests that show ${gaps.length} points`);
  const candidates = distinct([...shown, ...(gaps.length > 0 ? requestsFor(model, gaps, usual) : [])]);
  const deeds = deedsOf(model, candidates, survivors, gaps);
  return greedy(model, candidates, deeds, most);
}

interface Candidate {
  readonly said: Said;
  readonly example: Example;
}

function exampleOf(model: Model, said: Said, told = false): Example {
  const filled = fillIn(said);
  const decision = decide({ model, policy: filled.policy, revocations: filled.revocations }, filled.input);
  return { name: "", ...filled, expect: expected(decision, told) };
}

function expected(decision: Decision, told: boolean): Example["expect"] {
  if (!decision.allow) return { reason: decision.reason };
  const { grants, headers } = decision;
  return {
    reason: "granted",
    ...(grants.length > 0 && { grants }),
    ...((told || Object.keys(headers).length > 0) && { headers }),
  };
}

type Survivor = Extract<Judged, { outcome: "unnoticed" }>;

/** For each kind of change that an example can express: the witness, made plainer as long as the mutant decides it otherwise. */
function candidatesFor(model: Model, { mutant, changes }: Survivor, usual: Usual): readonly Candidate[] {
  const after = mutant.make();
  return changes
    .filter(({ kind }) => kind !== "until")
    .slice(0, mostChanges)
    .flatMap(({ witness }: Change) => {
      const meant = witness.after.identity ?? witness.before.identity;
      const said = saidOf(model, witness, meant);
      if (!said) return [];
      const whole = exampleOf(model, said);
      const part = partForExamples(model, [whole])(after);
      const notices = (plainer: Said): boolean => {
        const example = exampleOf(model, plainer);
        if (example.expect.reason !== whole.expect.reason) return false;
        const same = plainer.host === said.host && plainer.path === said.path;
        return comesOutDifferently(same ? part : partForExamples(model, [example])(after), example);
      };
      if (!notices(said)) return [];
      const plain = simplify(said, usual, notices);
      return [{ said: plain, example: exampleOf(model, plain) }];
    });
}

/** Requests of all kinds that show one of these points, each made plainer as long as it shows as many. */
function requestsFor(model: Model, gaps: readonly CoveredPoint[], usual: Usual): readonly Candidate[] {
  const { revision, ...times } = { revision: "example", sequence: 1, notBefore: 0, notAfter: 253_402_300_800 };
  const { vectors, revocations } = vectorsOf(model, { revision, ...times }, mostRequests);
  const left = new Set(gaps);
  const shownBy = (example: Example): readonly CoveredPoint[] => {
    const seen = exercise(model, example);
    return gaps.filter((point) => point.shownBy(seen));
  };
  return vectors.flatMap((vector): readonly Candidate[] => {
    const asked: Asked = {
      input: vector.input as Input,
      ...(revocations[vector.revocations] != null && { revocations: revocations[vector.revocations] as Revocations }),
    };
    const said = isSpeakable(asked) ? saidOf(model, asked, vector.decision.identity) : undefined;
    if (!said) return [];
    const example = exampleOf(model, said);
    const shows = shownBy(example);
    if (!shows.some((point) => left.has(point))) return [];
    for (const point of shows) left.delete(point);
    const plain = simplify(said, usual, (plainer) => {
      const seen = exercise(model, exampleOf(model, plainer));
      return shows.every((point) => point.shownBy(seen));
    });
    return [{ said: plain, example: exampleOf(model, plain) }];
  });
}

/** Vectors also hold what is no request at all, and lists of revocations, which are their author's matter. */
function isSpeakable({ input, revocations }: Asked): boolean {
  const { at, floor, sequence, ...lists } = revocations ?? { at: 0, floor: 0 };
  const { time, request }: { time?: unknown; request?: Partial<Record<string, unknown>> } = input ?? {};
  return (
    Number.isSafeInteger(time) &&
    typeof request?.host === "string" &&
    typeof request.method === "string" &&
    typeof request.path === "string" &&
    floor === 0 &&
    Object.keys(lists).length === 0
  );
}

function distinct(candidates: readonly Candidate[]): readonly Candidate[] {
  const byText = new Map(
    candidates.toReversed().map((one) => [JSON.stringify([one.example.input, one.example.revocations]), one]),
  );
  return [...byText.values()].reverse();
}

interface Deed {
  readonly notices: ReadonlySet<Mutant>;
  readonly shows: ReadonlySet<CoveredPoint>;
}

function deedsOf(
  model: Model,
  candidates: readonly Candidate[],
  survivors: readonly Survivor[],
  gaps: readonly CoveredPoint[],
): readonly Deed[] {
  const part = partForExamples(
    model,
    candidates.map(({ example }) => example),
  );
  const notices = candidates.map(() => new Set<Mutant>());
  for (const { mutant } of survivors) {
    const after = part(mutant.make());
    candidates.forEach(({ example }, i) => {
      if (comesOutDifferently(after, example)) notices[i]?.add(mutant);
    });
  }
  return candidates.map(({ example }, i) => {
    const seen = exercise(model, example);
    return { notices: notices[i] ?? new Set(), shows: new Set(gaps.filter((point) => point.shownBy(seen))) };
  });
}

function greedy(
  model: Model,
  candidates: readonly Candidate[],
  deeds: readonly Deed[],
  most: number,
): readonly Suggestion[] {
  const names = new Set(model.examples.map(({ name }) => name));
  const done = { notices: new Set<Mutant>(), shows: new Set<CoveredPoint>() };
  const suggestions: Suggestion[] = [];
  while (suggestions.length < most) {
    let best:
      | { readonly at: number; readonly notices: readonly Mutant[]; readonly shows: readonly CoveredPoint[] }
      | undefined;
    for (const [at, deed] of deeds.entries()) {
      const notices = [...deed.notices].filter((mutant) => !done.notices.has(mutant));
      const shows = [...deed.shows].filter((point) => !done.shows.has(point));
      const worth = notices.length + shows.length;
      if (worth > (best ? best.notices.length + best.shows.length : 0)) best = { at, notices, shows };
    }
    const candidate = best && candidates[best.at];
    if (!best || !candidate) break;
    for (const mutant of best.notices) done.notices.add(mutant);
    for (const point of best.shows) done.shows.add(point);
    const name = nameExample(candidate.example, candidate.said, best.notices, names);
    names.add(name);
    suggestions.push({ ...candidate, ...best, example: { ...candidate.example, name } });
  }
  return suggestions;
}
