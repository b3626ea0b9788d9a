/** Diagnostics for programs: plain JSON with lines and columns worked out. */
import type { Diagnostic } from "./diagnostic.ts";
import { type Lines, linesOf } from "./lines.ts";
import { type Position, type Span, shownPath } from "./span.ts";
import { table } from "./table.ts";

/** A span as programs want it: offsets are UTF-16 units from 0, lines and columns count from 1. */
export interface JsonSpan {
  readonly path: string;
  readonly start: Partial<Position> & { readonly offset: number };
  readonly end: Partial<Position> & { readonly offset: number };
}

export interface JsonDiagnostic extends Omit<Diagnostic, "span" | "related" | "fix"> {
  readonly name: string;
  readonly span?: JsonSpan;
  readonly related?: readonly { readonly message: string; readonly span: JsonSpan }[];
  readonly fix?: {
    readonly title: string;
    readonly safe: boolean;
    readonly edits: readonly { readonly span: JsonSpan; readonly text: string }[];
  };
}

/** @param folder put before every path */
export function renderJson(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  folder = "",
): readonly JsonDiagnostic[] {
  const lines = linesOf(sources);
  const place = (span: Span): JsonSpan => ({
    path: shownPath(folder, span.path),
    start: point(lines(span.path), span.start),
    end: point(lines(span.path), span.end),
  });
  return diagnostics.map(({ span, related, fix, ...rest }) => ({
    code: rest.code,
    name: table[rest.code].name,
    severity: rest.severity,
    message: rest.message,
    ...(rest.help !== undefined && { help: rest.help }),
    ...(span && { span: place(span) }),
    ...(related && { related: related.map((r) => ({ message: r.message, span: place(r.span) })) }),
    ...(fix && { fix: { ...fix, edits: fix.edits.map((edit) => ({ span: place(edit.span), text: edit.text })) } }),
  }));
}

function point(lines: Lines | undefined, offset: number): JsonSpan["start"] {
  return { ...lines?.position(offset), offset };
}
