/** Compares each class of callers with each of operations where anything is different, and brings together what changes alike. */
import type { CallerClass, OperationClass, Side } from "../space/index.ts";
import type { Change, ChangeKind, Outcome } from "./change.ts";
import { compare, type Region, whenOf } from "./compare.ts";
import { Likeness } from "./likeness.ts";

/** A way in which decisions change. */
export interface Way {
  readonly key: string;
  readonly kind: ChangeKind;
  readonly when: Change["when"];
  readonly before: Outcome;
  readonly after: Outcome;
  /** Whether rights that are as before are among what is needed. */
  readonly asBefore: boolean;
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

export function gather(callers: readonly CallerClass[], operations: readonly OperationClass[]): readonly Group[] {
  const gathered = new Map<string, Gathered>();
  const known = new Map<string, readonly Way[]>();
  const likeness = new Likeness();
  const plan = new Plan(operations);
  const waysOf = (caller: CallerClass, operation: OperationClass): readonly Way[] => {
    const key = likeness.keyOf(caller, operation);
    let ways = known.get(key);
    if (!ways) {
      const compared = compare(caller, operation);
      ways = compared.regions.map((region) => wayOf(region, whenOf(compared, region)));
      known.set(key, ways);
    }
    return ways;
  };
  const gatheredIn = (way: Way, ...example: Rectangle["example"]): Gathered => {
    const known = gathered.get(way.key) ?? (way.kind === "reason" ? new Together(way, example) : new Apart(way));
    gathered.set(way.key, known);
    return known;
  };
  for (const caller of callers) {
    const { single, alike } = plan.for(caller);
    for (const operation of single)
      for (const way of waysOf(caller, operation)) gatheredIn(way, caller, operation).add(caller, operation);
    for (const list of alike) {
      const example = list.operations.find((operation) => !list.except.has(operation));
      if (!example) continue;
      for (const way of waysOf(caller, example)) gatheredIn(way, caller, example).addAll(caller, list);
    }
  }
  return [...gathered.values()].map((group) => group.finish());
}

/** Operations of which none but the exceptions is granted to a caller. */
interface Alike {
  readonly operations: readonly OperationClass[];
  readonly except: ReadonlySet<OperationClass>;
}

/** More are brought together where each only has what it had. */
const mostRectangles = 4;

/** Collects what changes in one way. */
interface Gathered {
  add(caller: CallerClass, operation: OperationClass): void;
  addAll(caller: CallerClass, alike: Alike): void;
  finish(): Group;
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

  finish(): Group {
    const numbersOf = (list: readonly OperationClass[]) =>
      list.map((operation) => this.#numbers.get(operation) ?? 0).sort((a, b) => a - b);
    const rows = [...Map.groupBy(this.#operations, ([, list]) => numbersOf(list).join()).values()];
    const rectangles = rows.flatMap((row): Rectangle[] => {
      const [[caller, operations] = []] = row;
      const [operation] = operations ?? [];
      if (!caller || !operations || !operation) return [];
      return [{ isMixed: false, example: [caller, operation], callers: row.map(([other]) => other), operations }];
    });
    const pairs = [...this.#operations].reduce(
      (sum, [caller, list]) => sum + list.reduce((all, operation) => all + pairsOf(caller, operation), 0),
      0,
    );
    const [first] = rectangles;
    // Who has rights as before to what is not news, and a long list of it would hide what is.
    if (!first || !this.#way.asBefore || rectangles.length <= mostRectangles)
      return { ...this.#way, rectangles, pairs };
    const mixed = {
      isMixed: true,
      example: first.example,
      callers: [...this.#operations.keys()],
      operations: [...this.#numbers.keys()],
    };
    return { ...this.#way, rectangles: [mixed], pairs };
  }
}

/** Of refusals that are refused otherwise nobody asks who is with whom: they are one. */
class Together implements Gathered {
  readonly #way: Way;
  readonly #callers = new Set<CallerClass>();
  readonly #operations = new Set<OperationClass>();
  /** By list, the operations that were an exception for every caller so far. */
  readonly #missing = new Map<readonly OperationClass[], ReadonlySet<OperationClass>>();
  readonly #example: Rectangle["example"];
  #pairs = 0;

  constructor(way: Way, example: Rectangle["example"]) {
    this.#way = way;
    this.#example = example;
  }

  add(caller: CallerClass, operation: OperationClass): void {
    this.#callers.add(caller);
    this.#operations.add(operation);
    this.#pairs += pairsOf(caller, operation);
  }

  addAll(caller: CallerClass, { operations, except }: Alike): void {
    this.#callers.add(caller);
    this.#missing.set(operations, this.#missing.get(operations)?.intersection(except) ?? except);
    let names = namesIn(operations);
    for (const operation of except)
      if (operation.after?.operation.minTrust === operations[0]?.after?.operation.minTrust)
        names -= operation.names.length;
    this.#pairs += Math.max(1, caller.names.length) * names;
  }

  finish(): Group {
    for (const [operations, missing] of this.#missing)
      for (const operation of operations) if (!missing.has(operation)) this.#operations.add(operation);
    return {
      ...this.#way,
      rectangles: [
        { isMixed: true, example: this.#example, callers: [...this.#callers], operations: [...this.#operations] },
      ],
      pairs: this.#pairs,
    };
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
    return {
      single: [...changed, ...this.#nowhere, ...about],
      alike: this.#byTrust.map((list) => ({ operations: list, except: about })),
    };
  }
}

function wayOf({ kind, before, after, asBefore }: Region, when: Change["when"]): Way {
  // For a gain it does not matter why it was refused, nor for a loss why it is.
  const outcomes = kind === "gain" ? [after] : kind === "loss" ? [before] : [before, after];
  return { key: JSON.stringify([kind, outcomes, when]), kind, when, before, after, asBefore };
}

/** The region of two classes that changes in this way. */
export function regionIn(compared: ReturnType<typeof compare>, { key }: Way): Region | undefined {
  return compared.regions.find((region) => wayOf(region, whenOf(compared, region)).key === key);
}
