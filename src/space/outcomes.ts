/** What is decided over all requests of a scene, as a diagram whose leaves are outcomes. */
import type { Refusal } from "../model/index.ts";
import type { Diagram } from "./diagrams.ts";
import { earliest, type Procedure, type Until } from "./procedure.ts";
import type { Scene } from "./scene.ts";

/** What is compared of a decision, less the headers of an allow: they are the same for all requests of a scene. */
export type Outcome =
  | { readonly allow: false; readonly reason: Refusal["reason"] }
  | { readonly allow: true; readonly until: Until };

/** Numbers for outcomes, the same for equal ones. */
export class Outcomes {
  readonly #numbers = new Map<string, number>();
  readonly #outcomes: Outcome[] = [];

  numberOf(outcome: Outcome): number {
    const key = outcome.allow ? untilKey(outcome.until) : outcome.reason;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#outcomes.length);
    return this.#outcomes.push(outcome) - 1;
  }

  at(number: number): Outcome {
    return this.#outcomes[number] as Outcome;
  }
}

function untilKey({ heard, fixed, expires, next }: Until): string {
  return `until ${heard} ${fixed} ${expires} ${next}`;
}

/** What one side decides; which requests ask in the right way, so that they lack nothing but rights; and which have the rights. */
export function decided(
  scene: Scene,
  { asking, rights, until, chosen, turns }: Procedure,
  outcomes: Outcomes,
): { readonly outcome: Diagram; readonly asks: Diagram; readonly rights: Diagram } {
  const { diagrams } = scene;
  const numberOf = (end: Until): number => outcomes.numberOf({ allow: true, until: end });
  const earlier = (end: Until) => (number: number) => {
    const outcome = outcomes.at(number);
    return outcome.allow ? numberOf(earliest(outcome.until, end)) : number;
  };
  let outcome = diagrams.leaf(numberOf(until));
  for (const grants of chosen) {
    let first = diagrams.leaf(numberOf({}));
    for (const { applies, until: end } of grants.toReversed())
      first = diagrams.ifThenElse(scene.draw(applies), diagrams.leaf(numberOf(end)), first);
    outcome = diagrams.combine(outcome, first, (x, y) => {
      const other = outcomes.at(y);
      return other.allow ? earlier(other.until)(x) : y;
    });
  }
  for (const { when, until: end } of turns)
    outcome = diagrams.ifThenElse(scene.draw(when), diagrams.map(outcome, earlier(end)), outcome);
  for (const { passes, reason } of [...asking, ...rights].reverse()) {
    const refusal = diagrams.leaf(outcomes.numberOf({ allow: false, reason }));
    outcome = diagrams.ifThenElse(scene.draw(passes), outcome, refusal);
  }
  const all = (demands: Procedure["rights"]) =>
    demands.reduce((sum, { passes }) => diagrams.and(sum, scene.draw(passes)), scene.possible);
  return { outcome, asks: all(asking), rights: all(rights) };
}
