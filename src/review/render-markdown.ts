/** A difference as a comment of a pull request: one screen, whatever its size, and the same bytes for the same difference. */
import { grouped } from "../html/index.ts";
import { code, marked, markedUp } from "./markdown-code.ts";
import { requestLine } from "./request.ts";
import type { Review, ReviewedChange } from "./review.ts";
import {
  becauseOf,
  countsOf,
  outcomeOf,
  type Sentence,
  sentenceOf,
  verdictOf,
  whatOf,
  whenOf,
  whoOf,
} from "./words.ts";

/** The first line of each comment of ours, by which it is found and written again. */
export const commentMarker = "<!-- writ diff -->";

const ROWS = 18;
/** A comment of GitHub has at most 65,536 characters. */
const LONGEST = 60_000;
/** Rows and their requests; whatever does not fit is named below the table. */
const LONGEST_TABLE = 40_000;
const LONGEST_REQUEST = 1_500;
const shown = { cases: 2, together: 6 };

export interface MarkdownOptions {
  /** Lines that stand under the verdict, in Markdown that is ours. */
  readonly summary?: readonly string[];
}

export function renderDifferenceMarkdown(review: Review, { summary = [] }: MarkdownOptions = {}): string {
  const { before, after, changes, digest } = review;
  const lines = [
    commentMarker,
    `**${verdictOf(review)}** (from ${code(before.name)} to ${code(after.name)})`,
    ...summary,
    "",
  ];
  const rows = rowsOf(changes);
  if (rows.length > 0) {
    lines.push("| | change | who | what | when | because of |", "|--:|---|---|---|---|---|");
    lines.push(...rows.map(({ row }) => row), "");
    lines.push(...requestLines(rows.map(({ request }) => request)));
  }
  const foot = `<sub>${unusedIn(review)}digest of this difference: ${code(digest)}</sub>`;
  const rest = changes.slice(rows.length);
  const room = LONGEST - lines.join("\n").length - foot.length;
  if (rest.length > 0) lines.push(restOf(rest, rows.length, room), "");
  return `${[...lines, foot].join("\n")}\n`;
}

/** The first ones as rows of the table, each with its request: as many as there is room for. */
function rowsOf(changes: readonly ReviewedChange[]): readonly { readonly row: string; readonly request: string }[] {
  const rows = changes.slice(0, ROWS).map((reviewed, index) => ({
    row: rowOf(reviewed, index),
    request: requestOf(reviewed),
  }));
  let length = 0;
  const end = rows.findIndex(({ row, request }, index) => {
    length += row.length + request.length;
    return index > 0 && length > LONGEST_TABLE;
  });
  return end < 0 ? rows : rows.slice(0, end);
}

function rowOf(reviewed: ReviewedChange, index: number): string {
  const { change, causes, approval } = reviewed;
  const by = approval ? `<br>approved by ${marked(listOf(approval.by))}` : "";
  const when = whenOf(change, shown).filter((part, at) => at > 0 || part !== "when ");
  const cells = [
    String(index + 1),
    `**${change.kind}**<br>${marked(outcomeOf(change))}${by}`,
    marked(whoOf(change)),
    marked(whatOf(change)),
    when.length > 0 ? marked(when) : change.kind === "reason" ? "for requests like the one below" : "always",
    marked(becauseOf(causes)),
  ];
  return `| ${cells.join(" | ")} |`;
}

function listOf(names: readonly string[]): Sentence {
  const [first = "", ...others] = names;
  return [{ name: first.slice(0, 80) }, others.length > 0 ? ` and ${others.length} more` : ""];
}

/** A line of a fenced block begins with a brace, so that no request can end the block. */
function requestOf({ change }: ReviewedChange): string {
  const line = requestLine(change.witness);
  return line.length > LONGEST_REQUEST ? `{"too long to be shown":${line.length}}` : line;
}

function requestLines(requests: readonly string[]): readonly string[] {
  return [
    "<details><summary>Requests that show it, one line for each row; <code>writ why -</code> explains one</summary>",
    "",
    "```json",
    ...requests,
    "```",
    "",
    "</details>",
    "",
  ];
}

/** One line of HTML: every gain by name, what else there is by its number. */
function restOf(changes: readonly ReviewedChange[], shownAbove: number, room: number): string {
  const counts = countsOf(changes.map(({ change }) => change.kind)).map(
    ([kind, amount]) => `${grouped(amount)} ${kind}`,
  );
  const start = `<details><summary>${grouped(changes.length)} more: ${counts.join(", ")}</summary><ol start="${shownAbove + 1}">`;
  const end = (left: number) =>
    `</ol>${left > 0 ? `<p>${grouped(left)} more are in <code>writ diff --format json</code></p>` : ""}</details>`;
  let text = start;
  let count = 0;
  for (const { change } of changes) {
    const item = `<li>${markedUp(sentenceOf(change, shown))}</li>`;
    if (text.length + item.length + end(changes.length).length > room) break;
    text += item;
    count++;
  }
  return text + end(changes.length - count);
}

function unusedIn({ unused }: Review): string {
  return unused.length === 0 ? "" : `${grouped(unused.length)} approved and not among the changes; `;
}
