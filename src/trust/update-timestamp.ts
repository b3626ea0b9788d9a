/** The head: which snapshot is current (TUF §5.4), and what every gateway must know of it. */
import { WritError } from "../diagnostics/index.ts";
import { isSame } from "./encoding.ts";
import type { Metadata, Root, Timestamp, WritHead } from "./metadata.ts";
import { readMetadata } from "./read-metadata.ts";
import { verifyThreshold } from "./threshold.ts";
import { delegatorOf } from "./update-root.ts";

const FILE = "timestamp.json";

export async function readTimestampFile(root: Metadata<Root>, bytes: Uint8Array): Promise<Metadata<Timestamp>> {
  const timestamp = readMetadata(FILE, "timestamp", bytes);
  // §5.4.2, arbitrary software.
  await verifyThreshold(delegatorOf(root, "timestamp"), timestamp);
  return timestamp;
}

/** §5.4.3, rollback (threat F01): neither the head, nor the snapshot in it, nor anything of ours goes back. */
export function refuseOlderTimestamp(held: Timestamp, next: Timestamp): void {
  refuseLower("version", next.version, held.version);
  refuseLower("meta.snapshot.json.version", next.snapshot.version, held.snapshot.version);
  if (!held.writ) return;
  if (!next.writ) throw WritError.of("WRIT9101", { file: FILE, place: "signed.x-writ" });
  refuseOlderHead(held.writ, next.writ);
}

function refuseOlderHead(held: WritHead, next: WritHead): void {
  refuseLower("x-writ.at", next.at, held.at);
  refuseLower("x-writ.floor", next.floor, held.floor);
  const [before, after] = [held.audit, next.audit];
  // Threat D09: every gateway is a witness of the log; whoever cuts or rewrites it has to show it another head.
  if (after.size < before.size || (after.size === before.size && after.root !== before.root)) {
    throw WritError.of("WRIT9115", { size: after.size, held: before.size });
  }
}

/** Threat D13: two heads of one version are two publishers, or one that says different things to different gateways. */
export function conflictOf(held: Metadata<Timestamp>, next: Metadata<Timestamp>): WritError | undefined {
  if (isSame(held.payload, next.payload)) return undefined;
  return WritError.of("WRIT9104", { file: FILE, fault: "content" });
}

function refuseLower(member: string, value: number, held: number): void {
  if (value < held) throw WritError.of("WRIT9103", { file: FILE, member, value, held });
}
