/** Of what use one rule is, found out pair by pair: how far it comes, whether anything hangs on it, and whether its condition tests anything. */
import type { Deny, Grant } from "../model/index.ts";
import type { Pair } from "./ground.ts";
import type { Requests } from "./requests.ts";

/** What a rule must pass so that it matters, in this order; the first that it passes for nobody is why it is idle. */
const demands = ["trust", "time", "condition", "asking", "together", "denied"] as const;

export type Idle = (typeof demands)[number];

export abstract class Use<R extends Deny | Grant = Deny | Grant> {
  readonly rule: R;
  /** Without it, somebody would have less, or of a deny more. */
  isNeeded = false;
  /** There are requests that its condition lets pass and others that it does not. */
  tests: boolean;
  /** Rules that do the same for some requests. */
  readonly rivals = new Set<R>();
  #passed = 0;
  #isReached = false;
  readonly #needed: number;

  constructor(rule: R, needed: number) {
    this.rule = rule;
    this.#needed = needed;
    this.tests = rule.when === undefined;
  }

  /** It matters to some request. */
  get isAlive(): boolean {
    return this.#passed >= this.#needed;
  }

  /** Nothing more can be found out. */
  get isClear(): boolean {
    return this.isAlive && this.isNeeded && this.tests;
  }

  /** What it never passes; `undefined` where it is alive, or about nobody or nothing, which is said elsewhere. */
  get idle(): Idle | undefined {
    return this.#isReached && !this.isAlive ? demands[this.#passed] : undefined;
  }

  /** Looks at one pair, of which `requests` are asked for only where they matter. */
  look(pair: Pair, requests: () => Requests | undefined): void {
    this.#isReached = true;
    if (this.isClear || pair.holder.trust < pair.target.operation.minTrust) return;
    this.#pass(1);
    if (!meetInTime(this.rule, pair)) return;
    this.#pass(2);
    const all = requests();
    if (!all) return;
    const { diagrams, possible } = all.scene;
    const { applies, holds } = all.drawn(this.rule);
    if (holds !== undefined && diagrams.without(all.asks, holds) !== all.false) this.tests = true;
    if (holds !== undefined && !all.meet(possible, holds)) return;
    this.#pass(3);
    if (!all.meet(all.asks, applies)) return;
    this.#pass(4);
    this.#pass(this.weigh(all));
  }

  #pass(count: number): void {
    this.#passed = Math.max(this.#passed, count);
  }

  /** Of requests that are asked in the right way and to which it applies: how many demands some pass; and whether they need it. */
  protected abstract weigh(all: Requests): number;
}

/** A grant must be let live by the grants of the other scopes that are needed, and by every deny. */
export class GrantUse extends Use<Grant> {
  constructor(grant: Grant) {
    super(grant, demands.length);
  }

  protected override weigh(all: Requests): number {
    const { applies } = all.drawn(this.rule);
    if (!all.meet(all.granted, applies)) return 4;
    if (!all.meet(all.allowed, applies)) return 5;
    for (const grants of all.candidates.filter((list) => list.includes(this.rule))) {
      const others = grants.filter((grant) => grant !== this.rule);
      if (all.scene.diagrams.without(all.allowed, all.anyOf(others)) !== all.false) this.isNeeded = true;
      else {
        const own = all.scene.diagrams.and(all.allowed, applies);
        for (const other of others) if (all.meet(own, all.drawn(other).applies)) this.rivals.add(other);
      }
    }
    return 6;
  }
}

/** A deny matters wherever it applies, whatever is granted: it may stand there in case that somebody grants too much. */
export class DenyUse extends Use<Deny> {
  constructor(deny: Deny) {
    super(deny, 4);
  }

  protected override weigh(all: Requests): number {
    const own = all.scene.diagrams.and(all.asks, all.drawn(this.rule).applies);
    const others = all.denies.filter((deny) => deny !== this.rule);
    if (all.scene.diagrams.without(own, all.anyOf(others)) !== all.false) this.isNeeded = true;
    else for (const other of others) if (all.meet(own, all.drawn(other).applies)) this.rivals.add(other);
    return 4;
  }
}

/** Whether there is a moment at which the rule is in force and the caller lives. */
function meetInTime({ from = 0, until }: Deny | Grant, { holder }: Pair): boolean {
  const { identity } = holder.caller.after;
  const begins = Math.max(from, identity?.from ?? 0);
  const ends = Math.min(until ?? Number.POSITIVE_INFINITY, identity?.expires ?? Number.POSITIVE_INFINITY);
  return begins < ends;
}
