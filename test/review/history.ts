/** The history of an estate, kept as patches over a first state: every step with what a reviewer has to learn of it. */
import { readdirSync, readFileSync } from "node:fs";
import { compile, type Estate } from "../../src/compile.ts";
import { assert } from "../../src/diagnostics/index.ts";
import type { DataFile } from "../../src/documents/index.ts";
import type { Model } from "../../src/model/index.ts";

/** Path to text. */
export type Files = ReadonlyMap<string, string>;

/** Who, as people say it: names, members of a group (with a tag), all, nobody (no identity at all), or all but some. */
export interface Who {
  readonly names?: readonly string[];
  readonly group?: string;
  /** Of the group, only those that carry the tag, … */
  readonly tag?: string;
  /** … and not those in this other group. */
  readonly outside?: string;
  readonly all?: true;
  readonly but?: readonly string[];
  readonly nobody?: true;
}

/** Which operations: names, all of an API that need exactly this scope, all that are not public, or none (no operation at all). */
export interface What {
  readonly names?: readonly string[];
  readonly api?: string;
  readonly scope?: string;
  readonly all?: true;
  readonly none?: true;
}

export interface Expected {
  readonly who: readonly Who[];
  readonly operations: readonly What[];
  /** Under what condition, for people. */
  readonly when: string;
  /** What the change has to say of it in any case. */
  readonly mentions?: readonly string[];
}

/** Every kind that is left out is empty. */
export type Expectations = Readonly<
  Partial<Record<"gain" | "headers" | "loss" | "reason" | "until", readonly Expected[]>>
>;

export interface Step {
  readonly name: string;
  readonly message: string;
  readonly expected: Expectations;
  readonly before: Files;
  readonly after: Files;
}

const folder = new URL("history/", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, folder), "utf8");

export function historyOf(): readonly Step[] {
  let before: Files = new Map(readdirSync(new URL("base/", folder)).map((file) => [file, read(`base/${file}`)]));
  return readdirSync(folder)
    .filter((name) => name !== "base")
    .sort()
    .map((name) => {
      const after = patched(before, read(`${name}/change.patch`));
      const step: Step = {
        name,
        message: read(`${name}/message.txt`).trim(),
        expected: JSON.parse(read(`${name}/expected.json`)) as Expectations,
        before,
        after,
      };
      before = after;
      return step;
    });
}

/** Applies what `git diff` prints, without mercy: every line of context has to be there. */
function patched(files: Files, patch: string): Files {
  const result = new Map(files);
  for (const part of patch.split(/^--- /m).slice(1)) {
    const [, from, to, hunks = ""] = /^(?:a\/)?(.*)\n\+\+\+ (?:b\/)?(.*)\n([\s\S]*)$/.exec(part) ?? [];
    assert(from !== undefined && to !== undefined, "a patch names a file before and after");
    const lines = (from === "/dev/null" ? "" : result.get(from)!).split("\n");
    let moved = 0;
    for (const hunk of hunks.split(/^@@ /m).slice(1)) {
      const [, start = "", count = "1"] = /^-(\d+)(?:,(\d+))? /.exec(hunk) ?? [];
      const body = hunk
        .split("\n")
        .slice(1)
        .filter((line) => line !== "" && !line.startsWith("\\"));
      const old = body.filter((line) => !line.startsWith("+")).map((line) => line.slice(1));
      const fresh = body.filter((line) => !line.startsWith("-")).map((line) => line.slice(1));
      const at = Math.max(0, Number(start) - (count === "0" ? 0 : 1)) + moved;
      assert(old.length === Number(count) && old.every((line, n) => lines[at + n] === line), `${from} is another one`);
      lines.splice(at, old.length, ...fresh);
      moved += fresh.length - old.length;
    }
    result.set(to, lines.join("\n"));
  }
  return result;
}

const compiled = new WeakMap<Files, Model>();

export function modelOf(files: Files): Model {
  const model = compiled.get(files) ?? compiledFrom(files);
  compiled.set(files, model);
  return model;
}

function compiledFrom(files: Files): Model {
  const encoder = new TextEncoder();
  const file = (path: string, text: string): DataFile => ({ path, bytes: encoder.encode(text) });
  const estate: Estate = {
    policies: [...files]
      .filter(([path]) => path.endsWith(".policy.ts"))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, text]) => file(path, text)),
    data: (path) => {
      const text = files.get(path.replace(/^\.\//, "")) ?? readFileSync(packaged(path), "utf8");
      return file(path, text);
    },
  };
  const { value, diagnostics } = compile(estate, { emit: false });
  const wrong = diagnostics.filter(({ severity }) => severity === "error");
  assert(value.model && wrong.length === 0, wrong.map(({ span, message }) => `${span?.path}: ${message}`).join("\n"));
  return value.model;
}

function packaged(path: string): URL {
  return new URL(`../../node_modules/${path.replace("npm:", "")}`, import.meta.url);
}
