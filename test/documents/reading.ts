/** Reads data files from texts and writes what came of it in one line each, so that a case is a few lines. */

import type { Diagnostic, Source } from "../../src/diagnostics/index.ts";
import { readOpenApi, readRegistry } from "../../src/documents/index.ts";

const encoder = new TextEncoder();

/** `CODE at the text in the span`, in the order of the reports; long texts are cut. */
export function places(diagnostics: readonly Diagnostic[], sources: readonly Source[]): string[] {
  return diagnostics.map(({ code, span }) => {
    const text = sources.find((source) => source.path === span?.path)?.text ?? "";
    return `${code.slice(4)} ${text.slice(span?.start, Math.min(span?.end ?? 0, (span?.start ?? 0) + 40))}`;
  });
}

/** `METHOD /path`, and what was said. */
export function openApi(
  text: string | Uint8Array,
  path = "api.yaml",
  others: Readonly<Record<string, string>> = {},
): { operations: string[]; said: string[] } {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  const read = readOpenApi({ path, bytes }, (other) => {
    const found = others[other];
    return found === undefined ? undefined : { path: other, bytes: encoder.encode(found) };
  });
  return {
    operations: read.value.operations.map(({ method, path: template }) => `${method} ${template}`),
    said: places(read.diagnostics, read.sources),
  };
}

export function registry(text: string | Uint8Array, path: string): { names: unknown[]; said: string[] } {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  const read = readRegistry({ path, bytes });
  return { names: read.value.map((row) => row.values.name), said: places(read.diagnostics, read.sources) };
}
