/**
 * Holds the difference of two policies against brute force: random pairs of small estates, and of each either all requests of a space
 * that is walked through or a sample of a larger one; each is decided by the reference under both.
 */
import { type Change, type ChangeKind, diffModels, kinds } from "../../src/diff/index.ts";
import {
  type Decision,
  decide,
  type Input,
  isCanonicalPath,
  lookupIn,
  type Model,
  normalise,
  type Policy,
  pathSegments,
} from "../../src/model/index.ts";
import { type Engine, engineOf, WasmEstate } from "../agree/ask-wasm.ts";
import { compare as compareWithOpa } from "../agree/compare.ts";
import { maker } from "../agree/maker.ts";
import { Random } from "../random.ts";
import { cases } from "./cases.ts";
import { predictor } from "./predictor.ts";
import { type Pair, randomPair } from "./random-pair.ts";
import { type Asked, requestSpace } from "./request-space.ts";

/** In force at any time, so that nothing but the two models makes a difference. */
export const policy: Policy = { revision: "1-exact", sequence: 1, notBefore: 0, notAfter: Number.MAX_SAFE_INTEGER };

export interface Share {
  readonly pairs: number;
  readonly seed: number;
  readonly from: number;
  readonly of: number;
  /** How many requests of a space are asked that is too large to be walked through. */
  readonly sampled: number;
  /** How many of a kind of credential a space has at most that is walked through. */
  readonly walked: number;
  /** Every so manieth witness is asked of our WebAssembly and of stock OPA, too; 0: never. */
  readonly wasmEvery: number;
  readonly opaEvery: number;
  /** Every so manieth pair is compared in another order and the other way round, too. */
  readonly aroundEvery?: number;
  /** Only pairs of this size. */
  readonly size?: Pair["size"];
  /** After so many failures there is nothing new to learn. */
  readonly enough?: number;
}

export interface Failure {
  readonly seed: number;
  readonly what: string;
  readonly edits: readonly string[];
  readonly asked?: Asked;
  readonly expected?: unknown;
  readonly given?: unknown;
}

export interface Findings {
  pairs: number;
  walkedPairs: number;
  requests: number;
  readonly changed: Record<ChangeKind, number>;
  readonly predicted: Record<ChangeKind, number>;
  /** Pairs in which nothing changes. */
  empty: number;
  changes: number;
  inWasm: number;
  inOpa: number;
  readonly edits: Map<string, number>;
  readonly failures: Failure[];
}

export function noFindings(): Findings {
  return {
    pairs: 0,
    walkedPairs: 0,
    requests: 0,
    changed: zero(),
    predicted: zero(),
    empty: 0,
    changes: 0,
    inWasm: 0,
    inOpa: 0,
    edits: new Map(),
    failures: [],
  };
}

function zero(): Record<ChangeKind, number> {
  return Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<ChangeKind, number>;
}

export function exact(share: Share): Findings {
  const { pairs, seed, from, of, enough = 10 } = share;
  const found = noFindings();
  let engine: Engine | undefined;
  for (let n = from; n < pairs && found.failures.length < enough; n += of) {
    const number = seed * 1_000_003 + n;
    const random = new Random(number);
    const pair = randomPair(random, share.size);
    const witnesses = judge(random, pair, share, number, found, n % (share.aroundEvery ?? 1) === 0);
    found.pairs++;
    if (share.wasmEvery > 0 && n % share.wasmEvery === 0) {
      engine ??= engineOf(maker);
      found.inWasm += askWasm(engine, pair, witnesses, number, found);
    }
    if (share.opaEvery > 0 && n % share.opaEvery === 0) found.inOpa += askOpa(pair, witnesses, number, found);
  }
  return found;
}

/** The pairs that chance seldom makes. */
export function exactCases(sampled: number): Findings {
  const found = noFindings();
  const share = { pairs: cases.length, seed: 0, from: 0, of: 1, sampled, walked: 0, wasmEvery: 0, opaEvery: 0 };
  for (const [number, pair] of cases.entries()) {
    judge(new Random(number), pair, share, number, found, true);
    found.pairs++;
  }
  return found;
}

/** What a person would compare, written again: it is what is judged by. */
function kindBetween(before: Decision, after: Decision): ChangeKind | undefined {
  if (before.allow !== after.allow) return after.allow ? "gain" : "loss";
  if (!before.allow || !after.allow) return before.reason === after.reason ? undefined : "reason";
  const told = ({ headers }: { headers: Readonly<Record<string, string>> }): string =>
    JSON.stringify(Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1)));
  if (told(before) !== told(after)) return "headers";
  return before.until === after.until ? undefined : "until";
}

export function decideBoth({ before, after }: Pick<Pair, "after" | "before">, { input, revocations }: Asked) {
  const one = decide({ model: before, policy, revocations }, input);
  const other = decide({ model: after, policy, revocations }, input);
  return { one, other, kind: kindBetween(one, other) };
}

/** @returns what is shown as evidence */
function judge(
  random: Random,
  pair: Pair,
  share: Share,
  number: number,
  found: Findings,
  isAround: boolean,
): readonly Asked[] {
  const { before, after, edits, size } = pair;
  for (const edit of edits) found.edits.set(edit, (found.edits.get(edit) ?? 0) + 1);
  const fail = (what: string, more: Partial<Failure> = {}): void => {
    found.failures.push({ seed: number, what, edits, ...more });
  };
  let last: Asked | undefined;
  try {
    const difference = diffModels(before, after);
    const { changes } = difference;
    found.changes += changes.length;
    if (changes.length === 0) found.empty++;
    for (const { causes, kind, witness } of changes) {
      if (causes.length === 0) fail("a change that nothing brings about", { asked: witness, expected: kind });
      const { one, other, kind: real } = decideBoth(pair, witness);
      if (real !== kind) fail("a witness does not show its change", { asked: witness, expected: kind, given: real });
      if (JSON.stringify([one, other]) !== JSON.stringify([witness.before, witness.after].map(underPolicy)))
        fail("a witness tells other decisions", { asked: witness, given: [witness.before, witness.after] });
    }
    for (const kind of kinds) {
      const count = changes.filter((change) => change.kind === kind).length;
      if (count !== difference.counts[kind])
        fail("the counts are others", { expected: count, given: difference.counts });
    }
    if (isAround) {
      if (JSON.stringify(diffModels(shuffled(random, before), shuffled(random, after))) !== JSON.stringify(difference))
        fail("the same pair in another order gives other bytes");
      const back = diffModels(after, before);
      const swapped = { ...back.counts, gain: back.counts.loss, loss: back.counts.gain };
      if (kinds.some((kind) => swapped[kind] > 0 !== difference.counts[kind] > 0))
        fail("the way back is not the way there", { expected: difference.counts, given: back.counts });
    }

    const { predict } = predictor(before, after);
    const backwards = predictor(after, before).predict;
    const walk = size === "tiny";
    const space = requestSpace(before, after, walk ? share.walked : undefined);
    const count = walk ? space.size : share.sampled;
    if (walk) found.walkedPairs++;
    const shown = [...changes.map(({ witness }) => witness), ...(pair.asked ?? [])];
    for (let n = 0; n < count + shown.length; n++) {
      const asked =
        n >= count ? shown[n - count]! : walk ? space.at(n) : n % 4 === 0 ? space.any(random) : space.near(random, 3);
      last = asked;
      const { kind, one, other } = decideBoth(pair, asked);
      const predicted = predict(asked);
      found.requests++;
      if (kind) found.changed[kind]++;
      if (predicted) found.predicted[predicted]++;
      if (kind && !isReported(pair, changes, kind, asked)) {
        fail("no change of this kind names this caller and this operation", { asked, expected: kind });
        break;
      }
      if (predicted !== kind) {
        const what = kind ? (predicted ? "predicted as another" : "missed") : "predicted where nothing changes";
        fail(what, { asked, expected: [kind, one, other], given: predicted });
        break;
      }
      if (n % 16 !== 0 || !isAround) continue;
      const reverse = kind === "gain" ? "loss" : kind === "loss" ? "gain" : kind;
      if (backwards(asked) !== reverse) {
        fail("predicted otherwise on the way back", { asked, expected: reverse, given: backwards(asked) });
        break;
      }
    }
    return changes.map(({ witness }) => witness);
  } catch (error) {
    fail("it throws", {
      ...(last && { asked: last }),
      given: error instanceof Error ? `${error.message}\n${error.stack}` : String(error),
    });
    return [];
  }
}

/** Whether a reviewer is told: some change of the kind names who asks and what for, as they are called now, or before where they are gone. */
function isReported({ before, after }: Pair, changes: readonly Change[], kind: ChangeKind, { input }: Asked): boolean {
  const who = callerIn(after, input) ?? callerIn(before, input);
  const what = operationIn(after, input) ?? operationIn(before, input);
  return changes.some(
    (change) =>
      change.kind === kind &&
      // Whoever needs no credential may be anybody.
      (who === undefined || change.identities.includes(who) || change.credentials.includes("none")) &&
      (what === undefined || change.operations.includes(what)),
  );
}

function callerIn(model: Model, { token, peer, key }: Input): string | undefined {
  const lookup = lookupIn(model);
  if (token) {
    const issuer = lookup.issuerByUrl(String(token.iss));
    return issuer && lookup.identityOfToken(issuer.name, String(token.sub))?.name;
  }
  if (peer?.spiffe !== undefined) return lookup.identityOfSpiffe(peer.spiffe)?.name;
  return key?.id === undefined ? undefined : lookup.identityOfKey(key.id)?.identity.name;
}

function operationIn(model: Model, { request: { host, method, path } }: Input): string | undefined {
  return isCanonicalPath(path) ? lookupIn(model).operation(host, method, pathSegments(path))?.found.name : undefined;
}

/** Revisions differ: theirs is another policy than ours. */
function underPolicy(decision: Decision): Decision {
  return { ...decision, revision: policy.revision } as Decision;
}

/** The same estate, written in another order. */
function shuffled(random: Random, model: Model): Model {
  const mix = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => ({ item, key: random.next() }))
      .sort((a, b) => a.key - b.key)
      .map(({ item }) => item);
  return normalise({
    ...model,
    tiers: mix(model.tiers),
    issuers: mix(model.issuers),
    identities: mix(model.identities),
    groups: mix(model.groups),
    scopes: mix(model.scopes),
    apis: mix(model.apis).map((api) => ({ ...api, operations: mix(api.operations) })),
    conditions: mix(model.conditions),
    grants: mix(model.grants),
    denies: mix(model.denies),
  });
}

function askWasm(
  engine: Engine,
  { before, after, edits }: Pair,
  witnesses: readonly Asked[],
  seed: number,
  { failures }: Findings,
): number {
  for (const model of [before, after]) {
    const estate = new WasmEstate(maker, model, engine);
    for (const asked of witnesses) {
      const [first] = estate.ask({ policy, ...pick(asked) }).differences;
      if (first) failures.push({ seed, what: `WebAssembly decides otherwise: ${first.way}`, edits, asked });
    }
  }
  return witnesses.length;
}

function askOpa(
  { before, after, edits }: Pair,
  witnesses: readonly Asked[],
  seed: number,
  { failures }: Findings,
): number {
  if (witnesses.length === 0) return 0;
  for (const model of [before, after]) {
    const { differences } = compareWithOpa(
      model,
      witnesses.map((asked) => ({ policy, ...pick(asked) })),
    );
    for (const { scenario, opa } of differences)
      failures.push({
        seed,
        what: "stock OPA decides otherwise",
        edits,
        asked: scenario as unknown as Asked,
        given: opa,
      });
  }
  return witnesses.length;
}

function pick({ input, revocations }: Asked): Asked {
  return { input, revocations };
}

/** All findings of several workers as one. */
export function together(parts: readonly Findings[]): Findings {
  const all = noFindings();
  for (const part of parts) {
    for (const name of ["pairs", "walkedPairs", "requests", "empty", "changes", "inWasm", "inOpa"] as const)
      all[name] += part[name];
    for (const kind of kinds) {
      all.changed[kind] += part.changed[kind];
      all.predicted[kind] += part.predicted[kind];
    }
    for (const [edit, count] of part.edits) all.edits.set(edit, (all.edits.get(edit) ?? 0) + count);
    all.failures.push(...part.failures);
  }
  return all;
}
