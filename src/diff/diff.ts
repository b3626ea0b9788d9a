/** Two models to all that changes between them: classes are compared, equal changes are one, the riskiest come first. */
import { compareText, type Model } from "../model/index.ts";
import {
  type CallerClass,
  type CredentialKind,
  callerClasses,
  type OperationClass,
  operationClasses,
} from "../space/index.ts";
import { causesIn } from "./causes.ts";
import { type Change, type ChangeKind, type Difference, kinds } from "./change.ts";
import { Comparisons } from "./compare.ts";
import { gather } from "./gather.ts";
import { witnessOf } from "./witness.ts";

/**
 * Every request whose decision changes lies in exactly one change, and no other does. Compared are allow, reason, headers and `until`, as
 * long as nothing is revoked; names are not, so that renaming, moving and reordering change nothing.
 *
 * @example diffModels(before, after).changes.filter(({ kind }) => kind === "gain")
 */
export function diffModels(before: Model, after: Model, progress?: (what: string) => void): Difference {
  const callers = callerClasses(before, after);
  const operations = operationClasses(before, after);
  progress?.(`comparing ${callers.length} kinds of callers and ${operations.length} kinds of operations`);
  const comparisons = new Comparisons();
  const groups = gather(callers, operations, comparisons);
  const causes = causesIn(before, after);
  const changes = groups.flatMap((group) => group.rectangles.map((part) => ({ group, ...part })));
  progress?.(`describing ${changes.length} changes`);
  const found = changes.map(({ group, isMixed, example, callers: who, operations: what }): Change => {
    const identities = namesOf(who);
    const names = namesOf(what);
    return {
      kind: group.kind,
      identities,
      trust: Math.min(...who.map((caller) => trustOf(caller, group.kind))),
      credentials: [...new Set(who.map(({ credential }): CredentialKind => credential))].sort(compareText),
      operations: names,
      isMixed,
      pairs: isMixed ? group.pairs : Math.max(1, identities.length) * Math.max(1, names.length),
      when: group.when,
      before: group.before,
      after: group.after,
      causes: causes(who, what),
      witness: witnessOf(example, group, { before, after }, comparisons),
    };
  });
  return {
    changes: found.sort(byRisk),
    counts: Object.fromEntries(kinds.map((kind) => [kind, found.filter((c) => c.kind === kind).length])) as Record<
      ChangeKind,
      number
    >,
    looked: {
      identities: after.identities.length,
      operations: after.apis.reduce((sum, api) => sum + api.operations.length, 0),
      classes: callers.length * operations.length,
    },
  };
}

function namesOf(classes: readonly (CallerClass | OperationClass)[]): readonly string[] {
  return [...new Set(classes.flatMap(({ names }) => names))].sort(compareText);
}

/** Of who gains, how far they are trusted after it; of who loses, before. */
function trustOf({ before, after }: CallerClass, kind: ChangeKind): number {
  const side = kind === "loss" ? before : after;
  const { identity, model } = side.identity ? side : after.identity ? after : before;
  return model.tiers.find(({ name }) => name === identity?.tier)?.trust ?? 0;
}

/** Gains first, and of these the least trusted; then whatever touches more. Names decide the rest. */
function byRisk(a: Change, b: Change): number {
  return (
    kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
    a.trust - b.trust ||
    b.pairs - a.pairs ||
    compareText(JSON.stringify([a.identities, a.operations]), JSON.stringify([b.identities, b.operations])) ||
    compareText(JSON.stringify([a.when, a.before, a.after]), JSON.stringify([b.when, b.before, b.after]))
  );
}
