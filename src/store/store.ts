/** What a publisher asks of the place where everything lies that it publishes. `test/store/store.cases.ts` is the whole contract. */
import type { Head } from "./head.ts";
import type { StoreRecord } from "./record.ts";

/**
 * Which room a write may have on a full disk: what is `urgent` (a revocation) has a reserve; to bring to its end what is in the journal
 * already has another one, so that nothing stays half way and heartbeats go on.
 */
export type Room = "ordinary" | "urgent" | "ending";

/**
 * Blobs by their digests, a journal of changes, and a head. The journal is the truth; whatever the head names can be made from it again.
 * There is one writer, and the order in which it writes is that of `Ledger`. A method that resolves has it on the disk; one that
 * rejects may have changed nothing that was there before.
 *
 * After `store-failed` nothing is known of the disk: every further change is refused, and the process has to end.
 */
export interface Store {
  /** What is in force. It changes only when the new one is on the disk, so whoever waited reads what was acknowledged. */
  readonly head: Head;
  /** Records in the journal; more than the head counts between the two steps of a change. */
  readonly size: number;
  /** The root of the hash tree over all records, in hexadecimal. */
  readonly root: string;
  /** Versions up to this one are reserved: none above may be given. */
  readonly reserved: number;

  /** Keeps bytes under their SHA-256, and says it. */
  putBlob(bytes: Uint8Array, room?: Room): Promise<string>;
  /** The bytes, hashed again; nothing where there are none. */
  readBlob(digest: string): Promise<Uint8Array | undefined>;

  /** Appends all of the records or none, and says the size that the journal has then. The blobs they count on are there before. */
  append(records: readonly StoreRecord[]): Promise<number>;
  /** Records from the one with the number `since`, counted from 0, and at most `limit`. */
  readRecords(since: number, limit: number): Promise<readonly StoreRecord[]>;
  /** The same, as the lines of the audit log that they are. */
  readLines(since: number, limit: number): Promise<readonly Uint8Array[]>;

  /**
   * Writes the new files of metadata, then puts the head in force, which names them and earlier ones that stay. It counts all
   * records; neither its version nor its floor falls. Afterwards watchers are told, and what only the old head named may be removed.
   */
  moveHead(head: Head, newFiles: ReadonlyMap<string, Uint8Array>): Promise<void>;
  /** A newer timestamp for the same head. Nothing is written: versions are reserved, and a stop loses no more than a heartbeat. */
  beat(version: number, timestamp: string): void;
  /** A file of metadata that the head names. */
  readFile(name: string): Promise<Uint8Array | undefined>;

  /** Calls whenever there is a newer head, until the function that it gives is called. */
  watch(listener: (head: Head) => void): () => void;
  /** Waits for what has begun, and lets another writer in. */
  close(): Promise<void>;
}
