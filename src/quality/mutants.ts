/** All careless edits of an estate, and as many of them as there is time for. */
import type { Model } from "../model/index.ts";
import { declarationKey, type Places } from "./declarations.ts";
import { type Mutant, mutantKinds } from "./mutant.ts";
import { conditionMutants } from "./mutate-conditions.ts";
import { identityMutants } from "./mutate-identities.ts";
import { operationMutants } from "./mutate-operations.ts";
import { ruleMutants } from "./mutate-rules.ts";
import { tierMutants } from "./mutate-tiers.ts";

/** By kind, then by name: the same estate has the same mutants in the same order. */
export function mutantsOf(model: Model, places: Places): readonly Mutant[] {
  const all = [
    ...ruleMutants(model, places),
    ...conditionMutants(model, places),
    ...tierMutants(model, places),
    ...operationMutants(model, places),
    ...identityMutants(model, places),
  ];
  const place = new Map(mutantKinds.map((kind, i) => [kind, i]));
  const keys = new Map(all.map((mutant) => [mutant, `${declarationKey(mutant.of)}\n${mutant.words}`]));
  return all.sort((a, b) => {
    const byKind = (place.get(a.kind) ?? 0) - (place.get(b.kind) ?? 0);
    const [x, y] = [keys.get(a) ?? "", keys.get(b) ?? ""];
    return byKind || (x < y ? -1 : x > y ? 1 : 0);
  });
}

/** At most this many, each kind with as many as any other as long as it has some: within a kind, evenly over all of it. */
export function pickEvenly(mutants: readonly Mutant[], most: number): readonly Mutant[] {
  if (mutants.length <= most) return mutants;
  const kinds = [...Map.groupBy(mutants, ({ kind }) => kind).values()];
  const shares = new Map<readonly Mutant[], number>(kinds.map((kind) => [kind, 0]));
  for (let left = most; left > 0; ) {
    const open = kinds.filter((kind) => (shares.get(kind) ?? 0) < kind.length);
    for (const kind of open) {
      if (left === 0) break;
      shares.set(kind, (shares.get(kind) ?? 0) + 1);
      left--;
    }
  }
  return kinds.flatMap((kind) => {
    const share = shares.get(kind) ?? 0;
    return Array.from({ length: share }, (_, i) => kind[Math.floor((i * kind.length) / share)] as Mutant);
  });
}
