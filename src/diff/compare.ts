/** What changes for one class of callers and one of operations: regions of requests, of which each changes in one way. */
import { assert } from "../diagnostics/index.ts";
import {
  and,
  ask,
  atomsOf,
  type CallerClass,
  cover,
  type Outcome as Decided,
  type Diagram,
  date,
  decided,
  Facts,
  type Formula,
  formulasOf,
  not,
  type OperationClass,
  Outcomes,
  procedureOf,
  type Question,
  Scene,
  seconds,
  type Until,
} from "../space/index.ts";
import { type Change, type ChangeKind, kinds, type Outcome } from "./change.ts";
import { headersOf, type Told } from "./headers.ts";
import { chosenAt, differing, type Ends } from "./until.ts";

/** Requests of one scene that change in one way. */
export interface Region {
  readonly kind: ChangeKind;
  /** Which. */
  readonly diagram: Diagram;
  /** Those among which it is described: who asks in the right way. */
  readonly care: Diagram;
  /** Of these, who has the rights, where both sides give the same ones: then those need not be told. */
  readonly granted?: Diagram;
  readonly before: Outcome;
  readonly after: Outcome;
  /** Of `until`: only requests for which these differ. */
  readonly ends?: Ends;
}

export interface Compared {
  readonly scene: Scene;
  readonly regions: readonly Region[];
}

/** All that changes, in the order of `kinds`; none where nothing does. */
export function compare(caller: CallerClass, operation: OperationClass): Compared {
  const facts = new Facts(caller, operation);
  const before = procedureOf(caller, operation, "before", facts);
  const after = procedureOf(caller, operation, "after", facts);
  const inClass = facts.inClass();
  const formulas = [...formulasOf(before), ...formulasOf(after)];
  const scene = new Scene(caller, operation, formulas, and(inClass, facts.possible()));
  const outcomes = new Outcomes();
  const [was, is] = [decided(scene, before, outcomes), decided(scene, after, outcomes)];
  const told = headersOf(caller, operation);
  const plain = scene.draw(and(...formulas.flatMap(oddities)));
  const ways = new Ways(outcomes, told !== undefined);
  const changes = scene.diagrams.combine(was.outcome, is.outcome, (x, y) => ways.numberOf(x, y));
  const { diagrams } = scene;
  const regions = ways.all.flatMap(([number, way]): Region[] => {
    const all = diagrams.and(
      scene.possible,
      diagrams.map(changes, (leaf) => (leaf === number ? 1 : 0)),
    );
    if (all === diagrams.leaf(0)) return [];
    const open = isOpen(way.kind, operation);
    const cared = open ? { care: all } : careOf(way.kind, scene, { was, is, plain }, all);
    if (way.kind !== "until") return [{ ...described(way, told), kind: way.kind, diagram: all, ...cared }];
    const ends = { before: untilOf(way.before), after: untilOf(way.after) };
    const real = diagrams.and(all, differing(scene, ends));
    return real === diagrams.leaf(0)
      ? []
      : [{ ...described(way, told), kind: way.kind, diagram: real, ...cared, ends }];
  });
  return { scene, regions: regions.sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind)) };
}

/** So many scenes are kept, for the witnesses that are asked for once all is compared. */
const mostKept = 200;

/** Compares each pair once, as long as there are not too many. */
export class Comparisons {
  readonly #kept = new Map<CallerClass, Map<OperationClass, Compared>>();
  #count = 0;

  of(caller: CallerClass, operation: OperationClass): Compared {
    const known = this.#kept.get(caller)?.get(operation);
    if (known) return known;
    const compared = compare(caller, operation);
    if (this.#count++ < mostKept) {
      const list = this.#kept.get(caller) ?? new Map<OperationClass, Compared>();
      this.#kept.set(caller, list.set(operation, compared));
    }
    return compared;
  }
}

/** How decisions change: a gain is one whatever was refused before. */
interface Way {
  readonly kind: ChangeKind;
  readonly before: Decided;
  readonly after: Decided;
}

class Ways {
  readonly #numbers = new Map<string, number>();
  readonly #ways = new Map<number, Way>();
  readonly #outcomes: Outcomes;
  readonly #headersDiffer: boolean;

  constructor(outcomes: Outcomes, headersDiffer: boolean) {
    this.#outcomes = outcomes;
    this.#headersDiffer = headersDiffer;
  }

  get all(): readonly (readonly [number, Way])[] {
    return [...this.#ways];
  }

  /** 0 is no change. */
  numberOf(x: number, y: number): number {
    const [before, after] = [this.#outcomes.at(x), this.#outcomes.at(y)];
    const kind = this.#kindOf(before, after, x === y);
    if (!kind) return 0;
    const key = kind === "until" || kind === "reason" ? `${kind} ${x} ${y}` : kind;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#ways.size + 1;
      this.#ways.set(number, { kind, before, after });
      this.#numbers.set(key, number);
    }
    return number;
  }

  #kindOf(before: Decided, after: Decided, isSame: boolean): ChangeKind | undefined {
    if (before.allow && after.allow && this.#headersDiffer) return "headers";
    if (isSame) return undefined;
    if (before.allow) return after.allow ? "until" : "loss";
    return after.allow ? "gain" : "reason";
  }
}

function untilOf(outcome: Decided): Until {
  return outcome.allow ? outcome.until : {};
}

function described({ kind, before, after }: Way, told: Told | undefined): Pick<Region, "after" | "before"> {
  const reason = (outcome: Decided) => (outcome.allow ? ("granted" as const) : outcome.reason);
  const [was, is] = [reason(before), reason(after)];
  if (kind === "headers" && told)
    return { before: { reason: was, headers: told.before }, after: { reason: is, headers: told.after } };
  if (kind !== "until") return { before: { reason: was }, after: { reason: is } };
  const ends = [untilOf(before), untilOf(after)] as const;
  return {
    before: { reason: was, until: untilWords(...ends) },
    after: { reason: is, until: untilWords(ends[1], ends[0]) },
  };
}

/** The ends that only the first has. */
function untilWords({ heard, fixed, expires, next }: Until, other: Until): string {
  const words = [
    fixed === undefined || fixed === other.fixed ? [] : [date(fixed)],
    heard === undefined || heard === other.heard ? [] : [`${seconds(heard - 1)} after revocations were last heard of`],
    expires && !other.expires ? ["when the token expires"] : [],
    next && !other.next ? ["the next second"] : [],
  ].flat();
  return words.length > 0 ? words.join(" or ") : "later";
}

/** That what a condition reads is odd, and not: an escape in a parameter, a header that came twice. */
function oddities(formula: Formula): readonly Formula[] {
  return [...atomsOf(formula)].flatMap((atom) => {
    if (atom.key === "text escaped") return [not(ask(atom))];
    return atom.key === "known" && atom.dimension.key.startsWith("header ") ? [ask(atom)] : [];
  });
}

/** Who gains what is public now are all who could not before: more need not be said of them. Nor of who loses what was. */
function isOpen(kind: ChangeKind, { before, after }: OperationClass): boolean {
  return (
    (kind === "gain" && after?.operation.public === true) || (kind === "loss" && before?.operation.public === true)
  );
}

interface Asked {
  readonly was: ReturnType<typeof decided>;
  readonly is: ReturnType<typeof decided>;
  /** Requests in which nothing is odd. */
  readonly plain: Diagram;
}

/**
 * Of a gain, what asks in the right way now; of a loss, what did before: neither can lie beyond. Odd requests are left out too, where
 * none of them changes: every rule refuses them in any case.
 */
function careOf(
  kind: ChangeKind,
  { diagrams }: Scene,
  { was, is, plain }: Asked,
  all: Diagram,
): Pick<Region, "care" | "granted"> {
  const asks = kind === "gain" ? is.asks : kind === "loss" ? was.asks : diagrams.and(was.asks, is.asks);
  const isPlain = diagrams.without(all, plain) === diagrams.leaf(0);
  const care = isPlain ? diagrams.and(asks, plain) : asks;
  if (was.rights !== is.rights || kind === "reason") return { care };
  return { care, granted: diagrams.and(care, was.rights) };
}

/** In words, when: any of these, in each of which all hold. Why a refusal is refused is not worth so many words. */
export function whenOf(compared: Compared, { kind, diagram, care }: Region): Change["when"] {
  return kind === "reason" ? [] : clausesOf(compared, diagram, care);
}

/** The same without what is granted, where that is as before. */
export function whenGranted(compared: Compared, { diagram, granted }: Region): Change["when"] | undefined {
  if (granted === undefined) return undefined;
  return clausesOf(compared, diagram, granted).map((clause) => ["what is granted applies as before", ...clause]);
}

function clausesOf({ scene }: Compared, diagram: Diagram, care: Diagram): Change["when"] {
  const clauses = cover(scene.diagrams, diagram, care).map((cube) => scene.words(cube, care));
  return clauses.some((clause) => clause.length === 0) ? [[]] : clauses;
}

/** The plainest request of a region. */
export function example({ scene }: Compared, { diagram, ends }: Region): Question {
  const cells = scene.diagrams.pick(diagram);
  assert(cells, "a region without requests");
  return scene.question(cells, ends && chosenAt(scene, cells, ends));
}
