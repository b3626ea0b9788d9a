/** The compiled policy as text for review: what is committed under `bundles/`, so that a pull request shows what it changes. */
import { type Emission, manifestOf } from "../compile.ts";
import { canonicalJson, type JsonValue } from "../json/index.ts";

/** Wide enough for a row of an ordinary table, so that what changed about one thing is one line of a difference. */
const rowWidth = 320;

/** The files by name, sorted. JSON is spread over lines, a row to a line unless a row is wider than `lineWidth`. */
export function reviewText({ artefacts, policy }: Emission, lineWidth: number = rowWidth): ReadonlyMap<string, string> {
  const decoder = new TextDecoder();
  const files = artefacts.map(({ path, bytes }): [string, string] => {
    const text = decoder.decode(bytes);
    return [path, path.endsWith(".json") ? spreadJson(text, lineWidth) : text];
  });
  const manifest = spreadJson(canonicalJson(manifestOf(policy) as unknown as JsonValue), lineWidth);
  return new Map([...files, [".manifest", manifest] as const].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Spreads a canonical JSON text over lines: what fits on a line stays on it, everything else has a line for each of its members.
 * It works on the text, for a large estate is tens of megabytes of it.
 */
export function spreadJson(text: string, lineWidth: number = rowWidth): string {
  const pieces: string[] = [];
  let at = 0;
  const spread = (depth: number): void => {
    const end = endWithin(text, at, lineWidth - depth * 2);
    if (end !== undefined) {
      pieces.push(text.slice(at, end));
      at = end;
      return;
    }
    const isObject = text.charCodeAt(at) === OPEN_OBJECT;
    const [pad, last] = [`\n${"  ".repeat(depth + 1)}`, `\n${"  ".repeat(depth)}`];
    pieces.push(text.charAt(at));
    do {
      at++;
      pieces.push(pad);
      if (isObject) {
        const colon = endOfString(text, at);
        pieces.push(text.slice(at, colon), ": ");
        at = colon + 1;
      }
      spread(depth + 1);
      if (text.charCodeAt(at) === COMMA) pieces.push(",");
    } while (text.charCodeAt(at) === COMMA);
    pieces.push(last, text.charAt(at++));
  };
  spread(0);
  return `${pieces.join("")}\n`;
}

const [QUOTE, COMMA, OPEN_OBJECT, OPEN_ARRAY, CLOSE_OBJECT, CLOSE_ARRAY] = [0x22, 0x2c, 0x7b, 0x5b, 0x7d, 0x5d];

/** Where the value at `start` ends; nothing for an object or a list that is longer than `room`, which is found out by looking that far. */
function endWithin(text: string, start: number, room: number): number | undefined {
  let depth = 0;
  let at = start;
  do {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) at = endOfString(text, at);
    else {
      if (unit === OPEN_OBJECT || unit === OPEN_ARRAY) depth++;
      else if (unit === CLOSE_OBJECT || unit === CLOSE_ARRAY) depth--;
      at++;
    }
    if (depth > 0 && at - start > room) return undefined;
  } while (depth > 0);
  const isContainer = text.charCodeAt(at - 1) === CLOSE_OBJECT || text.charCodeAt(at - 1) === CLOSE_ARRAY;
  if (isContainer) return at - start > room && at - start > 2 ? undefined : at;
  while (at < text.length && !isEnd(text.charCodeAt(at))) at++;
  return at;
}

function isEnd(unit: number): boolean {
  return unit === COMMA || unit === CLOSE_OBJECT || unit === CLOSE_ARRAY;
}

function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); ; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return at + 1;
  }
}
