/** Opens the data files that policies name. */
import { type Diagnostic, report } from "../diagnostics/index.ts";
import { type DataFile, documentReference } from "../documents/index.ts";
import type { Estate } from "./estate.ts";
import type { Given } from "./given.ts";
import { rawText } from "./values.ts";

/** The file that a text names; `undefined` once it is reported why there is none. */
export function openDocument(estate: Estate, given: Given, title: string): DataFile | undefined {
  const text = rawText(estate, given, title);
  if (!text) return undefined;
  const { span } = text;
  const reference = documentReference(text.text);
  if (reference.kind === "refused")
    return estate.report(report("WRIT5006", span, { reference: text.text, problem: reference.problem }));
  const path = reference.kind === "npm" ? `npm:${reference.package}/${reference.path}` : reference.path;
  const file = estate.dataFiles(path);
  if (!file) return estate.report(report("WRIT5009", span, { path }));
  // The host knows why it could not be read; the author looks at where it is named.
  return isDiagnostic(file) ? estate.report({ ...file, span }) : file;
}

export function isDiagnostic(file: DataFile | Diagnostic): file is Diagnostic {
  return "code" in file;
}
