/** Judges the members of the file of callers one by one; what is wrong is named by its place in the file. */
import { type CallersFault, WritError } from "../diagnostics/index.ts";
import type { JsonObject, JsonValue } from "../json/index.ts";

export function refuse(place: string, fault: CallersFault): never {
  throw WritError.of("WRIT8204", { place, fault });
}

/** An object with all of the first members, and no others than these and the second ones. */
export function objectAt(
  value: JsonValue | undefined,
  place: string,
  required: readonly string[],
  optional: readonly string[] = [],
): JsonObject {
  if (!isObject(value)) return refuse(place === "" ? "the file" : place, "object");
  for (const name of required) if (!Object.hasOwn(value, name)) refuse(inside(place, name), "missing");
  for (const name of Object.keys(value))
    if (!required.includes(name) && !optional.includes(name)) refuse(inside(place, cut(name)), "unknown");
  return value;
}

export function listAt(value: JsonValue | undefined, place: string, most: number): readonly JsonValue[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > most) return refuse(place, "list");
  return value as readonly JsonValue[];
}

export function textAt(value: JsonValue | undefined, place: string, pattern: RegExp, fault: CallersFault): string {
  return typeof value === "string" && pattern.test(value) ? value : refuse(place, fault);
}

/** Texts, each of them once. */
export function textsAt(
  value: JsonValue | undefined,
  place: string,
  most: number,
  pattern: RegExp,
  fault: CallersFault,
): readonly string[] {
  const texts = new Set<string>();
  listAt(value, place, most).forEach((item, index) => {
    const at = inside(place, index);
    const text = textAt(item, at, pattern, fault);
    if (texts.has(text)) refuse(at, "twice");
    texts.add(text);
  });
  return [...texts];
}

export function inside(place: string, name: string | number): string {
  return place === "" ? String(name) : `${place}.${name}`;
}

function cut(name: string): string {
  return name.length > 64 ? `${name.slice(0, 64)}…` : name;
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isText(value: unknown, longest: number): value is string {
  return typeof value === "string" && value !== "" && value.length <= longest;
}

/** Whole seconds since 1970. */
export function isTime(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
