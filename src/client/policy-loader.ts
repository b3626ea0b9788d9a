/** Brings the policy into force that the release keys name, and keeps the last good one when that fails. */
import { WritError } from "../diagnostics/index.ts";
import { type Gateway, readKeys, verifyPolicy } from "../gateway/index.ts";
import { canonicalJson, canonicalJsonBytes } from "../json/index.ts";
import { type PolicyTarget, policyPath, type Ring, readPolicyTarget } from "../protocol/index.ts";
import type { Metadata, Source, Store, TargetFile, Targets, TrustedSet } from "../trust/index.ts";
import { backOff } from "./back-off.ts";
import { type Environment, sleep } from "./environment.ts";
import { type Judge, LastGood } from "./last-good.ts";
import type { Problems } from "./problems.ts";
import type { PublisherAddress } from "./publisher-address.ts";
import { readTiers, type TierDelay } from "./tiers.ts";

/** Milliseconds over which gateways fetch one release. */
const SPREAD = 5000;

interface LoaderOptions {
  readonly ring: Ring;
  /** From 0 to 1: when in the spread it is this gateway's turn. */
  readonly turn: number;
  readonly environment: Environment;
  readonly store: Store;
  readonly problems: Problems;
  readonly closed: AbortSignal;
  readonly gateway: () => Gateway;
  /** The address to ask after so many failures. */
  readonly address: (failures: number) => PublisherAddress;
  readonly longestWait: () => number;
  /** Whether nothing can be decided before there is another policy. */
  readonly isUrgent: () => boolean;
  readonly onLoaded: () => void;
}

interface Wanted {
  readonly target: TargetFile;
  /** The list that names it. */
  readonly targets: Metadata<Targets>;
  readonly consistentSnapshot: boolean;
  /** A release is tried once: whatever is wrong with it stays wrong (threat B18). */
  readonly identity: string;
  readonly changed: AbortController;
}

const nowhere: Source = async () => undefined;

/** What a start has: the newest set that was kept, and who judges a list that is older. */
interface Kept extends Judge {
  readonly current: TrustedSet | undefined;
}

export class PolicyLoader {
  readonly #options: LoaderOptions;
  readonly #lastGood: LastGood;
  #wanted: Wanted | undefined;
  /** What is wanted follows from it, and most heads change nothing of it. */
  #considered: TrustedSet["targets"] | undefined;
  #tried: string | undefined;
  #active: string | undefined;
  /** What it is about, until that is done. */
  #work: Promise<void> | undefined;
  tiers: readonly TierDelay[] = [];

  constructor(options: LoaderOptions) {
    this.#options = options;
    this.#lastGood = new LastGood(options.store, options.ring);
    options.closed.addEventListener("abort", () => this.#wanted?.changed.abort());
  }

  /** Seconds; nothing before there is a policy. */
  get smallestDelay(): number | undefined {
    return this.tiers.length === 0 ? undefined : Math.min(...this.tiers.map(({ revocationDelay }) => revocationDelay));
  }

  /** From what was kept, and nothing of it unverified: what the newest list names, or else what was in force last. */
  async restore(trust: Kept): Promise<void> {
    const { current } = trust;
    if (current && (await this.#isSound(() => this.#restoreFrom(current.targets, 0)))) return;
    // Known bad, or not here: it comes from the publisher, and is tried once more.
    this.#tried = undefined;
    await this.#isSound(async () => {
      const list = await this.#lastGood.list(trust);
      if (list) await this.#restoreFrom(list, current?.timestamp.signed.writ?.floor ?? 0);
    });
  }

  async #restoreFrom(targets: Metadata<Targets>, floor: number): Promise<void> {
    const wanted = this.#wantedIn(targets, true);
    if (!wanted || readPolicyTarget(wanted.target.path, wanted.target.custom).sequence < floor) return;
    await this.#activate(wanted, await this.#fetch(wanted, nowhere));
    await this.#lastGood.keepList(targets);
  }

  async #isSound(restore: () => Promise<void>): Promise<boolean> {
    try {
      await restore();
      return true;
    } catch (error) {
      if (!(error instanceof WritError)) throw error;
      if (error.code === "WRIT9114") this.#options.problems.set("state", error);
      return false;
    }
  }

  /** Returns at once: revocations do not wait for a download. */
  consider({ targets, root }: TrustedSet): void {
    if (targets === this.#considered) return;
    this.#considered = targets;
    const wanted = this.#wantedIn(targets, root.signed.consistentSnapshot);
    if (!wanted || wanted.identity === this.#wanted?.identity) return;
    this.#wanted?.changed.abort();
    this.#wanted = undefined;
    if (wanted.identity === this.#active) void this.#lastGood.keepList(targets);
    if (wanted.identity === this.#tried) return;
    this.#wanted = wanted;
    this.#work ??= this.#follow().finally(() => {
      this.#work = undefined;
    });
  }

  /** The next set brings it again. */
  forget(): void {
    this.#considered = undefined;
    this.#tried = undefined;
    this.#active = undefined;
    this.#wanted?.changed.abort();
    this.#wanted = undefined;
  }

  #wantedIn(targets: Metadata<Targets>, consistentSnapshot: boolean): Wanted | undefined {
    const target = targets.signed.targets.get(policyPath(this.#options.ring));
    if (!target) return undefined;
    const identity = `${[...target.hashes].join()} ${canonicalJson(target.custom)}`;
    return { target, targets, consistentSnapshot, identity, changed: new AbortController() };
  }

  /** Once nothing is fetched or written any more. */
  async finished(): Promise<void> {
    await this.#work;
  }

  async #follow(): Promise<void> {
    const { environment, problems, closed, turn, isUrgent, longestWait } = this.#options;
    for (let failures = 0; this.#wanted && !closed.aborted; ) {
      const wanted = this.#wanted;
      const { signal } = wanted.changed;
      if (failures === 0 && !isUrgent()) await sleep(environment, turn * SPREAD, signal);
      const address = this.#options.address(failures);
      try {
        if (signal.aborted) continue;
        const sha256 = wanted.target.hashes.get("sha256") ?? "";
        const bytes = await this.#fetch(wanted, address.blobSource(sha256, new Map()));
        problems.clear("policy download");
        if (signal.aborted) continue;
        failures = 0;
        this.#wanted = undefined;
        await this.#try(wanted, bytes);
      } catch (error) {
        problems.set("policy download", asWritError(error, wanted.target.path), { address: address.url });
        const wait = backOff({ before: failures++, ...address.trouble }, longestWait(), environment.random);
        await sleep(environment, wait, signal);
      }
    }
  }

  #fetch({ target, consistentSnapshot }: Wanted, source: Source): Promise<Uint8Array> {
    return this.#lastGood.bundle(target, consistentSnapshot, source);
  }

  async #try(wanted: Wanted, bytes: Uint8Array): Promise<void> {
    const { problems } = this.#options;
    try {
      await this.#activate(wanted, bytes);
      problems.clear("policy");
      await this.#lastGood.keep(bytes, wanted.targets);
    } catch (error) {
      const digest = wanted.target.hashes.get("sha256");
      problems.set("policy", asWritError(error, wanted.target.path), digest === undefined ? {} : { digest });
    }
  }

  async #activate({ target, identity }: Wanted, bytes: Uint8Array): Promise<void> {
    this.#tried = identity;
    // The release role vouches for the keys of the bundle, so they change without a restart.
    const said = readPolicyTarget(target.path, target.custom);
    const keys = await readKeys(canonicalJsonBytes(said.keys));
    const { wasm, manifest } = await verifyPolicy(bytes, keys);
    compare(said, manifest.revision, manifest.metadata.sequence);
    const tiers = readTiers(wasm);
    await this.#options.gateway().load(bytes, keys);
    this.tiers = tiers;
    this.#active = identity;
    this.#options.onLoaded();
  }
}

/** Gateways of a ring are counted, and recalled, by what the release says: it must be what decides. */
function compare(said: PolicyTarget, revision: string, sequence: number): void {
  if (said.sequence !== sequence) throw WritError.of("WRIT9306", { member: "sequence" });
  if (said.revision !== revision) throw WritError.of("WRIT9306", { member: "revision" });
}

/** A bug, ours or the host's, must not end what follows the publisher: it is told like everything else that goes wrong. */
export function asWritError(error: unknown, file: string): WritError {
  if (error instanceof WritError) return error;
  const problem = error instanceof Error ? error.message : String(error);
  return WritError.of("WRIT9116", { file, problem }, error);
}
