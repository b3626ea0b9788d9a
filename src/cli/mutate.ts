/** `writ mutate [FOLDER]`: which careless edits no example and no `never` notices. */
import { report } from "../diagnostics/index.ts";
import {
  consequenceText,
  type Judged,
  type Mutation,
  mutate as mutateModel,
  mutationPage,
  percent,
  placeText,
  requestText,
  scoreOf,
} from "../quality/index.ts";
import type { Host } from "./host.ts";
import { load } from "./load.ts";
import { complainFindings, type Exit, exits, printJson, progressOf } from "./output.ts";

export interface MutateOptions {
  readonly most?: number;
  readonly failUnder?: number;
  readonly format: "text" | "json" | "html";
}

export async function mutate(host: Host, folder: string, { most, failUnder, format }: MutateOptions): Promise<Exit> {
  const loaded = load(host, folder, { emit: false });
  const { model, positions = new Map() } = loaded.compilation;
  complainFindings(host, loaded);
  // Where an example fails already, every mutant would be noticed.
  if (!model || loaded.failed) return exits.findings;
  const progress = progressOf(host);
  const mutation = mutateModel(model, positions, { progress, ...(most !== undefined && { most }) });
  const score = percent(scoreOf(mutation));
  if (format === "json") printJson(host, mutationJson(mutation, loaded.prefix));
  else if (format === "html") host.print(mutationPage(mutation, loaded.prefix));
  else host.print(mutationText(mutation, loaded.prefix));
  if (failUnder === undefined || score >= failUnder) return exits.ok;
  const { sources, prefix } = loaded;
  complainFindings(host, {
    diagnostics: [report("WRIT4302", undefined, { percent: score, least: failUnder })],
    sources,
    prefix,
  });
  return exits.findings;
}

function mutationText(mutation: Mutation, prefix: string): string {
  const { judged, possible, noticed, unnoticed, equivalent } = mutation;
  const survivors = judged.flatMap((one) => (one.outcome === "unnoticed" ? [survivorText(one, prefix)] : []));
  const tried = judged.length < possible ? ` of ${possible}` : "";
  return [
    ...survivors,
    survivors.length > 0 ? "\n" : "",
    `${judged.length}${tried} careless edits: ${noticed} noticed, ${unnoticed} not, ${equivalent} change no decision\n`,
    `score ${percent(scoreOf(mutation))} %\n`,
  ].join("");
}

function survivorText({ mutant, changes }: Extract<Judged, { outcome: "unnoticed" }>, prefix: string): string {
  const [change] = changes;
  const lines = [
    `${placeText(mutant.of, prefix)}  ${mutant.of.kind} ${mutant.of.name}: ${mutant.words}`,
    ...(change ? [`  ${consequenceText(change)}`, `  ${requestText(change.witness.input)}`] : []),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function mutationJson(mutation: Mutation, prefix: string): unknown {
  const { judged, possible, noticed, unnoticed, equivalent } = mutation;
  const worst = { unnoticed: 0, noticed: 1, equivalent: 2 } as const;
  return {
    score: percent(scoreOf(mutation)),
    noticed,
    unnoticed,
    equivalent,
    possible,
    mutants: judged
      .toSorted((a, b) => worst[a.outcome] - worst[b.outcome])
      .map((one) => ({
        kind: one.mutant.kind,
        of: { kind: one.mutant.of.kind, name: one.mutant.of.name },
        ...(one.mutant.of.place && { path: prefix + one.mutant.of.place.path, line: one.mutant.of.place.line }),
        words: one.mutant.words,
        outcome: one.outcome,
        ...(one.outcome === "noticed" && { by: one.by }),
        ...(one.outcome === "unnoticed" && one.changes[0] && { shown: one.changes[0].witness }),
      })),
  };
}
