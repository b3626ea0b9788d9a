/** The lines of one text, found once, so that a thousand diagnostics in a long file cost no more than one. */
import type { Position } from "./span.ts";

export class Lines {
  readonly text: string;
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.text = text;
    const starts = [0];
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    // A carriage return by itself ends a line too, but hardly any file has one.
    const before = starts.length;
    for (let at = text.indexOf("\r"); at >= 0; at = text.indexOf("\r", at + 1))
      if (text.charCodeAt(at + 1) !== 10) starts.push(at + 1);
    if (starts.length > before) starts.sort((a, b) => a - b);
    this.#starts = starts;
  }

  /** Counted from 1; the same as `positionAt`. Offsets outside the text are brought inside. */
  position(offset: number): Position {
    const inside = Math.min(Math.max(offset, 0), this.text.length);
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= inside) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: inside - (this.#starts[low] ?? 0) + 1 };
  }

  /** Where a line begins and where its last character ends, without the line break. */
  range(line: number): { readonly start: number; readonly end: number } {
    const start = this.#starts[line - 1] ?? this.text.length;
    let end = this.#starts[line] ?? this.text.length;
    while (end > start && (this.text.charCodeAt(end - 1) === 10 || this.text.charCodeAt(end - 1) === 13)) end--;
    return { start, end };
  }
}

/** Finds the lines of a file by its path, or nothing where its text is not at hand. */
export function linesOf(sources: ReadonlyMap<string, string>): (path: string) => Lines | undefined {
  const found = new Map<string, Lines>();
  return (path) => {
    const text = sources.get(path);
    if (text === undefined) return undefined;
    const lines = found.get(path) ?? new Lines(text);
    found.set(path, lines);
    return lines;
  };
}
