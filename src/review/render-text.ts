/** A difference for people at a terminal. */
import { visible } from "../diagnostics/index.ts";
import type { ChangeKind } from "../diff/index.ts";
import { requestLine } from "./request.ts";
import type { Cause, Review, ReviewedChange } from "./review.ts";
import { counted, outcomeOf, plain, verdictOf } from "./words.ts";

export interface TextOptions {
  /** Escape sequences for colours; only ever for a terminal that wants them. */
  readonly colour?: boolean;
  /** Put before the paths of places, by side. */
  readonly prefixes?: { readonly before: string; readonly after: string };
  /** How many changes are shown with all that is known of them; gains are always shown. */
  readonly limit?: number;
}

const LIMIT = 50;
const colours: Readonly<Record<ChangeKind, string>> = {
  gain: "1;31",
  loss: "1;33",
  headers: "36",
  until: "36",
  reason: "2",
};
const WIDTH = 9;

export function renderDifferenceText(
  review: Review,
  { colour = false, prefixes = { before: "", after: "" }, limit = LIMIT }: TextOptions = {},
): string {
  const paint = (style: string, text: string) => (colour ? `\u001b[${style}m${text}\u001b[0m` : text);
  const lines = [paint("1", verdictOf(review)), ""];
  const shown = review.changes.filter(({ change }, index) => index < limit || change.kind === "gain");
  for (const [index, reviewed] of shown.entries()) {
    const { change } = reviewed;
    const rest = index < limit ? restOf(reviewed, prefixes) : [];
    lines.push(`${paint(colours[change.kind], change.kind.padEnd(WIDTH))}${visible(change.sentence)}`);
    for (const line of rest) lines.push(`${" ".repeat(WIDTH)}${visible(line)}`);
  }
  const more = review.changes.length - shown.length;
  if (more > 0) lines.push(`and ${counted(more, "more change")}: \`--format json\` holds them all`);
  if (review.changes.length > 0) lines.push("");
  lines.push(paint("2", `the digest of this difference is ${review.digest}`));
  return `${lines.join("\n")}\n`;
}

function restOf(
  { change, causes, approval }: ReviewedChange,
  prefixes: NonNullable<TextOptions["prefixes"]>,
): readonly string[] {
  const lines: string[] = [];
  if (change.kind === "gain" || change.kind === "loss") lines.push(plain(outcomeOf(change)));
  if (causes.length > 0)
    lines.push(
      `because of ${causes
        .slice(0, 4)
        .map((cause) => causeOf(cause, prefixes))
        .join(", ")}`,
    );
  if (approval) lines.push(`approved by ${approval.by.join(", ")}: ${approval.reason}`);
  lines.push(`change ${change.digest}`, `such as ${requestLine(change.witness, 400)}`);
  return lines;
}

function causeOf({ name, place }: Cause, prefixes: NonNullable<TextOptions["prefixes"]>): string {
  return place ? `\`${name}\` (${prefixes[place.side]}${place.path}:${place.line})` : `\`${name}\``;
}
