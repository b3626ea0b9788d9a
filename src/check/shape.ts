/** Reads objects, lists and arguments: the shapes that every word is made of. */
import { report, type Span } from "../diagnostics/index.ts";
import type { Call, Expression } from "../syntax/index.ts";
import type { Estate } from "./estate.ts";
import { describe, type Given, keyOf, listed, look, type Seen } from "./given.ts";
import { nearest } from "./nearest.ts";

export interface Entry extends Given {
  readonly name: string;
  readonly keySpan: Span;
}

/** Reads one value; `undefined` once it is reported why it is none. `title` is how sentences call it. */
export type Reader<T> = (estate: Estate, given: Given, title: string) => T | undefined;

/** The arguments of a call, in order. `names` are how sentences call them; the first `least` must be there. */
export function readArguments(
  estate: Estate,
  call: Call,
  word: string,
  names: readonly string[],
  least: number = names.length,
): readonly (Given | undefined)[] | undefined {
  const [excess] = call.arguments.slice(names.length);
  if (excess) estate.report(report("WRIT2107", excess.span, { word, most: names.length }));
  const given: Given[] = [];
  for (const argument of call.arguments.slice(0, names.length)) {
    if (argument.kind === "spread")
      return estate.report(report("WRIT2111", argument.span, { expected: "lists inside lists", found: "an argument" }));
    given.push({ expression: argument, widened: false });
  }
  if (given.length < least) {
    const span = { ...call.span, start: call.callee.span.start, end: call.callee.span.end };
    return estate.report(report("WRIT2106", span, { word, argument: names[given.length] ?? "" }));
  }
  return given;
}

/** Constants can double each other: lists are bounded by what they become, and spreading by how deep it goes. */
const mostElements = 10_000;
const deepestSpread = 8;

function lookInto(estate: Estate, spread: Expression, depth: number): Seen | undefined {
  if (depth < deepestSpread) return look(estate, { expression: spread, widened: false });
  return estate.report(report("WRIT2140", spread.span, { what: "spread constants", limit: deepestSpread }));
}

/** The properties of an object whose keys the author chooses. Spread constants are laid open; what is written later wins. */
export function readEntries(estate: Estate, given: Given, title: string): readonly Entry[] | undefined {
  const seen = look(estate, given);
  if (!seen) return undefined;
  if (seen.kind !== "object") return wrongType(estate, seen, title, "an object");
  const entries = entriesOf(estate, seen, 0);
  return entries && [...entries.values()];
}

/** Each object once, however often it is spread; `undefined` once it is reported what is wrong with one. */
function entriesOf(
  estate: Estate,
  seen: Seen & { kind: "object" },
  depth: number,
): ReadonlyMap<string, Entry> | undefined {
  const { objects } = estate.laidOpen;
  if (!objects.has(seen.object)) objects.set(seen.object, layObjectOpen(estate, seen, depth));
  return objects.get(seen.object);
}

function layObjectOpen(
  estate: Estate,
  { object, widened }: Seen & { kind: "object" },
  depth: number,
): ReadonlyMap<string, Entry> | undefined {
  const entries = new Map<string, Entry>();
  const own = new Map<string, Span>();
  let complete = true;
  for (const property of object.properties) {
    if (property.kind === "spread") {
      const seen = lookInto(estate, property.value, depth);
      const spread = seen?.kind === "object" ? entriesOf(estate, seen, depth + 1) : undefined;
      if (seen && seen.kind !== "object")
        estate.report(report("WRIT2111", property.value.span, { expected: "an object", found: describe(seen) }));
      if (!spread) complete = false;
      for (const [name, entry] of spread ?? []) {
        const span = own.get(name);
        const related = [{ span: entry.keySpan, message: "it is written again here" }];
        if (span) estate.report(report("WRIT2143", span, { property: name }, { related }));
        own.delete(name);
        entries.set(name, entry);
      }
      continue;
    }
    const name = keyOf(property.key);
    if (own.has(name)) continue; // the parser has said so
    own.set(name, property.key.span);
    entries.set(name, { name, keySpan: property.key.span, expression: property.value, widened });
  }
  return complete ? entries : undefined;
}

/** An object whose properties a word names. */
export class Properties {
  readonly #estate: Estate;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #whole: Span;
  /** Whether everything was there and understood so far. */
  sound: boolean;

  constructor(estate: Estate, entries: readonly Entry[], whole: Span, sound: boolean) {
    this.sound = sound;
    this.#estate = estate;
    this.#entries = new Map(entries.map((entry) => [entry.name, entry]));
    this.#whole = whole;
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  get(name: string): Entry | undefined {
    return this.#entries.get(name);
  }

  /** Reads a property if it is there. */
  read<T>(name: string, reader: Reader<T>): T | undefined {
    const entry = this.#entries.get(name);
    if (!entry) return undefined;
    const value = reader(this.#estate, entry, `\`${name}\``);
    if (value === undefined) this.sound = false;
    return value;
  }

  /** The place of a property's value, or of its `inside`th part; of the whole object when it is not there. */
  at(name?: string, inside?: string | number): Span {
    const entry = name === undefined ? undefined : this.#entries.get(name);
    if (!entry) return this.#whole;
    const { expression } = entry;
    if (inside === undefined) return expression.span;
    return partOf(expression, inside)?.span ?? expression.span;
  }

  keyAt(name: string): Span {
    return this.#entries.get(name)?.keySpan ?? this.#whole;
  }
}

function partOf(expression: Expression, inside: string | number): { readonly span: Span } | undefined {
  if (typeof inside === "number") return expression.kind === "array" ? expression.elements[inside] : undefined;
  if (expression.kind !== "object") return undefined;
  const property = expression.properties.find((p) => p.kind === "property" && keyOf(p.key) === inside);
  return property?.kind === "property" ? property.key : undefined;
}

/** An object with the given properties; not `sound` when it lacks one that must be there or has one that nobody knows. */
export function readProperties(
  estate: Estate,
  given: Given,
  title: string,
  required: readonly string[],
  optional: readonly string[] = [],
): Properties | undefined {
  const entries = readEntries(estate, given, title);
  if (!entries) return undefined;
  const known = [...new Set([...required, ...optional])];
  let complete = true;
  for (const { name, keySpan } of entries) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    const help = near === undefined ? `there is ${listed(known)}` : `did you mean \`${near}\`?`;
    estate.report(report("WRIT2101", keySpan, { property: name, of: title }, { help }));
    complete = false;
  }
  // Where something could not be read, what is missing may be there.
  const holes = entries.some((entry) => entry.expression.kind === "hole");
  for (const property of holes ? [] : required) {
    if (entries.some((entry) => entry.name === property)) continue;
    // A misspelt property is reported once: it is most probably the one that is missing.
    const misspelt = entries.some((e) => !known.includes(e.name) && nearest(e.name, known) === property);
    if (!misspelt) estate.report(report("WRIT2102", given.expression.span, { property, of: title }));
    complete = false;
  }
  return new Properties(estate, entries, given.expression.span, complete && !holes);
}

export interface Element extends Given {
  readonly span: Span;
}

/** The elements of a list; spread constants are laid open. */
export function readElements(
  estate: Estate,
  given: Given,
  title: string,
  expected: string,
): readonly Element[] | undefined {
  const seen = look(estate, given);
  if (!seen) return undefined;
  return seen.kind === "list" ? elementsOf(estate, seen, 0) : wrongType(estate, seen, title, expected);
}

/** Each list once, however often it is spread; `undefined` once it is reported what is wrong with one. */
function elementsOf(estate: Estate, seen: Seen & { kind: "list" }, depth: number): readonly Element[] | undefined {
  const { lists } = estate.laidOpen;
  if (!lists.has(seen.list)) lists.set(seen.list, layListOpen(estate, seen, depth));
  return lists.get(seen.list);
}

function layListOpen(
  estate: Estate,
  { list, widened }: Seen & { kind: "list" },
  depth: number,
): readonly Element[] | undefined {
  const elements: Element[] = [];
  let complete = true;
  for (const element of list.elements) {
    if (element.kind !== "spread") elements.push({ expression: element, widened, span: element.span });
    else {
      const seen = lookInto(estate, element.value, depth);
      const spread = seen?.kind === "list" ? elementsOf(estate, seen, depth + 1) : undefined;
      if (seen && seen.kind !== "list")
        estate.report(report("WRIT2111", element.value.span, { expected: "a list", found: describe(seen) }));
      if (!spread) complete = false;
      for (const each of spread ?? []) elements.push(each);
    }
    if (elements.length > mostElements) return estate.report(report("WRIT2141", list.span, { limit: mostElements }));
  }
  return complete ? elements : undefined;
}

/** A list of values; `undefined` when one of them is none. Without `mayBeEmpty` an empty one is reported. */
export function listOf<T>(reader: Reader<T>, expected: string, mayBeEmpty = false): Reader<readonly T[]> {
  return (estate, given, title) => {
    const elements = readElements(estate, given, title, expected);
    if (!elements) return undefined;
    if (elements.length === 0 && !mayBeEmpty)
      return estate.report(report("WRIT2109", given.expression.span, { title }));
    const values = elements.map((element) => reader(estate, element, `an entry of ${title}`));
    return values.every((v) => v !== undefined) ? values : undefined;
  };
}

export function wrongType(estate: Estate, seen: Seen, title: string, expected: string): undefined {
  if (seen.kind === "undefined") return estate.report(report("WRIT2138", seen.span, { title }));
  return estate.report(report("WRIT2104", seen.span, { title, expected, found: describe(seen) }));
}
