/** A log with a key of its own, the same in every run. */
import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import { type CheckpointKey, GrowingLog, type LogHead, signCheckpoint } from "../../src/audit/index.ts";
import type { JsonObject } from "../../src/json/index.ts";

/** RFC 8410 §7, around a seed that is no secret. */
const secret = createPrivateKey({
  key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.alloc(32, 7)]),
  format: "der",
  type: "pkcs8",
});

export const key: CheckpointKey = {
  name: "publisher.example/estate",
  publicKey: createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(-32),
};

export const signNote = async (payload: Uint8Array): Promise<Uint8Array> => sign(null, payload, secret);

export interface WrittenLog {
  readonly lines: readonly Uint8Array[];
  /** After each record, and before the first. */
  readonly heads: readonly LogHead[];
}

export function writeLog(entries: readonly JsonObject[]): WrittenLog {
  const log = new GrowingLog();
  const heads: LogHead[] = [{ size: 0, root: log.root }];
  const lines = log.linesFor(entries);
  for (const line of lines) {
    log.add(line);
    heads.push({ size: log.size, root: log.root });
  }
  return { lines, heads };
}

export function revocations(count: number): readonly JsonObject[] {
  return Array.from({ length: count }, (_, index) => ({
    kind: "revoke",
    blobs: [],
    body: { by: "ops", jti: `t-${index}` },
  }));
}

export function checkpointOf(head: LogHead): Promise<string> {
  return signCheckpoint(head, key, signNote);
}
