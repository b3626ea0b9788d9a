/** Which facts are the same: a question about two dimensions at once, so what its answer means for both is a formula of its own. */
import { and, ask, type Dimension, type Draft, type Formula, never, not, or, type Question } from "./formula.ts";
import { mayBeSame } from "./path.ts";
import { SegmentTerm } from "./segments.ts";
import { isOneOf, type NumberTest, type Place, type Term, testedNumbers, type Value } from "./terms.ts";
import { passes, type TextTest } from "./texts.ts";
import { TimeTerm } from "./time-terms.ts";

/** Two terms, the one whose value is copied first. */
interface Pair {
  readonly left: Term;
  readonly right: Term;
  readonly dimension: Dimension<boolean>;
}

export class Sameness {
  readonly #pairs = new Map<string, Pair>();
  /** What was written into a draft so far. */
  readonly #written = new WeakMap<Draft, Map<string, { readonly pair: Pair; readonly same: boolean }>>();

  /** The two hold the same value. */
  of(a: Term, b: Term): Formula {
    // Each that has a value is the same as itself; of no other value does a term know that it is there.
    if (a.key === b.key) return or(...a.kinds.map((kind) => a.is(kind)));
    // A token as old as its lifetime has expired, and was refused (row 4).
    if (a instanceof TimeTerm && b instanceof TimeTerm) return never;
    if (mayBeSame(a, b) === "never" || kindsOf(a, b).length === 0) return never;
    const [left, right] = inOrder(a, b) ? [a, b] : [b, a];
    const key = `${left.key} same ${right.key}`;
    const pair = this.#pairs.get(key) ?? { left, right, dimension: this.#dimension(key, left, right) };
    this.#pairs.set(key, pair);
    return isSame(pair);
  }

  get possible(): Formula {
    const components = componentsOf([...this.#pairs.values()]);
    // What is asked of a whole path is asked of its segments, which others may have to answer too: until nobody is asked anything new.
    for (;;) {
      const asked = countAsked(components);
      const formulas = components.map(possibleIn);
      if (countAsked(components) === asked) return and(...formulas);
    }
  }

  #dimension(key: string, left: Term, right: Term): Dimension<boolean> {
    return {
      key,
      rank: 9,
      read: (question) => {
        const place = placeOf(question);
        const value = left.read(place);
        return value !== undefined && value === right.read(place);
      },
      write: (same, draft) => {
        const written = this.#written.get(draft) ?? new Map();
        this.#written.set(draft, written);
        written.set(key, { pair: this.#pairs.get(key), same });
        settle([...written.values()], draft);
      },
      pool: () => [false, true],
      words: (cells) =>
        `${left.title} ${cells.some((cell) => cell.values[0]) ? "equals" : "differs from"} ${right.title}`,
    };
  }
}

function isSame({ dimension }: Pair): Formula {
  return ask({ dimension, key: "same", holds: (same: boolean) => same });
}

function inOrder(a: Term, b: Term): boolean {
  return a.order < b.order || (a.order === b.order && a.key < b.key);
}

function kindsOf(a: Term, b: Term) {
  return a.kinds.filter((kind) => b.kinds.includes(kind));
}

/** Facts that are compared, directly or through others. */
interface Component {
  /** In the order in which values are copied. */
  readonly terms: readonly Term[];
  readonly pairs: readonly Pair[];
}

function componentsOf(pairs: readonly Pair[]): readonly Component[] {
  const groups = new Map<string, { readonly terms: Map<string, Term>; readonly pairs: Pair[] }>();
  for (const pair of pairs) {
    const terms = new Map([pair.left, pair.right].map((term) => [term.key, term]));
    const joined = [...new Set([...terms.keys()].flatMap((key) => groups.get(key) ?? []))];
    const group = { terms, pairs: [...joined.flatMap((other) => other.pairs), pair] };
    for (const other of joined) for (const [key, term] of other.terms) terms.set(key, term);
    for (const key of terms.keys()) groups.set(key, group);
  }
  return [...new Set(groups.values())].map((group) => ({
    terms: [...group.terms.values()].sort((a, b) => (inOrder(a, b) ? -1 : 1)),
    pairs: group.pairs,
  }));
}

function countAsked(components: readonly Component[]): number {
  const terms = components.flatMap((component) => component.terms);
  return terms.reduce((sum, { asked }) => sum + asked.texts.size + asked.numbers.size, 0);
}

function possibleIn(component: Component): Formula {
  // Nothing is copied over what comes first, so the others are not asked what it is asked. They just are nothing that it may be.
  const [first, ...targets] = component.terms;
  const named = [...(first?.asked.texts.values() ?? [])].flatMap((test) => (test.kind === "in" ? test.texts : []));
  for (const { asked } of targets) for (const text of named) asked.avoided.add(text);
  const tests = testsOf(component);
  // Always true; but so each is asked something, and is written with a value of its own.
  const asked = component.terms.map(({ known }) => or(known, not(known)));
  return and(...asked, ...component.pairs.map((pair) => meaningOf(pair, tests)), ...transitive(component));
}

interface Tests {
  readonly texts: readonly TextTest[];
  /** Texts that two facts can be pinned to. */
  readonly literals: readonly string[];
  /** Of other texts that are named, those that can stand for each other. */
  readonly choices: ReadonlyMap<string, readonly string[]>;
  readonly numbers: readonly NumberTest[];
  /** Numbers that two facts can be pinned to. */
  readonly pins: readonly number[];
}

/** What is asked of any term that a value is copied into: a value that is copied has to answer like the one that it replaces. */
function testsOf({ terms: [, ...targets], terms }: Component): Tests {
  const texts = [...new Map(targets.flatMap(({ asked }) => [...asked.texts])).values()];
  const numbers = [...new Map(terms.flatMap(({ asked }) => [...asked.numbers])).values()];
  // A segment cannot be every text that is named.
  const least = targets.some((term) => term instanceof SegmentTerm) ? Number.POSITIVE_INFINITY : terms.length;
  const named = new Set(texts.flatMap((test) => (test.kind === "in" ? test.texts : [])));
  const alike = Map.groupBy([...named].sort(), (text) => texts.map((test) => (passes(test, text) ? 1 : 0)).join(""));
  const groups = [...alike.values()];
  return {
    texts,
    literals: groups.flatMap((group) => (group.length < least ? group : [])),
    choices: new Map(groups.flatMap((group) => (group.length < least ? [] : group.map((text) => [text, group])))),
    numbers,
    pins: pinsOf(numbers, terms.length),
  };
}

/** Numbers between two turns that are too few to be all different. */
function pinsOf(tests: readonly NumberTest[], count: number): readonly number[] {
  const turns = [Number.MIN_SAFE_INTEGER, ...testedNumbers(tests), Number.MAX_SAFE_INTEGER + 1];
  return turns.flatMap((turn, i) => {
    const next = turns[i + 1];
    return next === undefined || next <= turn || next - turn >= count
      ? []
      : Array.from({ length: next - turn }, (_, n) => turn + n);
  });
}

/** Where the two are the same they answer alike; where both can be but one value they are. */
function meaningOf(pair: Pair, tests: Tests): Formula {
  const { left, right } = pair;
  const same = isSame(pair);
  const pinned: Formula[] = [];
  const alike = kindsOf(left, right).map((kind) => {
    const answers: Formula[] = [left.is(kind), right.is(kind)];
    if (mayBeSame(left, right) === "if-single") answers.push(isSingle(left));
    const both = (ofLeft: Formula, ofRight: Formula) => {
      if (ofLeft !== never && ofRight !== never) pinned.push(and(ofLeft, ofRight));
      answers.push(iff(ofLeft, ofRight));
    };
    if (kind === "text") {
      for (const test of tests.texts) answers.push(iff(left.text(test), right.text(test)));
      for (const literal of tests.literals) both(isOneOf([literal], left), isOneOf([literal], right));
    } else if (kind === "number") {
      for (const test of tests.numbers) answers.push(iff(left.number(test), right.number(test)));
      for (const pin of tests.pins) both(isOneOf([pin], left), isOneOf([pin], right));
    } else for (const value of [false, true]) both(left.truth(value), right.truth(value));
    return and(...answers);
  });
  return and(or(not(same), ...alike), ...pinned.map((pin) => or(not(pin), same)));
}

function iff(a: Formula, b: Formula): Formula {
  return or(and(a, b), and(not(a), not(b)));
}

/** What is the same as a third is the same, along all paths that no shorter one cuts short. */
function transitive({ terms, pairs }: Component): readonly Formula[] {
  const pairOf = new Map(pairs.flatMap((pair) => [[`${pair.left.key}|${pair.right.key}`, pair]]));
  const formulas: Formula[] = [];
  for (const [i, from] of terms.entries()) {
    for (const to of terms.slice(i + 1)) {
      const pair = pairOf.get(`${from.key}|${to.key}`);
      const may = from instanceof TimeTerm && to instanceof TimeTerm ? "never" : mayBeSame(from, to);
      if (!pair && may === "always-may") continue;
      const then = pair ? isSame(pair) : may === "never" ? never : isSingle(from);
      for (const path of pathsBetween(from, to, pairs))
        formulas.push(or(...path.map((step) => not(isSame(step))), then));
    }
  }
  return formulas;
}

/** The rest of a path can be the same as a segment only where it is one. */
function isSingle(rest: Term): Formula {
  return rest.text({ kind: "shaped", shapes: [[{ kind: "any" }]] });
}

/** Without those that a pair cuts short. */
function* pathsBetween(
  from: Term,
  to: Term,
  pairs: readonly Pair[],
  gone: readonly Pair[] = [],
  passed: readonly Term[] = [],
): Generator<readonly Pair[]> {
  for (const pair of pairs) {
    const next = pair.left === from ? pair.right : pair.right === from ? pair.left : undefined;
    const isLast = next === to;
    if (!next || passed.includes(next) || (isLast && gone.length === 0)) continue;
    const isCut = passed.some(
      (term, i) =>
        !(isLast && i === 0) &&
        pairs.some(({ left, right }) => (left === term && right === next) || (left === next && right === term)),
    );
    if (isCut) continue;
    if (isLast) yield [...gone, pair];
    else yield* pathsBetween(next, to, pairs, [...gone, pair], [...passed, from]);
  }
}

function placeOf({ input: { time, token, request } }: Question): Place {
  return { time, token, segments: request.path.slice(1).split("/"), ip: request.ip, headers: request.headers ?? {} };
}

function placeIn({ time, token, segments, ip, headers }: Draft): Place {
  return { time, token, segments: segments.flatMap((text) => text.split("/")), ip, headers };
}

/** Makes equal what is the same, and then different what is not. Texts that nobody names differ by what they are filled with. */
function settle(written: readonly { readonly pair: Pair; readonly same: boolean }[], draft: Draft): void {
  const pairs = written.map(({ pair }) => pair);
  const groups = componentsOf(written.flatMap(({ pair, same }) => (same ? [pair] : [])));
  for (const { terms } of groups.toSorted((a, b) => (inOrder(a.terms[0]!, b.terms[0]!) ? -1 : 1))) copy(terms, draft);
  for (const component of componentsOf(pairs)) {
    const classes = component.terms.flatMap((term) => {
      const group = groups.find((other) => other.terms.some(({ key }) => key === term.key));
      if (!group) return [[term]];
      return group.terms[0]?.key === term.key ? [group.terms] : [];
    });
    separate(classes, testsOf(component), draft);
  }
}

function copy([source, ...targets]: readonly Term[], draft: Draft): void {
  const value = source?.read(placeIn(draft));
  if (value !== undefined) for (const target of targets) target.write(value, draft);
}

/** Values of one cell are told apart where there are enough of them. */
function separate(classes: readonly (readonly Term[])[], tests: Tests, draft: Draft): void {
  const taken = new Set<Value>();
  for (const terms of classes) {
    const value = terms[0]?.read(placeIn(draft));
    if (value === undefined) continue;
    const free = taken.has(value) ? freeValue(value, tests, taken) : value;
    if (free !== value) for (const term of terms) term.write(free, draft);
    taken.add(free);
  }
}

/** Another value that answers alike and is not taken; the same one where it is the only one. */
function freeValue(value: Value, { choices, numbers, pins }: Tests, taken: ReadonlySet<Value>): Value {
  if (typeof value === "string") return choices.get(value)?.find((text) => !taken.has(text)) ?? value;
  if (typeof value === "boolean" || pins.includes(value)) return value;
  const turns = testedNumbers(numbers);
  const first = turns.findLast((turn) => turn <= value) ?? Number.MIN_SAFE_INTEGER;
  const last = turns.find((turn) => turn > value) ?? Number.MAX_SAFE_INTEGER + 1;
  let free = value;
  while (taken.has(free) && free + 1 < last) free++;
  while (taken.has(free) && free > first) free--;
  return free;
}
