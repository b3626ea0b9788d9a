/** Makes each head: what the records say, as metadata that the publisher's keys sign. It is in force when the store says so, never before. */
import { WritError } from "../diagnostics/index.ts";
import type { Draft, Head, Signed, Store } from "../store/index.ts";
import {
  filesOf,
  keyIdOf,
  type Metadata,
  nextSet,
  type PublisherKeys,
  type Root,
  readMetadata,
  type Targets,
  type TrustSigner,
  type WholeSet,
} from "../trust/index.ts";
import type { InForceNow } from "./core.ts";
import { digestOf } from "./digest.ts";
import type { Estate } from "./estate.ts";
import { type Pieces, targetsOf } from "./pieces.ts";
import { bodyOf } from "./records.ts";
import { followRoots } from "./set-in-force.ts";

/** Heads of which all files stay: a gateway in the middle of fetching one finds the rest of it. */
const KEPT_HEADS = 16;

/** Seconds after which a heartbeat is written to the disk as well, so that its time does not go back by more after a stop (threat F24). */
const ANCHOR = 60;

/** Records that are read at once. */
const CHUNK = 1000;

/** What a head names beside the files that always stay. */
interface Generation {
  readonly files: ReadonlySet<string>;
  readonly blobs: ReadonlySet<string>;
}

interface Pending {
  readonly version: number;
  readonly set: WholeSet;
  readonly roots: readonly Metadata<Root>[];
  readonly pieces: ReadonlyMap<string, Uint8Array>;
  readonly generations: readonly Generation[];
  readonly anchor: string | undefined;
  readonly isWritten: boolean;
}

export class HeadSigner {
  readonly #store: Store;
  readonly #estate: Estate;
  readonly #pieces: Pieces;
  readonly #current: InForceNow;
  readonly #now: () => number;
  #generations: readonly Generation[];
  #anchor: string | undefined;
  #anchoredAt = Number.NEGATIVE_INFINITY;
  #pending: Pending | undefined;
  /** A record that moves policy is in the estate, and the head with it is not in force yet. */
  #moves = true;

  constructor(parts: {
    readonly store: Store;
    readonly estate: Estate;
    readonly pieces: Pieces;
    readonly current: InForceNow;
    readonly now: () => number;
  }) {
    this.#store = parts.store;
    this.#estate = parts.estate;
    this.#pieces = parts.pieces;
    this.#current = parts.current;
    this.#now = parts.now;
    const { files, blobs } = parts.store.head;
    this.#generations = [{ files: new Set(files.keys()), blobs: new Set(blobs) }];
  }

  /** The publisher's time: never less than it was in the head before, whatever the clock says (threat F24). */
  get at(): number {
    return Math.max(this.#now(), this.#current.set.timestamp?.signed.writ?.at ?? 0);
  }

  /**
   * Takes over all records that are on the disk.
   *
   * @param version of the head that they come into force with: whoever saw an earlier one has not seen the policy that moves with them
   */
  async fold(until: number, version: number): Promise<void> {
    while (this.#estate.size < until) {
      const { size } = this.#estate;
      for (const record of await this.#store.readRecords(size, Math.min(CHUNK, until - size))) {
        this.#estate.apply(record);
        const isRecall = bodyOf(record, "revoke")?.floor !== undefined;
        if (!isRecall && record.kind !== "publish" && record.kind !== "rotate") continue;
        this.#moves = true;
        this.#current.moved = version;
      }
      // Of a long journal only the last day's calls are in memory at any time.
      if (until - size > CHUNK) this.#estate.forgetCalls(this.#now());
    }
  }

  async sign(draft: Draft): Promise<Signed> {
    const { head } = draft;
    const { set: held, trust } = this.#current;
    await this.fold(draft.records, draft.version);
    const { at } = this;
    this.#pieces.follow(this.#estate, at);
    const roots = await this.#nextRoots();
    const targets = await this.#nextTargets();
    const revocations = targetsOf(this.#pieces);
    const isSameList =
      held.revocations?.signed.targets.size === revocations.length &&
      this.#pieces.files.every(
        ({ path, digest }) => held.revocations?.signed.targets.get(path)?.hashes.get("sha256") === digest,
      );
    const set = await nextSet(
      held,
      {
        version: draft.version,
        now: at,
        head: { at, floor: this.#estate.floor, audit: { size: draft.records, root: draft.root } },
        ...(roots.length > this.#current.roots.length && { root: roots.at(-1)! }),
        ...(targets && { targets }),
        ...(!isSameList && { revocations }),
      },
      await keysFor(roots.at(-1)!, targets ?? held.targets, trust.signers),
    );
    const there = new Set(head.blobs);
    for (const { bytes, digest } of this.#pieces.files) if (!there.has(digest)) await draft.putBlob(bytes);
    return this.#describe(draft, set, roots);
  }

  #describe({ version, head }: Draft, set: WholeSet, roots: readonly Metadata<Root>[]): Signed {
    const files = new Map(filesOf(set));
    files.delete("timestamp.json");
    for (const root of roots) files.set(`${root.signed.version}.root.json`, root.bytes);
    const newFiles = new Map([...files].filter(([name]) => !head.files.has(name)));
    const generation = { files: new Set(files.keys()), blobs: new Set(this.#pieces.files.map(({ digest }) => digest)) };
    const generations = newFiles.size > 0 ? [generation, ...this.#generations].slice(0, KEPT_HEADS) : this.#generations;
    const isDue = newFiles.size === 0 && this.at - this.#anchoredAt >= ANCHOR;
    const anchor = isDue ? `${version}.timestamp.json` : newFiles.size > 0 ? undefined : this.#anchor;
    if (isDue) newFiles.set(anchor!, set.timestamp.bytes);
    const names = new Set(generations.flatMap((each) => [...each.files]));
    if (anchor !== undefined) names.add(anchor);
    const pieces = new Map(this.#pieces.files.map(({ digest, bytes }) => [digest, bytes]));
    this.#pending = { version, set, roots, pieces, generations, anchor, isWritten: newFiles.size > 0 };
    return {
      timestamp: Buffer.from(set.timestamp.bytes).toString(),
      floor: this.#estate.floor,
      newFiles,
      keptFiles: [...names].filter((name) => head.files.has(name)),
      blobs: [...new Set(generations.flatMap((each) => [...each.blobs]))],
    };
  }

  /** A head is in force: what was made for it counts from now on. */
  accept({ version }: Head): void {
    const pending = this.#pending;
    if (pending?.version !== version) return;
    this.#current.set = pending.set;
    this.#current.roots = pending.roots;
    this.#current.pieces = pending.pieces;
    this.#generations = pending.generations;
    this.#anchor = pending.anchor;
    if (pending.isWritten) this.#anchoredAt = this.at;
    if (this.#moves) this.#current.moved = version;
    this.#moves = false;
    this.#pending = undefined;
  }

  /** Those before, and what `rotate` brought since: verified then, and here again. */
  async #nextRoots(): Promise<readonly Metadata<Root>[]> {
    const { roots } = this.#current;
    const known = new Set(roots.map(({ bytes }) => digestOf(bytes)));
    const news = this.#estate.roots.filter((digest) => !known.has(digest));
    if (news.length === 0) return roots;
    const added = await Promise.all(news.map((digest) => this.#blob(digest)));
    return followRoots([...roots.map(({ bytes }) => bytes), ...added], []);
  }

  /** What release keys signed last, where it is not in force yet. */
  async #nextTargets(): Promise<Metadata<Targets> | undefined> {
    const digest = this.#estate.targets;
    if (digest === undefined || digest === digestOf(this.#current.set.targets.bytes)) return undefined;
    return readMetadata("targets.json", "targets", await this.#blob(digest));
  }

  async #blob(digest: string): Promise<Uint8Array> {
    const bytes = await this.#store.readBlob(digest);
    if (!bytes) throw WritError.of("WRIT8001", { file: `blobs/${digest}` });
    return bytes;
  }
}

/** Of the keys that are there, those that the roles have now: while one follows another, both sign. */
async function keysFor(
  { signed }: Metadata<Root>,
  targets: Metadata<Targets>,
  signers: Readonly<Record<keyof PublisherKeys, readonly TrustSigner[]>>,
): Promise<PublisherKeys> {
  const delegation = targets.signed.delegations.roles.find(({ name }) => name === "revocations");
  return {
    revocations: await ofRole(signers.revocations, delegation?.keyIds ?? []),
    snapshot: await ofRole(signers.snapshot, signed.roles.snapshot.keyIds),
    timestamp: await ofRole(signers.timestamp, signed.roles.timestamp.keyIds),
  };
}

async function ofRole(signers: readonly TrustSigner[], keyIds: readonly string[]): Promise<readonly TrustSigner[]> {
  const ids = await Promise.all(signers.map(({ key }) => keyIdOf(key.json)));
  return signers.filter((_signer, index) => keyIds.includes(ids[index]!));
}
