/** The snapshot: the versions of all files that belong together (TUF §5.5), against mix and match. */
import { WritError } from "../diagnostics/index.ts";
import { hasHashes } from "./hashes.ts";
import type { FileVersion, Metadata, Root, Snapshot, Timestamp } from "./metadata.ts";
import { readMetadata } from "./read-metadata.ts";
import { verifyThreshold } from "./threshold.ts";
import { delegatorOf } from "./update-root.ts";

export async function readSnapshotFile(root: Metadata<Root>, bytes: Uint8Array): Promise<Metadata<Snapshot>> {
  const snapshot = readMetadata("snapshot.json", "snapshot", bytes);
  // §5.5.3, arbitrary software.
  await verifyThreshold(delegatorOf(root, "snapshot"), snapshot);
  return snapshot;
}

export async function updateSnapshot(
  root: Metadata<Root>,
  timestamp: Metadata<Timestamp>,
  held: Metadata<Snapshot> | undefined,
  bytes: Uint8Array,
): Promise<Metadata<Snapshot>> {
  await refuseOtherBytes("snapshot.json", timestamp.signed.snapshot, bytes);
  const snapshot = await readSnapshotFile(root, bytes);
  refuseOtherVersion(snapshot, timestamp.signed.snapshot);
  if (held) refuseOlderSnapshot(held.signed, snapshot.signed);
  return snapshot;
}

/** One that is held, judged anew: by the keys and the head of today. */
export async function keepSnapshot(
  root: Metadata<Root>,
  timestamp: Metadata<Timestamp>,
  held: Metadata<Snapshot>,
): Promise<Metadata<Snapshot>> {
  await refuseOtherFile(held, timestamp.signed.snapshot);
  await verifyThreshold(delegatorOf(root, "snapshot"), held);
  return held;
}

/** §5.5.5, rollback (threats F01, F06): no file goes back, none disappears. */
function refuseOlderSnapshot(held: Snapshot, next: Snapshot): void {
  for (const [file, { version }] of held.files) {
    const value = next.files.get(file)?.version ?? 0;
    if (value < version) {
      throw WritError.of("WRIT9103", { file: "snapshot.json", member: `meta.${file}`, value, held: version });
    }
  }
}

/** §5.5.2, §5.6.2, mix and match (threat F05): the bytes are those that were meant. */
export async function refuseOtherBytes(file: string, expected: FileVersion, bytes: Uint8Array): Promise<void> {
  if (expected.length !== undefined && bytes.length !== expected.length) {
    throw WritError.of("WRIT9104", { file, fault: "length" });
  }
  if (expected.hashes && !(await hasHashes(bytes, expected.hashes))) {
    throw WritError.of("WRIT9104", { file, fault: "digest" });
  }
}

/** §5.5.4, §5.6.4: the same where no hash is stated. */
export function refuseOtherVersion({ file, signed }: Metadata, expected: FileVersion): void {
  if (signed.version !== expected.version) throw WritError.of("WRIT9104", { file, fault: "version" });
}

/** As what a file was recognised last. */
const recognised = new WeakMap<Metadata, FileVersion>();

/** Both of a file that was read already; its digest is taken once. */
export async function refuseOtherFile(metadata: Metadata, expected: FileVersion): Promise<void> {
  if (isSameVersion(recognised.get(metadata), expected)) return;
  await refuseOtherBytes(metadata.file, expected, metadata.bytes);
  refuseOtherVersion(metadata, expected);
  recognised.set(metadata, expected);
}

function isSameVersion(a: FileVersion | undefined, b: FileVersion): boolean {
  if (a?.version !== b.version || a.length !== b.length || a.hashes?.size !== b.hashes?.size) return false;
  return [...(a.hashes ?? [])].every(([name, hash]) => b.hashes?.get(name) === hash);
}
