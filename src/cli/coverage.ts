/** `writ test --coverage`: what the examples exercise, as text, JSON, a tracefile of LCOV and a page. */
import { report } from "../diagnostics/index.ts";
import type { Model } from "../model/index.ts";
import { type Coverage, type Covered, coverageOf, coveragePage, lcovOf, percent } from "../quality/index.ts";
import type { Host } from "./host.ts";
import type { Loaded } from "./load.ts";
import { complainFindings, renderTable } from "./output.ts";
import { absolute } from "./paths.ts";

export interface CoverageOptions {
  readonly coverage?: boolean;
  readonly lcov?: string;
  readonly html?: string;
  readonly failUnder?: number;
}

/** Whether the command is asked for coverage at all: each of the options that need it asks for it. */
export function wantsCoverage({ coverage, lcov, html, failUnder }: CoverageOptions): boolean {
  return coverage === true || lcov !== undefined || html !== undefined || failUnder !== undefined;
}

/** Measures, writes the files that are asked for, and says whether it is enough. */
export function measureCoverage(
  host: Host,
  { compilation, sources, prefix }: Loaded,
  model: Model,
  { lcov, html, failUnder }: CoverageOptions,
): { readonly coverage: Coverage; readonly enough: boolean } {
  const coverage = coverageOf(model, compilation.positions ?? new Map());
  if (lcov !== undefined) host.write(absolute(host, lcov), lcovOf(coverage, prefix));
  if (html !== undefined)
    host.write(absolute(host, html), coveragePage(coverage, sources, { prefix, examples: model.examples.length }));
  const found = percent(coverage);
  const enough = failUnder === undefined || found >= failUnder;
  if (!enough) {
    const diagnostics = [report("WRIT4301", undefined, { percent: found, least: failUnder })];
    complainFindings(host, { diagnostics, sources, prefix });
  }
  return { coverage, enough };
}

/** A table of kinds, the worst first; then what is missing, declaration by declaration. */
export function coverageText(coverage: Coverage, prefix: string): string {
  const rows = coverage.kinds.map((kind) => [kind.kind, `${kind.shown}`, `${kind.of}`, `${percent(kind)} %`]);
  const lacking = coverage.declarations.filter(({ shown, of }) => shown < of);
  return [
    renderTable([
      ["coverage of", "shown", "of", ""],
      ...rows,
      ["all", `${coverage.shown}`, `${coverage.of}`, `${percent(coverage)} %`],
    ]),
    lacking.length === 0 ? "" : "\nnot shown\n",
    ...lacking.map((covered) => lackingText(covered, prefix)),
  ].join("");
}

function lackingText(covered: Covered, prefix: string): string {
  const { declaration, points, shown, of } = covered;
  const lines = points.flatMap(({ examples, missing }) => (examples.length === 0 ? [`  ${missing}\n`] : []));
  return `${declaration ? `${whereText(covered, prefix)}  ${declaration.kind} ${declaration.name}` : "reasons"}  ${shown} of ${of}\n${lines.join("")}`;
}

function whereText({ declaration }: Covered, prefix: string): string {
  return declaration?.place ? `${prefix}${declaration.place.path}:${declaration.place.line}` : "somewhere";
}

/** For programs: every point, and the examples that show it. */
export function coverageJson(coverage: Coverage, prefix: string): unknown {
  const { shown, of } = coverage;
  return {
    shown,
    of,
    percent: percent(coverage),
    kinds: coverage.kinds.map((kind) => ({ ...kind, percent: percent(kind) })),
    declarations: coverage.declarations.map((covered) => ({
      ...(covered.declaration && {
        kind: covered.declaration.kind,
        name: covered.declaration.name,
        ...(covered.declaration.place && {
          path: prefix + covered.declaration.place.path,
          line: covered.declaration.place.line,
        }),
      }),
      shown: covered.shown,
      of: covered.of,
      points: covered.points.map(({ kind, missing, examples }) => ({ kind, missing, examples })),
    })),
  };
}
