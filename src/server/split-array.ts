/** Cuts the text of a JSON array into its elements without reading them, so that a long one can be read bit by bit. */
import { WritError } from "../diagnostics/index.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

export interface Element {
  readonly bytes: Uint8Array;
  readonly end: number;
}

/**
 * Each element is a view of the bytes; whether it is JSON is for its reader to say.
 *
 * @throws WritError `request-malformed` where the brackets do not match
 */
export function* elementsOf(bytes: Uint8Array): Generator<Element> {
  let at = skipSpace(bytes, 0);
  if (bytes[at] !== OPEN_ARRAY) throw malformed();
  at = skipSpace(bytes, at + 1);
  if (bytes[at] === CLOSE_ARRAY) return endOf(bytes, at);
  for (;;) {
    const end = endOfElement(bytes, at);
    yield { bytes: bytes.subarray(at, end), end };
    if (bytes[end] === CLOSE_ARRAY) return endOf(bytes, end);
    at = end + 1;
  }
}

/** The comma or bracket behind an element. */
function endOfElement(bytes: Uint8Array, start: number): number {
  let depth = 0;
  let inText = false;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at];
    if (inText) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) depth++;
    else if (depth === 0 && (byte === COMMA || byte === CLOSE_ARRAY)) return at;
    else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) depth--;
    if (depth < 0) break;
  }
  throw malformed();
}

function endOf(bytes: Uint8Array, bracket: number): void {
  if (skipSpace(bytes, bracket + 1) !== bytes.length) throw malformed();
}

function skipSpace(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] === 0x20 || bytes[at] === 0x09 || bytes[at] === 0x0a || bytes[at] === 0x0d) at++;
  return at;
}

function malformed(): WritError {
  return WritError.of("WRIT8401", { place: "the body", fault: "json" });
}
