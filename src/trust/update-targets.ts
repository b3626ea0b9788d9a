/** A role that lists targets, the top one or a delegated one: TUF §5.6.2–5.6.5. */
import { WritError } from "../diagnostics/index.ts";
import { refuseExpired } from "./expiry.ts";
import { type Delegator, type FileVersion, fileOf, type Metadata, type Snapshot, type Targets } from "./metadata.ts";
import { readMetadata } from "./read-metadata.ts";
import { verifyThreshold } from "./threshold.ts";
import { refuseOtherBytes, refuseOtherFile, refuseOtherVersion } from "./update-snapshot.ts";

/** @param delegator who says now which keys may sign */
export async function readTargetsFile(
  role: string,
  delegator: Delegator,
  expected: FileVersion,
  bytes: Uint8Array,
): Promise<Metadata<Targets>> {
  await refuseOtherBytes(fileOf(role), expected, bytes);
  const targets = readMetadata(fileOf(role), "targets", bytes);
  // §5.6.3, arbitrary software (threats T01, T08).
  await verifyThreshold(delegator, targets);
  refuseOtherVersion(targets, expected);
  return targets;
}

/** One that is held, judged anew: asked for by another way, it is another question (threat T09). */
export async function keepTargets(
  delegator: Delegator,
  expected: FileVersion,
  held: Metadata<Targets>,
): Promise<Metadata<Targets>> {
  await refuseOtherFile(held, expected);
  await verifyThreshold(delegator, held);
  return held;
}

/** One that no snapshot names any more: whether those who sign now would still answer for it. */
export async function readEarlierTargets(
  role: string,
  delegator: Delegator,
  bytes: Uint8Array,
  now: number,
): Promise<Metadata<Targets>> {
  const targets = readMetadata(fileOf(role), "targets", bytes);
  await verifyThreshold(delegator, targets);
  refuseExpired(targets, now);
  return targets;
}

/** What the snapshot says of a role; one that it does not name is no part of the repository. */
export function versionIn({ signed }: Metadata<Snapshot>, role: string): FileVersion {
  const version = signed.files.get(`${role}.json`);
  if (version) return version;
  throw WritError.of("WRIT9107", { file: fileOf(role) });
}

export function delegatorIn({ signed }: Metadata<Targets>, role: string): Delegator | undefined {
  const found = signed.delegations.roles.find(({ name }) => name === role);
  return found && { role: found, keys: signed.delegations.keys };
}
