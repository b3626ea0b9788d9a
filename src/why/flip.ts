/**
 * The smallest changes that would turn a decision. Whatever is offered was decided again, by the real procedure.
 */
import type { Decision, Reason } from "../model/index.ts";

import { breaks } from "./break.ts";
import type { Change, Question } from "./change.ts";
import { repairs } from "./repair.ts";
import { type Scene, sceneOf } from "./scene.ts";
import { surroundings } from "./surroundings.ts";

/** Changes, and the reason of the decision once all of them are made. */
export interface Flip {
  readonly changes: readonly Change[];
  readonly decision: Decision;
}

/** How many rows may need repair; how many ways are followed at a time; how many flips are offered. */
const mostRepairs = 8;
const mostWays = 6;
const mostFlips = 3;

/** At most three, the smallest first; none where no change of what is asked or loaded turns the decision. */
export function flips(scene: Scene): readonly Flip[] {
  if (!scene.input) return [];
  const near = sceneOf(surroundings(scene));
  const found = scene.decision.allow ? breaksOf(near) : repairsOf(near);
  const byChanges = new Map(found.map((flip) => [JSON.stringify(flip.changes), flip]));
  return [...byChanges.values()]
    .sort((a, b) => a.changes.length - b.changes.length)
    .slice(0, mostFlips)
    .map(({ changes }) => ({ changes, decision: sceneOf(scene.question, changes).decision }))
    .filter((flip) => flip.decision.allow !== scene.decision.allow);
}

/** Repairs the row that refuses, decides again, repairs the next: the ways with the fewest changes are followed. */
function repairsOf(scene: Scene): readonly Flip[] {
  const { question } = scene;
  let ways: readonly { readonly changes: readonly Change[]; readonly scene: Scene }[] = [{ changes: [], scene }];
  const found: Flip[] = [];
  for (let round = 0; round < mostRepairs && found.length === 0; round++) {
    const next = ways.flatMap((way) =>
      repairs(way.scene).map((repair) => {
        const changes = [...way.changes, ...repair];
        return { changes, scene: sceneOf(question, changes) };
      }),
    );
    for (const way of next) if (way.scene.decision.allow) found.push(withoutNeedless(way.changes, question));
    ways = next
      .filter((way) => !way.scene.decision.allow)
      .sort((a, b) => progress(b.scene) - progress(a.scene) || a.changes.length - b.changes.length)
      .slice(0, mostWays);
  }
  return found;
}

/** How far the procedure came: it stops at the row that refuses. */
function progress(scene: Scene): number {
  return scene.observations.length;
}

function withoutNeedless(changes: readonly Change[], question: Question): Flip {
  let needed = changes;
  for (const change of changes) {
    const fewer = needed.filter((other) => other !== change);
    if (sceneOf(question, fewer).decision.allow) needed = fewer;
  }
  return { changes: needed, decision: sceneOf(question, needed).decision };
}

/** One flip per reason that a single break leads to, in the order in which breaks are worth knowing. */
function breaksOf(scene: Scene): readonly Flip[] {
  const byReason = new Map<Reason, Flip>();
  for (const changes of breaks(scene)) {
    const { decision } = sceneOf(scene.question, changes);
    if (!decision.allow && !byReason.has(decision.reason)) byReason.set(decision.reason, { changes, decision });
  }
  return [...byReason.values()];
}
