/** A publisher in small: what it signs follows from the records alone, so that a test knows what has to be there. */
import { hash } from "node:crypto";
import { canonicalJson } from "../../src/json/index.ts";
import type { Draft, Sign, Store, StoreRecord } from "../../src/store/index.ts";

export function bytesOf(text: string): Uint8Array {
  return new Uint8Array(new TextEncoder().encode(text));
}

export function digestOf(bytes: Uint8Array): string {
  return hash("sha256", bytes, "hex");
}

export function publish(digest: string): StoreRecord {
  return { kind: "publish", blobs: [digest], body: { by: "operator" } };
}

export function approve(digest: string): StoreRecord {
  return { kind: "approve", blobs: [], body: { by: "approver", digest } };
}

export function revoke(jti: string): StoreRecord {
  return { kind: "revoke", blobs: [], body: { jti } };
}

export function rotate(role: string): StoreRecord {
  return { kind: "rotate", blobs: [], body: { role } };
}

/** What is in force by some records: the policy released last, all that is revoked, the number of keys changed, and a floor. */
export interface InForce {
  readonly policy: string | undefined;
  readonly revoked: readonly string[];
  readonly rotated: number;
  readonly floor: number;
}

export function inForceBy(records: readonly StoreRecord[]): InForce {
  const published = records.filter(({ kind }) => kind === "publish");
  return {
    policy: published.at(-1)?.blobs[0],
    revoked: records.flatMap(({ kind, body }) => (kind === "revoke" ? [body.jti as string] : [])),
    rotated: records.filter(({ kind }) => kind === "rotate").length,
    floor: Math.max(0, published.length - 2),
  };
}

export async function allRecords(store: Store): Promise<readonly StoreRecord[]> {
  return store.readRecords(0, store.size);
}

/** The leaves of the tree over some records, from the format as it is written down and not from the code that writes it. */
export function leavesOf(records: readonly StoreRecord[]): readonly Uint8Array[] {
  const leaves: Uint8Array[] = [];
  for (const [number, { kind, blobs, body }] of records.entries()) {
    const previous = leaves.at(-1) ?? hash("sha256", "", "buffer");
    const line = canonicalJson({ blobs, body, kind, number, previous: Buffer.from(previous).toString("hex") });
    leaves.push(hash("sha256", Buffer.concat([Buffer.of(0), Buffer.from(line)]), "buffer"));
  }
  return leaves;
}

export interface SignerOptions {
  /** Told when the signatures are made and nothing of them is on the disk. */
  readonly signed?: (version: number) => void;
}

/** A snapshot and targets whenever something changed, a root for each rotation; the list of revocations is a blob. */
export function signer(store: Store, { signed = () => {} }: SignerOptions = {}): Sign {
  const known: StoreRecord[] = [];
  return async ({ version, records, root, head, putBlob }: Draft) => {
    known.push(...(await store.readRecords(known.length, records - known.length)));
    const state = inForceBy(known);
    const timestamp = JSON.stringify({ version, records, root, ...state });
    const isBeat = records === head.records;
    const rootFile = `${state.rotated + 1}.root.json`;
    const newFiles = new Map<string, Uint8Array>();
    if (!isBeat) {
      newFiles.set(`${version}.snapshot.json`, bytesOf(`${version} snapshot of ${records}`));
      newFiles.set(`${version}.targets.json`, bytesOf(`${version} targets ${state.policy}`.padEnd(700, ".")));
      if (!head.files.has(rootFile)) newFiles.set(rootFile, bytesOf(`root ${state.rotated}`));
    }
    const list = state.revoked.length > 0 ? await putBlob(bytesOf(`revoked: ${state.revoked.join(" ")}`)) : undefined;
    signed(version);
    return {
      timestamp,
      floor: state.floor,
      newFiles,
      keptFiles: [...head.files.keys()].filter((name) => isBeat || name.endsWith(".root.json")),
      blobs: [state.policy, list].filter((digest) => digest !== undefined),
    };
  };
}
