/** A difference as diagnostics: for the exit code, for annotations, for SARIF. */
import { type Code, type Diagnostic, linesOf, report, type Span } from "../diagnostics/index.ts";
import type { ChangeKind } from "../diff/index.ts";
import type { Review, ReviewedChange } from "./review.ts";
import { outcomeOf, plain } from "./words.ts";

export interface FindingsOptions {
  /** Kinds of changes that are errors unless somebody approved them. */
  readonly failOn: ReadonlySet<ChangeKind>;
  /** Texts of the policies after the change, by path, to know where a line is. */
  readonly sources: ReadonlyMap<string, string>;
}

const codes = {
  gain: "WRIT4210",
  loss: "WRIT4211",
  headers: "WRIT4212",
  until: "WRIT4213",
  reason: "WRIT4214",
} as const satisfies Record<ChangeKind, Code>;

/** Every change, and every approval of none. */
export function findingsOf(review: Review, { failOn, sources }: FindingsOptions): readonly Diagnostic[] {
  const lines = linesOf(sources);
  const found = review.changes.map((reviewed): Diagnostic => {
    const { change } = reviewed;
    const said = report(codes[change.kind], spanOf(reviewed, lines), { sentence: change.sentence }, helpOf(reviewed));
    return { ...said, severity: isUnapproved(reviewed, failOn) ? "error" : "warning" };
  });
  return [...found, ...review.unused.map(({ change }) => report("WRIT4202", undefined, { change }))];
}

/** Those for which a command fails. */
export function failuresOf(review: Review, options: FindingsOptions): readonly Diagnostic[] {
  return findingsOf(review, options).filter(({ severity }) => severity === "error");
}

function isUnapproved({ change, approval }: ReviewedChange, failOn: ReadonlySet<ChangeKind>): boolean {
  return failOn.has(change.kind) && approval === undefined;
}

function helpOf({ change, approval }: ReviewedChange): { readonly help?: string } {
  if (approval) return { help: `approved by ${approval.by.join(", ")}: ${approval.reason}` };
  const isTold = change.kind === "gain" || change.kind === "loss";
  return {
    help: `${isTold ? `it ${plain(outcomeOf(change))}; ` : ""}to approve it, name ${change.digest} in the file of \`--allow\``,
  };
}

/** The line of the first cause that is still there. */
function spanOf({ causes }: ReviewedChange, lines: ReturnType<typeof linesOf>): Span | undefined {
  for (const { place } of causes) {
    const range = place?.side === "after" ? lines(place.path)?.range(place.line) : undefined;
    if (place && range) return { path: place.path, ...range };
  }
  return undefined;
}
