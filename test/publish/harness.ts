/** A publisher in memory with keys of its own, and everybody who asks it for something: for tests of whatever stands on a publisher. */
import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { newKeys, readSigner } from "../../src/bundle/index.ts";
import type { Caller, CallerRole, RevokerScope } from "../../src/callers/index.ts";
import { emit, packRelease } from "../../src/compile.ts";
import type { Model } from "../../src/model/index.ts";
import { type Held, type Ring, readPollAnswer } from "../../src/protocol/index.ts";
import {
  type Call,
  type KnownGateway,
  openPublisher,
  type Publisher,
  type PublisherOptions,
  signProvenance,
} from "../../src/publish/index.ts";
import { memoryStore, type Store } from "../../src/store/index.ts";
import { type Source, TrustClient, type TrustedSet } from "../../src/trust/index.ts";
import { estate } from "../decide/estate.ts";
import { newSigner, TrustKeys } from "./trust-keys.ts";

/** When a world begins. */
export const begin = 1_800_000_000;

const day = 86_400;
const builder = "https://ci.example.com/runner";
const source = { repository: "https://git.example.com/estate", workflow: "release.yml@refs/heads/main" };

/** Goes by itself, and leaps when a test says so. */
export class Clock {
  readonly #started = performance.now();
  /** Seconds. */
  leapt = 0;

  readonly now = (): number => begin + this.leapt + Math.floor((performance.now() - this.#started) / 1000);
  readonly elapsed = (): number => performance.now() - this.#started + this.leapt * 1000;

  leap(seconds: number): void {
    this.leapt += seconds;
  }
}

export interface WorldOptions {
  readonly store?: Store;
  readonly clock?: Clock;
  /** Default: keys that other worlds begin with too. */
  readonly trust?: TrustKeys;
  /** Default: `edge-1` in stable, `canary-1` in canary. */
  readonly gateways?: readonly KnownGateway[];
  /** Seconds, of every tier. */
  readonly revocationDelay?: number;
  /** Default: sequence 1 is in force in both rings. */
  readonly released?: boolean;
  readonly publisher?: Partial<PublisherOptions>;
}

export interface ReleaseOptions {
  readonly sequence: number;
  readonly model?: Model;
  /** Seconds, of every tier. */
  readonly revocationDelay?: number;
}

/** Made once, since making keys costs more than most tests. */
const trustKeys = await TrustKeys.create(begin);
const pair = await newKeys({ kid: "release" });
const ci = await newSigner();

export function callerOf(name: string, roles: readonly CallerRole[], more: Partial<Caller> = {}): Caller {
  return {
    name,
    issuer: "https://login.example.com",
    subject: name,
    thumbprint: "ab".repeat(32),
    person: name,
    roles: new Set(roles),
    ...more,
  };
}

export const author = callerOf("ci", ["author"]);
export const alice = callerOf("alice", ["approver"]);
export const bob = callerOf("bob", ["approver"]);
export const operator = callerOf("olga", ["operator"]);
export const auditor = callerOf("auditor", ["auditor"]);

export function revoker(scope?: RevokerScope): Caller {
  return callerOf("soc", ["revoker"], scope && { scope });
}

export function gateway(name = "edge-1", ring: Ring = "stable"): Caller {
  return callerOf(name, ["gateway"], { ring });
}

export const nothingHeld: Held = {
  root: 1,
  timestamp: 0,
  snapshot: 0,
  targets: 0,
  revocations: 0,
  enforced: 0,
  policy: 0,
};

export class World {
  readonly clock: Clock;
  readonly store: Store;
  readonly trust: TrustKeys;
  readonly options: PublisherOptions;
  publisher: Publisher;
  readonly #delay: number | undefined;

  private constructor(parts: Pick<World, "clock" | "store" | "trust" | "options" | "publisher">, delay?: number) {
    this.clock = parts.clock;
    this.store = parts.store;
    this.trust = parts.trust;
    this.options = parts.options;
    this.publisher = parts.publisher;
    this.#delay = delay;
  }

  static async open(given: WorldOptions = {}): Promise<World> {
    const { clock = new Clock(), store = memoryStore(), trust = trustKeys.copy(), released = true } = given;
    const gateways = given.gateways ?? [
      { name: "edge-1", ring: "stable" },
      { name: "canary-1", ring: "canary" },
    ];
    const options: PublisherOptions = {
      store,
      trust,
      bundleSigner: await readSigner(Buffer.from(pair.privateKey)),
      bundleKeys: Buffer.from(pair.publicKeys),
      origin: "policies.example.com/estate",
      address: "https://policies.example.com",
      gateways,
      judging: {
        provenance: { keys: [ci.key], threshold: 1, sources: [source] },
        activate: async () => undefined,
      },
      rollout: { minutes: 0 },
      now: clock.now,
      elapsed: clock.elapsed,
      random: Math.random,
      ...given.publisher,
    };
    const publisher = await openPublisher(options);
    const world = new World({ clock, store, trust, options, publisher }, given.revocationDelay);
    if (released && store.head.records <= 1) await world.release({ sequence: 1 });
    return world;
  }

  /** A call with a key of its own, by somebody who has just looked at the head. */
  call(caller: Caller, idempotencyKey: string = randomUUID()): Call {
    return { caller, idempotencyKey, ifMatch: this.store.head.version };
  }

  /** The bytes that a compiler makes of the estate. */
  async bundle({ sequence, model = estate, revocationDelay = this.#delay }: ReleaseOptions): Promise<Uint8Array> {
    const tiers = model.tiers.map((tier) => ({ ...tier, revocationDelay: revocationDelay ?? tier.revocationDelay }));
    const issued = this.clock.now();
    const emission = emit({ ...model, tiers }, { release: { sequence, issued, expires: issued + 7 * day } });
    return packRelease(emission, this.options.bundleSigner);
  }

  /** Submitted by CI, approved by Alice. @returns the digest */
  async candidate(options: ReleaseOptions): Promise<string> {
    const bundle = await this.bundle(options);
    const digest = Buffer.from(await crypto.subtle.digest("SHA-256", bundle as Uint8Array<ArrayBuffer>)).toString(
      "hex",
    );
    const provenance = await signProvenance({ ...source, commit: "a".repeat(40), digest }, builder, [ci]);
    await this.publisher.submit(this.call(author), { bundle, provenance, authors: ["anna"] });
    await this.publisher.approve(this.call(alice), digest, "d".repeat(64));
    return digest;
  }

  /** In force in both rings; canary gateways say at once that they decide by it. */
  async release(options: ReleaseOptions): Promise<string> {
    const digest = await this.candidate(options);
    await this.publisher.release(this.call(operator), digest, "canary");
    for (const { name, ring } of this.options.gateways) {
      const held = { ...nothingHeld, policy: options.sequence };
      if (ring === "canary") await this.publisher.poll(gateway(name, ring), held, 0, new AbortController().signal);
    }
    await this.publisher.release(this.call(operator), digest, "stable");
    return digest;
  }

  async revoke(...entries: Parameters<Publisher["revoke"]>[1]) {
    return this.publisher.revoke(this.call(revoker()), entries, "a test revokes it");
  }

  /** A TUF client that asks the publisher itself. */
  client(): Promise<TrustClient> {
    const files = new Map<string, Uint8Array>();
    const store = {
      read: async (name: string) => files.get(name),
      write: async (name: string, bytes: Uint8Array) => void files.set(name, bytes),
      remove: async (name: string) => void files.delete(name),
    };
    const fetched: Source = (name) => this.publisher.metadata(name);
    return TrustClient.open({ root: this.trust.roots[0]!, source: fetched, store, now: this.clock.now });
  }

  /** What a gateway polls with that holds this set. */
  held(set: TrustedSet | undefined, more: Partial<Held> = {}): Held {
    if (!set) return { ...nothingHeld, ...more };
    const { root, timestamp, snapshot, targets } = set;
    return {
      root: root.signed.version,
      timestamp: timestamp.signed.version,
      snapshot: snapshot.signed.version,
      targets: targets.signed.version,
      revocations: snapshot.signed.files.get("revocations.json")!.version,
      enforced: timestamp.signed.writ!.audit.size,
      policy: 0,
      ...more,
    };
  }

  /** The files of one answer; fails where there is none. */
  async poll(held: Held, wait = 2000, caller = gateway()): Promise<ReadonlyMap<string, Uint8Array>> {
    const answer = await this.publisher.poll(caller, held, wait, new AbortController().signal);
    expect(answer, "an answer to a poll").toBeDefined();
    return readPollAnswer(answer!.bytes);
  }

  /** Another life over the same store, which stays open. */
  async restart(): Promise<void> {
    const { store } = this;
    await this.publisher.close();
    this.publisher = await openPublisher({ ...this.options, store });
  }

  close(): Promise<void> {
    return this.publisher.close();
  }
}
