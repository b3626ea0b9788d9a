/** What a run in CI did besides comparing, as a line of the same comment; and the whole comment where nothing could be compared. */

import { code } from "./markdown-code.ts";
import { commentMarker } from "./render-markdown.ts";

export type StepState = "failed" | "fine" | "findings" | "skipped";

export interface Step {
  readonly name: string;
  readonly state: StepState;
  /** In words. */
  readonly said: string;
}

/** Lines under the verdict. An error may quote what an author wrote. */
export function stepLines(steps: readonly Step[]): readonly string[] {
  return steps.map(({ name, state, said }) => {
    const isOurs = /^(?:[\w ,.-]|: |`[\w./-]+`)*$/.test(said) && !/www\./i.test(said);
    const shown = isOurs ? said : code(said);
    return `<br>${name}: ${state === "fine" ? shown : `**${words[state]}**, ${shown}`}`;
  });
}

const words: Readonly<Record<Exclude<StepState, "fine">, string>> = {
  failed: "failed",
  findings: "wrong",
  skipped: "not done",
};

/** @param problems sentences, as they are said on a terminal */
export function renderStepsMarkdown(steps: readonly Step[], problems: readonly string[]): string {
  const shown = problems.slice(0, 20).map((problem) => `- ${code(problem)}`);
  const more = problems.length > shown.length ? [`- and ${problems.length - shown.length} more`] : [];
  return `${[commentMarker, "**What this changes is not known.**", ...stepLines(steps), "", ...shown, ...more].join("\n")}\n`;
}
