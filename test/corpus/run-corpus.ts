/** Gives every case of the corpus to tsc, once for all, and to our own compiler, and sets the verdicts side by side. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { check } from "../../src/check/index.ts";
import { runExamples } from "../../src/model/index.ts";
import { parse } from "../../src/syntax/index.ts";
import { byPlace, type Diagnostic } from "../../src/diagnostics/index.ts";
import { type Case, readTable } from "./read-table.ts";

export const tables = fileURLToPath(new URL("./tables/", import.meta.url));
/** Inside the project, so that `import … from "writ"` finds it; ignored by Git. */
const generated = fileURLToPath(new URL("./.generated/", import.meta.url));
const root = fileURLToPath(new URL("../../", import.meta.url));

export interface Ran {
  readonly case: Case;
  /** What tsc says, its errors only. */
  readonly theirs: readonly string[];
  /** What we say, errors only. */
  readonly ours: readonly Diagnostic[];
}

export function readCorpus(): readonly Case[] {
  return readdirSync(tables)
    .sort()
    .flatMap((file) => readTable(file, readFileSync(join(tables, file), "utf8")));
}

export function runCorpus(cases: readonly Case[]): readonly Ran[] {
  const theirs = askTypeScript(cases);
  return cases.map((item) => ({ case: item, theirs: theirs.get(folderOf(item)) ?? [], ours: askUs(item) }));
}

function folderOf({ table, line }: Case): string {
  return `${table.replace(/\..*/, "")}-${String(line).padStart(4, "0")}`;
}

/** With the settings of `policies/tsconfig.json`: what an editor says of the same file there. */
function askTypeScript(cases: readonly Case[]): ReadonlyMap<string, readonly string[]> {
  rmSync(generated, { recursive: true, force: true });
  for (const item of cases) {
    for (const [path, text] of item.files) {
      const full = join(generated, folderOf(item), path);
      mkdirSync(join(full, ".."), { recursive: true });
      writeFileSync(full, text);
    }
  }
  const settings = { extends: "../../../policies/tsconfig.json", include: ["**/*.policy.ts"] };
  writeFileSync(join(generated, "tsconfig.json"), JSON.stringify(settings));
  const { stdout } = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", generated, "--pretty", "false"], {
    cwd: generated,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const errors = new Map<string, string[]>();
  for (const line of stdout.split("\n")) {
    const [, folder, message] = /^([^/(]+)\/.*?\(\d+,\d+\): error (TS\d+: .*)$/.exec(line) ?? [];
    if (folder && message) errors.set(folder, [...(errors.get(folder) ?? []), message]);
  }
  if (errors.size === 0) throw new SyntaxError(`tsc found nothing wrong at all:\n${stdout.slice(0, 2000)}`);
  return errors;
}

function askUs({ files }: Case): readonly Diagnostic[] {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const all = [...files].map(([path, text]) => ({ path, bytes: bytes(text) }));
  const policies = all.filter(({ path }) => path.endsWith(".policy.ts"));
  const trees = policies.map(({ path }) => parse({ path, text: files.get(path) ?? "" }));
  const checked = check(trees.map((t) => t.value), (path) => all.find((f) => f.path === path));
  const diagnostics = [...trees.flatMap((t) => t.diagnostics), ...checked.diagnostics];
  diagnostics.sort(byPlace);
  return diagnostics.filter((d) => d.severity === "error");
}
