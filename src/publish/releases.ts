/** What brings a policy into force, ring by ring, and what brings an earlier one back. */
import { readContents } from "../bundle/index.ts";
import { assert, type ReleaseFault, WritError } from "../diagnostics/index.ts";
import { type JsonObject, type JsonValue, readJson } from "../json/index.ts";
import { type PolicyTarget, policyPath, type Ring } from "../protocol/index.ts";
import { lifetimes, type Metadata, type PublishedSet, releaseTargets, type Targets } from "../trust/index.ts";
import { isSuperseded } from "./candidates.ts";
import type { Core } from "./core.ts";
import { digestOf } from "./digest.ts";
import { approvalsNeeded, type Candidate } from "./estate.ts";
import { EMERGENCY_LIFE, refuseInactive, sizeOf } from "./judge.ts";
import type { Accepted, Call } from "./publisher.ts";
import { type Asked, type Bodies, recordOf } from "./records.ts";
import { reissue, revisionUnder } from "./reissue.ts";
import type { GatewayView } from "./view.ts";

export type Gateways = () => readonly GatewayView[];

/** Minutes for which a release has to hold where there are canary gateways. */
const SOAK = 5;

/** Operator. The release keys sign before the record that counts on it: without them nothing changes (threat model §8). */
export function release(core: Core, gateways: Gateways, call: Call, digest: string, ring: Ring): Promise<Accepted> {
  return core.once(call, "release", "operator", { digest, ring }, async (asked) => {
    const refuse = () => {
      core.matchHead(call);
      return refuseRelease(core, gateways, digest, ring);
    };
    const { body } = refuse();
    const bundle = await core.blob(digest);
    const before = core.current.set;
    const targets = await signTargets(core, [ring], body);
    const said = { digest, ring, targets: digestOf(targets.bytes) };
    return core.commit(
      "publish",
      { ...asked, ...said },
      {
        blobs: [bundle, targets.bytes],
        check: () => {
          refuse();
          refuseMoved(core, before);
        },
      },
    );
  });
}

function refuseRelease(core: Core, gateways: Gateways, digest: string, ring: Ring): Candidate {
  const { estate, now } = core;
  const candidate = estate.candidates.get(digest);
  if (!candidate) throw WritError.of("WRIT8312", { fault: "unknown" });
  if (estate.halted) throw WritError.of("WRIT8319", { reason: estate.halted.reason });
  if (isSuperseded(estate, candidate)) throw WritError.of("WRIT8312", { fault: "superseded" });
  if (candidate.body.expires <= now) throw WritError.of("WRIT8318", { fault: "ended" });
  if (candidate.body.issued > now) throw WritError.of("WRIT8318", { fault: "begins" });
  if (estate.inForce.get(ring)?.candidate === candidate) throw outOfOrder("in-force");
  // Also of what is in force in the other ring: no gateway goes back to a lower sequence.
  const highest = ring === "canary" ? estate.highest : (estate.inForce.get(ring)?.candidate.body.sequence ?? 0);
  if (candidate.body.sequence <= highest) throw WritError.of("WRIT8312", { fault: "superseded" });
  if (ring === "stable") refuseUnproved(core, gateways, candidate);
  const needed = approvalsNeeded(candidate);
  if (candidate.approvals.size < needed) throw WritError.of("WRIT8313", { found: candidate.approvals.size, needed });
  return candidate;
}

/** Stable gateways get what canary gateways have decided by, all of them, for long enough and without trouble (threats R01, R03). */
function refuseUnproved({ estate, now, options }: Core, gateways: Gateways, candidate: Candidate): void {
  const held = estate.inForce.get("canary");
  if (held?.candidate !== candidate) throw outOfOrder("canary");
  const canaries = gateways().filter(({ ring }) => ring === "canary");
  const minutes = options.rollout?.minutes ?? (canaries.length === 0 ? 0 : SOAK);
  const { digest, sequence } = candidate.body;
  const troubled = canaries.filter(({ problems }) => problems.some((problem) => problem.digest === digest));
  if (troubled.length > 0) throw outOfOrder("troubled", troubled);
  const live = canaries.filter((gateway) => gateway.live);
  const waiting = live.filter(({ policy }) => policy?.sequence !== sequence);
  // That nobody is there to have trouble proves nothing.
  if (waiting.length > 0 || (canaries.length > 0 && live.length === 0))
    throw outOfOrder("unconfirmed", live.length === 0 ? canaries : waiting);
  if (now < held.since + minutes * 60) throw outOfOrder("early");
}

function outOfOrder(fault: ReleaseFault, gateways: readonly GatewayView[] = []): WritError {
  return WritError.of("WRIT8320", { fault, gateways: gateways.map(({ name }) => name) });
}

/** Operator. What was in force in `stable` once comes back under a sequence above all others, in all rings at once (threat R04). */
export async function republish(
  core: Core,
  call: Call,
  digest: string,
): Promise<Accepted & { readonly digest: string }> {
  const accepted = await core.once(call, "republish", "operator", { digest }, async (asked) => {
    const refuse = () => {
      core.matchHead(call);
      if (!core.estate.released.stable.has(digest)) throw WritError.of("WRIT8321", {});
      return nextSequence(core);
    };
    const sequence = refuse();
    const released = core.estate.candidates.get(digest)!;
    const { bytes, body } = await madeAgain(core, asked, released.body, sequence);
    const check = () => {
      if (refuse() !== sequence) throw WritError.of("WRIT8302", { version: core.ledger.store.head.version });
    };
    // Content that few had time to look at needs their word each time it is to stay longer.
    if (body.emergency !== undefined) return core.commit("submit", body, { blobs: [bytes], check });
    return publishAgain(core, asked, { bytes, body }, check);
  });
  const [submitted, published] = await Promise.all([
    core.bodyAt(accepted.sequence, "submit"),
    core.bodyAt(accepted.sequence, "publish"),
  ]);
  const found = submitted ?? published;
  assert(found, "a republication is a candidate, or in force");
  return { ...accepted, digest: found.digest };
}

function nextSequence({ estate }: Core): number {
  return Math.max(estate.highest + 1, estate.floor);
}

interface Again {
  readonly bytes: Uint8Array;
  readonly body: Bodies["submit"];
}

/** The bytes are known by their digest: they were verified when they were taken in, maybe by a key that is none any more. */
async function madeAgain(
  core: Core,
  asked: Asked,
  { digest, authors, provenance, ...before }: Bodies["submit"],
  sequence: number,
): Promise<Again> {
  const { now, bundleSigner } = core;
  const contents = readContents(await core.blob(digest));
  const limit = before.emergency === undefined ? lifetimes.targets : EMERGENCY_LIFE;
  const policy = {
    revision: revisionUnder(contents.manifest, sequence),
    sequence,
    notBefore: now,
    notAfter: now + Math.min(before.expires - before.issued, limit),
  };
  const bytes = await reissue(contents, policy, bundleSigner);
  await refuseInactive(core, bytes);
  const body = {
    ...asked,
    digest: digestOf(bytes),
    content: before.content,
    republished: digest,
    revision: policy.revision,
    sequence,
    issued: policy.notBefore,
    expires: policy.notAfter,
    size: bytes.length,
    unpacked: sizeOf(contents),
    keyId: bundleSigner.kid,
    provenance,
    authors,
    ...(before.emergency !== undefined && { emergency: before.emergency }),
  };
  return { bytes, body };
}

/** One change: a candidate, and in force in every ring that has a policy. */
async function publishAgain(core: Core, asked: Asked, { bytes, body }: Again, check: () => void): Promise<Accepted> {
  const before = core.current.set;
  const rings = [...core.estate.inForce.keys()];
  const targets = await signTargets(core, rings, body);
  const blobs = [body.digest, digestOf(targets.bytes)];
  const publications = rings.map((ring) => {
    return recordOf("publish", { ...asked, digest: body.digest, ring, targets: blobs[1]! }, blobs);
  });
  const { version } = await core.ledger.commit({
    records: [recordOf("submit", body, [body.digest]), ...publications],
    blobs: [bytes, targets.bytes],
    check: () => {
      check();
      refuseMoved(core, before);
    },
  });
  const sequence = core.estate.calls.get(asked.call.key)?.sequence;
  assert(sequence !== undefined, "a change that is in force is not in the estate");
  return { version, sequence };
}

async function signTargets(
  { now, current, bundleKeys }: Core,
  rings: readonly Ring[],
  { digest, keyId, sequence, revision, issued, expires, size }: Bodies["submit"],
): Promise<Metadata<Targets>> {
  const keys = keysNamed(keyId, bundleKeys);
  // A key that is none any more since it was a candidate brings nothing into force.
  if (keys.length === 0) throw WritError.of("WRIT7015", { kid: keyId });
  const custom: PolicyTarget = { sequence, revision, issued, expires, keys };
  const news = rings.map((ring) => ({
    path: policyPath(ring),
    bytes: { length: size, sha256: digest },
    custom: custom as unknown as JsonObject,
  }));
  return releaseTargets(current.set, now + lifetimes.targets, news, current.trust.signers.targets);
}

/** INVARIANT: `readKeys` took the file, so it is a list of keys with ids. */
function keysNamed(keyId: string, file: Uint8Array): readonly JsonValue[] {
  const { value } = readJson(file) as { readonly value: readonly JsonObject[] };
  return value.filter(({ kid }) => kid === keyId);
}

/** Two at once sign the same version, and one of them was first (threat P07); or other keys have to sign since. */
function refuseMoved({ current, ledger }: Core, before: PublishedSet): void {
  if (current.set.targets !== before.targets || current.set.root !== before.root)
    throw WritError.of("WRIT8302", { version: ledger.store.head.version });
}
