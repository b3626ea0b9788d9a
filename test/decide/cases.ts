/** The tables of requests and decisions beside this file, ready for any back end: one file for each step. */
import { readdirSync, readFileSync } from "node:fs";
import { applyChanges, type Change } from "../../src/why/change.ts";
import type { Decision, Loaded } from "../../src/model/index.ts";
import { bases, loaded } from "./estate.ts";

export interface DecideCase {
  readonly file: string;
  readonly name: string;
  readonly loaded: Loaded;
  readonly input: unknown;
  readonly decision: Decision;
}

/** As written: a base request of the estate, what is different, and the whole decision. */
interface Row {
  readonly name: string;
  readonly base: keyof typeof bases;
  /** `input.token.exp` → its value. The first part says what is changed: `input`, `policy`, `revocations`, `estate`. */
  readonly with?: Readonly<Record<string, unknown>>;
  readonly without?: readonly string[];
  readonly decision: Decision;
}

/** All cases, in the order of the steps. */
export function decideCases(): readonly DecideCase[] {
  const folder = new URL(".", import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return files.sort().flatMap((file) => {
    const table: readonly Row[] = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
    return table.map((row) => caseOf(file, row));
  });
}

function caseOf(file: string, row: Row): DecideCase {
  const changes = [
    ...(row.without ?? []).map((place) => changeOf(place)),
    ...Object.entries(row.with ?? {}).map(([place, value]) => changeOf(place, expand(value))),
  ];
  const question = applyChanges({ loaded, input: bases[row.base] }, changes);
  return { file, name: row.name, ...question, decision: row.decision };
}

function changeOf(place: string, to?: unknown): Change {
  const [first, ...at] = place.split(".");
  const part = first === "input" ? "request" : (first as Change["in"]);
  return { in: part, at, words: place, ...(to !== undefined && { to }) };
}

/** `{ "repeat": "a", "times": 3 }` is `"aaa"`, of a list the list three times over; `{ "nest": 3 }` is `[[[]]]`; `{ "join": […] }` is one text. */
function expand(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(expand);
  if (typeof value !== "object" || value === null) return value;
  const { repeat, times, nest, join } = value as Record<string, unknown>;
  if (typeof repeat === "string") return repeat.repeat(Number(times));
  if (Array.isArray(repeat)) return Array.from({ length: Number(times) }, () => repeat).flat();
  if (typeof nest === "number") return nest === 0 ? 0 : [expand({ nest: nest - 1 })];
  if (Array.isArray(join)) return join.map(expand).join("");
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, expand(member)]));
}
