/** Which threats of `.github/THREATS.md` the tests name: read from their sources, for every file of tests. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const id = /\b[TFBQPDR]\d\d\b/g;

/** What a test, a group or a row of a table is called: the text after `test(`, `it(`, `describe(`, or after the table of an `each`. */
const called = /(?:\b(?:test|it|describe|withOpa)|\))\(\s*(["'`])((?:(?!\1)[^\\]|\\.)*)\1/g;
/** A row of a table of tests begins with the threat, in one text with more, or in a text before others. */
const row = /["'`]((?:[TFBQPDR]\d\d\b[ :,]+)+)[^"'`]|\[\s*"([TFBQPDR]\d\d)",/g;

const comment = /^\s*(?:\/\/|\/\*|\*).*$/gm;

/** Threat → the files whose tests name it, all in order. */
export function threatsInNames(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const file of filesOfTests()) {
    const text = sourceOf(file).replace(comment, "");
    const names = [...text.matchAll(called)].map(([, , name = ""]) => name);
    const rows = [...text.matchAll(row)].map(([, name, first]) => name ?? first ?? "");
    for (const [threat] of [...names, ...rows].flatMap((name) => [...name.matchAll(id)]))
      found.set(threat, (found.get(threat) ?? new Set()).add(file));
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([threat, files]) => [threat, [...files]]));
}

/** Every file that holds tests: those that run, and the cases that several of them run. */
export function filesOfTests(): readonly string[] {
  return readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(?:test|cases)\.ts$/.test(file))
    .map((file) => join("test", file))
    .sort();
}

export function sourceOf(file: string): string {
  return readFileSync(join(root, file), "utf8");
}
