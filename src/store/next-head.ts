/** What every store demands of a change before it makes it; a publisher that asks for less has a bug. */
import { hash } from "node:crypto";
import { assert } from "../diagnostics/index.ts";
import { type Head, isFileName } from "./head.ts";
import type { StoreRecord } from "./record.ts";
import type { Store } from "./store.ts";

export function digestOf(bytes: Uint8Array): string {
  return hash("sha256", bytes, "hex");
}

/** INVARIANT (I2): versions, floor and the size of the log never fall. (I3): a head names only what is there and matches. */
export function assertNextHead(
  store: Store,
  head: Head,
  newFiles: ReadonlyMap<string, Uint8Array>,
  hasBlob: (digest: string) => boolean,
): void {
  const held = store.head;
  assertVersion(store, head.version);
  assert(head.records === store.size && head.root === store.root, "a head counts other records than there are");
  assert(head.floor >= held.floor, "a head lowers the floor");
  assert(head.blobs.every(hasBlob), "a head names a blob that is not there");
  for (const [name, digest] of head.files) {
    const bytes = newFiles.get(name);
    assert(isFileName(name), "a file of metadata has a name that leads elsewhere");
    assert((bytes ? digestOf(bytes) : held.files.get(name)) === digest, "a head names a file that is not there");
    // A name that was given once means the same for ever: caches hold it.
    assert((held.files.get(name) ?? digest) === digest, "a file of metadata changes");
  }
  for (const name of newFiles.keys()) assert(head.files.has(name), "a file is written that no head names");
}

export function assertVersion(store: Store, version: number): void {
  assert(version > store.head.version, "a version is given twice");
  assert(version <= store.reserved, "a version is given that is not reserved");
}

export function assertRecords(records: readonly StoreRecord[], hasBlob: (digest: string) => boolean): void {
  assert(records.length > 0, "an empty batch is appended");
  for (const { blobs } of records) assert(blobs.every(hasBlob), "a record counts on a blob that is not there");
}
