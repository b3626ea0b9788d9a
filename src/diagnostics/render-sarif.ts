/** Diagnostics as SARIF 2.1.0 (OASIS), for code scanning: results, the rules they break, and their fixes. */
import type { Diagnostic } from "./diagnostic.ts";
import { type Lines, linesOf } from "./lines.ts";
import { type Span, shownPath } from "./span.ts";
import { type Code, table } from "./table.ts";
import { visible } from "./visible.ts";

export interface SarifOptions {
  readonly version: string;
  /** The page of a code, for the rule's help. */
  readonly explain: (code: Code) => string;
  /** The policy folder as seen from the root of the repository. */
  readonly folder?: string;
}

/** @returns the log as a plain value, ready for `JSON.stringify` */
export function renderSarif(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  { version, explain, folder = "" }: SarifOptions,
): object {
  const lines = linesOf(sources);
  const codes = [...new Set(diagnostics.map((item) => item.code))].sort();
  const physical = (span: Span): object => ({
    artifactLocation: { uri: uri(shownPath(folder, span.path)) },
    ...region(lines(span.path), span),
  });
  // Code scanning takes nothing of a file in which one result has no place: such as what was declared and is gone.
  const whole = { artifactLocation: { uri: uri(folder.replace(/\/$/, "") || ".") } };
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: { name: "writ", semanticVersion: version, rules: codes.map((code) => rule(code, explain(code))) },
        },
        columnKind: "utf16CodeUnits",
        results: diagnostics.map((item) => ({
          ruleId: item.code,
          ruleIndex: codes.indexOf(item.code),
          level: item.severity,
          message: {
            text: item.help === undefined ? said(item.message) : `${said(item.message)}\nhelp: ${said(item.help)}`,
          },
          locations: [{ physicalLocation: item.span ? physical(item.span) : whole }],
          ...(item.related?.length && {
            relatedLocations: item.related.map((related) => ({
              physicalLocation: physical(related.span),
              message: { text: said(related.message) },
            })),
          }),
          ...(item.fix && { fixes: [fix(item.fix, lines, folder)] }),
        })),
      },
    ],
  };
}

/** Of what authors wrote nothing hides, and nothing is a link: viewers make one of `[text](address)` (SARIF 2.1.0 §3.11.6). */
function said(text: string): string {
  return visible(text).replaceAll("](", "\\](");
}

function rule(code: Code, page: string): object {
  // The page's first paragraph under the heading is its one sentence.
  const sentence = page.split("\n").find((line) => line !== "" && !line.startsWith("#")) ?? table[code].name;
  return {
    id: code,
    name: table[code].name,
    shortDescription: { text: sentence },
    help: { text: page, markdown: page },
    defaultConfiguration: { level: table[code].severity },
  };
}

function region(lines: Lines | undefined, span: Span): object {
  if (!lines) return {};
  const [start, end] = [lines.position(span.start), lines.position(span.end)];
  return {
    region: { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column },
  };
}

function fix(
  { title, edits }: NonNullable<Diagnostic["fix"]>,
  lines: (path: string) => Lines | undefined,
  folder: string,
): object {
  const paths = [...new Set(edits.map((edit) => edit.span.path))];
  return {
    description: { text: title },
    artifactChanges: paths.map((path) => ({
      artifactLocation: { uri: uri(shownPath(folder, path)) },
      replacements: edits
        .filter((edit) => edit.span.path === path)
        .map((edit) => {
          const place = region(lines(path), edit.span) as { region?: object };
          return { deletedRegion: place.region ?? {}, insertedContent: { text: edit.text } };
        }),
    })),
  };
}

/** A relative reference (RFC 3986 §4.2); a first segment with a colon would read as a scheme. */
function uri(path: string): string {
  const encoded = path
    .split("/")
    .map((segment) => encodeURIComponent(segment.toWellFormed()))
    .join("/");
  return encoded;
}
