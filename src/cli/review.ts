/** The compiled policy as text for review: what is committed under `bundles/`, so that a pull request shows what it changes. */
import { type Emission, manifestOf } from "../compile.ts";
import { canonicalJsonBytes, type JsonValue } from "../json/index.ts";
import { MODULE } from "../wasm/index.ts";

/** Wide enough for a row of an ordinary table, so that what changed about one thing is one line of a difference. */
const rowWidth = 320;

/** The files by name, sorted; a module is not for reading: `writ show tables` shows what is in it. JSON is spread over lines, a row to a line unless a row is wider than `lineWidth`. */
export function reviewText(
  { artefacts, policy }: Emission,
  lineWidth: number = rowWidth,
): ReadonlyMap<string, Uint8Array> {
  const texts = artefacts.filter(({ path }) => path !== MODULE);
  const files = texts.map(({ path, bytes }): [string, Uint8Array] => [
    path,
    path.endsWith(".json") ? spreadJson(bytes, lineWidth) : bytes,
  ]);
  const manifest = spreadJson(canonicalJsonBytes(manifestOf(policy) as unknown as JsonValue), lineWidth);
  return new Map([...files, [".manifest", manifest] as const].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Spreads a canonical JSON text over lines: what fits on a line stays on it, everything else has a line for each of its members.
 * It works on the bytes, for a large estate is tens of megabytes of them.
 */
export function spreadJson(json: Uint8Array, lineWidth: number = rowWidth): Uint8Array {
  const lines = new Lines(json);
  let at = 0;
  const spread = (depth: number): void => {
    const end = endWithin(json, at, lineWidth - depth * 2);
    if (end !== undefined) {
      lines.copy(at, end);
      at = end;
      return;
    }
    const isObject = json[at] === OPEN_OBJECT;
    lines.copy(at, at + 1);
    do {
      at++;
      lines.begin(depth + 1);
      if (isObject) {
        const colon = endOfString(json, at);
        lines.copy(at, colon + 1);
        lines.put(SPACE);
        at = colon + 1;
      }
      spread(depth + 1);
      if (json[at] === COMMA) lines.put(COMMA);
    } while (json[at] === COMMA);
    lines.begin(depth);
    lines.copy(at, at + 1);
    at++;
  };
  spread(0);
  lines.begin(0);
  return lines.finish();
}

/** The text that comes out: pieces of the one that goes in, and line ends and spaces between them. */
class Lines {
  readonly #from: Uint8Array;
  #bytes: Uint8Array;
  #length = 0;

  constructor(from: Uint8Array) {
    this.#from = from;
    this.#bytes = new Uint8Array(from.length + (from.length >> 2) + 64);
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  copy(start: number, end: number): void {
    this.#reserve(end - start);
    for (let at = start; at < end; at++) this.#bytes[this.#length++] = this.#from[at]!;
  }

  put(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  }

  begin(depth: number): void {
    this.put(LINE_FEED);
    for (let count = depth * 2; count > 0; count--) this.put(SPACE);
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const larger = new Uint8Array((this.#length + size) * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

const [LINE_FEED, SPACE, BACKSLASH] = [0x0a, 0x20, 0x5c];
const [QUOTE, COMMA, OPEN_OBJECT, OPEN_ARRAY, CLOSE_OBJECT, CLOSE_ARRAY] = [0x22, 0x2c, 0x7b, 0x5b, 0x7d, 0x5d];

/** Where the value at `start` ends; nothing for an object or a list that is longer than `room`, which is found out by looking that far. */
function endWithin(json: Uint8Array, start: number, room: number): number | undefined {
  let depth = 0;
  let at = start;
  do {
    const byte = json[at];
    if (byte === QUOTE) at = endOfString(json, at);
    else {
      if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth--;
      at++;
    }
    if (depth > 0 && at - start > room) return undefined;
  } while (depth > 0);
  const isContainer = json[at - 1] === CLOSE_OBJECT || json[at - 1] === CLOSE_ARRAY;
  if (isContainer) return at - start > room && at - start > 2 ? undefined : at;
  while (at < json.length && !isEnd(json[at])) at++;
  return at;
}

function isEnd(byte: number | undefined): boolean {
  return byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY;
}

function endOfString(json: Uint8Array, start: number): number {
  let at = start + 1;
  while (json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;
  return at + 1;
}
