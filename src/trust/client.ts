/** A gateway's side of TUF: follows a repository from a pinned root, step by step as in §5 of the specification 1.0.34. */
import { WritError } from "../diagnostics/index.ts";
import { refuseExpired } from "./expiry.ts";
import { loadState, setOf, soundOr } from "./load-state.ts";
import {
  type Delegator,
  fileOf,
  type Metadata,
  type Root,
  type Snapshot,
  type Targets,
  type Timestamp,
} from "./metadata.ts";
import type { Source, Store } from "./ports.ts";
import { delegatorOf, forgetsVersions, readPinnedRoot, updateRoot } from "./update-root.ts";
import { keepSnapshot, updateSnapshot } from "./update-snapshot.ts";
import { keepTargets, readEarlierTargets, readTargetsFile, versionIn } from "./update-targets.ts";
import { conflictOf, readTimestampFile, refuseOlderTimestamp } from "./update-timestamp.ts";

export interface TrustOptions {
  /** The root that was shipped with the gateway; never one that was fetched. */
  readonly root: Uint8Array;
  readonly source: Source;
  readonly store: Store;
  /** Seconds since 1970 UTC. */
  readonly now: () => number;
  readonly limits?: Partial<TrustLimits>;
}

export interface TrustLimits {
  /** Bytes of a root. */
  readonly root: number;
  /** Bytes of any other file of metadata. */
  readonly metadata: number;
  /** New roots in one refresh (threat T07). */
  readonly rootChain: number;
}

const LIMITS: TrustLimits = { root: 64 * 1024, metadata: 256 * 1024, rootChain: 256 };

/** One consistent set: these files were meant to be used together. */
export interface TrustedSet {
  readonly root: Metadata<Root>;
  readonly timestamp: Metadata<Timestamp>;
  readonly snapshot: Metadata<Snapshot>;
  readonly targets: Metadata<Targets>;
  /** The time of the refresh that brought it; absent when it was only loaded, and its expiry is still to be judged. */
  readonly refreshed?: number;
}

export interface Refreshed {
  readonly set: TrustedSet;
  /** A head of the version that is held, with other content: it was refused, and somebody has to be told. */
  readonly conflict?: WritError;
}

/** What is trusted so far, file by file: a step that fails leaves those before it, and its own as it was. */
export interface TrustState {
  root: Metadata<Root>;
  timestamp?: Metadata<Timestamp>;
  snapshot?: Metadata<Snapshot>;
  targets?: Metadata<Targets>;
}

/**
 * @example
 * const trust = await TrustClient.open({ root, source: httpSource(url), store: folderStore(folder), now });
 * const { set } = await trust.refresh();
 */
export class TrustClient {
  readonly #options: TrustOptions;
  readonly #limits: TrustLimits;
  readonly #state: TrustState;
  readonly #roles = new Map<string, Metadata<Targets>>();
  #current: TrustedSet | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  /** Stored files that are damaged or not ours: they count as not there. */
  readonly problems: readonly WritError[];

  private constructor(options: TrustOptions, state: TrustState, problems: readonly WritError[]) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#state = state;
    this.problems = problems;
    this.#current = setOf(state);
  }

  /** Verifies what is stored again, from the pinned root; nothing is fetched. */
  static async open(options: TrustOptions): Promise<TrustClient> {
    const { state, problems } = await loadState(await readPinnedRoot(options.root), options.store);
    return new TrustClient(options, state, problems);
  }

  /** The last set of which every file was verified. */
  get current(): TrustedSet | undefined {
    return this.#current;
  }

  /**
   * Throws what refuses the update; `current` is then what it was, and the next refresh starts from what is trusted. One that is
   * asked for while another runs comes after it.
   */
  refresh(): Promise<Refreshed> {
    const turn = this.#turn.then(() => this.#refresh());
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #refresh(): Promise<Refreshed> {
    const now = this.#options.now();
    await this.#updateRoot();
    refuseExpired(this.#state.root, now);
    const conflict = await this.#updateTimestamp(now);
    await this.#updateSnapshot(now);
    await this.#updateTargets(now);
    const set = setOf(this.#state, now)!;
    this.#current = set;
    return { set, ...(conflict && { conflict }) };
  }

  /** §5.3: each root in turn, and each stored before the next is asked for. */
  async #updateRoot(): Promise<void> {
    const { root: limit, rootChain } = this.#limits;
    const state = this.#state;
    for (let count = 0; ; count++) {
      const version = state.root.signed.version + 1;
      const bytes = await this.#fetch(`${version}.root.json`, limit);
      if (!bytes) return;
      // §5.3.3, endless data (threat T07).
      if (count === rootChain) throw WritError.of("WRIT9111", { limit: rootChain, version: version - 1 });
      const next = await updateRoot(state.root, bytes);
      if (forgetsVersions(state.root, next)) {
        // Before the root is stored: stopped between the two, we forget again.
        for (const role of ["timestamp", "snapshot"] as const) {
          delete state[role];
          await this.#options.store.remove(role);
        }
      }
      await this.#options.store.write(`${version}.root`, bytes);
      state.root = next;
    }
  }

  /** §5.4. */
  async #updateTimestamp(now: number): Promise<WritError | undefined> {
    const state = this.#state;
    const bytes = await this.#fetchRequired("timestamp.json");
    const next = await readTimestampFile(state.root, bytes);
    const held = state.timestamp;
    if (held) refuseOlderTimestamp(held.signed, next.signed);
    if (held?.signed.version === next.signed.version) {
      // §5.4.3.1: the same version is normal, and the one that is held stays; it may have expired since.
      refuseExpired(held, now);
      return conflictOf(held, next);
    }
    refuseExpired(next, now);
    await this.#options.store.write("timestamp", bytes);
    state.timestamp = next;
    return undefined;
  }

  /** §5.5. */
  async #updateSnapshot(now: number): Promise<void> {
    const { root, timestamp, snapshot: held } = this.#state;
    const expected = timestamp!.signed.snapshot;
    const isSame = held?.signed.version === expected.version;
    const kept = isSame ? await soundStill(keepSnapshot(root, timestamp!, held), now) : undefined;
    if (kept) {
      this.#state.snapshot = kept;
      return;
    }
    const file = root.signed.consistentSnapshot ? `${expected.version}.snapshot.json` : "snapshot.json";
    const fetched = await this.#fetchRequired(file, expected.length);
    const next = await updateSnapshot(root, timestamp!, held, fetched);
    refuseExpired(next, now);
    await this.#options.store.write("snapshot", fetched);
    this.#state.snapshot = next;
  }

  /** §5.6, for the top role. */
  async #updateTargets(now: number): Promise<void> {
    const { root, snapshot } = this.#state;
    const held = this.#state.targets;
    this.#state.targets = await this.#loadTargets("targets", held, delegatorOf(root, "targets"), snapshot!, now);
  }

  /** §5.6.1–5.6.6: what is held if it is the right one still, or what is stored, otherwise a new one. */
  async #loadTargets(
    role: string,
    held: Metadata<Targets> | undefined,
    delegator: Delegator,
    snapshot: Metadata<Snapshot>,
    now: number | undefined,
  ): Promise<Metadata<Targets>> {
    const expected = versionIn(snapshot, role);
    const name = role === "targets" ? role : `role.${role}`;
    const isSame = held?.signed.version === expected.version;
    const kept = isSame ? await soundStill(keepTargets(delegator, expected, held), now) : undefined;
    if (kept) return kept;
    const stored = held ? undefined : await this.#options.store.read(name);
    const loaded = await soundStill(stored && readTargetsFile(role, delegator, expected, stored), now);
    if (loaded) return loaded;
    const prefix = this.#state.root.signed.consistentSnapshot ? `${expected.version}.` : "";
    const bytes = await this.#fetchRequired(`${prefix}${fileOf(role)}`, expected.length);
    const next = await readTargetsFile(role, delegator, expected, bytes);
    refuseExpired(next, now ?? this.#options.now());
    await this.#options.store.write(name, bytes);
    return next;
  }

  /** A delegated role of the current set, as `delegator` delegates it: from the store, or fetched. */
  async loadRole(role: string, delegator: Delegator): Promise<Metadata<Targets>> {
    const set = this.#current;
    if (!set) throw WritError.of("WRIT9107", { file: "timestamp.json" });
    const found = await this.#loadTargets(role, this.#roles.get(role), delegator, set.snapshot, set.refreshed);
    this.#roles.set(role, found);
    return found;
  }

  /**
   * A `targets.json` of before, which whoever used its targets kept: by the keys of the root that is trusted now, and not expired.
   * That it was the newest once is all that it says; whoever asks knows why an older one will do.
   */
  async readEarlier(bytes: Uint8Array): Promise<Metadata<Targets>> {
    const { root } = this.#state;
    const limit = this.#limits.metadata;
    if (bytes.length > limit) throw WritError.of("WRIT9106", { file: "targets.json", limit });
    refuseExpired(root, this.#options.now());
    return await readEarlierTargets("targets", delegatorOf(root, "targets"), bytes, this.#options.now());
  }

  /** @param length if it is stated, no more than that has to be read to know that it is another file */
  async #fetchRequired(file: string, length = Number.POSITIVE_INFINITY): Promise<Uint8Array> {
    const bytes = await this.#fetch(file, this.#limits.metadata, length);
    if (!bytes) throw WritError.of("WRIT9107", { file });
    return bytes;
  }

  async #fetch(file: string, limit: number, length = limit): Promise<Uint8Array | undefined> {
    const bytes = await this.#options.source(file, Math.min(limit, length));
    if (bytes && bytes.length > limit) throw WritError.of("WRIT9106", { file, limit });
    return bytes;
  }
}

/** What is held, where it still may be used; a refusal of it only means that another has to be fetched. */
async function soundStill<M extends Metadata>(
  held: Promise<M> | undefined,
  now: number | undefined,
): Promise<M | undefined> {
  const found = held && (await soundOr(held));
  if (!found || found instanceof WritError) return undefined;
  return now === undefined || now < found.signed.expires ? found : undefined;
}
