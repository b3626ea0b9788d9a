/** A file's bytes to its text; what cannot be text, or is too much of it, is refused before anything else looks at it. */
import { type Result, report, type Source } from "../diagnostics/index.ts";

/** Some three thousand grants, and a file that is written to keep the compiler busy costs it less than a second. */
export const maximumBytes = 256 * 1024;

/** The value's text is empty where the bytes are refused. */
export function decode(bytes: Uint8Array, path: string): Result<Source> {
  const nowhere = { path, start: 0, end: 0 };
  const refused: Source = { path, text: "" };
  if (bytes.length > maximumBytes) {
    return { value: refused, diagnostics: [report("WRIT1004", nowhere, { limit: maximumBytes })] };
  }
  try {
    // A byte order mark stays in the text, where the characters are checked.
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { value: { path, text }, diagnostics: [] };
  } catch {
    return { value: refused, diagnostics: [report("WRIT1001", nowhere, {})] };
  }
}
