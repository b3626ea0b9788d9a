/** From bytes to text: what every data file must be before anything looks inside it. */
import { type Diagnostic, type Result, report, type Source } from "../diagnostics/index.ts";

/** A file beside the policies, as the host found it; the path is relative to the policy folder, with forward slashes. */
export interface DataFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What was read, and the texts it was read from, so that frames can be drawn. */
export interface Read<T> extends Result<T> {
  readonly sources: readonly Source[];
}

const MEBIBYTE = 1024 * 1024;

export const LARGEST_DATA_FILE: number = 64 * MEBIBYTE;

/** The text, and what forbids to go on with it. A text is there in any case: a frame needs one. */
export function decode(file: DataFile, limit: number = LARGEST_DATA_FILE): { source: Source; problem?: Diagnostic } {
  const { path, bytes } = file;
  if (bytes.length > limit) {
    const source = { path, text: "" };
    const megabytes = Math.floor(limit / MEBIBYTE);
    return { source, problem: report("WRIT5001", { path, start: 0, end: 0 }, { path, limit: megabytes }) };
  }
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const source = { path, text };
  if (text.charCodeAt(0) === 0xfeff)
    return { source, problem: report("WRIT5003", { path, start: 0, end: 1 }, { path }) };
  const bad = text.includes("\ufffd") ? firstBadUnit(bytes, text) : undefined;
  if (bad === undefined) return { source };
  return { source, problem: report("WRIT5002", { path, start: bad, end: bad + 1 }, { path }) };
}

/** Where the text holds a replacement character that the bytes do not spell: up to there, encoding gives the bytes back. */
function firstBadUnit(bytes: Uint8Array, text: string): number | undefined {
  const encoder = new TextEncoder();
  let offset = 0;
  let from = 0;
  for (let at = text.indexOf("\ufffd"); at >= 0; at = text.indexOf("\ufffd", at + 1)) {
    offset += encoder.encode(text.slice(from, at)).length;
    // U+FFFD is a character like any other when it is written as EF BF BD.
    if (bytes[offset] !== 0xef || bytes[offset + 1] !== 0xbf || bytes[offset + 2] !== 0xbd) return at;
    offset += 3;
    from = at + 1;
  }
  return undefined;
}
