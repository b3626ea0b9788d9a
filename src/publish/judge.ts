/** What a bundle has to stand before it is a candidate: who made it, from what, how large it is, and whether gateways can decide by it. */
import { hash } from "node:crypto";
import { type Bundle, type Contents, manifestBytes, readContents, readKeys, verify } from "../bundle/index.ts";
import { type CandidateFault, WritError } from "../diagnostics/index.ts";
import { lifetimes } from "../trust/index.ts";
import type { Core } from "./core.ts";
import { isReason } from "./halts.ts";
import type { BuildTerms } from "./options.ts";
import { verifyProvenance } from "./provenance.ts";
import type { Call, Provenance, Submission } from "./publisher.ts";

/** Threat model §6: what few had time to look at does not stay for long. */
export const EMERGENCY_LIFE = 72 * 3600;

/** Of the smaller to the larger one, before nobody can say any more what else came with a change (threat model §10). */
const LARGEST_CHANGE = 2;

const MOST_AUTHORS = 64;

/** No sequence ever falls: one that is too high by mistake would be the last one of its estate. */
const HIGHEST = 2 ** 52;

interface Judged {
  readonly bundle: Bundle;
  readonly provenance: Provenance;
  readonly digest: string;
}

/** By core, the last one that is judged or waits for it. */
const turns = new WeakMap<Core, Promise<unknown>>();

/** One at a time: each may cost as much as a gateway and a build, and heartbeats have to come in between. */
export async function judge(core: Core, call: Call, submission: Submission): Promise<Judged> {
  const turn = (turns.get(core) ?? Promise.resolve()).then(() => judgeNow(core, call, submission));
  turns.set(
    core,
    turn.catch(() => {}),
  );
  return turn;
}

/** In the order of their cost: what is cheap to find out is found out first. */
async function judgeNow(core: Core, call: Call, submission: Submission): Promise<Judged> {
  const { options } = core;
  const { bundle: bytes, emergency } = submission;
  const digest = hash("sha256", bytes, "hex");
  if (submission.authors.length > MOST_AUTHORS || !submission.authors.every(isPerson)) throw unfit("authors");
  const source = call.caller.source;
  const provenance = await verifyProvenance(submission.provenance, options.judging.provenance, {
    digest,
    ...(source && { source }),
  });
  const bundle = await verify(bytes, await readKeys(core.bundleKeys));
  const { sequence, issued, expires } = bundle.manifest.metadata;
  const opaBackend = bundle.manifest.wasm ? "wasm" : "rego";
  const terms: BuildTerms = { sequence, issued, expires, opaBackend };
  refuseUnfit(core, digest, terms, emergency);
  refuseLargeChange(core, bytes, bundle);
  await refuseOtherBuild(core, bundle, provenance, terms);
  await refuseInactive(core, bytes);
  return { bundle, provenance, digest };
}

/** What may change while others are at work, so it is asked again when the turn has come. */
export function refuseUnfit(
  { estate, now }: Pick<Core, "estate" | "now">,
  digest: string,
  { sequence, expires }: Pick<BuildTerms, "sequence" | "expires">,
  emergency: Submission["emergency"],
): void {
  // Whoever submits it again would name its authors again.
  if (estate.candidates.has(digest)) throw unfit("known");
  if (sequence <= estate.highest || sequence < estate.floor) throw unfit("sequence");
  if (sequence > HIGHEST) throw unfit("room");
  if (expires <= now) throw unfit("ended");
  if (expires > now + lifetimes.targets) throw unfit("life");
  if (emergency && !isReason(emergency.reason)) throw unfit("emergency-reason");
  if (emergency && expires > now + EMERGENCY_LIFE) throw unfit("emergency-life");
}

function isPerson(name: string): boolean {
  return name !== "" && name.length <= 256 && name.isWellFormed();
}

function unfit(fault: CandidateFault): WritError {
  return WritError.of("WRIT8318", { fault });
}

/** Against what most gateways decide by. */
function refuseLargeChange({ estate: { inForce } }: Core, bytes: Uint8Array, bundle: Contents): void {
  const before = (inForce.get("stable") ?? inForce.get("canary"))?.candidate.body;
  if (!before) return;
  const pairs = [
    [bytes.length, before.size],
    [sizeOf(bundle), before.unpacked],
  ] as const;
  for (const [size, other] of pairs)
    if (Math.max(size, other) > Math.min(size, other) * LARGEST_CHANGE)
      throw WritError.of("WRIT8317", { size, before: other });
}

export function sizeOf({ files }: Contents): number {
  return [...files.values()].reduce((sum, { length }) => sum + length, 0);
}

/** Threat P10: the same commit gives the same bytes, wherever it is built, or somebody stood between. */
async function refuseOtherBuild(core: Core, bundle: Bundle, made: Provenance, terms: BuildTerms): Promise<void> {
  const { rebuild } = core.options.judging;
  if (!rebuild) return;
  const built = await rebuild(made, terms);
  if ("problem" in built) throw WritError.of("WRIT8316", { problem: built.problem });
  const other = readContents(built);
  const [ours, theirs] = [archiveOf(bundle), archiveOf(other)];
  for (const file of [...new Set([...ours.keys(), ...theirs.keys()])].toSorted()) {
    const [one, another] = [ours.get(file), theirs.get(file)];
    if (!one || !another || !Buffer.from(one).equals(another)) throw WritError.of("WRIT8315", { file });
  }
}

/** All but the signature, which is by chance. */
function archiveOf({ manifest, files }: Contents): ReadonlyMap<string, Uint8Array> {
  return new Map([...files, [".manifest", manifestBytes(manifest)]]);
}

/** Threat P11: tried before a gateway is there to be harmed. */
export async function refuseInactive({ options, bundleKeys }: Core, bytes: Uint8Array): Promise<void> {
  const problem = await options.judging.activate(bytes, bundleKeys);
  if (problem !== undefined) throw WritError.of("WRIT8316", { problem });
}
