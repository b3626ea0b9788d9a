/** Texts of several segments that begin and end as is asked, and have each of the sets of shapes that they can have. */

import { isCanonicalSegment } from "../model/index.ts";
import type { SegmentShape } from "./classes.ts";

/** A prefix, and what has to follow it so that the text has none of the longer ones. */
export interface Start {
  readonly text: string;
  readonly after: string;
  readonly longer: readonly string[];
}

/** A suffix, and what has to come before it. */
export interface End {
  readonly text: string;
  readonly before: string;
  readonly longer: readonly string[];
}

export interface ShapeTest {
  readonly shapes: readonly (readonly SegmentShape[])[];
  /** Only texts without these shapes matter. */
  readonly isOut?: boolean;
}

/** A shape that the segments so far have, and what is left of it from each segment on: shapes with equal ends are one. */
interface Alive {
  readonly shape: readonly SegmentShape[];
  readonly isOut: boolean;
  readonly ends: readonly string[];
}

interface Begun {
  readonly texts: readonly string[];
  readonly alive: readonly Alive[];
  /** What a named segment, where any could be, did to prefixes, suffixes and escapes. */
  readonly special: string;
}

/** What one segment has to be, or how it begins and ends. */
interface Place {
  readonly exact?: string;
  readonly start?: Start;
  readonly head: string;
  readonly end?: End;
  readonly tail: string;
}

const mostSegments = 64;

export class RestTexts {
  readonly #alive: readonly Alive[];
  readonly #longest: number;

  /** @param segments of the longest prefix and the longest suffix together */
  constructor(tests: readonly ShapeTest[], segments: number) {
    this.#alive = tests.flatMap(({ shapes, isOut = false }, n) =>
      shapes.map((shape) => ({ shape, isOut, ends: endsOf(shape, n) })),
    );
    this.#longest = Math.min(mostSegments, segments + Math.max(1, ...this.#alive.map(({ shape }) => shape.length)));
  }

  texts(start: Start, end: End, fill: string): readonly string[] {
    const found: string[] = [];
    for (let count = 1; count <= this.#longest; count++)
      for (const trails of count > 1 ? [false, true] : [false])
        found.push(...this.#joined(start, end, fill, count, trails));
    return found;
  }

  /** So many segments, the last one empty where it trails. */
  #joined(start: Start, end: End, fill: string, count: number, trails: boolean): readonly string[] {
    let found: readonly Begun[] = [{ texts: [], alive: this.#alive, special: "" }];
    for (let i = 0; i < count; i++) {
      const place = placeIn(start, end, count, i, trails && i === count - 1);
      if (!place) return [];
      const next = new Map<string, Begun>();
      for (const begun of found)
        for (const [key, longer] of continued(begun, place, fill, i)) if (!next.has(key)) next.set(key, longer);
      found = [...next.values()];
    }
    return found.map(({ texts }) => texts.join("/"));
  }
}

/** With each segment that can stand there, keyed by all that matters for what follows. */
function* continued(begun: Begun, place: Place, fill: string, i: number): Generator<readonly [string, Begun]> {
  const { exact } = place;
  const named = new Map<string, Alive[]>();
  const open: Alive[] = [];
  for (const alive of begun.alive) {
    const segment = alive.shape[i];
    if (segment?.kind !== "literal") {
      // An empty segment, at the end, is one that only a rest takes.
      if (segment ? exact !== "" : alive.shape.at(-1)?.kind === "rest") open.push(alive);
    } else {
      const list = named.get(segment.text);
      if (list) list.push(alive);
      else named.set(segment.text, [alive]);
    }
  }
  const openEnds = new Set(open.map(({ ends }) => endAfter(ends, i)));
  for (const text of textsAt(place, fill, named)) {
    const exactly = named.get(text) ?? [];
    const ends = new Set([...openEnds, ...exactly.map((alive) => endAfter(alive.ends, i))]);
    const special = `${begun.special}${specialOf(begun.texts, place, text)}`;
    const longer = { texts: [...begun.texts, text], alive: [...open, ...exactly], special };
    yield [`${[...ends].sort().join(" ")}|${special}`, longer];
  }
}

/** Any text in its plainest form, then those that shapes name. */
function textsAt(
  { exact, start, head, end, tail }: Place,
  fill: string,
  named: ReadonlyMap<string, readonly Alive[]>,
): readonly string[] {
  if (exact !== undefined) return [exact];
  const names = [...named].flatMap(([text, list]) =>
    isCanonicalSegment(text) && text.startsWith(head) && text.endsWith(tail) && list.some(({ isOut }) => !isOut)
      ? text
      : [],
  );
  return [`${head}${start?.after ?? ""}${fill}${end?.before ?? ""}${tail}`, ...names];
}

/** Which longer prefixes and suffixes the text may be the beginning or the end of, and whether it has an escape. */
function specialOf(before: readonly string[], { start, end }: Place, text: string): string {
  const begun = [...before, text].join("/");
  const prefixes = start?.longer.filter((longer) => longer.startsWith(begun) || begun.startsWith(longer)) ?? [];
  const ended = end && [text, ...end.text.split("/").slice(1)].join("/");
  const suffixes = end?.longer.filter((longer) => longer.endsWith(ended ?? "") || ended?.endsWith(longer)) ?? [];
  const escapes = text.includes("%") ? "%" : "";
  return prefixes.length + suffixes.length === 0 ? escapes : `${JSON.stringify([prefixes, suffixes, text])}${escapes}`;
}

/** `undefined` where the prefix and the suffix do not go together. */
function placeIn(start: Start, end: End, count: number, i: number, trails: boolean): Place | undefined {
  const [first, last] = [start.text.split("/"), end.text.split("/")];
  if (first.length > count || last.length > count) return undefined;
  const fromEnd = i - (count - last.length);
  const [isHead, isTail] = [i === first.length - 1, fromEnd === 0];
  const head = isHead ? (first[i] ?? "") : "";
  const tail = isTail ? (last[0] ?? "") : "";
  const all = [
    ...(i < first.length - 1 ? [first[i]] : []),
    ...(fromEnd > 0 ? [last[fromEnd]] : []),
    ...(trails ? [""] : []),
  ];
  const [exact] = all;
  if (exact !== undefined && !(all.every((text) => text === exact) && exact.startsWith(head) && exact.endsWith(tail)))
    return undefined;
  return { head, tail, ...(exact !== undefined && { exact }), ...(isHead && { start }), ...(isTail && { end }) };
}

/** What is left of the shape from each segment on, as texts that tell what may follow. */
function endsOf(shape: readonly SegmentShape[], test: number): readonly string[] {
  const ends = [`${test}`];
  for (const segment of shape.toReversed())
    ends.unshift(`${segment.kind === "literal" ? `=${segment.text}` : segment.kind}/${ends[0]}`);
  return shape.at(-1)?.kind === "rest" ? [...ends.slice(0, -1), `${test}*`] : ends;
}

function endAfter(ends: readonly string[], i: number): string {
  return ends[Math.min(i + 1, ends.length - 1)] ?? "";
}
