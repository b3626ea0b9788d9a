/** All texts, finitely: what is asked of one, and for each combination of answers that some text gives, one that gives it. */
import { isCanonicalSegment, limits, parseIp, parseIpRange, rangeContains } from "../model/index.ts";
import { addressesAround } from "./addresses.ts";
import type { SegmentShape } from "./classes.ts";
import { completions, openings } from "./escapes.ts";
import { type End, RestTexts, type Start } from "./rest-texts.ts";

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

/** Long lists are asked for again and again. */
const keys = new WeakMap<readonly string[], string>();
const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

function keyOf(texts: readonly string[]): string {
  const key = keys.get(texts) ?? `in ${JSON.stringify(texts)}`;
  keys.set(texts, key);
  return key;
}

function setOf(texts: readonly string[]): ReadonlySet<string> {
  const set = sets.get(texts) ?? new Set(texts);
  sets.set(texts, set);
  return set;
}

export function textKey(test: TextTest): string {
  switch (test.kind) {
    case "in":
      return keyOf(test.texts);
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
      return setOf(test.texts).has(text);
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
      return hasAnyShape(text.split("/"), test.shapes);
  }
}

function hasAnyShape(segments: readonly string[], shapes: readonly (readonly SegmentShape[])[]): boolean {
  return shapes.some((shape) => hasShape(segments, shape));
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
export function textsFor(asked: readonly TextTest[], space: TextSpace): readonly string[] {
  const tests = asked.flatMap((test) => withinLimits(test, space));
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

/** Less what no request has room for (row 0), a character being a byte at least; nothing where that is all. */
function withinLimits(test: TextTest, { kind }: TextSpace): readonly TextTest[] {
  const fits = (text: string): boolean =>
    kind === "any"
      ? text.length <= limits.inputBytes
      : text.length < limits.pathBytes && text.split("/").length <= limits.pathSegments;
  if (test.kind === "in") return [{ ...test, texts: test.texts.filter(fits) }];
  return "text" in test && !fits(test.text) ? [] : [test];
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
  readonly #rest: RestTexts;

  constructor(tests: readonly TextTest[], space: TextSpace) {
    this.#space = space;
    const textsOf = (kind: "ends-with" | "starts-with") => [
      ...new Set(["", ...tests.flatMap((test) => (test.kind === kind ? test.text : []))]),
    ];
    const [prefixes, suffixes] = [textsOf("starts-with"), textsOf("ends-with")];
    this.#filler = fillerFor(space, tests);
    this.#escaped = this.#filler.replace(/(?=-)|$/, escapeOfE);
    this.starts = prefixes.map((text) => {
      const longer = prefixes.filter((other) => other.length > text.length && other.startsWith(text));
      return { text, after: this.#after(text, longer), longer };
    });
    this.ends = suffixes.map((text) => {
      const longer = suffixes.filter((other) => other.length > text.length && other.endsWith(text));
      return { text, before: this.#before(text, longer), longer };
    });
    const most = (texts: readonly string[]) => Math.max(...texts.map((text) => text.split("/").length));
    const shaped = tests.filter((test) => test.kind === "shaped");
    this.#rest = new RestTexts(shaped, most(prefixes) + most(suffixes));
  }

  texts(start: Start, end: End, escaped: boolean): readonly string[] {
    const fill = escaped ? this.#escaped : this.#filler;
    if (this.#space.kind === "rest") return this.#rest.texts(start, end, fill);
    return [`${start.text}${start.after}${fill}${end.before}${end.text}`];
  }

  #after(text: string, longer: readonly string[]): string {
    const isFree = (next: string) => longer.every((other) => !next.startsWith(other) && !other.startsWith(next));
    const options = this.#space.kind === "any" ? [""] : completions(text);
    for (const option of options) {
      // A word that ends goes on after a dash.
      const preferred = /[A-Za-z0-9]$/.test(text + option) ? "-" : "";
      for (const separator of [preferred, "", ...separators, ...this.#farther(longer.length)]) {
        const opened = text + option + separator;
        if (isFree(opened + this.#filler) && isFree(opened + this.#escaped)) return option + separator;
      }
    }
    return options[0] ?? "";
  }

  #before(text: string, longer: readonly string[]): string {
    const isFree = (whole: string) => longer.every((other) => !whole.endsWith(other) && !other.endsWith(whole));
    const options = this.#space.kind === "any" ? [""] : openings(text);
    for (const option of options) {
      const preferred = /^[A-Za-z0-9]/.test(option + text) ? "-" : "";
      for (const separator of [preferred, "", ...separators, ...this.#farther(longer.length)]) {
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
