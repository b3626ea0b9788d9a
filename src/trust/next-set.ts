/** What a publisher brings into force next: new files where something changed or grows old, and all of it judged as a gateway will. */
import { WritError } from "../diagnostics/index.ts";
import { refuseExpired } from "./expiry.ts";
import { refusePathsBeyond } from "./find-target.ts";
import { soundOr } from "./load-state.ts";
import { makeSnapshot, makeTargets, makeTimestamp, type NamedFile, type NewTarget } from "./make-metadata.ts";
import type { Delegator, Metadata, Root, Snapshot, Targets, Timestamp, WritHead } from "./metadata.ts";
import { readMetadata } from "./read-metadata.ts";
import { signMetadata, type TrustSigner } from "./sign-metadata.ts";
import { verifyThreshold } from "./threshold.ts";
import { delegatorOf, forgetsVersions } from "./update-root.ts";
import { updateSnapshot } from "./update-snapshot.ts";
import { delegatorIn, keepTargets, versionIn } from "./update-targets.ts";
import { readTimestampFile, refuseOlderTimestamp } from "./update-timestamp.ts";

/** The one delegated role of our estates. */
const REVOCATIONS = "revocations";

/** Seconds for which files of a role hold (threat model §4). */
export const lifetimes = {
  root: 365 * 86_400,
  targets: 30 * 86_400,
  snapshot: 86_400,
  revocations: 86_400,
  timestamp: 300,
} as const;

/** What is in force; before the first head, a root and targets. */
export interface PublishedSet {
  readonly root: Metadata<Root>;
  readonly targets: Metadata<Targets>;
  readonly revocations?: Metadata<Targets>;
  readonly snapshot?: Metadata<Snapshot>;
  readonly timestamp?: Metadata<Timestamp>;
}

export type WholeSet = Required<PublishedSet>;

export interface SetChange {
  /** Of the timestamp; never one that was given before. */
  readonly version: number;
  /** Seconds since 1970 UTC. */
  readonly now: number;
  readonly head: WritHead;
  /** The next root, signed as `updateRoot` demands. */
  readonly root?: Metadata<Root>;
  /** The next targets, signed by the release keys, wherever they are. */
  readonly targets?: Metadata<Targets>;
  /** All files of revocations that are in force from now on. */
  readonly revocations?: readonly NewTarget[];
}

/** The keys that a publisher holds. */
export interface PublisherKeys {
  readonly revocations: readonly TrustSigner[];
  readonly snapshot: readonly TrustSigner[];
  readonly timestamp: readonly TrustSigner[];
}

/**
 * The same set and change give the same files, as far as the keys do. What a gateway would refuse is thrown here, and nothing came
 * into force.
 *
 * @example const next = await nextSet(held, { version, now, head: { at: now, floor, audit } }, keys)
 */
export async function nextSet(held: PublishedSet, change: SetChange, keys: PublisherKeys): Promise<WholeSet> {
  const { root = held.root, targets = held.targets, now } = change;
  const revocations = await nextRevocations(held, targets, change, keys);
  const snapshot = await nextSnapshot(
    held,
    root,
    new Map([
      ["targets", targets],
      [REVOCATIONS, revocations],
    ]),
    now,
    keys,
  );
  const draft = await makeTimestamp(
    { version: change.version, expires: now + lifetimes.timestamp },
    named(snapshot),
    change.head,
  );
  const timestamp = await readTimestampFile(root, await signMetadata(draft, keys.timestamp));
  const next: WholeSet = { root, targets, revocations, snapshot, timestamp };
  await rehearse(held, next, now);
  return next;
}

/** The files of a set by the names under which they are served; the timestamp's alone means another file each time. */
export function filesOf(set: PublishedSet): ReadonlyMap<string, Uint8Array> {
  const { root, targets, revocations, snapshot, timestamp } = set;
  const versioned = Object.entries({ root, targets, revocations, snapshot }).flatMap(([role, metadata]) =>
    metadata ? [[`${metadata.signed.version}.${role}.json`, metadata.bytes] as const] : [],
  );
  return new Map([...versioned, ...(timestamp ? [["timestamp.json", timestamp.bytes] as const] : [])]);
}

async function nextRevocations(
  { revocations: held }: PublishedSet,
  targets: Metadata<Targets>,
  { revocations: files, now }: SetChange,
  keys: PublisherKeys,
): Promise<Metadata<Targets>> {
  const delegator = revocationsDelegator(targets);
  if (held && !files && (await stays(held, delegator, now, lifetimes.revocations))) return held;
  const edition = { version: (held?.signed.version ?? 0) + 1, expires: now + lifetimes.revocations };
  const draft = await makeTargets(edition, files ?? filesIn(held));
  return readMetadata(`${REVOCATIONS}.json`, "targets", await signMetadata(draft, keys.revocations));
}

async function nextSnapshot(
  { snapshot: held }: PublishedSet,
  root: Metadata<Root>,
  files: ReadonlyMap<string, Metadata>,
  now: number,
  keys: PublisherKeys,
): Promise<Metadata<Snapshot>> {
  const same = held && [...files].every(([role, { signed }]) => versionIn(held, role).version === signed.version);
  if (held && same && (await stays(held, delegatorOf(root, "snapshot"), now, lifetimes.snapshot))) return held;
  const edition = { version: (held?.signed.version ?? 0) + 1, expires: now + lifetimes.snapshot };
  const draft = await makeSnapshot(edition, new Map([...files].map(([role, file]) => [role, named(file)])));
  return readMetadata("snapshot.json", "snapshot", await signMetadata(draft, keys.snapshot));
}

/** A file is signed anew once half of its time is over, and when its keys were changed. */
async function stays(held: Metadata, delegator: Delegator, now: number, lifetime: number): Promise<boolean> {
  if (held.signed.expires - now < lifetime / 2) return false;
  return !((await soundOr(verifyThreshold(delegator, held))) instanceof WritError);
}

function filesIn(held: Metadata<Targets> | undefined): readonly NewTarget[] {
  return [...(held?.signed.targets.values() ?? [])].map(({ path, length, hashes, custom }) => ({
    path,
    bytes: { length, sha256: hashes.get("sha256") ?? "" },
    custom,
  }));
}

function named({ signed, bytes }: Metadata): NamedFile {
  return { version: signed.version, bytes };
}

function revocationsDelegator(targets: Metadata<Targets>): Delegator {
  const delegator = delegatorIn(targets, REVOCATIONS);
  if (!delegator) throw WritError.of("WRIT9101", { file: targets.file, place: "signed.delegations" });
  return delegator;
}

/** Threat model §10: the consumer's own checks, before a consumer is there to be harmed. */
async function rehearse(held: PublishedSet, next: WholeSet, now: number): Promise<void> {
  const { root, timestamp, snapshot, targets, revocations } = next;
  const forgets = forgetsVersions(held.root, root);
  if (held.timestamp && !forgets) refuseOlderTimestamp(held.timestamp.signed, timestamp.signed);
  await updateSnapshot(root, timestamp, forgets ? undefined : held.snapshot, snapshot.bytes);
  await keepTargets(delegatorOf(root, "targets"), versionIn(snapshot, "targets"), targets);
  await keepTargets(revocationsDelegator(targets), versionIn(snapshot, REVOCATIONS), revocations);
  await refusePathsBeyond(targets, REVOCATIONS, revocations);
  for (const metadata of [root, timestamp, snapshot, targets, revocations]) refuseExpired(metadata, now);
}
