/** The journal on a disk: frames one after the other, each a batch of records that is there wholly or not at all. */
import { GrowingRoot, hashLeaf } from "../audit/index.ts";
import { WritError } from "../diagnostics/index.ts";
import type { FileSystem, OpenFile } from "./file-system.ts";
import { frameLength, frameOverhead, holdsFrame, largestPayload, readFrame, writeFrame } from "./frame.ts";
import type { Head } from "./head.ts";
import { readRecord, reservedBy, type StoreRecord, writeRecord } from "./record.ts";

const NAME = "journal";
const LINE_END = 0x0a;

interface Place {
  readonly offset: number;
  readonly length: number;
  /** The number of the first record in the frame. */
  readonly first: number;
}

export class Journal {
  readonly #file: OpenFile;
  /** Where frames lie, in their order. Records stay on the disk: there may be millions. */
  readonly #places: Place[] = [];
  readonly #tree = new GrowingRoot();
  readonly #blobs = new Set<string>();
  #end = 0;
  #reserved = 0;

  private constructor(file: OpenFile) {
    this.#file = file;
  }

  /** Reads all of it. What the head counts has to be there; what came after may be torn at its end, and then goes. */
  static async open(files: FileSystem, head: Head): Promise<Journal> {
    const journal = new Journal(await files.open(NAME));
    try {
      await journal.#recover(head);
    } catch (error) {
      await journal.close();
      throw error;
    }
    await files.syncFolder("");
    return journal;
  }

  get size(): number {
    return this.#tree.size;
  }

  get root(): string {
    return Buffer.from(this.#tree.root).toString("hex");
  }

  get reserved(): number {
    return this.#reserved;
  }

  /** Whether some record counts on the blob. */
  countsOn(digest: string): boolean {
    return this.#blobs.has(digest);
  }

  get blobs(): Iterable<string> {
    return this.#blobs;
  }

  async #recover(head: Head): Promise<void> {
    const size = await this.#file.size();
    if (head.records === 0) checkRoot(head, this.root);
    for (;;) {
      const bytes = await this.#file.readAt(this.#end, frameOverhead + largestPayload);
      let at = 0;
      for (;;) {
        const frame = readFrame(bytes, at);
        const lines = frame && frame.number === this.size ? linesOf(frame.payload) : undefined;
        if (!lines) break;
        const records = lines.map(readRecord);
        if (!records.every((record) => record !== undefined)) throw corrupt("journal");
        const length = frameLength(bytes, at)!;
        const [before, offset] = [this.size, this.#end];
        this.#count(lines, records, length);
        // A head counts whole frames, so one that it cuts was never signed over this journal.
        if (before < head.records && this.size > head.records) throw corrupt("journal");
        if (this.size === head.records) checkRoot(head, this.root);
        // What is read may be in memory only: after a failed sync a system forgets that it has yet to write. Written once more, it is
        // on the disk after the next sync; what the head counts is there already.
        if (this.size > head.records) await this.#file.writeAt(offset, bytes.slice(at, at + length));
        at += length;
      }
      if (at === 0) break;
    }
    if (this.size < head.records) throw corrupt("journal");
    await this.#dropTail(size);
    await this.#file.sync();
  }

  /** A tail that nobody acknowledged is dropped; more than one write can have left is damage, and stays as it is. */
  async #dropTail(size: number): Promise<void> {
    const length = size - this.#end;
    if (length === 0) return;
    if (length > frameOverhead + largestPayload) throw corrupt("journal");
    const tail = await this.#file.readAt(this.#end, length);
    if (holdsFrame(tail, 0)) throw corrupt("journal");
    await this.#file.truncate(this.#end);
  }

  #count(lines: readonly Uint8Array[], records: readonly StoreRecord[], length: number): void {
    this.#places.push({ offset: this.#end, length, first: this.size });
    this.#end += length;
    for (const line of lines) this.#tree.add(hashLeaf(line));
    for (const record of records) {
      for (const digest of record.blobs) this.#blobs.add(digest);
      this.#reserved = Math.max(this.#reserved, reservedBy(record));
    }
  }

  /** Writes, and does not sync. */
  async write(records: readonly StoreRecord[]): Promise<() => Promise<void>> {
    const lines = records.map(writeRecord);
    const payload = Buffer.concat(lines.map((line) => Buffer.concat([line, Uint8Array.of(LINE_END)])));
    const frame = writeFrame({ number: this.size, payload });
    await this.#file.writeAt(this.#end, frame);
    return async () => {
      await this.#file.sync();
      this.#count(lines, records, frame.length);
    };
  }

  /** After a write for which there was no room: nobody counts on what came of it. */
  async takeBack(): Promise<void> {
    await this.#file.truncate(this.#end);
    await this.#file.sync();
  }

  async read(since: number, limit: number): Promise<readonly StoreRecord[]> {
    const found: StoreRecord[] = [];
    for (let index = this.#placeOf(since); index < this.#places.length && found.length < limit; index++) {
      const { offset, length, first } = this.#places[index]!;
      const frame = readFrame(await this.#file.readAt(offset, length));
      const records = frame?.number === first ? linesOf(frame.payload)?.map(readRecord) : undefined;
      for (const [number, record] of (records ?? [undefined]).entries()) {
        if (!record) throw corrupt("journal");
        if (first + number >= since && found.length < limit) found.push(record);
      }
    }
    return found;
  }

  /** The frame that holds the record, found by halves. */
  #placeOf(record: number): number {
    let [low, high] = [0, this.#places.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#places[middle + 1]?.first ?? this.size) <= record) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** Lines without their ends; a payload is one or more whole lines. */
function linesOf(payload: Uint8Array): readonly Uint8Array[] | undefined {
  if (payload.length === 0 || payload.at(-1) !== LINE_END) return undefined;
  const lines: Uint8Array[] = [];
  for (let at = 0; at < payload.length; ) {
    const end = payload.indexOf(LINE_END, at);
    lines.push(payload.subarray(at, end));
    at = end + 1;
  }
  return lines;
}

/** INVARIANT (I5): the records are those that the head was signed over. */
function checkRoot(head: Head, root: string): void {
  if (head.root !== root) throw corrupt("journal");
}

function corrupt(file: string): WritError {
  return WritError.of("WRIT8001", { file });
}
