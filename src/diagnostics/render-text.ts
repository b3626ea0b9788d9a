/** Diagnostics for people: the sentence, the place, the author's own line with carets under it, and what to write instead. */
import type { Diagnostic, Severity } from "./diagnostic.ts";
import { type Lines, linesOf } from "./lines.ts";
import { type Span, shownPath } from "./span.ts";
import { visible, visibleCharacter } from "./visible.ts";

export interface TextOptions {
  /** Escape sequences for colours; only ever for a terminal that wants them. */
  readonly colour?: boolean;
  /** Put before every path, so that the terminal can open it: the policy folder as seen from where the command runs. */
  readonly folder?: string;
  /** How many diagnostics are shown in full; the rest are only counted. */
  readonly limit?: number;
  /** Whether a last line counts what was found; default true. */
  readonly summary?: boolean;
}

/** How many columns of a source line are shown; a longer one is cut around the span. */
const lineWidth = 120;
/** How much of a cut line stands before the span. */
const lead = 40;
/** Combining marks take no column, so the characters are bounded too. */
const lineCharacters = 3 * lineWidth;
/** A span of more lines than this is shown by its ends. */
const spanLines = 4;
/** A sentence is longer than this only where an author's word in it is, and is shown by its ends as well. */
const sentenceCharacters = 1000;

const styles = { error: "1;31", warning: "1;33", strong: "1", quiet: "2", help: "36" } as const;
type Paint = (style: keyof typeof styles, text: string) => string;

/**
 * @param sources the texts by path; a diagnostic in a file that is not among them is shown without a frame
 * @example renderText(diagnostics, new Map([["a.policy.ts", text]]), { colour: process.stdout.isTTY })
 */
export function renderText(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  { colour = false, folder = "", limit = 100, summary = true }: TextOptions = {},
): string {
  if (diagnostics.length === 0) return "";
  const lines = linesOf(sources);
  const paint: Paint = (style, text) => (colour && text !== "" ? `\u001b[${styles[style]}m${text}\u001b[0m` : text);
  const shown = diagnostics.slice(0, limit).map((diagnostic) => one(diagnostic, lines, paint, folder));
  return summary ? `${shown.join("\n")}\n${counted(diagnostics, limit)}\n` : shown.join("\n");
}

function one(item: Diagnostic, lines: (path: string) => Lines | undefined, paint: Paint, folder: string): string {
  const parts = [
    `${paint(item.severity, `${item.severity} ${item.code}`)}${paint("strong", `: ${sentence(item.message)}`)}`,
  ];
  if (item.span) parts.push(...frame(item.span, lines(item.span.path), "^", item.severity, paint, folder));
  for (const related of item.related ?? []) {
    parts.push(`  ${sentence(related.message)}`);
    parts.push(...frame(related.span, lines(related.span.path), "-", "quiet", paint, folder));
  }
  if (item.help !== undefined) parts.push(`  ${paint("help", "help")}: ${sentence(item.help)}`);
  if (item.fix) {
    const how = item.fix.safe ? "`writ check --fix` does it" : "not done by `--fix`, for it may change what is meant";
    parts.push(`  ${paint("help", "fix")}: ${sentence(item.fix.title)} (${how})`);
  }
  return `${parts.join("\n")}\n`;
}

function sentence(text: string): string {
  if (text.length <= sentenceCharacters) return visible(text);
  const half = sentenceCharacters / 2;
  return `${visible(text.slice(0, half))}…${visible(text.slice(-half))}`;
}

function frame(
  span: Span,
  lines: Lines | undefined,
  mark: "^" | "-",
  style: Severity | "quiet",
  paint: Paint,
  folder: string,
): string[] {
  const path = visible(shownPath(folder, span.path));
  if (!lines) return [`  ${path}`];
  const [first, last] = [lines.position(span.start), lines.position(span.end)];
  const result = [`  ${path}:${first.line}:${first.column}`];
  const gutter = Math.max(5, String(last.line).length + 3);
  const row = (label: string, text: string): string =>
    `${paint("quiet", `${label.padStart(gutter)} |`)}${text === "" ? "" : ` ${text}`}`;
  const long = last.line - first.line >= spanLines;
  for (let line = first.line; line <= last.line; line++) {
    if (long && line === first.line + 2) {
      result.push(row("…", ""));
      line = last.line;
    }
    const range = lines.range(line);
    const start = line === first.line ? Math.min(span.start, range.end) : range.start;
    const end = line === last.line ? Math.min(span.end, range.end) : range.end;
    // The end of a span of many lines may be the start of the next line: there is nothing to underline there.
    if (line > first.line && line === last.line && end === range.start) break;
    const { text, before, under } = cut(lines.text, range, start, end);
    result.push(row(String(line), text));
    result.push(row("", `${" ".repeat(before)}${paint(style, mark.repeat(Math.max(1, under)))}`));
  }
  return result;
}

/** The part of a line around `[start, end)` as it is shown, how many columns stand before it, and how many it takes. */
function cut(
  text: string,
  line: { readonly start: number; readonly end: number },
  start: number,
  end: number,
): { readonly text: string; readonly before: number; readonly under: number } {
  const cutsLeft = line.end - line.start > lineWidth && start - line.start > lead;
  let at = cutsLeft ? start - lead : line.start;
  // Never begin in the middle of a surrogate pair.
  if (cutsLeft && isLowSurrogate(text.charCodeAt(at))) at--;
  let shown = cutsLeft ? "…" : "";
  let [before, under, width, characters] = [shown.length, 0, shown.length, 0];
  while (at < line.end) {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    const piece = visibleCharacter(character);
    if (width + piece.width > lineWidth || ++characters > lineCharacters) {
      shown += "…";
      break;
    }
    shown += piece.text;
    width += piece.width;
    if (at < start) before += piece.width;
    else if (at < end) under += piece.width;
    at += character.length;
  }
  return { text: shown.trimEnd(), before, under };
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

function counted(diagnostics: readonly Diagnostic[], limit: number): string {
  const errors = diagnostics.filter((item) => item.severity === "error").length;
  const counts = [count(errors, "error"), count(diagnostics.length - errors, "warning")].filter((text) => text !== "");
  const rest = diagnostics.length - limit;
  return `${counts.join(", ")}${rest > 0 ? ` (the first ${limit} are shown)` : ""}`;
}

function count(number: number, noun: string): string {
  return number === 0 ? "" : `${number} ${noun}${number === 1 ? "" : "s"}`;
}
