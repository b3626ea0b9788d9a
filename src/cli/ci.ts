/** `writ ci`: all that a pull request is held to, with one summary and one exit code; and what people and tools read of it. */
import { type Diagnostic, explain, renderSarif, table, WritError } from "../diagnostics/index.ts";
import type { ChangeKind } from "../diff/index.ts";
import {
  findingsOf,
  type Review,
  renderDifferenceMarkdown,
  renderStepsMarkdown,
  type Step,
  type StepState,
  stepLines,
  verdictOf,
} from "../review/index.ts";
import { build } from "./build.ts";
import { approvalsIn, compareSides, fail, kindsOf } from "./diff.ts";
import { findCommit, findMergeBase, isShallow, readCommit } from "./git.ts";
import type { Host } from "./host.ts";
import { type Loaded, load } from "./load.ts";
import { complainError, complainFindings, type Exit, exits, renderTable } from "./output.ts";
import { absolute } from "./paths.ts";
import { type ComparedSide, sideOf } from "./sides.ts";
import { test } from "./test.ts";
import { version } from "./version.ts";

export interface CiOptions {
  readonly base: string;
  readonly bundles: string;
  readonly failOn: readonly string[];
  readonly allow?: string;
  readonly comment?: string;
  readonly sarif?: string;
  readonly matrix?: string;
}

interface Compared {
  /** Where the two histories parted. */
  readonly commit: string;
  readonly review: Review;
  readonly after: ComparedSide;
}

/** Each step says what it found, whatever the one before it found; only what can't be read is not gone on with. */
export async function ci(host: Host, folder: string, options: CiOptions): Promise<Exit> {
  const failOn = kindsOf(options.failOn);
  const approvals = approvalsIn(host, options.allow);
  const loaded = load(host, folder, { emit: false });
  complainFindings(host, loaded);
  const steps: Step[] = [checkStep(loaded)];
  let compared: Compared | undefined;
  const problems = loaded.diagnostics.map(sentenceOf);
  if (loaded.failed) {
    for (const name of ["test", "build", "diff"])
      steps.push({ name, state: "skipped", said: "the policies have errors" });
  } else {
    steps.push(await heard(host, "test", (apart) => test(apart, folder, { format: "text" })));
    steps.push(await buildStep(host, folder, options.bundles));
    try {
      compared = compareWithBase(host, folder, loaded, options.base, approvals);
      steps.push(diffStep(host, compared, failOn));
    } catch (error) {
      if (!(error instanceof WritError)) throw error;
      complainError(host, error);
      problems.push(`${error.code} ${error.message}`);
      steps.push({ name: "diff", state: "failed", said: error.message });
    }
  }
  if (options.matrix !== undefined && !loaded.failed) await writeMatrix(host, folder, options.matrix, compared);
  if (options.comment !== undefined) host.write(absolute(host, options.comment), commentOf(steps, compared, problems));
  if (options.sarif !== undefined) host.write(absolute(host, options.sarif), sarifOf(loaded, compared, failOn));
  host.print(renderTable(steps.map(({ name, state, said }) => [name, state, said])));
  return exitOf(steps);
}

function checkStep({ compilation, diagnostics, failed }: Loaded): Step {
  const found = diagnostics.length === 0 ? "nothing is wrong" : `${diagnostics.length} to look at`;
  const said = `${compilation.trees.length} policy files, ${compilation.runs.length} examples: ${found}`;
  return { name: "check", state: failed ? "findings" : "fine", said };
}

/** A command of ours with its answer kept: its last line sums it up, and all of it is shown where it found something. */
async function heard(host: Host, name: string, act: (apart: Host) => Promise<Exit>): Promise<Step> {
  const printed: string[] = [];
  const apart: Host = {
    ...host,
    printsToTerminal: false,
    print: (text) => printed.push(text),
    // What it says of the policies was said when they were checked.
    complain: () => undefined,
  };
  const exit = await act(apart);
  const text = printed.join("");
  const state = exit === exits.ok ? "fine" : exit === exits.findings ? "findings" : "failed";
  if (state !== "fine") host.complain(text);
  const summary = text.split("\n").findLast((line) => /^\d+ |^`/.test(line)) ?? "it said nothing";
  return { name, state, said: summary };
}

async function buildStep(host: Host, folder: string, bundles: string): Promise<Step> {
  const isThere = (host.entries(absolute(host, bundles)) ?? []).length > 0;
  if (!isThere) return { name: "build", state: "skipped", said: `there is no \`${bundles}\` to hold the policies to` };
  return heard(host, "build", async (apart) => {
    const out = { bundles, check: true, expires: "30d", out: "", opaBackend: "rego", format: "text" } as const;
    return build(apart, folder, out);
  });
}

function compareWithBase(
  host: Host,
  folder: string,
  loaded: Loaded,
  base: string,
  approvals: Parameters<typeof compareSides>[3],
): Compared {
  const parted = findMergeBase(host, base, "HEAD");
  if (parted === undefined) {
    // A name that is none is another mistake than a history that is cut short.
    const shallow = isShallow(host);
    if (!shallow && findCommit(host, "HEAD") !== undefined && findCommit(host, base) === undefined)
      throw WritError.of("WRIT4204", { name: base, fault: "unknown" });
    throw WritError.of("WRIT4206", { base, shallow });
  }
  const name = parted.slice(0, 12);
  const before = readCommit(host, name, parted, { policies: folder });
  const after = sideOf({ ...host, complain: () => undefined }, folder, loaded);
  if (!before || !after) throw WritError.of("WRIT4204", { name, fault: "wrong" });
  return { commit: parted, review: compareSides(host, before, after, approvals), after };
}

/** Who may call what, with what changes in it marked where that is known. */
async function writeMatrix(host: Host, folder: string, out: string, compared: Compared | undefined): Promise<void> {
  const { matrix } = await import("./matrix.ts");
  const compare = compared && { compare: compared.commit };
  const quiet: Host = { ...host, complain: () => undefined };
  await matrix(quiet, folder, { format: "html", out, expand: false, most: 0, ...compare });
}

function diffStep(host: Host, { review, after }: Compared, failOn: ReadonlySet<ChangeKind>): Step {
  const state: StepState = fail(host, review, after, failOn) === exits.ok ? "fine" : "findings";
  return { name: "diff", state, said: `${verdictOf(review)} since ${review.before.name}` };
}

function commentOf(steps: readonly Step[], compared: Compared | undefined, problems: readonly string[]): string {
  if (!compared) return renderStepsMarkdown(steps, problems);
  return renderDifferenceMarkdown(compared.review, { summary: stepLines(steps.filter(({ name }) => name !== "diff")) });
}

function sarifOf(loaded: Loaded, compared: Compared | undefined, failOn: ReadonlySet<ChangeKind>): string {
  const { sources, prefix } = loaded;
  const changes = compared ? findingsOf(compared.review, { failOn, sources }) : [];
  const log = renderSarif([...loaded.diagnostics, ...changes], sources, { version, explain, folder: prefix });
  return `${JSON.stringify(log, null, 2)}\n`;
}

function sentenceOf({ code, message, span }: Diagnostic): string {
  return `${code} ${table[code].name}${span ? ` (${span.path})` : ""}: ${message}`;
}

function exitOf(steps: readonly Step[]): Exit {
  if (steps.some(({ state }) => state === "failed")) return exits.trouble;
  return steps.some(({ state }) => state === "findings") ? exits.findings : exits.ok;
}
