/** Compares each class of callers with each of operations where anything is different, and brings together what changes alike. */
import { assert } from "../diagnostics/index.ts";
import { type CallerClass, carriedOtherwise, type OperationClass, type Side } from "../space/index.ts";
import type { Change, ChangeKind, Outcome } from "./change.ts";
import { type Compared, type Comparisons, type Region, whenGranted, whenOf } from "./compare.ts";
import { Likeness } from "./likeness.ts";

/** A way in which decisions change. */
export interface Way {
  readonly key: string;
  readonly kind: ChangeKind;
  readonly when: Change["when"];
  readonly before: Outcome;
  readonly after: Outcome;
  /** The same way in fewer words, where what is granted is as before: that of many callers, whatever each of them is granted. */
  readonly brief?: Way;
}

/** What changes in one way. */
export interface Group extends Way {
  readonly rectangles: readonly Rectangle[];
  /** How many pairs of a caller and an operation, whatever else the request says. */
  readonly pairs: number;
}

export interface Rectangle {
  /** Not each with each: somebody with something. */
  readonly isMixed: boolean;
  readonly example: readonly [CallerClass, OperationClass];
  readonly callers: readonly CallerClass[];
  readonly operations: readonly OperationClass[];
}

export function gather(
  callers: readonly CallerClass[],
  operations: readonly OperationClass[],
  comparisons: Comparisons,
): readonly Group[] {
  const gathered = new Map<string, Gathered>();
  const known = new Map<string, readonly Way[]>();
  const likeness = new Likeness();
  const plan = new Plan(operations);
  const waysOf = (caller: CallerClass, operation: OperationClass): readonly Way[] => {
    const key = likeness.keyOf(caller, operation);
    let ways = known.get(key);
    if (!ways) {
      ways = waysIn(comparisons.of(caller, operation));
      known.set(key, ways);
    }
    return ways;
  };
  const gatheredIn = (way: Way, ...example: Rectangle["example"]): Gathered => {
    const key = (way.brief ?? way).key;
    const known = gathered.get(key) ?? collectorOf(way, example);
    gathered.set(key, known);
    return known;
  };
  for (const caller of callers) {
    const { single, alike } = plan.for(caller);
    for (const operation of single)
      for (const way of waysOf(caller, operation)) gatheredIn(way, caller, operation).add(caller, operation, way);
    for (const list of alike) {
      const example = list.operations.find((operation) => !list.except.has(operation));
      if (!example) continue;
      for (const way of waysOf(caller, example)) gatheredIn(way, caller, example).addAll(caller, list);
    }
  }
  return [...gathered.values()].flatMap((group) => group.finish());
}

/** Operations of which none but the exceptions is granted to a caller, or carried otherwise by its token. */
interface Alike {
  readonly operations: readonly OperationClass[];
  readonly except: ReadonlySet<OperationClass>;
}

/** Collects what changes in one way. */
interface Gathered {
  add(caller: CallerClass, operation: OperationClass, way: Way): void;
  addAll(caller: CallerClass, alike: Alike): void;
  finish(): readonly Group[];
}

function collectorOf(way: Way, example: Rectangle["example"]): Gathered {
  if (way.kind === "reason") return new Together(way, example);
  return way.brief ? new Foldable(way.brief) : new Apart(way);
}

/** So many changes are told one by one; more are one where each has only what it had. */
const mostToldApart = 6;

/** Tells a few ways in full, and many in brief: who has which rights as before is not news, and a long list of it hides what is. */
class Foldable implements Gathered {
  readonly #whole: Apart;
  readonly #parts = new Map<string, Apart>();

  constructor(brief: Way) {
    this.#whole = new Apart(brief);
  }

  add(caller: CallerClass, operation: OperationClass, way: Way): void {
    this.#whole.add(caller, operation);
    if (this.#parts.size > mostToldApart) return;
    const part = this.#parts.get(way.key) ?? new Apart(way);
    this.#parts.set(way.key, part);
    part.add(caller, operation);
  }

  addAll(caller: CallerClass, alike: Alike): void {
    this.#whole.addAll(caller, alike);
  }

  finish(): readonly Group[] {
    if (this.#parts.size > mostToldApart) return [this.#whole.mixed()];
    const groups = [...this.#parts.values()].flatMap((part) => part.finish());
    const count = groups.reduce((sum, { rectangles }) => sum + rectangles.length, 0);
    return count > mostToldApart ? [this.#whole.mixed()] : groups;
  }
}

/** Keeps for each caller the operations: callers with the same ones make a rectangle. */
class Apart implements Gathered {
  readonly #way: Way;
  readonly #operations = new Map<CallerClass, OperationClass[]>();
  readonly #numbers = new Map<OperationClass, number>();

  constructor(way: Way) {
    this.#way = way;
  }

  add(caller: CallerClass, operation: OperationClass): void {
    if (!this.#numbers.has(operation)) this.#numbers.set(operation, this.#numbers.size);
    const list = this.#operations.get(caller);
    if (list) list.push(operation);
    else this.#operations.set(caller, [operation]);
  }

  addAll(caller: CallerClass, { operations, except }: Alike): void {
    for (const operation of operations) if (!except.has(operation)) this.add(caller, operation);
  }

  finish(): readonly Group[] {
    const numbersOf = (list: readonly OperationClass[]) =>
      list.map((operation) => this.#numbers.get(operation) ?? 0).sort((a, b) => a - b);
    const rows = [...Map.groupBy(this.#operations, ([, list]) => numbersOf(list).join()).values()];
    const rectangles = rows.flatMap((row): Rectangle[] => {
      const [[caller, operations] = []] = row;
      const [operation] = operations ?? [];
      if (!caller || !operations || !operation) return [];
      return [{ isMixed: false, example: [caller, operation], callers: row.map(([other]) => other), operations }];
    });
    return [{ ...this.#way, rectangles, pairs: this.#pairs }];
  }

  /** As one, whoever has what. */
  mixed(): Group {
    const [[caller, [operation] = []] = []] = this.#operations;
    assert(caller && operation, "a change of somebody with something");
    const callers = [...this.#operations.keys()];
    const rectangle = {
      isMixed: true,
      example: [caller, operation],
      callers,
      operations: [...this.#numbers.keys()],
    } as const;
    return { ...this.#way, rectangles: [rectangle], pairs: this.#pairs };
  }

  get #pairs(): number {
    return [...this.#operations].reduce(
      (sum, [caller, list]) => sum + list.reduce((all, operation) => all + pairsOf(caller, operation), 0),
      0,
    );
  }
}

/** Of many refusals that are refused otherwise nobody asks who is with whom: they are one. */
class Together implements Gathered {
  readonly #way: Way;
  /** As long as all were added one by one. */
  #apart: Apart | undefined;
  readonly #callers = new Set<CallerClass>();
  readonly #operations = new Set<OperationClass>();
  /** By list, the operations that were an exception for every caller so far. */
  readonly #missing = new Map<readonly OperationClass[], ReadonlySet<OperationClass>>();
  readonly #example: Rectangle["example"];
  #pairs = 0;

  constructor(way: Way, example: Rectangle["example"]) {
    this.#way = way;
    this.#apart = new Apart(way);
    this.#example = example;
  }

  add(caller: CallerClass, operation: OperationClass): void {
    this.#apart?.add(caller, operation);
    this.#callers.add(caller);
    this.#operations.add(operation);
    this.#pairs += pairsOf(caller, operation);
  }

  addAll(caller: CallerClass, { operations, except }: Alike): void {
    this.#apart = undefined;
    this.#callers.add(caller);
    this.#missing.set(operations, this.#missing.get(operations)?.intersection(except) ?? except);
    let names = namesIn(operations);
    for (const operation of except)
      if (operation.after?.operation.minTrust === operations[0]?.after?.operation.minTrust)
        names -= operation.names.length;
    this.#pairs += Math.max(1, caller.names.length) * names;
  }

  finish(): readonly Group[] {
    const apart = this.#apart?.finish() ?? [];
    if (apart[0] && apart[0].rectangles.length <= mostToldApart) return apart;
    for (const [operations, missing] of this.#missing)
      for (const operation of operations) if (!missing.has(operation)) this.#operations.add(operation);
    const [callers, operations] = [[...this.#callers], [...this.#operations]];
    return [
      {
        ...this.#way,
        rectangles: [{ isMixed: true, example: this.#example, callers, operations }],
        pairs: this.#pairs,
      },
    ];
  }
}

function pairsOf({ names: identities }: CallerClass, { names: operations }: OperationClass): number {
  return Math.max(1, identities.length) * Math.max(1, operations.length);
}

const counted = new WeakMap<readonly OperationClass[], number>();

function namesIn(operations: readonly OperationClass[]): number {
  const known = counted.get(operations) ?? operations.reduce((sum, { names }) => sum + names.length, 0);
  counted.set(operations, known);
  return known;
}

const sides: readonly Side[] = ["before", "after"];

/** Which operations are looked at for a caller: one by one where rules or changes are about them, all at once where none are. */
class Plan {
  readonly #changed: readonly OperationClass[];
  readonly #nowhere: readonly OperationClass[];
  readonly #byScope = new Map<string, OperationClass[]>();
  /** Operations that demand a credential, the same for both models, by the trust that they demand. */
  readonly #byTrust: readonly (readonly OperationClass[])[];

  constructor(operations: readonly OperationClass[]) {
    this.#changed = operations.filter(({ changed }) => changed);
    this.#nowhere = operations.filter(({ kind }) => kind !== "operation");
    const same = operations.filter((o) => !o.changed && o.kind === "operation" && !o.after?.operation.public);
    this.#byTrust = [...Map.groupBy(same, ({ after }) => after?.operation.minTrust ?? 0).values()];
    for (const operation of same) {
      for (const scope of operation.after?.operation.scopes ?? []) {
        const list = this.#byScope.get(scope);
        if (list) list.push(operation);
        else this.#byScope.set(scope, [operation]);
      }
    }
  }

  for(caller: CallerClass): { readonly single: readonly OperationClass[]; readonly alike: readonly Alike[] } {
    // Nobody is asked for where an operation is public before and after: one caller stands for all.
    const changed = this.#changed.filter(
      ({ before, after }) => caller.credential === "none" || !(before?.operation.public && after?.operation.public),
    );
    if (!caller.changed) return { single: changed, alike: [] };
    const about = new Set<OperationClass>();
    for (const side of sides)
      for (const { scopes } of caller[side].grants)
        for (const scope of scopes) for (const operation of this.#byScope.get(scope) ?? []) about.add(operation);
    // Whether a scope is missing in the token may differ for each operation that needs it.
    for (const scope of carriedOtherwise(caller))
      for (const operation of this.#byScope.get(scope) ?? []) about.add(operation);
    return {
      single: [...changed, ...this.#nowhere, ...about],
      alike: this.#byTrust.map((list) => ({ operations: list, except: about })),
    };
  }
}

function wayOf(compared: Compared, region: Region): Way {
  const { kind, before, after } = region;
  const way = (when: Change["when"]): Way => {
    // For a gain it does not matter why it was refused, nor for a loss why it is.
    const outcomes = kind === "gain" ? [after] : kind === "loss" ? [before] : [before, after];
    return { key: JSON.stringify([kind, outcomes, when]), kind, when, before, after };
  };
  const granted = whenGranted(compared, region);
  return { ...way(whenOf(compared, region)), ...(granted && { brief: way(granted) }) };
}

const described = new WeakMap<Compared, readonly Way[]>();

/** For each region the way in which it changes. */
function waysIn(compared: Compared): readonly Way[] {
  const ways = described.get(compared) ?? compared.regions.map((region) => wayOf(compared, region));
  described.set(compared, ways);
  return ways;
}

/** The region of two classes that changes in this way. */
export function regionIn(compared: Compared, { key }: Way): Region | undefined {
  const number = waysIn(compared).findIndex((way) => way.key === key || way.brief?.key === key);
  return compared.regions[number];
}
