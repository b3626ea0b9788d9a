/** Random pairs of small estates: mostly one and an edit of it, sometimes two that have nothing to do with each other. */
import { type Condition, type Model, normalise } from "../../src/model/index.ts";
import { randomModel } from "../agree/random-model.ts";
import { sayable } from "../agree/sayable.ts";
import type { Random } from "../random.ts";
import { editModel } from "./random-edit.ts";
import type { Asked } from "./request-space.ts";

export interface Pair {
  readonly before: Model;
  readonly after: Model;
  /** What was done to the first. */
  readonly edits: readonly string[];
  /** What is asked in any case. */
  readonly asked?: readonly Asked[];
  readonly size: "larger" | "small" | "tiny" | "usual";
}

const sizes = ["tiny", "tiny", "small", "small", "small", "small", "small", "usual"] as const;

/** @param only of this size, instead of several */
export function randomPair(random: Random, only?: Pair["size"]): Pair {
  const size = only ?? random.pick(sizes);
  const before = cutDown(random, randomModel(random), size);
  const unrelated = random.chance(0.06);
  const { model: after, names: edits } = unrelated
    ? { model: cutDown(random, randomModel(random), size), names: ["unrelated"] }
    : editModel(random, before, random.pick([1, 1, 1, 2, 2, 3]));
  return { before: sayable(before), after: sayable(after), edits, size };
}

const most = {
  tiny: { identities: 1, operations: 1, grants: 2, denies: 1 },
  small: { identities: 4, operations: 4, grants: 6, denies: 2 },
  larger: { identities: 7, operations: 8, grants: 12, denies: 2 },
} as const;

/** Of an estate only so much that nearly everything that is left has to do with each other. */
export function cutDown(random: Random, model: Model, size: Pair["size"]): Model {
  if (size === "usual") return model;
  const limit = most[size];
  const identities = some(random, model.identities, limit.identities);
  const kept = new Set(identities.map(({ name }) => name));
  const groups = model.groups.map((g) => ({ ...g, members: g.members.filter((name) => kept.has(name)) }));
  const all = some(
    random,
    model.apis.flatMap((api) => api.operations),
    limit.operations,
  );
  const apis = model.apis
    .map((api) => ({ ...api, operations: api.operations.filter((o) => all.includes(o)) }))
    .filter(({ operations }) => operations.length > 0);
  const hosts = new Set(apis.map(({ name }) => name));
  const needed = apis.flatMap((api) => api.operations.flatMap((o) => o.scopes));
  const rule = <R extends Model["denies"][number]>(r: R): R => ({
    ...r,
    to: { ...r.to, identities: r.to.identities.filter((name) => kept.has(name)) },
    ...(r.on && { on: r.on.filter((name) => hosts.has(name)) }),
  });
  const useful = <R extends Model["denies"][number]>(r: R): boolean =>
    r.scopes.some((scope) => needed.includes(scope)) && r.to.identities.length + r.to.groups.length > 0;
  const grants = some(random, model.grants.map(rule).filter(useful), limit.grants).map((g) =>
    // One that reaches nobody would be of no use here.
    g.to.identities.length > 0 ? g : { ...g, to: { ...g.to, identities: [random.pick(identities).name] } },
  );
  const denies = some(random, model.denies.map(rule).filter(useful), limit.denies);
  const named = JSON.stringify([grants, denies, model.conditions]);
  return normalise({
    ...model,
    identities,
    groups,
    apis,
    grants: grants.length > 0 ? grants : [oneGrant(random, model, needed, [...kept])],
    denies,
    conditions: model.conditions.filter(({ name }) => named.includes(`"kind":"named","name":"${name}"`)),
    tiers: model.tiers.filter(({ name }) => identities.some((i) => i.tier === name)),
    issuers: model.issuers.filter(({ name }, n) => n === 0 || identities.some((i) => i.issuer === name)),
  });
}

function oneGrant(random: Random, { scopes }: Model, needed: readonly string[], identities: readonly string[]) {
  const granted = needed.length > 0 ? needed : scopes.map(({ name }) => name);
  const when: Condition | undefined = random.chance(0.3)
    ? { kind: "present", fact: { kind: "header", name: "x-flag" } }
    : undefined;
  return {
    name: "grant0",
    to: { identities, groups: [] },
    scopes: granted,
    patterns: [],
    emergency: false,
    ...(when && { when }),
  };
}

function some<T>(random: Random, items: readonly T[], count: number): T[] {
  return random.some(items, count);
}
