/** `writ examples [FOLDER] [--suggest]`: the examples of an estate, and those that are missing. */
import { posix } from "node:path";
import { WritError } from "../diagnostics/index.ts";
import type { Model } from "../model/index.ts";
import {
  coverageOf,
  exampleText,
  mutate,
  noticedBy,
  percent,
  plainSpelling,
  type Share,
  type Spelling,
  type Suggestion,
  scoreOf,
  suggest,
} from "../quality/index.ts";
import type { Tree } from "../syntax/index.ts";
import type { Host } from "./host.ts";
import { type Loaded, load } from "./load.ts";
import { complainFindings, type Exit, exits, printJson, progressOf, renderTable } from "./output.ts";
import { absolute } from "./paths.ts";

export interface ExamplesOptions {
  readonly suggest?: boolean;
  readonly write?: string;
  readonly most?: number;
  readonly format: "text" | "json";
}

export async function examples(host: Host, folder: string, options: ExamplesOptions): Promise<Exit> {
  const loaded = load(host, folder, { emit: false });
  const { model } = loaded.compilation;
  complainFindings(host, loaded);
  // What is to be added is true of the policies as they are, so these have to be right.
  if (!model || loaded.failed) return exits.findings;
  if (options.suggest || options.write !== undefined) return writeSuggestions(host, folder, loaded, model, options);
  if (options.format === "json")
    printJson(host, { examples: model.examples.map(({ name, expect }) => ({ name, expect })) });
  else
    host.print(
      renderTable([["example", "expected"], ...model.examples.map(({ name, expect }) => [name, expect.reason])]),
    );
  return exits.ok;
}

/** A suggestion as it will stand in a file. */
interface Written extends Suggestion {
  readonly text: string;
}

async function writeSuggestions(
  host: Host,
  folder: string,
  loaded: Loaded,
  model: Model,
  { write, most, format }: ExamplesOptions,
): Promise<Exit> {
  const progress = progressOf(host);
  const { positions = new Map(), trees } = loaded.compilation;
  const path = write === undefined ? homeOfExamples(trees) : policyPath(host, loaded, write);
  const mutation = mutate(model, positions, { progress });
  const coverage = coverageOf(model, positions);
  const options = { progress, ...(most !== undefined && { most }) };
  const tree = trees.find(({ source }) => source.path === path);
  const spelling = spellingIn(tree, trees, model, write !== undefined);
  const suggestions = suggest(model, mutation, coverage, options).map(
    (one): Written => ({ ...one, text: exampleText(one.example.name, one.said, one.example.expect, spelling) }),
  );
  progress("compiling what is suggested");
  const proved = prove(host, folder, path, tree, suggestions);
  if (write !== undefined && proved.length > 0) host.write(`${loaded.root}/${path}`, withExamples(tree, proved));
  const { shown, of } = scoreOf(mutation);
  const noticed = shown + proved.reduce((sum, { notices }) => sum + notices.length, 0);
  const covered = coverage.shown + proved.reduce((sum, { shows }) => sum + shows.length, 0);
  const after = { score: percent({ shown: noticed, of }), coverage: percent({ ...coverage, shown: covered }) };
  const before: Share = { shown, of };
  if (format === "json")
    printJson(host, {
      suggestions: proved.map(({ example, text, notices, shows }) => ({
        name: example.name,
        text,
        notices: notices.map((mutant) => ({ kind: mutant.kind, of: mutant.of.name, words: mutant.words })),
        shows: shows.map((point) => ({ of: point.of?.name, missing: point.missing })),
      })),
      score: { before: percent(before), after: after.score },
      coverage: { before: percent(coverage), after: after.coverage },
    });
  else if (write === undefined) host.print(proved.map(({ text }) => text).join("\n"));
  host.complain(
    `writ: ${proved.length} examples: edits noticed ${percent(before)} % → ${after.score} %, coverage ${percent(coverage)} % → ${after.coverage} %\n`,
  );
  return exits.ok;
}

/** The policy file with most examples; where there are none, one of their own. */
function homeOfExamples(trees: readonly Tree[]): string {
  const counts = trees.map((tree) => ({ path: tree.source.path, count: examplesIn(tree) }));
  const [most] = counts.toSorted((a, b) => b.count - a.count || (a.path < b.path ? -1 : 1));
  return most && most.count > 0 ? most.path : "examples.policy.ts";
}

function examplesIn({ statements }: Tree): number {
  return statements.filter(
    (one) => one.kind === "call" && one.callee.kind === "identifier" && one.callee.name === "example",
  ).length;
}

/** A file on the command line, as the estate calls it. */
function policyPath(host: Host, { root }: Loaded, file: string): string {
  const path = posix.relative(root, absolute(host, file));
  if (!path.endsWith(".policy.ts") || path.startsWith("../")) throw WritError.of("WRIT4303", { path: file });
  return path;
}

/** What the file has names for. Where the text is printed, whoever takes it decides what to import. */
function spellingIn(tree: Tree | undefined, trees: readonly Tree[], model: Model, written: boolean): Spelling {
  if (!tree || !written) return plainSpelling;
  const imported = tree.imports.flatMap(({ names }) =>
    names.flatMap(({ name, local }) => (name.name === local.name ? [name.name] : [])),
  );
  const own = tree.statements.flatMap((one) =>
    one.kind === "declaration" && one.name.kind === "identifier" ? [one.name.name] : [],
  );
  const known = new Set([...imported, ...own]);
  const scopes = trees.flatMap(({ statements }) =>
    statements.flatMap((one): readonly (readonly [string, string])[] => {
      if (one.kind !== "declaration" || one.name.kind !== "identifier" || one.value.kind !== "call") return [];
      const { callee, arguments: given } = one.value;
      const [resource] = given;
      if (callee.kind !== "identifier" || callee.name !== "scopes" || resource?.kind !== "string") return [];
      return known.has(one.name.name) ? [[resource.value, one.name.name]] : [];
    }),
  );
  const spelled = model.scopes.flatMap(({ name }) => {
    const cut = name.lastIndexOf(":");
    const constant = scopes.find(([resource]) => resource === name.slice(0, cut))?.[1];
    const action = name.slice(cut + 1);
    return constant !== undefined && /^[a-z][a-z0-9_]*$/.test(action) ? [[name, `${constant}.${action}`] as const] : [];
  });
  const identities = model.identities.filter(({ name }) => known.has(name)).map(({ name }) => name);
  return { identities: new Set(identities), scopes: new Map(spelled) };
}

const importLine = 'import { example } from "writ";\n';

function withExamples(tree: Tree | undefined, written: readonly Written[]): string {
  const before = tree?.source.text ?? "";
  const imports = tree?.imports.some(({ names }) => names.some(({ local }) => local.name === "example")) ?? false;
  const head = imports ? before : importLine + before;
  return `${head.replace(/\n*$/, "\n\n")}${written.map(({ text }) => text).join("\n")}`;
}

/** Only what compiles, is true and still notices what it was found for: whatever does not is left out, and the rest is compiled again. */
function prove(
  host: Host,
  folder: string,
  path: string,
  tree: Tree | undefined,
  suggestions: readonly Written[],
): readonly Written[] {
  let left = suggestions;
  while (left.length > 0) {
    const text = withExamples(tree, left);
    const { compilation, diagnostics } = load(host, folder, { emit: false }, new Map([[path, text]]));
    const places = left.map((one) => text.indexOf(one.text));
    const refused = new Set(
      diagnostics.flatMap(({ span }) =>
        span?.path === path ? [places.findLastIndex((place) => place <= span.start)] : [],
      ),
    );
    const byName = new Map(compilation.model?.examples.map((one) => [one.name, one]));
    const kept = left.filter((one, i) => {
      const example = byName.get(one.example.name);
      return !refused.has(i) && (!example || one.notices.every((mutant) => noticedBy(mutant, example)));
    });
    if (kept.length === left.length) return compilation.model ? left : [];
    left = kept;
  }
  return left;
}
