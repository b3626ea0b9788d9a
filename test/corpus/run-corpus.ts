/** Gives every case of the corpus to tsc, once for all, and to our own compiler, and sets the verdicts side by side. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "../../src/compile.ts";
import type { Diagnostic } from "../../src/diagnostics/index.ts";
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
  // Where any file has a syntax error, tsc looks at no types at all: the others are asked again without those.
  const errors = new Map<string, readonly string[]>();
  for (;;) {
    const found = spawnTypeScript([...errors.keys()]);
    if (found.size === 0) return errors;
    for (const [folder, messages] of found) errors.set(folder, messages);
  }
}

function spawnTypeScript(without: readonly string[]): Map<string, readonly string[]> {
  const exclude = without.map((folder) => `${folder}/**`);
  const settings = { extends: "../../../policies/tsconfig.json", include: ["**/*.policy.ts"], exclude };
  writeFileSync(join(generated, "tsconfig.json"), JSON.stringify(settings));
  const command = [join(root, "node_modules/typescript/bin/tsc"), "-p", generated, "--pretty", "false"];
  const { stdout } = spawnSync(process.execPath, command, { cwd: generated, encoding: "utf8", maxBuffer: 1 << 28 });
  const errors = new Map<string, readonly string[]>();
  for (const line of stdout.split("\n")) {
    if (!line.includes("error TS")) continue;
    const [, folder, message] = /^([^/(]+)\/.*?\(\d+,\d+\): error (TS\d+: .*)$/.exec(line) ?? [];
    if (!folder || !message) throw new SyntaxError(`tsc cannot do its work: ${line}`);
    errors.set(folder, [...(errors.get(folder) ?? []), message]);
  }
  return errors;
}

export function askUs({ files }: Case): readonly Diagnostic[] {
  const encoder = new TextEncoder();
  const all = [...files].map(([path, text]) => ({ path, bytes: encoder.encode(text) }));
  const policies = all.filter(({ path }) => path.endsWith(".policy.ts"));
  const { diagnostics } = compile({ policies, data: (path) => all.find((f) => f.path === path) }, { emit: false });
  return diagnostics.filter((d) => d.severity === "error");
}
