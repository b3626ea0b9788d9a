/**
 * A deterministic automaton over path segments, so that finding an operation or the narrowest SPIFFE pattern costs one step
 * per segment, however many there are. A state stands for the set of templates that the segments so far still allow.
 */

import { isPatternSubject } from "./lookup.ts";
import type { Model } from "./model.ts";
import { compareText } from "./normalise.ts";
import { comparePrecedence, parseTemplate, type TemplateSegment } from "./path-template.ts";
import { spiffeSegments } from "./spiffe.ts";

/** One template: where it starts (a host), what it stands for when it matches, under which key (a method). */
export interface AutomatonEntry<T> {
  readonly start: string;
  readonly template: readonly TemplateSegment[];
  readonly key: string;
  readonly value: T;
}

export interface AutomatonState<T> {
  /** Where a segment of exactly this text leads. The empty text is the segment after a trailing `/`. */
  readonly literals: ReadonlyMap<string, number>;
  /** Where every other non-empty segment leads. */
  readonly other?: number;
  /** What a path that ends here has matched, by key: per key the one template that wins. */
  readonly found: ReadonlyMap<string, T>;
}

export interface SegmentAutomaton<T> {
  readonly states: readonly AutomatonState<T>[];
  readonly starts: ReadonlyMap<string, number>;
  /** From this many segments on the state does not change any more. */
  readonly depth: number;
}

/** The automaton, or the start whose templates need more states than any gateway should hold. */
export function buildSegmentAutomaton<T>(
  entries: readonly AutomatonEntry<T>[],
): SegmentAutomaton<T> | { readonly tooLarge: string } {
  const states: AutomatonState<T>[] = [];
  const starts = new Map<string, number>();
  let depth = 0;
  for (const [start, group] of groupBy(entries, (entry) => entry.start)) {
    const shapes = shapesOf(group);
    starts.set(start, states.length);
    if (!addStates(shapes, states, states.length + maximumStates(shapes))) return { tooLarge: start };
    // The step after the longest template drops all but what takes the rest.
    for (const { template } of shapes) depth = Math.max(depth, template.length + 1);
  }
  return { states, starts, depth };
}

/**
 * A tree would have a state per segment, and where a literal stands beside a parameter, what follows the parameter is there twice.
 * States multiply beyond that only where literals and parameters alternate in many combinations.
 */
function maximumStates<T>(shapes: readonly Shape<T>[]): number {
  return shapes.reduce((sum, { template }) => sum + 8 * template.length, 5_000);
}

/** Templates that differ only in the names of parameters, and what they stand for by key. */
interface Shape<T> {
  readonly template: readonly TemplateSegment[];
  readonly found: Map<string, T>;
  readonly takesRest: boolean;
}

/** In order of precedence: the more literal at the leftmost difference first. */
function shapesOf<T>(entries: readonly AutomatonEntry<T>[]): readonly Shape<T>[] {
  const shapes = new Map<string, Shape<T>>();
  for (const { template, key, value } of entries) {
    const text = template.map((s) => (s.kind === "literal" ? `/${s.text}` : s.kind === "rest" ? "*" : "+")).join("");
    let shape = shapes.get(text);
    if (!shape) {
      shape = { template, found: new Map(), takesRest: template.at(-1)?.kind === "rest" };
      shapes.set(text, shape);
    }
    if (!shape.found.has(key)) shape.found.set(key, value);
  }
  return [...shapes.values()].sort((a, b) => comparePrecedence(a.template, b.template));
}

/** The set of templates that a state stands for, as places in the list of shapes, after so many segments. */
interface Alive {
  readonly places: readonly number[];
  readonly segments: number;
}

function addStates<T>(shapes: readonly Shape<T>[], states: AutomatonState<T>[], maximum: number): boolean {
  const first = states.length;
  const numbers = new Map<string, number>();
  const waiting: Alive[] = [];
  const numberOf = (alive: Alive): number => {
    // Once only rests are left, how many segments went by means nothing.
    const rests = alive.places.every((place) => alive.segments >= shapes[place]!.template.length);
    const rested = rests && alive.places.every((place) => shapes[place]!.takesRest);
    const key = `${rested ? "" : alive.segments}:${alive.places.join()}`;
    let number = numbers.get(key);
    if (number === undefined) {
      number = first + numbers.size;
      numbers.set(key, number);
      waiting.push(alive);
    }
    return number;
  };
  numberOf({ places: shapes.map((_, place) => place), segments: 0 });
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (first + numbers.size > maximum) return false;
    const number = numberOf(next);
    states[number] = stateOf(next, shapes, numberOf);
  }
  return true;
}

function stateOf<T>(
  { places, segments }: Alive,
  shapes: readonly Shape<T>[],
  numberOf: (alive: Alive) => number,
): AutomatonState<T> {
  const found = new Map<string, T>();
  const others: number[] = [];
  const literals = new Map<string, number[]>();
  let rested = false;
  for (const place of places) {
    const { template, takesRest, found: values } = shapes[place]!;
    const inRest = takesRest && segments >= template.length;
    if (inRest || segments === template.length)
      for (const [key, value] of values) if (!found.has(key)) found.set(key, value);
    rested ||= inRest;
    const segment = template[segments];
    if (inRest || (segment && segment.kind !== "literal")) others.push(place);
    else if (segment?.kind === "literal") {
      const list = literals.get(segment.text);
      if (list) list.push(place);
      else literals.set(segment.text, [place]);
    }
  }
  const inRest = rested ? others.filter((p) => shapes[p]!.takesRest && segments >= shapes[p]!.template.length) : [];
  if (rested && !literals.has("")) literals.set("", []);
  const after = segments + 1;
  const targets = [...literals].map(([text, list]): [string, number] => {
    // An empty segment is no parameter and starts no rest; a rest that has begun takes it.
    const alsoAlive = text === "" ? inRest : others;
    return [text, numberOf({ places: merge(list, alsoAlive), segments: after })];
  });
  return {
    literals: new Map(targets),
    ...(others.length > 0 && { other: numberOf({ places: others, segments: after }) }),
    found,
  };
}

function merge(a: readonly number[], b: readonly number[]): readonly number[] {
  return b.length === 0 ? a : [...a, ...b].sort((x, y) => x - y);
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): readonly (readonly [string, readonly T[]])[] {
  return [...Map.groupBy(items, key)].sort(([a], [b]) => compareText(a, b));
}

/** Where a model's operation stands. */
export interface OperationPlace {
  readonly api: number;
  readonly operation: number;
}

/** An automaton is built once per list: compiling asks for it more than once. */
function once<K extends object, T>(build: (key: K) => T): (key: K) => T {
  const built = new WeakMap<K, { readonly value: T }>();
  return (key) => {
    let known = built.get(key);
    if (!known) {
      known = { value: build(key) };
      built.set(key, known);
    }
    return known.value;
  };
}

type Built<T> = SegmentAutomaton<T> | { readonly tooLarge: string };

const automatonOfApis = once((apis: Model["apis"]): Built<OperationPlace> => {
  const entries: AutomatonEntry<OperationPlace>[] = [];
  for (const [api, { host, operations }] of apis.entries()) {
    for (const [operation, { method, template: text }] of operations.entries()) {
      const template = parseTemplate(text);
      if ("problem" in template) continue; // the checker has refused it
      entries.push({ start: host, template, key: method, value: { api, operation } });
    }
  }
  return buildSegmentAutomaton(entries);
});

const automatonOfIdentities = once((identities: Model["identities"]): Built<string> => {
  const entries: AutomatonEntry<string>[] = [];
  for (const { name, issuer, subject } of identities) {
    if (issuer === undefined || subject === undefined || !isPatternSubject(subject)) continue;
    const template = spiffeSegments(subject).map(
      (text): TemplateSegment => (text === "*" ? { kind: "parameter", name: "" } : { kind: "literal", text }),
    );
    for (const key of ["", issuer]) entries.push({ start: "", template, key, value: name });
  }
  return buildSegmentAutomaton(entries);
});

/** From hosts over path segments to operations by method; or the host whose templates need too many states. */
export function operationAutomaton({ apis }: Model): Built<OperationPlace> {
  return automatonOfApis(apis);
}

/**
 * From trust domains over path segments to the names of identities, by issuer; under the empty key among all issuers, as for
 * the SVID of a peer. Of two patterns that match one ID the checker has made one the narrower: it is the more literal one.
 */
export function spiffeAutomaton({ identities }: Model): Built<string> {
  return automatonOfIdentities(identities);
}
