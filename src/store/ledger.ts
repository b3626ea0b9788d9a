/** The one order in which anything changes: blobs, journal, signatures, metadata, head, watchers, answer. */
import { assert } from "../diagnostics/index.ts";
import { canonicalJsonBytes } from "../json/index.ts";
import type { Head } from "./head.ts";
import { digestOf } from "./next-head.ts";
import { entryOf, isUrgent, type StoreRecord, versionsRecord } from "./record.ts";
import type { Store } from "./store.ts";

export interface Change {
  readonly records: readonly StoreRecord[];
  /** What the records count on, unless it was put before. */
  readonly blobs?: readonly Uint8Array[];
  /** Asked when its turn has come: throws what refuses the change, `head-moved` for one. Not for what is urgent, which waits for no head. */
  readonly check?: (head: Head) => void;
}

/** What is to be signed: all records there are, under a version that was never given. */
export interface Draft {
  readonly version: number;
  readonly records: number;
  readonly root: string;
  /** What is in force so far. */
  readonly head: Head;
  /** Keeps a blob that the metadata names, a list of revocations for one, and says its digest. */
  readonly putBlob: (bytes: Uint8Array) => Promise<string>;
}

/** What the keys of the publisher made of a draft. */
export interface Signed {
  readonly timestamp: string;
  readonly floor: number;
  readonly newFiles: ReadonlyMap<string, Uint8Array>;
  /** Files of the head before that stay: also those that a gateway may be fetching at this moment. */
  readonly keptFiles: Iterable<string>;
  readonly blobs: readonly string[];
}

/**
 * Signs by the keys that the publisher holds. It may be asked again for the same records, after a stop or when it failed: they are on
 * the disk by then and come into force with the next head. What a person or a key elsewhere has to agree to is asked before.
 */
export type Sign = (draft: Draft) => Promise<Signed>;

interface Job {
  readonly change: Change;
  readonly done: (head: Head) => void;
  readonly refused: (error: unknown) => void;
}

/** Versions that one record reserves: so many heartbeats cost one write (threat model §5.2). */
const BLOCK = 1000;

/** Of what is written at once, so that it fits into one frame of the journal with room to spare. */
const BATCH = 2 * 1024 * 1024;

/**
 * @example
 * const ledger = await Ledger.open(store, sign);
 * const head = await ledger.commit({ records: [{ kind: "revoke", blobs: [], body: { issuer, jti } }] });
 */
export class Ledger {
  readonly store: Store;
  readonly #sign: Sign;
  #nextVersion: number;
  readonly #urgent: Job[] = [];
  readonly #ordinary: Job[] = [];
  #working: Promise<void> | undefined;

  private constructor(store: Store, sign: Sign) {
    this.store = store;
    this.#sign = sign;
    // How far a version got that was reserved before is unknown: it was in memory only. So none of those is given any more.
    this.#nextVersion = store.reserved + 1;
  }

  /** Signs a head for all that the journal holds, also for what was stopped on its way. */
  static async open(store: Store, sign: Sign): Promise<Ledger> {
    const ledger = new Ledger(store, sign);
    await ledger.beat();
    return ledger;
  }

  /**
   * Resolves when the change is on the disk, in force, and visible to every reader. What takes rights away goes first, and all that
   * waits of it goes together, so that a hundred a second cost no more than one.
   */
  commit(change: Change): Promise<Head> {
    const urgent = change.records.every(isUrgent);
    assert(!(urgent && change.check), "a revocation waits for a head");
    return new Promise((done, refused) => {
      (urgent ? this.#urgent : this.#ordinary).push({ change, done, refused });
      this.#working ??= this.#work();
    });
  }

  /** A newer timestamp. It costs no write, but where a block of versions ends or something has not come into force yet. */
  beat(): Promise<Head> {
    return this.commit({ records: [] });
  }

  /**
   * A version above the one in force was seen outside, on a gateway: this store was put back from a backup. No version up to it is
   * given any more (threat D11).
   */
  passVersion(version: number): void {
    assert(Number.isSafeInteger(version), "a version is passed that is none");
    this.#nextVersion = Math.max(this.#nextVersion, version + 1);
  }

  /** When nothing is on its way. */
  async settled(): Promise<void> {
    while (this.#working) await this.#working;
  }

  async #work(): Promise<void> {
    // So that those who come at the same moment go together.
    await Promise.resolve();
    while (this.#urgent.length + this.#ordinary.length > 0) {
      await this.#run(this.#takeUrgent());
      await this.#run(this.#ordinary.splice(0, 1));
    }
    this.#working = undefined;
  }

  #takeUrgent(): readonly Job[] {
    let size = 0;
    let count = 0;
    for (; count < this.#urgent.length; count++) {
      for (const record of this.#urgent[count]!.change.records) size += canonicalJsonBytes(entryOf(record)).length;
      if (size > BATCH && count > 0) break;
    }
    return this.#urgent.splice(0, count);
  }

  async #run(jobs: readonly Job[]): Promise<void> {
    if (jobs.length === 0) return;
    try {
      for (const { change } of jobs) change.check?.(this.store.head);
      await this.#make(jobs.map(({ change }) => change));
      for (const { done } of jobs) done(this.store.head);
    } catch (error) {
      for (const { refused } of jobs) refused(error);
    }
  }

  async #make(changes: readonly Change[]): Promise<void> {
    const { store } = this;
    const records = changes.flatMap((change) => change.records);
    const room = records.every(isUrgent) ? "urgent" : "ordinary";
    for (const { blobs = [] } of changes) for (const bytes of blobs) await store.putBlob(bytes, room);
    const version = this.#nextVersion;
    const needed = version > store.reserved ? [versionsRecord(version - 1 + BLOCK)] : [];
    if (records.length + needed.length > 0) await store.append([...records, ...needed]);
    // INVARIANT: given once, whatever becomes of it.
    this.#nextVersion++;
    const { head, size, root } = store;
    const putBlob = (bytes: Uint8Array) => store.putBlob(bytes, "ending");
    const signed = await this.#sign({ version, records: size, root, head, putBlob });
    if (size === head.records && isOnlyTimestamp(signed, head)) store.beat(version, signed.timestamp);
    else await store.moveHead(headOf(signed, version, store), signed.newFiles);
  }
}

function isOnlyTimestamp(signed: Signed, head: Head): boolean {
  return (
    signed.newFiles.size === 0 &&
    signed.floor === head.floor &&
    new Set(signed.keptFiles).size === head.files.size &&
    signed.blobs.length === head.blobs.length &&
    signed.blobs.every((digest) => head.blobs.includes(digest))
  );
}

function headOf(signed: Signed, version: number, { head, size, root }: Store): Head {
  const files = new Map<string, string>();
  for (const name of signed.keptFiles) {
    const digest = head.files.get(name);
    assert(digest !== undefined, "a file is kept that was never there");
    files.set(name, digest);
  }
  for (const [name, bytes] of signed.newFiles) files.set(name, digestOf(bytes));
  const { timestamp, floor, blobs } = signed;
  return { version, records: size, root, floor, timestamp, files, blobs };
}
