/** Readers of single values: texts and what they must look like, numbers, and things of the estate. */
import { report, type Span } from "../diagnostics/index.ts";
import type { Estate } from "./estate.ts";
import { type Given, listed, look } from "./given.ts";
import { nearest } from "./nearest.ts";
import { type Reader, wrongType } from "./shape.ts";
import { parseDate, parseDuration } from "./time.ts";
import { kindNames, type Thing, type ThingKind } from "./word.ts";

/** A text as it was written, with its place. */
export interface Text {
  readonly text: string;
  readonly span: Span;
}

/** Any text, and whether TypeScript knows which one it is. */
function readSeenText(
  estate: Estate,
  given: Given,
  title: string,
  exact: boolean,
  expected = "a text",
): Text | undefined {
  const seen = look(estate, given);
  if (!seen) return undefined;
  if (seen.kind !== "text") return wrongType(estate, seen, title, expected);
  if (exact && seen.widened) return estate.report(report("WRIT2108", seen.span, { title }));
  return { text: seen.text, span: seen.span };
}

/** Any text at all. */
export const rawText: Reader<Text> = (estate, given, title) => readSeenText(estate, given, title, false);

/** A text of a form that TypeScript knows, so that it must be written where it is used. */
export function formedText(expected: string): Reader<Text> {
  return (estate, given, title) => readSeenText(estate, given, title, true, expected);
}

/** A text for people and logs: not empty, no control characters, no spaces at its ends, at most 255 characters. */
export const plainText: Reader<string> = (estate, given, title) => {
  const seen = readSeenText(estate, given, title, false);
  return seen && checkPlain(estate, seen, title) ? seen.text : undefined;
};

function checkPlain(estate: Estate, { text, span }: Text, title: string, longest = 255): boolean {
  const problem =
    text === ""
      ? "is empty"
      : text.length > longest
        ? `is longer than ${longest} characters`
        : text !== text.trim()
          ? "has a space at its start or end"
          : !isPrintable(text)
            ? "holds a control character or half a character"
            : undefined;
  if (problem) estate.report(report("WRIT2133", span, { title, problem }));
  return problem === undefined;
}

function isPrintable(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return text.isWellFormed() && !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text);
}

export function oneOf<T extends string>(values: readonly T[]): Reader<T> {
  return (estate, given, title) => {
    const seen = readSeenText(estate, given, title, true, `one of ${listed(values.map((v) => `"${v}"`))}`);
    if (!seen) return undefined;
    const found = values.find((value) => value === seen.text);
    if (found !== undefined) return found;
    const near = nearest(seen.text, values);
    const help =
      near === undefined ? `it is one of ${listed(values.map((v) => `"${v}"`))}` : `did you mean \`"${near}"\`?`;
    return estate.report(report("WRIT2105", seen.span, { title, value: seen.text }, { help }));
  };
}

export const readBoolean: Reader<boolean> = (estate, given, title) => {
  const seen = look(estate, given);
  if (!seen) return undefined;
  return seen.kind === "boolean" ? seen.boolean : wrongType(estate, seen, title, "`true` or `false`");
};

export function integer(least: number, most: number): Reader<number> {
  return (estate, given, title) => {
    const seen = look(estate, given);
    if (!seen) return undefined;
    if (seen.kind !== "number") return wrongType(estate, seen, title, "a whole number");
    if (Number.isSafeInteger(seen.number) && seen.number >= least && seen.number <= most) return seen.number;
    return estate.report(
      report("WRIT2114", seen.span, { title: `${title}, a whole number,`, least: `${least}`, most: `${most}` }),
    );
  };
}

/** Seconds since 1970 UTC. */
export const readDate: Reader<number> = (estate, given, title) => {
  const seen = readSeenText(estate, given, title, true, "a date");
  if (!seen) return undefined;
  return parseDate(seen.text) ?? estate.report(report("WRIT2112", seen.span, { text: seen.text }));
};

/** Seconds, at least one. */
export const readDuration: Reader<number> = (estate, given, title) => {
  const seen = readSeenText(estate, given, title, true, "a duration");
  if (!seen) return undefined;
  return parseDuration(seen.text) ?? estate.report(report("WRIT2113", seen.span, { text: seen.text }));
};

export type Found<K extends ThingKind> = Thing & { readonly kind: K };

/** A thing of one of the given kinds. */
export function thingOf<K extends ThingKind>(...kinds: readonly K[]): Reader<Found<K>> {
  return (estate, given, title) => {
    const seen = look(estate, given);
    if (!seen) return undefined;
    if (seen.kind === "thing" && kinds.some((kind) => kind === seen.thing.kind)) return seen.thing as Found<K>;
    return wrongType(estate, seen, title, alternatives(kinds.map((kind) => kindNames[kind])));
  };
}

export function alternatives(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

/** One, or a list of them. */
export function oneOrMore<T>(reader: Reader<T>, list: Reader<readonly T[]>): Reader<readonly T[]> {
  return (estate, given, title) => {
    const seen = look(estate, given);
    if (!seen) return undefined;
    if (seen.kind === "list") return list(estate, given, title);
    const value = reader(estate, given, title);
    return value === undefined ? undefined : [value];
  };
}
