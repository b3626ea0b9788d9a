/** The store that comes with Writ: one folder, blobs by digest, a journal and a head, made to survive a loss of power at any moment. */
import { WritError } from "../../diagnostics/index.ts";
import { type FileSystem, isFull, replaceFile } from "../file-system.ts";
import { readFrame, writeFrame } from "../frame.ts";
import { firstHead, type Head, readHead, writeHead } from "../head.ts";
import { Journal } from "../journal.ts";
import { takeStore } from "../lock.ts";
import { assertNextHead, assertRecords, assertVersion, digestOf } from "../next-head.ts";
import { nodeFileSystem } from "../node-file-system.ts";
import { nodeProcesses, type Processes } from "../owner.ts";
import { isDigest, isUrgent, type StoreRecord } from "../record.ts";
import { Reserve } from "../reserve.ts";
import type { Room, Store } from "../store.ts";
import { strictFileSystem } from "../strict-file-system.ts";
import { Watchers } from "../watchers.ts";

const TEMPORARY = ".writing";

export interface FolderStoreOptions {
  /** Told once, when nothing is known of the disk any more: the process has to end. */
  readonly failed?: (failure: WritError) => void;
  /** Bytes that are kept for revocations on a full disk, a quarter of them to bring each to its end. Default 16 MiB. */
  readonly reserve?: number;
  /** Instead of the disk and the processes of this machine. */
  readonly files?: FileSystem;
  readonly processes?: Processes;
}

/**
 * Opens a store, or makes one where there is none. What a stop left half done is put right; what was damaged is left as it is, and
 * `store-corrupt` says so.
 *
 * @example
 * const store = await FolderStore.open("store");
 * const digest = await store.putBlob(bundle);
 */
export class FolderStore implements Store {
  readonly #files: FileSystem;
  readonly #journal: Journal;
  readonly #urgent: Reserve;
  readonly #ending: Reserve;
  readonly #leave: () => Promise<void>;
  readonly #watchers = new Watchers();
  /** Blobs of which the bytes and the name are on the disk, as far as this process knows. */
  readonly #blobs: Set<string>;
  #metadata: ReadonlyMap<string, Uint8Array>;
  #head: Head;
  #written = 0;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(parts: {
    readonly files: FileSystem;
    readonly journal: Journal;
    readonly urgent: Reserve;
    readonly ending: Reserve;
    readonly leave: () => Promise<void>;
    readonly head: Head;
    readonly metadata: ReadonlyMap<string, Uint8Array>;
  }) {
    this.#files = parts.files;
    this.#journal = parts.journal;
    this.#urgent = parts.urgent;
    this.#ending = parts.ending;
    this.#leave = parts.leave;
    this.#head = parts.head;
    this.#metadata = parts.metadata;
    this.#blobs = new Set([...parts.journal.blobs, ...parts.head.blobs]);
  }

  static async open(folder: string, options: FolderStoreOptions = {}): Promise<FolderStore> {
    const files = strictFileSystem(options.files ?? nodeFileSystem(folder), options.failed ?? (() => {}));
    for (const name of ["", "blobs", "metadata"]) await files.makeFolder(name);
    const leave = await takeStore(files, options.processes ?? nodeProcesses);
    try {
      const head = await openHead(files);
      const journal = await Journal.open(files, head);
      try {
        const metadata = await checkNamed(files, head, journal.blobs);
        for (const name of ["", "blobs", "metadata"]) await sweep(files, name);
        const room = options.reserve ?? 16 * 1024 * 1024;
        const urgent = new Reserve(files, "reserve", room - room / 4);
        const ending = new Reserve(files, "reserve-ending", room / 4);
        const store = new FolderStore({ files, journal, urgent, ending, leave, head, metadata });
        await store.#begin();
        return store;
      } catch (error) {
        await journal.close();
        throw error;
      }
    } catch (error) {
      await leave().catch(() => {});
      if (isFull(error)) throw full(error);
      throw error;
    }
  }

  async #begin(): Promise<void> {
    // What was held before is known again, so that a store on a full disk opens too.
    await this.#holdReserves();
    // A stop may have left the head in memory only, under its name; it is put on the disk before anybody reads it.
    if (this.#head.version > 0) await this.#withRoom("ending", () => writeHeadFile(this.#files, this.#head));
    await this.#holdReserves();
  }

  /** The one to bring changes to their end first: without it none begins. */
  async #holdReserves(): Promise<boolean> {
    return (await this.#ending.hold()) && (await this.#urgent.hold());
  }

  get head(): Head {
    return this.#head;
  }

  get size(): number {
    return this.#journal.size;
  }

  get root(): string {
    return this.#journal.root;
  }

  get reserved(): number {
    return this.#journal.reserved;
  }

  async putBlob(bytes: Uint8Array, room: Room = "ordinary"): Promise<string> {
    const digest = digestOf(bytes);
    if (this.#blobs.has(digest)) return digest;
    // A file of that name may be there: left by a stop, and perhaps in memory only. So it is written anew.
    const name = `blobs/${digest}`;
    const beside = `${name}.${++this.#written}${TEMPORARY}`;
    await this.#withRoom(room, () => replaceFile(this.#files, name, bytes, beside));
    this.#blobs.add(digest);
    return digest;
  }

  async readBlob(digest: string): Promise<Uint8Array | undefined> {
    if (!isDigest(digest) || !this.#blobs.has(digest)) return undefined;
    return readSound(this.#files, `blobs/${digest}`, digest);
  }

  append(records: readonly StoreRecord[]): Promise<number> {
    return this.#inTurn(async () => {
      assertRecords(records, (digest) => this.#blobs.has(digest));
      const journal = this.#journal;
      const sync = await this.#withRoom(
        records.every(isUrgent) ? "urgent" : "ordinary",
        () => journal.write(records),
        () => journal.takeBack(),
      );
      await sync();
      return journal.size;
    });
  }

  readRecords(since: number, limit: number): Promise<readonly StoreRecord[]> {
    return this.#journal.readRecords(since, limit);
  }

  readLines(since: number, limit: number): Promise<readonly Uint8Array[]> {
    return this.#journal.readLines(since, limit);
  }

  moveHead(head: Head, newFiles: ReadonlyMap<string, Uint8Array>): Promise<void> {
    return this.#inTurn(async () => {
      assertNextHead(this, head, newFiles, (digest) => this.#blobs.has(digest));
      const before = this.#head;
      await this.#withRoom("ending", async () => {
        for (const [name, bytes] of newFiles)
          await replaceFile(this.#files, `metadata/${name}`, bytes, `metadata/${name}${TEMPORARY}`);
        await writeHeadFile(this.#files, head);
      });
      const kept = this.#metadata;
      this.#metadata = new Map([...head.files.keys()].map((name) => [name, newFiles.get(name) ?? kept.get(name)!]));
      this.#replaceHead(head);
      await this.#prune(before, head);
      // What was removed may be the room for it, where it was given.
      await this.#ending.hold();
    });
  }

  beat(version: number, timestamp: string): void {
    assertVersion(this, version);
    this.#replaceHead({ ...this.#head, version, timestamp });
  }

  async readFile(name: string): Promise<Uint8Array | undefined> {
    return this.#metadata.get(name);
  }

  watch(listener: (head: Head) => void): () => void {
    return this.#watchers.add(listener);
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#journal.close();
    await this.#leave();
  }

  #replaceHead(head: Head): void {
    this.#head = head;
    this.#watchers.tell(head);
  }

  /** What only the head before named. A stop on the way leaves a file that nobody names, which does no harm. */
  async #prune(before: Head, head: Head): Promise<void> {
    for (const name of before.files.keys()) if (!head.files.has(name)) await this.#files.remove(`metadata/${name}`);
    const named = new Set(head.blobs);
    for (const digest of before.blobs) {
      if (named.has(digest) || this.#journal.countsOn(digest)) continue;
      this.#blobs.delete(digest);
      await this.#files.remove(`blobs/${digest}`);
    }
  }

  /** One after the other, whatever becomes of the one before. */
  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(action);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /**
   * Whatever begins a change needs the room that is kept to end it; what is not urgent needs the other reserve too, so that it is there
   * when it is needed.
   *
   * @param undo when there was no room; what was written by then was acknowledged to nobody
   */
  async #withRoom<T>(room: Room, write: () => Promise<T>, undo = async () => {}): Promise<T> {
    const reserves = { ordinary: [], urgent: [this.#urgent], ending: [this.#urgent, this.#ending] }[room];
    if (room === "ordinary" && !(await this.#holdReserves())) throw full();
    if (room === "urgent" && !(await this.#ending.hold())) throw full();
    for (let given = 0; ; given++) {
      try {
        return await write();
      } catch (error) {
        if (!isFull(error)) throw error;
        await undo();
        while (given < reserves.length && !(await reserves[given]!.giveUp())) given++;
        if (given === reserves.length) throw full(error);
      }
    }
  }
}

/** A journal without a head was never written by us: the head is there before the first record. */
async function openHead(files: FileSystem): Promise<Head> {
  const bytes = await files.read("head");
  if (bytes) {
    const frame = readFrame(bytes);
    const head = frame && readHead(frame.payload);
    // It is replaced whole, so that it can't be torn: what does not fit was damaged.
    if (!head || frame.number !== head.version || writeHeadFrame(head).length !== bytes.length) throw corrupt("head");
    return head;
  }
  const journal = await files.read("journal");
  if (journal && journal.length > 0) throw corrupt("head");
  await writeHeadFile(files, firstHead);
  return firstHead;
}

function writeHeadFrame(head: Head): Uint8Array {
  return writeFrame({ number: head.version, payload: writeHead(head) });
}

function writeHeadFile(files: FileSystem, head: Head): Promise<void> {
  return replaceFile(files, "head", writeHeadFrame(head), `head${TEMPORARY}`);
}

/** INVARIANT (I3): what the head names is there and matches; what records count on is there, and is hashed when it is read. */
async function checkNamed(
  files: FileSystem,
  head: Head,
  recorded: Iterable<string>,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const metadata = new Map<string, Uint8Array>();
  for (const [name, digest] of head.files) metadata.set(name, await readSound(files, `metadata/${name}`, digest));
  for (const digest of head.blobs) await readSound(files, `blobs/${digest}`, digest);
  const there = new Set(await files.list("blobs"));
  for (const digest of recorded) if (!there.has(digest)) throw corrupt(`blobs/${digest}`);
  return metadata;
}

async function readSound(files: FileSystem, name: string, digest: string): Promise<Uint8Array> {
  const bytes = await files.read(name);
  if (!bytes || digestOf(bytes) !== digest) throw corrupt(name);
  return bytes;
}

/** Files that were not finished have no name of their own yet, and nobody counts on them. */
async function sweep(files: FileSystem, folder: string): Promise<void> {
  for (const name of await files.list(folder))
    if (name.endsWith(TEMPORARY)) await files.remove(folder === "" ? name : `${folder}/${name}`);
}

function corrupt(file: string): WritError {
  return WritError.of("WRIT8001", { file });
}

function full(cause?: unknown): WritError {
  return WritError.of("WRIT8003", {}, cause);
}
