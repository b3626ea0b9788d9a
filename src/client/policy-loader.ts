/** Brings the policy into force that the release keys name, and keeps the last good one when that fails. */
import { WritError } from "../diagnostics/index.ts";
import { type Gateway, readKeys, verifyPolicy } from "../gateway/index.ts";
import { canonicalJson, canonicalJsonBytes } from "../json/index.ts";
import { policyPath, type Ring, readPolicyTarget } from "../protocol/index.ts";
import { fetchTarget, type Source, type Store, type TargetFile, type TrustedSet } from "../trust/index.ts";
import { backOff } from "./back-off.ts";
import { type Environment, sleep } from "./environment.ts";
import type { Problems } from "./problems.ts";
import type { PublisherAddress } from "./publisher-address.ts";
import { readTiers, type TierDelay } from "./tiers.ts";

/** Milliseconds over which gateways fetch one release. */
const SPREAD = 5000;

export interface LoaderOptions {
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
  readonly consistentSnapshot: boolean;
  /** A release is tried once: whatever is wrong with it stays wrong (threat B18). */
  readonly identity: string;
  readonly changed: AbortController;
}

const nowhere: Source = async () => undefined;

export class PolicyLoader {
  readonly #options: LoaderOptions;
  #wanted: Wanted | undefined;
  /** What is wanted follows from it, and most heads change nothing of it. */
  #considered: TrustedSet["targets"] | undefined;
  #tried: string | undefined;
  /** What it is about, until that is done. */
  #work: Promise<void> | undefined;
  tiers: readonly TierDelay[] = [];

  constructor(options: LoaderOptions) {
    this.#options = options;
    options.closed.addEventListener("abort", () => this.#wanted?.changed.abort());
  }

  /** Seconds; nothing before there is a policy. */
  get smallestDelay(): number | undefined {
    return this.tiers.length === 0 ? undefined : Math.min(...this.tiers.map(({ revocationDelay }) => revocationDelay));
  }

  /** From what was kept. */
  async restore(set: TrustedSet): Promise<void> {
    const wanted = this.#wantedIn(set);
    if (!wanted) return;
    try {
      await this.#activate(wanted, await this.#fetch(wanted, nowhere));
    } catch (error) {
      if (!(error instanceof WritError)) throw error;
      // It comes from the publisher.
    }
  }

  /** Returns at once: revocations do not wait for a download. */
  consider(set: TrustedSet): void {
    if (set.targets === this.#considered) return;
    this.#considered = set.targets;
    const wanted = this.#wantedIn(set);
    if (!wanted || wanted.identity === this.#tried || wanted.identity === this.#wanted?.identity) return;
    this.#wanted?.changed.abort();
    this.#wanted = wanted;
    this.#work ??= this.#follow().finally(() => {
      this.#work = undefined;
    });
  }

  /** The next set brings it again. */
  forget(): void {
    this.#considered = undefined;
    this.#tried = undefined;
    this.#wanted?.changed.abort();
    this.#wanted = undefined;
  }

  #wantedIn({ targets, root }: TrustedSet): Wanted | undefined {
    const target = targets.signed.targets.get(policyPath(this.#options.ring));
    if (!target) return undefined;
    const identity = `${[...target.hashes].join()} ${canonicalJson(target.custom)}`;
    return { target, consistentSnapshot: root.signed.consistentSnapshot, identity, changed: new AbortController() };
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
    return fetchTarget(target, { source, cache: this.#options.store, consistentSnapshot });
  }

  async #try(wanted: Wanted, bytes: Uint8Array): Promise<void> {
    const { problems } = this.#options;
    try {
      await this.#activate(wanted, bytes);
      problems.clear("policy");
    } catch (error) {
      const digest = wanted.target.hashes.get("sha256");
      problems.set("policy", asWritError(error, wanted.target.path), digest === undefined ? {} : { digest });
    }
  }

  async #activate({ target, identity }: Wanted, bytes: Uint8Array): Promise<void> {
    this.#tried = identity;
    // The release role vouches for the keys of the bundle, so they change without a restart.
    const keys = await readKeys(canonicalJsonBytes(readPolicyTarget(target.path, target.custom).keys));
    const { wasm } = await verifyPolicy(bytes, keys);
    const tiers = readTiers(wasm);
    await this.#options.gateway().load(bytes, keys);
    this.tiers = tiers;
    this.#options.onLoaded();
  }
}

/** A bug, ours or the host's, must not end what follows the publisher: it is told like everything else that goes wrong. */
export function asWritError(error: unknown, file: string): WritError {
  if (error instanceof WritError) return error;
  const problem = error instanceof Error ? error.message : String(error);
  return WritError.of("WRIT9116", { file, problem }, error);
}
