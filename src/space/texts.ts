/** All texts, finitely: what is asked of one, and for each combination of answers that some text gives, one that gives it. */
import { isCanonicalSegment, parseIp, parseIpRange, rangeContains } from "../model/index.ts";
import { addressesAround } from "./addresses.ts";
import type { SegmentShape } from "./classes.ts";
import { completions, openings } from "./escapes.ts";

export type TextTest =
  /** Sorted. */
  | { readonly kind: "in"; readonly texts: readonly string[] }
  | { readonly kind: "ends-with" | "starts-with"; readonly text: string }
  | { readonly kind: "escaped" }
  | { readonly kind: "cidr"; readonly range: string }
  /** Its segments have one of these shapes. `isOut`: then it is of no interest what else it is. */
  | { readonly kind: "shaped"; readonly shapes: readonly (readonly SegmentShape[])[]; readonly isOut?: boolean };

/** Which texts there are: any, or such as stand in a path. */
export interface TextSpace {
  readonly kind: "any" | "rest" | "segment";
  /** What stands where anything may stand; no other space has it, so that two texts differ unless they must not. */
  readonly filler: string;
  /** Texts that the filler is no part of. */
  readonly avoided: Iterable<string>;
}

export function textKey(test: TextTest): string {
  switch (test.kind) {
    case "in":
      return `in ${JSON.stringify(test.texts)}`;
    case "escaped":
      return test.kind;
    case "cidr":
      return `cidr ${test.range}`;
    case "shaped":
      return `shaped ${JSON.stringify(test.shapes)}`;
    default:
      return `${test.kind} ${JSON.stringify(test.text)}`;
  }
}

export function passes(test: TextTest, text: string): boolean {
  switch (test.kind) {
    case "in":
      return test.texts.includes(text);
    case "starts-with":
      return text.startsWith(test.text);
    case "ends-with":
      return text.endsWith(test.text);
    case "escaped":
      return text.includes("%");
    case "cidr": {
      const [address, range] = [parseIp(text), parseIpRange(test.range)];
      return address !== undefined && "bytes" in range && rangeContains(range, address);
    }
    case "shaped":
      return test.shapes.some((shape) => hasShape(text.split("/"), shape));
  }
}

export function hasShape(segments: readonly string[], shape: readonly SegmentShape[]): boolean {
  const last = shape.at(-1);
  if (last?.kind === "rest" ? segments.length < shape.length : segments.length !== shape.length) return false;
  return shape.every((part, i) => (part.kind === "literal" ? segments[i] === part.text : segments[i] !== ""));
}

function isTextOf({ kind }: TextSpace, text: string): boolean {
  if (kind === "any") return text.isWellFormed();
  if (kind === "segment") return isCanonicalSegment(text);
  const segments = text.split("/");
  return segments.every((s, i) => isCanonicalSegment(s) || (s === "" && i > 0 && i === segments.length - 1));
}

/**
 * Texts among which is one for each combination of answers to the tests. A text that is none of the literals is told from others only
 * by the longest prefix and the longest suffix that it has (and, in a path, by escapes and by how many segments it has): so it is
 * enough to have one for each pair and each set of shapes.
 */
export function textsFor(tests: readonly TextTest[], space: TextSpace): readonly string[] {
  const found = new Set<string>();
  const add = (text: string): void => {
    if (isTextOf(space, text)) found.add(text);
  };
  for (const test of tests) {
    if (test.kind === "in") test.texts.forEach(add);
    if (test.kind === "cidr") addressesAround(test.range).forEach(add);
  }
  const writer = new Writer(tests, space);
  for (const escaped of tests.some(({ kind }) => kind === "escaped") ? [false, true] : [false]) {
    for (const start of writer.starts) for (const end of writer.ends) writer.texts(start, end, escaped).forEach(add);
  }
  return [...found];
}

/** A prefix, and what has to follow it so that the text has no longer one. */
interface Start {
  readonly text: string;
  readonly after: string;
}

/** A suffix, and what has to come before it. */
interface End {
  readonly text: string;
  readonly before: string;
}

/** Segments so far, and the shapes that they may still get. */
interface Begun {
  readonly texts: readonly string[];
  readonly alive: readonly Shape[];
  /** Where it matters which text was chosen. */
  readonly special: string;
}

type Shape = readonly SegmentShape[];

/** What one segment has to be, or how it begins and ends. */
interface Place {
  readonly exact?: string;
  readonly head?: string;
  readonly after: string;
  readonly tail?: string;
  readonly before: string;
}

/** `undefined` where the prefix and the suffix do not go together. */
function placeIn(start: Start, end: End, count: number, i: number, trails: boolean): Place | undefined {
  const [first, last] = [start.text.split("/"), end.text.split("/")];
  if (first.length > count || last.length > count) return undefined;
  const fromEnd = i - (count - last.length);
  const head = i === first.length - 1 ? first[i] : undefined;
  const tail = fromEnd === 0 ? last[0] : undefined;
  const all = [
    ...(i < first.length - 1 ? [first[i]] : []),
    ...(fromEnd > 0 ? [last[fromEnd]] : []),
    ...(trails ? [""] : []),
  ];
  const [exact] = all;
  if (exact !== undefined && !(all.every((text) => text === exact) && suits(exact, head, tail))) return undefined;
  return {
    ...(exact !== undefined && { exact }),
    ...(head !== undefined && { head }),
    ...(tail !== undefined && { tail }),
    after: head === undefined ? "" : start.after,
    before: tail === undefined ? "" : end.before,
  };
}

function suits(text: string, head = "", tail = ""): boolean {
  return text.startsWith(head) && text.endsWith(tail);
}

/** Any text in its plainest form, then those that shapes name. */
function textsAt(
  { exact, head = "", after, tail = "", before }: Place,
  fill: string,
  i: number,
  alive: readonly Shape[],
): readonly string[] {
  if (exact !== undefined) return [exact];
  const named = alive.flatMap((shape) => {
    const segment = shape[i];
    return segment?.kind === "literal" && segment.text !== "" && suits(segment.text, head, tail) ? segment.text : [];
  });
  return [`${head}${after}${fill}${before}${tail}`, ...new Set(named)];
}

/** Whether a path with this segment there can have the shape. */
function mayHave(shape: Shape, i: number, text: string): boolean {
  const segment = shape[i];
  if (!segment) return shape.at(-1)?.kind === "rest";
  return segment.kind === "literal" ? segment.text === text : text !== "";
}

const separators = "-._~!$&'()*+,=:@0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
/** Of `é`: an escape that may stand anywhere. */
const escapeOfE = "%C3%A9";

class Writer {
  readonly starts: readonly Start[];
  readonly ends: readonly End[];
  readonly #space: TextSpace;
  readonly #filler: string;
  readonly #escaped: string;
  readonly #longest: number;
  readonly #shapes: readonly Shape[];

  constructor(tests: readonly TextTest[], space: TextSpace) {
    this.#space = space;
    const textsOf = (kind: "ends-with" | "starts-with") => [
      ...new Set(["", ...tests.flatMap((test) => (test.kind === kind ? test.text : []))]),
    ];
    const [prefixes, suffixes] = [textsOf("starts-with"), textsOf("ends-with")];
    this.#filler = fillerFor(space, tests);
    this.#escaped = this.#filler.replace(/(?=-)|$/, escapeOfE);
    this.starts = prefixes.map((text) => ({ text, after: this.#after(text, prefixes) }));
    this.ends = suffixes.map((text) => ({ text, before: this.#before(text, suffixes) }));
    const shapes = tests.flatMap((test) => (test.kind === "shaped" ? test.shapes : []));
    this.#shapes = tests.flatMap((test) => (test.kind === "shaped" && !test.isOut ? test.shapes : []));
    const slashes = (texts: readonly string[]) => Math.max(...texts.map((text) => text.split("/").length));
    this.#longest = Math.min(64, slashes(prefixes) + slashes(suffixes) + Math.max(1, ...shapes.map((s) => s.length)));
  }

  texts(start: Start, end: End, escaped: boolean): readonly string[] {
    const fill = escaped ? this.#escaped : this.#filler;
    if (this.#space.kind !== "rest") return [`${start.text}${start.after}${fill}${end.before}${end.text}`];
    const found: string[] = [];
    for (let count = 1; count <= this.#longest; count++) {
      for (const trails of count > 1 ? [false, true] : [false])
        found.push(...this.#joined(start, end, fill, count, trails));
    }
    return found;
  }

  /** So many segments, the last one empty where it trails, which begin and end as is asked: one text for each set of shapes that it may have. */
  #joined(start: Start, end: End, fill: string, count: number, trails: boolean): readonly string[] {
    let found: readonly Begun[] = [{ texts: [], alive: this.#shapes, special: "" }];
    for (let i = 0; i < count; i++) {
      const place = placeIn(start, end, count, i, trails && i === count - 1);
      if (!place) return [];
      const next = new Map<string, Begun>();
      for (const begun of found) {
        for (const text of textsAt(place, fill, i, begun.alive)) {
          const isSpecial = place.head !== undefined || place.tail !== undefined || text.includes("%");
          const longer: Begun = {
            texts: [...begun.texts, text],
            alive: begun.alive.filter((shape) => mayHave(shape, i, text)),
            special: isSpecial ? `${begun.special}/${text}` : begun.special,
          };
          const key = `${longer.alive.map((shape) => this.#shapes.indexOf(shape)).join()} ${longer.special}`;
          if (!next.has(key)) next.set(key, longer);
        }
      }
      found = [...next.values()];
    }
    return found.map(({ texts }) => texts.join("/"));
  }

  #after(text: string, prefixes: readonly string[]): string {
    const longer = prefixes.filter((other) => other.length > text.length && other.startsWith(text));
    const isFree = (next: string) => longer.every((other) => !next.startsWith(other) && !other.startsWith(next));
    const options = this.#space.kind === "any" ? [""] : completions(text);
    for (const option of options) {
      // A word that ends goes on after a dash.
      const preferred = /[A-Za-z0-9]$/.test(text + option) ? "-" : "";
      for (const separator of [preferred, "", ...separators, ...this.#farther(prefixes.length)]) {
        const opened = text + option + separator;
        if (isFree(opened + this.#filler) && isFree(opened + this.#escaped)) return option + separator;
      }
    }
    return options[0] ?? "";
  }

  #before(text: string, suffixes: readonly string[]): string {
    const longer = suffixes.filter((other) => other.length > text.length && other.endsWith(text));
    const isFree = (whole: string) => longer.every((other) => !whole.endsWith(other) && !other.endsWith(whole));
    const options = this.#space.kind === "any" ? [""] : openings(text);
    for (const option of options) {
      const preferred = /^[A-Za-z0-9]/.test(option + text) ? "-" : "";
      for (const separator of [preferred, "", ...separators, ...this.#farther(suffixes.length)]) {
        const closed = separator + option + text;
        if (isFree(this.#filler + closed) && isFree(this.#escaped + closed)) return separator + option;
      }
    }
    return options[0] ?? "";
  }

  /** More separators than there are tests, so that one is left. */
  #farther(count: number): readonly string[] {
    if (this.#space.kind !== "any" || count < separators.length) return [];
    return Array.from({ length: count + 1 }, (_, n) => String.fromCodePoint(0x4e00 + n));
  }
}

/** No test names the filler, so no text that holds it is a literal. */
function fillerFor({ filler: wanted, avoided }: TextSpace, tests: readonly TextTest[]): string {
  const tested = tests.flatMap((test) => (test.kind === "in" ? test.texts : "text" in test ? test.text : []));
  const named = [...tested, ...avoided];
  let filler = wanted;
  for (let n = 2; named.some((text) => text.includes(filler)); n++) filler = `${wanted}-${n}`;
  return filler;
}
