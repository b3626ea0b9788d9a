/** `writ test [FOLDER]`: every example, decided by every back end there is, from the policies or from a bundle of them. */

import { isDeepStrictEqual } from "node:util";
import { emit } from "../compile.ts";
import { type Artefact, compareWithExpected, type Decision, type Example, runExamples } from "../model/index.ts";
import { type CoverageOptions, coverageJson, coverageText, measureCoverage, wantsCoverage } from "./coverage.ts";
import { fromBundle } from "./decider.ts";
import type { Host } from "./host.ts";
import { load } from "./load.ts";
import { decideByModule } from "./module.ts";
import { decideByOpa, findOpa } from "./opa.ts";
import { complainFindings, type Exit, exits, printJson, renderTable } from "./output.ts";

interface Column {
  readonly backend: string;
  /** One for each example; none where the back end was skipped. */
  readonly decisions?: readonly Decision[];
  readonly skipped?: string;
}

export interface TestOptions extends CoverageOptions {
  readonly bundle?: string;
  readonly keys?: string;
  /** All of them where none is named. */
  readonly backend?: "reference" | "rego" | "wasm";
  readonly format: "text" | "json";
}

export async function test(host: Host, folder: string, options: TestOptions): Promise<Exit> {
  const { bundle, keys, backend, format } = options;
  const packed = bundle === undefined ? undefined : await fromBundle(host, bundle, keys);
  const loaded = load(host, folder, { emit: false });
  const { model, runs } = loaded.compilation;
  complainFindings(host, loaded);
  if (!model) return exits.findings;
  const decided = packed ? runExamples({ ...packed.model, examples: model.examples }) : runs;
  const emitted = once(() => packed?.artefacts ?? emit(model).artefacts);
  const columnsOf: Readonly<Record<string, () => Column>> = {
    reference: () => ({ backend: "reference", decisions: decided.map((run) => run.decision) }),
    rego: () => regoColumn(host, emitted, model.examples),
    wasm: () => ({ backend: "wasm", decisions: decideByModule(emitted(), model.examples) }),
  };
  const columns = Object.entries(columnsOf).flatMap(([name, column]) =>
    backend === undefined || backend === name ? [column()] : [],
  );
  const results = model.examples.map((example, index) => ({
    example,
    cells: columns.map(({ decisions }) => verdict(example, decisions?.[index], runs[index]?.decision)),
  }));
  const wrong = results.filter(({ cells }) => cells.some((cell) => cell.passed === false)).length;
  // Of the policies as they stand here, also where a bundle of them decides.
  const measured = wantsCoverage(options) ? measureCoverage(host, loaded, model, options) : undefined;
  if (format === "json") {
    printJson(host, {
      backends: columns.map(({ backend, skipped }) => ({ backend, ...(skipped !== undefined && { skipped }) })),
      examples: results.map(({ example, cells }) => ({
        name: example.name,
        expected: example.expect.reason,
        decisions: Object.fromEntries(
          columns.flatMap(({ backend }, at) =>
            cells[at]?.decision ? [[backend, { passed: cells[at].passed, decision: cells[at].decision }]] : [],
          ),
        ),
      })),
      wrong,
      ...(measured && { coverage: coverageJson(measured.coverage, loaded.prefix) }),
    });
  } else {
    const rows = results.map(({ example, cells }) => [
      example.name,
      example.expect.reason,
      ...cells.map((cell) => cell.text),
    ]);
    host.print(renderTable([["example", "expected", ...columns.map((column) => column.backend)], ...rows]));
    host.print(`\n${results.length} examples, ${wrong} wrong\n`);
    for (const { backend, skipped } of columns)
      if (skipped !== undefined) host.print(`${backend} skipped: ${skipped}\n`);
    if (measured) host.print(`\n${coverageText(measured.coverage, loaded.prefix)}`);
  }
  return wrong > 0 || loaded.failed || measured?.enough === false ? exits.findings : exits.ok;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function regoColumn(host: Host, artefacts: () => readonly Artefact[], examples: readonly Example[]): Column {
  const opa = findOpa(host);
  if (opa === undefined)
    return { backend: "rego", skipped: "there is no `opa` on this machine (set WRIT_OPA or PATH)" };
  if (examples.length === 0) return { backend: "rego", decisions: [] };
  return { backend: "rego", decisions: decideByOpa(host, opa, artefacts(), examples) };
}

interface Verdict {
  readonly passed?: boolean;
  readonly decision?: Decision;
  readonly text: string;
}

/** A back end is right when its decision is the expected one and, to the last member, that of the reference. */
function verdict(example: Example, decision: Decision | undefined, reference: Decision | undefined): Verdict {
  if (!decision) return { text: "–" };
  const [difference] = compareWithExpected(example, decision);
  if (difference) return { passed: false, decision, text: `✗ ${difference.about} ${difference.actual}` };
  if (reference && !isDeepStrictEqual(decision, reference))
    return { passed: false, decision, text: "✗ not what the reference decides" };
  return { passed: true, decision, text: "✓" };
}
