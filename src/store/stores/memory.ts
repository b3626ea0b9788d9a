/** A store that ends with the process: for tests, and for a look around. */
import { GrowingLog } from "../../audit/index.ts";
import { firstHead, type Head } from "../head.ts";
import { assertNextHead, assertRecords, assertVersion, digestOf } from "../next-head.ts";
import { entryOf, reservedBy, type StoreRecord } from "../record.ts";
import type { Store } from "../store.ts";
import { Watchers } from "../watchers.ts";

export function memoryStore(): Store {
  const blobs = new Map<string, Uint8Array>();
  const kept: StoreRecord[] = [];
  const lines: Uint8Array[] = [];
  const log = new GrowingLog();
  const watchers = new Watchers();
  const recorded = new Set<string>();
  let files = new Map<string, Uint8Array>();
  let head = firstHead;
  let reserved = 0;
  const hasBlob = (digest: string) => blobs.has(digest);
  const replaceHead = (next: Head) => {
    head = next;
    watchers.tell(next);
  };
  const store: Store = {
    get head() {
      return head;
    },
    get size() {
      return log.size;
    },
    get root() {
      return log.root;
    },
    get reserved() {
      return reserved;
    },
    async putBlob(bytes) {
      const digest = digestOf(bytes);
      blobs.set(digest, Uint8Array.from(bytes));
      return digest;
    },
    readBlob: async (digest) => blobs.get(digest),
    async append(records: readonly StoreRecord[]) {
      assertRecords(records, hasBlob);
      for (const line of log.linesFor(records.map(entryOf))) {
        log.add(line);
        lines.push(line);
      }
      for (const record of records) {
        kept.push(structuredClone(record));
        for (const digest of record.blobs) recorded.add(digest);
        reserved = Math.max(reserved, reservedBy(record));
      }
      return log.size;
    },
    readRecords: async (since, limit) => kept.slice(since, since + limit),
    readLines: async (since, limit) => lines.slice(since, since + limit),
    async moveHead(next, newFiles) {
      assertNextHead(store, next, newFiles, hasBlob);
      files = new Map([...next.files.keys()].map((name) => [name, newFiles.get(name) ?? files.get(name)!]));
      for (const digest of head.blobs) if (!next.blobs.includes(digest) && !recorded.has(digest)) blobs.delete(digest);
      replaceHead(next);
    },
    beat(version, timestamp) {
      assertVersion(store, version);
      replaceHead({ ...head, version, timestamp });
    },
    readFile: async (name) => files.get(name),
    watch: (listener) => watchers.add(listener),
    close: async () => {},
  };
  return store;
}
