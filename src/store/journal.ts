/** The journal on a disk: frames one after the other, each a batch of records that is there wholly or not at all. */
import { GrowingLog, joinLines, largestLine, splitLines } from "../audit/index.ts";
import { assert, WritError } from "../diagnostics/index.ts";
import { type JsonObject, readJson } from "../json/index.ts";
import type { FileSystem, OpenFile } from "./file-system.ts";
import { frameLength, frameOverhead, holdsFrame, largestPayload, readFrame, writeFrame } from "./frame.ts";
import type { Head } from "./head.ts";
import { entryOf, readEntry, reservedBy, type StoreRecord } from "./record.ts";

const NAME = "journal";

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
  readonly #log = new GrowingLog();
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
    return this.#log.size;
  }

  get root(): string {
    return this.#log.root;
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
        if (frame?.number !== this.size) break;
        const [before, offset, length] = [this.size, this.#end, frameLength(bytes, at)!];
        this.#count(linesIn(frame.payload), length);
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

  #count(lines: readonly Uint8Array[], length: number): void {
    this.#places.push({ offset: this.#end, length, first: this.size });
    this.#end += length;
    for (const line of lines) {
      const next = this.#log.add(line);
      const record = next.fault ? undefined : readEntry(next.entry);
      if (!record) throw corrupt("journal");
      for (const digest of record.blobs) this.#blobs.add(digest);
      this.#reserved = Math.max(this.#reserved, reservedBy(record));
    }
  }

  /** Writes, and gives what syncs it. */
  async write(records: readonly StoreRecord[]): Promise<() => Promise<void>> {
    const lines = this.#log.linesFor(records.map(entryOf));
    assert(
      lines.every(({ length }) => length <= largestLine),
      "a record is longer than any reader takes",
    );
    const frame = writeFrame({ number: this.size, payload: joinLines(lines) });
    await this.#file.writeAt(this.#end, frame);
    return async () => {
      await this.#file.sync();
      this.#count(lines, frame.length);
    };
  }

  /** After a write for which there was no room: nobody counts on what came of it. */
  async takeBack(): Promise<void> {
    await this.#file.truncate(this.#end);
    await this.#file.sync();
  }

  async readRecords(since: number, limit: number): Promise<readonly StoreRecord[]> {
    const lines = await this.readLines(since, limit);
    return lines.map((line) => {
      const read = readJson(line, { size: largestLine });
      const { number: _number, previous: _previous, ...entry } = (read.failure ? {} : read.value) as JsonObject;
      const record = readEntry(entry);
      if (!record) throw corrupt("journal");
      return record;
    });
  }

  async readLines(since: number, limit: number): Promise<readonly Uint8Array[]> {
    const found: Uint8Array[] = [];
    for (let index = this.#placeOf(since); index < this.#places.length && found.length < limit; index++) {
      const { offset, length, first } = this.#places[index]!;
      const frame = readFrame(await this.#file.readAt(offset, length));
      if (frame?.number !== first) throw corrupt("journal");
      for (const [number, line] of linesIn(frame.payload).entries())
        if (first + number >= since && found.length < limit) found.push(line);
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

/** One or more whole lines. */
function linesIn(payload: Uint8Array): readonly Uint8Array[] {
  const lines = [...splitLines(payload)].filter((line) => line !== undefined);
  if (lines.length === 0 || payload.at(-1) !== 0x0a) throw corrupt("journal");
  return lines;
}

/** INVARIANT (I5): the records are those that the head was signed over. */
function checkRoot(head: Head, root: string): void {
  if (head.root !== root) throw corrupt("journal");
}

function corrupt(file: string): WritError {
  return WritError.of("WRIT8001", { file });
}
