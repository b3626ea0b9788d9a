/** `writ diff BASE [HEAD]`: every request whose decision changes, in words, each with a request that shows it. */
import { assert, unreachable, WritError } from "../diagnostics/index.ts";
import { type ChangeKind, diffModels, kinds } from "../diff/index.ts";
import { readJson } from "../json/index.ts";
import type { Model } from "../model/index.ts";
import {
  type Approval,
  deployedBytes,
  failuresOf,
  findingsOf,
  largestApprovals,
  type Review,
  readApprovals,
  renderDifferenceHtml,
  renderDifferenceJson,
  renderDifferenceMarkdown,
  renderDifferenceText,
  reviewOf,
} from "../review/index.ts";
import { readNamedFile } from "./files.ts";
import type { Host } from "./host.ts";
import { complainFindings, type Exit, exits, progressOf, wantsColour } from "./output.ts";
import { absolute } from "./paths.ts";
import { readSide } from "./read-side.ts";
import { replay } from "./replay.ts";
import { type ComparedSide, readFolder, type SideOptions } from "./sides.ts";
import { version } from "./version.ts";

export type DiffFormat = "html" | "json" | "markdown" | "sarif" | "text";

export interface DiffOptions extends SideOptions {
  readonly format: DiffFormat;
  readonly out?: string;
  readonly failOn: readonly string[];
  readonly allow?: string;
}

export async function diff(host: Host, base: string, head: string | undefined, options: DiffOptions): Promise<Exit> {
  const failOn = kindsOf(options.failOn);
  const approvals = approvalsIn(host, options.allow);
  const before = await readSide(host, base, options);
  const after = head === undefined ? readFolder(host, options.policies) : await readSide(host, head, options);
  if (!before || !after) return exits.trouble;
  // Of a folder that is called otherwise, nothing would ever change.
  if (isWithoutPolicies(before) && isWithoutPolicies(after)) throw WritError.of("WRIT5081", {});
  const review = compareSides(host, before, after, approvals);
  const text = await render(host, review, before, after, options, failOn);
  if (options.out === undefined) host.print(text);
  else host.write(absolute(host, options.out), text);
  return fail(host, review, after, failOn);
}

function isWithoutPolicies({ released, sources }: ComparedSide): boolean {
  return !released && sources.size === 0;
}

/** Nothing of it is shown before every witness was asked again, of everything that decides. */
export function compareSides(
  host: Host,
  before: ComparedSide,
  after: ComparedSide,
  approvals: readonly Approval[] = [],
): Review {
  const progress = progressOf(host);
  progress(`comparing \`${before.name}\` with \`${after.name}\``);
  const [old, now] = inOneSpelling(before, after);
  const difference = diffModels(old.model, now.model, progress);
  const digests = replay(host, old, now, difference.changes, progress);
  const [known, knownNow] = digests.map((digest) => ({ digest }));
  return reviewOf({ ...old, ...known }, { ...now, ...knownNow }, difference, approvals);
}

/** What was read from a bundle has its members in another order, which would pass for a declaration that was changed. */
function inOneSpelling(before: ComparedSide, after: ComparedSide): readonly [ComparedSide, ComparedSide] {
  if (before.released === after.released) return [before, after];
  const respelled = (side: ComparedSide): ComparedSide =>
    side.released ? side : { ...side, model: respell(side.model) };
  return [respelled(before), respelled(after)];
}

function respell(model: Model): Model {
  const read = readJson(deployedBytes(model));
  assert(!read.failure, "a model is JSON");
  return read.value as unknown as Model;
}

/** Says for which changes the command fails. */
export function fail(host: Host, review: Review, after: ComparedSide, failOn: ReadonlySet<ChangeKind>): Exit {
  const { sources, prefix } = after;
  const diagnostics = failuresOf(review, { failOn, sources });
  if (diagnostics.length === 0) return exits.ok;
  complainFindings(host, { diagnostics, sources, prefix });
  return exits.findings;
}

async function render(
  host: Host,
  review: Review,
  before: ComparedSide,
  after: ComparedSide,
  { format, out }: DiffOptions,
  failOn: ReadonlySet<ChangeKind>,
): Promise<string> {
  const { sources, prefix } = after;
  switch (format) {
    case "text": {
      const colour = out === undefined && wantsColour(host, "print");
      return renderDifferenceText(review, { colour, prefixes: { before: before.prefix, after: prefix } });
    }
    case "json":
      return `${JSON.stringify(renderDifferenceJson(review), null, 2)}\n`;
    case "sarif": {
      const { explain, renderSarif } = await import("../diagnostics/index.ts");
      const log = renderSarif(findingsOf(review, { failOn, sources }), sources, { version, explain, folder: prefix });
      return `${JSON.stringify(log, null, 2)}\n`;
    }
    case "markdown":
      return renderDifferenceMarkdown(review);
    case "html":
      return renderDifferenceHtml(review);
    default:
      return unreachable(format);
  }
}

export function approvalsIn(host: Host, path: string | undefined): readonly Approval[] {
  return path === undefined ? [] : readApprovals(readNamedFile(host, path, largestApprovals), path);
}

/** `gain,loss` or `any`, as often as one likes. */
export function kindsOf(words: readonly string[]): ReadonlySet<ChangeKind> {
  const found = new Set<ChangeKind>();
  for (const word of words.flatMap((list) => list.split(","))) {
    const named = word === "any" ? kinds : kinds.filter((kind) => kind === word);
    const expected = `\`any\`, or some of ${kinds.join(", ")}`;
    if (named.length === 0) throw WritError.of("WRIT5088", { option: "--fail-on", value: word, expected });
    for (const kind of named) found.add(kind);
  }
  return found;
}
