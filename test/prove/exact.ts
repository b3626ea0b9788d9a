/** Holds proofs and findings against random requests of random estates, and against what the difference says when rules are taken away. */
import { diffModels } from "../../src/diff/index.ts";
import {
  compareText,
  type Deny,
  decide,
  type Grant,
  lookupIn,
  type Model,
  type Never,
  normalise,
  type Policy,
} from "../../src/model/index.ts";
import { Ground } from "../../src/prove/ground.ts";
import { type Finding, findUnused, proveNevers } from "../../src/prove/index.ts";
import { randomCondition } from "../agree/random-condition.ts";
import { sayable } from "../agree/sayable.ts";
import { randomPair } from "../diff/random-pair.ts";
import { type Asked, requestSpace } from "../diff/request-space.ts";
import { Random } from "../random.ts";

const policy: Policy = { revision: "1-exact", sequence: 1, notBefore: 0, notAfter: Number.MAX_SAFE_INTEGER };

export interface Tally {
  estates: number;
  nevers: number;
  broken: number;
  requests: number;
  readonly findings: Record<string, number>;
  readonly failures: string[];
}

/** @param asked how many requests of each estate */
export function exact(estates: number, seed: number, asked: number): Tally {
  const tally: Tally = { estates, nevers: 0, broken: 0, requests: 0, findings: {}, failures: [] };
  for (let i = 0; i < estates; i++) {
    const random = new Random(seed + i);
    const { before } = randomPair(random);
    const model = normalise(sayable({ ...before, nevers: randomNevers(random, before) }));
    const space = requestSpace(model, model);
    const requests = Array.from({ length: asked }, () =>
      random.chance(0.8) ? space.near(random, 4) : space.any(random),
    );
    const fail = (what: string) => tally.failures.push(`seed ${seed + i}: ${what}`);
    holdNevers(model, requests, tally, fail);
    holdFindings(model, requests, tally, fail);
    tally.requests += asked;
  }
  return tally;
}

export function randomNevers(random: Random, model: Model): readonly Never[] {
  const names = model.identities.map(({ name }) => name);
  const scopes = model.apis.flatMap(({ operations }) => operations.flatMap((operation) => operation.scopes));
  const rules = [...model.grants, ...model.denies].flatMap(({ when }) => (when ? [when] : []));
  return Array.from({ length: scopes.length === 0 ? 0 : random.int(1, 3) }, (_, i): Never => {
    const issuer = random.chance(0.5) && model.issuers.length > 0 ? random.pick(model.issuers) : undefined;
    const own = () =>
      randomCondition(random, {
        issuer,
        parameters: ["id", "tenant"],
        named: model.conditions.map(({ name }) => name),
      });
    const when = !random.chance(0.8) ? undefined : rules.length > 0 && random.chance(0.6) ? random.pick(rules) : own();
    const tiers = random.some(model.tiers, 1).map(({ name }) => name);
    return {
      name: `never ${i}`,
      ...(random.chance(0.5) && {
        by: { identities: random.some(names, 2), groups: random.some(model.groups, 1).map(({ name }) => name), tiers },
      }),
      ...(issuer && { issuer: issuer.name }),
      scopes: [...new Set(random.some(scopes, 3))].sort(compareText),
      patterns: [],
      ...(random.chance(0.3) && { on: random.some(model.apis, 1).map(({ name }) => name) }),
      ...(when && { when: random.chance(0.5) ? { kind: "not", of: when } : when }),
    };
  });
}

type Fail = (what: string) => void;

function holdNevers(model: Model, requests: readonly Asked[], tally: Tally, fail: Fail): void {
  const violations = proveNevers(model);
  for (const never of model.nevers ?? []) {
    tally.nevers++;
    const found = violations.filter((violation) => violation.never === never);
    if (found.length > 0) tally.broken++;
    for (const { counterexample } of found)
      if (!breaks(model, never, counterexample))
        fail(`${never.name} is not broken by ${JSON.stringify(counterexample)}`);
    const seen = requests.find((asked) => breaks(model, never, asked));
    if (seen && found.length === 0) fail(`${never.name} is broken by ${JSON.stringify(seen)}`);
  }
}

/** By the meaning of the word: the request is allowed, and would be denied by a deny that says the same. */
function breaks(model: Model, never: Never, { input, revocations }: Asked): boolean {
  const allowed = decide({ model, policy, revocations }, input);
  if (!allowed.allow) return false;
  if (never.issuer !== undefined && lookupIn(model).issuerByUrl(String(input.token?.iss))?.name !== never.issuer)
    return false;
  const { by, scopes, on, when } = never;
  const members = new Set(
    by?.groups.flatMap((name) => model.groups.find((group) => group.name === name)?.members ?? []),
  );
  const identities = model.identities
    .filter(({ name, tier }) => !by || by.identities.includes(name) || by.tiers.includes(tier) || members.has(name))
    .map(({ name }) => name);
  const to = { identities, groups: [] };
  const deny: Deny = { name: "deny it", to, scopes, patterns: [], ...(on && { on }), ...(when && { when }) };
  return !decide({ model: { ...model, denies: [...model.denies, deny] }, policy, revocations }, input).allow;
}

type Ruling = Extract<Finding, { rule: Deny | Grant }>;

function holdFindings(model: Model, requests: readonly Asked[], tally: Tally, fail: Fail): void {
  const { findings } = findUnused(model);
  for (const { kind } of findings) tally.findings[kind] = (tally.findings[kind] ?? 0) + 1;
  const ruling = findings.filter((finding): finding is Ruling => finding.kind !== "unreachable");
  const spare = new Set(ruling.flatMap(({ kind, rule }) => (kind === "always-holds" ? [] : [rule])));
  const without = (rules: ReadonlySet<Deny | Grant>): Model => ({
    ...model,
    grants: model.grants.filter((grant) => !rules.has(grant)),
    denies: model.denies.filter((deny) => !rules.has(deny)),
  });
  const kept = without(spare);
  const say = (before: Model, after: Model) => {
    const { gain, loss } = diffModels(before, after).counts;
    return { gain, loss };
  };
  const all = say(model, kept);
  if (all.gain + all.loss > 0) fail(`${names(spare)} are needed`);
  for (const { input, revocations } of requests) {
    const [a, b] = [model, kept].map((one) => decide({ model: one, policy, revocations }, input));
    if (a?.allow !== b?.allow) fail(`${names(spare)} are needed for ${JSON.stringify(input)}`);
    for (const finding of findings)
      if (finding.kind === "unreachable" && a?.allow && finding.operations.includes(a.operation))
        fail(`${a.operation} can be called`);
  }
  const ground = new Ground(model);
  const matters = (rule: Deny | Grant) => !ground.pairsOf(rule).next().done;
  for (const grant of kept.grants.filter(matters))
    if (say(kept, without(new Set([...spare, grant]))).loss === 0) fail(`${grant.name} is not needed`);
  // Where everything is granted, each deny that is left takes something.
  const to = { identities: model.identities.map(({ name }) => name), groups: [] };
  const scopes = model.apis.flatMap(({ operations }) => operations.flatMap((operation) => operation.scopes));
  const grants = [{ name: "all", to, scopes, patterns: [], emergency: false }];
  for (const deny of kept.denies.filter(matters)) {
    const denies = kept.denies.filter((other) => other !== deny);
    if (say({ ...kept, grants }, { ...kept, grants, denies }).gain === 0) fail(`${deny.name} is not needed`);
  }
  for (const { kind, rule } of ruling) {
    if (kind !== "always-holds") continue;
    const { when: _, ...bare } = rule;
    const swap = <R extends Deny | Grant>(rules: readonly R[]) =>
      rules.map((one) => (one === rule ? (bare as R) : one));
    const change = say(model, { ...model, grants: swap(model.grants), denies: swap(model.denies) });
    if (change.gain + change.loss > 0) fail(`the condition of ${rule.name} tests something`);
  }
}

function names(rules: ReadonlySet<Deny | Grant>): string {
  return [...rules].map(({ name }) => name).join();
}
