/** What must never be, proved of all requests: the region of a `never` and what is allowed have nothing in common. */
import { assert } from "../diagnostics/index.ts";
import { decideBy } from "../diff/index.ts";
import { type Allow, factsOf, type Input, lookupIn, type Model, type Never, type Revocations } from "../model/index.ts";
import { type Ground, groundOf, isAbout, isThinkable } from "./ground.ts";
import { Requests } from "./requests.ts";

/** A `never` that does not hold: a request that shows it, and what lets it in. */
export interface Violation {
  readonly never: Never;
  readonly counterexample: { readonly input: Input; readonly revocations: Revocations; readonly decision: Allow };
  /** Names of the grants by which it is allowed; sorted. */
  readonly grants: readonly string[];
}

export interface Proofs {
  readonly violations: readonly Violation[];
  /** Their conditions hold for no request that there can be, and can always be read: they hold whatever is granted. */
  readonly empty: readonly Never[];
}

/**
 * Looks at every class of callers and operations that a `never` is about and that any grant might open.
 *
 * @returns by `never`, for each set of grants that breaks it one request, confirmed by the reference evaluator
 * @example proveNevers(model).map(({ never, grants }) => `${never.name}: ${grants}`)
 */
export function proveNevers(model: Model): readonly Violation[] {
  return studyNevers(model).violations;
}

export function studyNevers(model: Model): Proofs {
  if (!model.nevers) return { violations: [], empty: [] };
  const ground = groundOf(model);
  const found = new Map<string, Violation>();
  const speaking = new Set(model.nevers.filter(({ when }) => when === undefined));
  for (const { holder, target, bans } of pairsWithBans(ground)) {
    const requests = new Requests({ holder, target }, bans);
    for (const ban of bans) {
      const { applies } = requests.drawn(ban);
      if (requests.meet(requests.scene.possible, applies)) speaking.add(ban.never);
      const question = requests.first(requests.scene.diagrams.and(requests.allowed, applies));
      if (!question) continue;
      const decision = decideBy(model, question);
      // Another member of the class may have no name of its own that can be shown: the first is asked, too.
      if (!decision.allow && !holder.isFirst) continue;
      assert(decision.allow, `a request that is not allowed after all: ${JSON.stringify({ question, decision })}`);
      const { grants } = decision;
      const key = JSON.stringify([ban.never.name, grants]);
      if (!found.has(key)) found.set(key, { never: ban.never, counterexample: { ...question, decision }, grants });
    }
  }
  const violations = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, violation]) => violation);
  return { violations, empty: model.nevers.filter((never) => !speaking.has(never) && isEmpty(never, ground)) };
}

/** Whether it is about somebody and something, and none of these requests is one of its. */
function isEmpty(never: Never, ground: Ground): boolean {
  let isAboutAny = false;
  const { condition } = lookupIn(ground.model);
  for (const ban of ground.bans) {
    if (ban.never !== never) continue;
    const kinds = new Set(ban.when ? factsOf(ban.when, condition).map(({ kind }) => kind) : []);
    // Identities of which the condition says something else have a ban of their own.
    const readsToken = kinds.has("claim") || kinds.has("token");
    const holders = distinctBy(ground.holdersOf(ban), ({ caller }) =>
      readsToken ? JSON.stringify([caller.credential, caller.after.issuer?.name]) : "",
    );
    const readsCall = kinds.has("parameter") || kinds.has("request");
    const targets = distinctBy(ground.targetsOf(ban), (target) => (readsCall ? target : undefined));
    for (const holder of holders)
      for (const target of targets) {
        isAboutAny = true;
        const requests = new Requests({ holder, target }, [ban]);
        if (requests.meet(requests.scene.possible, requests.drawn(ban).applies)) return false;
      }
  }
  return isAboutAny;
}

function distinctBy<T>(items: readonly T[], keyOf: (item: T) => unknown): readonly T[] {
  return [...Map.groupBy(items, keyOf).values()].map(([first]) => first!);
}

function* pairsWithBans(ground: Ground) {
  for (const holder of ground.holders) {
    if (holder.nevers.length === 0 || holder.grants.length === 0) continue;
    for (const target of ground.targets) {
      const bans = holder.nevers.filter((ban) => isAbout(ban, target));
      if (bans.length > 0 && isThinkable({ holder, target })) yield { holder, target, bans };
    }
  }
}
