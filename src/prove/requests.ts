/** The requests of one class of callers and one of operations: which of them are allowed, and by which rules. */
import type { Deny, Grant } from "../model/index.ts";
import {
  and,
  appliesTo,
  type Diagram,
  Facts,
  type Formula,
  not,
  or,
  procedureOf,
  type Question,
  Scene,
  stateOf,
} from "../space/index.ts";
import { type Ban, inForceAlways, isBan } from "./bans.ts";
import { candidatesOf, isAbout, type Pair } from "./ground.ts";

/** What a rule asks of a request, as formulas. */
interface Asked {
  /** In force, and its condition holds; of a deny, or it cannot be read. */
  readonly applies: Formula;
  /** The condition alone. */
  readonly holds?: Formula;
}

/** What a rule comes to among the requests, as diagrams. */
export interface Drawn {
  readonly applies: Diagram;
  readonly holds?: Diagram;
}

export class Requests {
  readonly scene: Scene;
  readonly false: Diagram;
  /** Asked in the right way: nothing is lacking but rights. */
  readonly asks: Diagram;
  readonly #grants: ReadonlyMap<Grant, Asked>;
  readonly #denies: ReadonlyMap<Deny, Asked>;
  /** For each needed scope, the grants for it. */
  readonly candidates: readonly (readonly Grant[])[];

  /** The denies that are about the operation. */
  readonly denies: readonly Deny[];
  #granted: Diagram | undefined;
  #allowed: Diagram | undefined;

  /** @param bans of which it is asked, too, what they apply to */
  constructor(pair: Pair, bans: readonly Ban[] = []) {
    const { holder, target } = pair;
    this.denies = holder.denies.filter((deny) => isAbout(deny, target));
    const { caller } = holder;
    const facts = new Facts(caller, target.called);
    // Rows 1 to 7; those about rights are drawn rule by rule.
    const bare = { ...caller, after: { ...caller.after, denies: [] } };
    const { asking } = procedureOf(bare, target.called, "after", facts);
    this.candidates = candidatesOf(pair);
    this.#grants = new Map(
      this.candidates.flat().map((grant) => {
        const { applies } = stateOf(grant, "after", facts);
        return [grant, { applies, ...(grant.when && { holds: facts.condition("after", grant.when).holds }) }];
      }),
    );
    this.#denies = new Map(
      [...this.denies, ...bans].map((deny) => {
        const asked = deny.when && facts.condition("after", deny.when);
        const applies = appliesTo(isBan(deny) ? inForceAlways(deny) : deny, "after", facts);
        return [deny, { applies, ...(asked && { holds: or(not(asked.known), asked.holds) }) }];
      }),
    );
    const inClass = facts.inClass();
    const formulas = [...this.#grants.values(), ...this.#denies.values()].flatMap(({ applies, holds }) =>
      holds ? [applies, holds] : [applies],
    );
    const passes = asking.map((demand) => demand.passes);
    this.scene = new Scene(caller, target.called, [...passes, ...formulas], and(inClass, facts.possible()));
    const { diagrams } = this.scene;
    this.false = diagrams.leaf(0);
    this.asks = passes.reduce((all, each) => diagrams.and(all, this.scene.draw(each)), this.scene.possible);
  }

  /** A rule that is none of the pair's applies to nothing. */
  drawn(rule: Deny | Grant): Drawn {
    const asked = this.#grants.get(rule as Grant) ?? this.#denies.get(rule);
    if (!asked) return { applies: this.false };
    const { applies, holds } = asked;
    return { applies: this.scene.draw(applies), ...(holds && { holds: this.scene.draw(holds) }) };
  }

  /** What one of the rules applies to. */
  anyOf(rules: readonly (Deny | Grant)[]): Diagram {
    const { diagrams } = this.scene;
    return rules.reduce((any, rule) => diagrams.or(any, this.drawn(rule).applies), this.false);
  }

  /** Asked in the right way, and every needed scope is granted. */
  get granted(): Diagram {
    const { diagrams } = this.scene;
    this.#granted ??= this.candidates.reduce((all, grants) => diagrams.and(all, this.anyOf(grants)), this.asks);
    return this.#granted;
  }

  /** What the policy allows. */
  get allowed(): Diagram {
    this.#allowed ??= this.scene.diagrams.without(this.granted, this.anyOf(this.denies));
    return this.#allowed;
  }

  meet(a: Diagram, b: Diagram): boolean {
    return this.scene.diagrams.and(a, b) !== this.false;
  }

  /** The plainest request of those. */
  first(some: Diagram): Question | undefined {
    const cells = this.scene.diagrams.pick(some);
    return cells && this.scene.question(cells);
  }
}
