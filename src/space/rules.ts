/** Grants and denies of one model by content, and which of them are to whom, however many members a group has. */
import { type Deny, type Grant, longestFirst, type Model } from "../model/index.ts";
import { type ConditionContent, type ConditionContents, Numbers, setText } from "./contents.ts";

export interface Rule {
  readonly rule: Grant | Deny;
  readonly when?: ConditionContent;
  readonly readsAge: boolean;
  /** The keys of facts of the identity that its condition reads. */
  readonly readsOfIdentity: readonly string[];
}

/** The rules of a model: grants in the order in which they are tried. */
export interface Rules {
  readonly grants: readonly Rule[];
  readonly denies: readonly Rule[];
}

export function rulesOf(model: Model, contents: ConditionContents): Rules {
  const ruleOf = (rule: Grant | Deny): Rule => {
    const when = rule.when && contents.of(model, rule.when);
    if (!when) return { rule, readsAge: false, readsOfIdentity: [] };
    const readsOfIdentity = [...when.reads].filter((fact) => fact.startsWith("identity "));
    return { rule, when, readsAge: when.reads.has("token age"), readsOfIdentity };
  };
  return { grants: model.grants.toSorted(longestFirst).map(ruleOf), denies: model.denies.map(ruleOf) };
}

/** The rules that are to one identity, as places in `Rules`. */
export interface RuleSet {
  readonly grants: readonly number[];
  readonly denies: readonly number[];
}

/** For each identity, in the order of the model, the number of its set of rules; and the sets. */
export interface Holdings {
  readonly setOf: Int32Array;
  readonly sets: readonly RuleSet[];
}

/** Identities to which the same rules are by name and through the same groups share a set. */
export function holdingsOf(model: Model, { grants, denies }: Rules): Holdings {
  const places = new Map(model.identities.map(({ name }, place) => [name, place]));
  const count = model.identities.length;
  const lists = { grants: new Lists(places, count), denies: new Lists(places, count) };
  const groups = new Map(model.groups.map(({ name, members }) => [name, members]));
  for (const kind of ["grants", "denies"] as const) {
    const toGroup = new Map<string, number[]>();
    for (const [place, { rule }] of (kind === "grants" ? grants : denies).entries()) {
      lists[kind].give(rule.to.identities, [place]);
      for (const group of rule.to.groups) {
        const held = toGroup.get(group);
        if (held) held.push(place);
        else toGroup.set(group, [place]);
      }
    }
    for (const [group, held] of toGroup) lists[kind].give(groups.get(group) ?? [], held);
  }
  const sets: RuleSet[] = [];
  const numbers = new Map<number, number>();
  const setOf = new Int32Array(count);
  for (let i = 0; i < setOf.length; i++) {
    const [g, d] = [lists.grants.of[i]!, lists.denies.of[i]!];
    const key = g * lists.denies.count + d;
    let number = numbers.get(key);
    if (number === undefined) {
      number = sets.length;
      numbers.set(key, number);
      sets.push({ grants: lists.grants.list(g), denies: lists.denies.list(d) });
    }
    setOf[i] = number;
  }
  return { setOf, sets };
}

/** What identities were given, as a number each: who was given the same in the same order has the same number. */
class Lists {
  readonly of: Int32Array;
  readonly #places: ReadonlyMap<string, number>;
  readonly #given: { readonly before: number; readonly more: readonly number[] }[] = [{ before: 0, more: [] }];

  constructor(places: ReadonlyMap<string, number>, count: number) {
    this.#places = places;
    this.of = new Int32Array(count);
  }

  get count(): number {
    return this.#given.length;
  }

  give(names: readonly string[], more: readonly number[]): void {
    const next = new Map<number, number>();
    for (const name of names) {
      const place = this.#places.get(name);
      if (place === undefined) continue;
      const before = this.of[place]!;
      let number = next.get(before);
      if (number === undefined) {
        number = this.#given.length;
        next.set(before, number);
        this.#given.push({ before, more });
      }
      this.of[place] = number;
    }
  }

  /** Sorted, each once. */
  list(number: number): readonly number[] {
    const found = new Set<number>();
    for (let at = number; at !== 0; at = this.#given[at]!.before)
      for (const one of this.#given[at]!.more) found.add(one);
    return [...found].sort((a, b) => a - b);
  }
}

/** What of the rules a comparison looks at: rules that name no such scope do not count. */
export interface View {
  readonly scopes: ReadonlySet<string>;
  /** On what a rule is, as a text; absent means everywhere. */
  readonly on: (names: readonly string[]) => string;
}

/** Numbers sets of rules by what they decide, in view of some scopes and APIs. */
export class RuleContents {
  readonly #rules = new Numbers();
  readonly #lists = new Numbers();

  /** The number of a set, for every set of the holdings. */
  of(rules: Rules, sets: readonly RuleSet[], view: View): readonly number[] {
    const numbersOf = (list: readonly Rule[]) => list.map((rule) => this.#ruleNumber(rule, view));
    const [grants, denies] = [numbersOf(rules.grants), numbersOf(rules.denies)];
    return sets.map((set) => {
      const granted = inRuns(set.grants, rules.grants, grants);
      // Of denies, any one suffices.
      const denied = [...new Set(set.denies.map((place) => denies[place]!))]
        .filter((n) => n >= 0)
        .sort((a, b) => a - b);
      return this.#lists.of(`${granted.join()} ${denied.join()}`);
    });
  }

  #ruleNumber({ rule, when }: Rule, { scopes, on }: View): number {
    const named = rule.scopes.filter((scope) => scopes.has(scope));
    if (named.length === 0) return -1;
    const where = rule.on ? on(rule.on) : "*";
    return this.#rules.of(`${rule.from ?? 0} ${rule.until ?? ""} ${when?.number ?? ""} ${where} ${setText(named)}`);
  }
}

/** Of grants that last equally long, and of which all or none look at the age of the token, it does not matter which comes first. */
function inRuns(places: readonly number[], rules: readonly Rule[], numbers: readonly number[]): readonly number[] {
  const found = new Set<number>();
  let run: number[] = [];
  let last: Rule | undefined;
  const end = () => {
    for (const number of run.sort((a, b) => a - b)) found.add(number);
    run = [];
  };
  for (const place of places) {
    const rule = rules[place]!;
    if (numbers[place]! < 0) continue;
    if (last && (last.rule.until !== rule.rule.until || last.readsAge !== rule.readsAge)) end();
    run.push(numbers[place]!);
    last = rule;
  }
  end();
  return [...found];
}
