/** Rules that are of no use, as far as what is allowed goes: which never apply, which others make superfluous, whose conditions test nothing. */
import { compareText, type Deny, type Grant, lookupIn, type Model } from "../model/index.ts";
import { candidatesOf, type Ground, groundOf, isAbout, isThinkable, type Pair, type Target } from "./ground.ts";
import { Requests } from "./requests.ts";
import { DenyUse, GrantUse, type Idle, type Use } from "./use.ts";

/** What there is to say of a rule, or of the operations of an API. */
export type Finding =
  | { readonly kind: "dead"; readonly rule: Deny | Grant; readonly why: Idle }
  /** Without it nobody has less, or of a deny more, because of the others. */
  | { readonly kind: "shadowed"; readonly rule: Deny | Grant; readonly by: readonly string[] }
  | { readonly kind: "always-holds"; readonly rule: Deny | Grant }
  /** All that each needs is granted, and still nobody can call it. */
  | {
      readonly kind: "unreachable";
      readonly api: string;
      readonly operations: readonly string[];
      readonly why: Unreachable;
    };

/** Nobody has all the scopes, nobody who has them is trusted enough, or conditions and denies leave nothing. */
export type Unreachable = "conditions" | "scopes" | "trust";

export interface Findings {
  readonly findings: readonly Finding[];
  /** How many pairs of a class of callers and one of operations were looked at, and whether there was no more to look at. */
  readonly looked: { readonly pairs: number; readonly isAll: boolean };
}

/** So many pairs at most are looked at, so that the largest estate is checked in seconds. What lies beyond is not found. */
const mostPairs = 4_000;

/**
 * Looks for rules that could be left out. A rule is looked at pair by pair until it is seen to be of use, as most are in their first.
 *
 * @example findUnused(model).findings.filter(({ kind }) => kind === "shadowed")
 */
export function findUnused(model: Model, limit: number = mostPairs): Findings {
  const search = new Search(groundOf(model), limit);
  const findings = [...search.grants(), ...search.denies(), ...search.unreachable()];
  return { findings, looked: search.looked };
}

class Search {
  readonly #ground: Ground;
  readonly #limit: number;
  readonly #grants: ReadonlyMap<Grant, GrantUse>;
  readonly #denies: ReadonlyMap<Deny, DenyUse>;
  readonly #seen = new Map<Pair["holder"], Set<Target>>();
  readonly #called = new Set<Target>();
  #pairs = 0;
  #isAll = true;

  constructor(ground: Ground, limit: number) {
    this.#ground = ground;
    this.#limit = limit;
    this.#grants = new Map(ground.model.grants.map((grant) => [grant, new GrantUse(grant)]));
    this.#denies = new Map(ground.model.denies.map((deny) => [deny, new DenyUse(deny)]));
  }

  get looked(): Findings["looked"] {
    return { pairs: this.#pairs, isAll: this.#isAll };
  }

  /** `undefined` when enough has been looked at. */
  #requests(pair: Pair): Requests | undefined {
    if (this.#pairs >= this.#limit) {
      this.#isAll = false;
      return undefined;
    }
    this.#pairs++;
    return new Requests(pair);
  }

  /** Looks at pairs until it is clear what the rule is good for; false when that could not be found out. */
  #study(use: Use): boolean {
    for (const pair of this.#ground.pairsOf(use.rule)) {
      if (use.isClear) return true;
      if (!this.#look(pair)) return false;
    }
    return true;
  }

  /** All rules of a pair are looked at together, once. */
  #look(pair: Pair): boolean {
    const { holder, target } = pair;
    const seen = this.#seen.get(holder) ?? new Set();
    this.#seen.set(holder, seen);
    if (seen.has(target)) return true;
    let requests: Requests | undefined;
    let isEnough = false;
    const ask = (): Requests | undefined => {
      if (isEnough) return undefined;
      requests ??= this.#requests(pair);
      isEnough = !requests;
      return requests;
    };
    for (const grant of new Set(candidatesOf(pair).flat())) this.#grants.get(grant)?.look(pair, ask);
    for (const deny of holder.denies) if (isAbout(deny, target)) this.#denies.get(deny)?.look(pair, ask);
    if (isEnough) return false;
    seen.add(target);
    if (requests && requests.allowed !== requests.false) this.#called.add(target);
    return true;
  }

  grants(): readonly Finding[] {
    return this.#findings([...this.#grants.values()], (use, removed) => this.#isLeftOver(use, removed));
  }

  denies(): readonly Finding[] {
    // Any other deny will do, unless it is to go itself.
    return this.#findings([...this.#denies.values()], ({ rivals }, removed) => rivals.isDisjointFrom(removed));
  }

  #findings<R extends Deny | Grant>(
    uses: readonly Use<R>[],
    isLeftOver: (use: Use<R>, removed: ReadonlySet<R>) => boolean,
  ): readonly Finding[] {
    const studied = uses.filter((use) => this.#study(use));
    const findings: Finding[] = [];
    const removed = new Set<R>();
    const shadowed: Use<R>[] = [];
    for (const use of studied.toSorted(leastFirst)) {
      const { rule, idle } = use;
      if (idle) findings.push({ kind: "dead", rule, why: idle });
      if (!use.isAlive) continue;
      if (!use.isNeeded && isLeftOver(use, removed)) {
        removed.add(rule);
        shadowed.push(use);
      } else if (!use.tests) findings.push({ kind: "always-holds", rule });
    }
    const named = ({ rivals }: Use<R>) => [...rivals.difference(removed)].map(({ name }) => name).sort(compareText);
    return [...findings, ...shadowed.map((use): Finding => ({ kind: "shadowed", rule: use.rule, by: named(use) }))];
  }

  /** Whether the others still suffice when those are gone that have been found superfluous before. */
  #isLeftOver({ rule, rivals }: Use<Grant>, removed: ReadonlySet<Grant>): boolean {
    if (rivals.isDisjointFrom(removed)) return true;
    for (const pair of this.#ground.pairsOf(rule)) {
      if (!isThinkable(pair)) continue;
      const requests = this.#requests(pair);
      if (!requests) return false;
      for (const grants of requests.candidates.filter((list) => list.includes(rule))) {
        const others = grants.filter((grant) => grant !== rule && !removed.has(grant));
        if (requests.scene.diagrams.without(requests.allowed, requests.anyOf(others)) !== requests.false) return false;
      }
    }
    return true;
  }

  #allowsNothing(pair: Pair): boolean {
    const requests = this.#requests(pair);
    return requests !== undefined && requests.allowed === requests.false;
  }

  /** Operations that nobody can call although all is granted; what is granted to nobody is most often meant so. */
  unreachable(): readonly Finding[] {
    const { model, targets, holders } = this.#ground;
    const highest = Math.max(0, ...model.tiers.map(({ trust }) => trust));
    const alive = model.grants.filter((grant) => this.#grants.get(grant)?.isAlive);
    const found = new Map<string, { readonly api: string; readonly why: Unreachable; readonly operations: string[] }>();
    for (const target of targets) {
      const { called, operation } = target;
      // A demand that no tier meets is said where it is made.
      if (this.#called.has(target) || operation.minTrust > highest) continue;
      const reaching = alive.filter((grant) => isAbout(grant, target));
      if (!operation.scopes.every((scope) => reaching.some((grant) => grant.scopes.includes(scope)))) continue;
      const granted = holders.filter((holder) => candidatesOf({ holder, target }).every((list) => list.length > 0));
      const trusted = granted.filter(({ trust }) => trust >= operation.minTrust);
      if (!trusted.every((holder) => this.#allowsNothing({ holder, target }))) continue;
      const why = granted.length === 0 ? "scopes" : trusted.length === 0 ? "trust" : "conditions";
      for (const name of called.names) {
        const api = apiOf(model, name);
        const part = found.get(`${api} ${why}`) ?? { api, why, operations: [] };
        found.set(`${api} ${why}`, part);
        part.operations.push(name);
      }
    }
    return [...found]
      .sort(([a], [b]) => compareText(a, b))
      .map(([, part]) => ({ kind: "unreachable", ...part, operations: part.operations.sort(compareText) }));
  }
}

/** Of two that do the same, the one to leave out comes first: what is for an emergency, what names less, what ends sooner. */
function leastFirst({ rule: a }: Use, { rule: b }: Use): number {
  const isEmergency = (rule: Deny | Grant) => "emergency" in rule && rule.emergency;
  const endOf = ({ until = Number.MAX_SAFE_INTEGER }: Deny | Grant) => until;
  return (
    Number(isEmergency(b)) - Number(isEmergency(a)) ||
    a.scopes.length - b.scopes.length ||
    endOf(a) - endOf(b) ||
    compareText(b.name, a.name)
  );
}

function apiOf(model: Model, operation: string): string {
  const [host = "", method = "", path = ""] = operation.split(" ");
  return lookupIn(model).operation(host, method, path.split("/").slice(1))?.found.api.name ?? "";
}
