/** A diagnostic is plain data: what is wrong, where, what to write instead. */
import type { Span } from "./span.ts";
import { type Code, type Parameters, table } from "./table.ts";

export type Severity = "error" | "warning";

/** Another place that matters: "`orders` is declared here". */
export interface Related {
  readonly span: Span;
  readonly message: string;
}

/** Replace the text of `span` by `text`; an empty span inserts. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

/** `safe` fixes keep the meaning that the author can only have had; `writ check --fix` applies no others. */
export interface Fix {
  readonly title: string;
  readonly safe: boolean;
  readonly edits: readonly Edit[];
}

export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  readonly message: string;
  /** Absent only where there is no text to point at (a bundle, a key, a flag). */
  readonly span?: Span;
  readonly help?: string;
  readonly related?: readonly Related[];
  readonly fix?: Fix;
}

export interface Extras {
  readonly related?: readonly Related[];
  readonly fix?: Fix;
  /** Overrides the table's help, for a nearest-name suggestion and the like. */
  readonly help?: string;
}

/** A value and what there is to say about how it came to be. The value may be partial when there are errors. */
export interface Result<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Builds a diagnostic from the table; a wrong or missing parameter does not compile.
 *
 * @example report("WRIT2001", span, { name: "ordres" }, { help: "did you mean `orders`?" })
 */
export function report<C extends Code>(
  code: C,
  span: Span | undefined,
  parameters: Parameters<C>,
  extras: Extras = {},
): Diagnostic {
  const entry = table[code] as {
    severity: Severity;
    message: (p: Parameters<C>) => string;
    help?: (p: Parameters<C>) => string;
  };
  const help = extras.help ?? entry.help?.(parameters);
  return {
    code,
    severity: entry.severity,
    message: entry.message(parameters),
    ...(span && { span }),
    ...(help !== undefined && { help }),
    ...(extras.related?.length && { related: extras.related }),
    ...(extras.fix && { fix: extras.fix }),
  };
}

/** Files in byte order of their path, then from top to bottom, then by code: the order in which people read them. */
export function byPlace(a: Diagnostic, b: Diagnostic): number {
  const [x, y] = [a.span, b.span];
  if (!x || !y) return x ? 1 : y ? -1 : compare(a.code, b.code);
  return compare(x.path, y.path) || x.start - y.start || x.end - y.end || compare(a.code, b.code);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
