/** A gateway that follows its publisher: decides by what is in force, and says how it is. */
import { WritError } from "../diagnostics/index.ts";
import { Gateway, type GatewayDecision, type Input } from "../gateway/index.ts";
import type { Ring } from "../protocol/index.ts";
import { readPinnedRoot, type Store } from "../trust/index.ts";
import { longestWait } from "./back-off.ts";
import { DecisionLog, type DecisionLogOptions } from "./decision-log.ts";
import { fractionOf } from "./digest.ts";
import { type Environment, within } from "./environment.ts";
import { Follower } from "./follower.ts";
import { GatewayClock } from "./gateway-clock.ts";
import { KeptFiles } from "./kept-files.ts";
import { PolicyLoader } from "./policy-loader.ts";
import { type Problem, Problems } from "./problems.ts";
import { PublisherAddress } from "./publisher-address.ts";
import { Reporter } from "./reporter.ts";

/** Milliseconds for which the end waits for a sink and a disk. */
const LAST = 2000;

/** What is asked of a live gateway: it knows the time itself. */
export type GatewayRequest = Omit<Input, "time">;

export interface Health {
  /** Whether there is a policy, and a head that says what is revoked. */
  readonly ready: boolean;
  /** Seconds since the publisher last said what is revoked, by the worse of two clocks. */
  readonly age?: number;
  /** Which tiers are decided, and which are denied as stale. */
  readonly tiers: readonly { readonly name: string; readonly revocationDelay: number; readonly fresh: boolean }[];
  readonly policy?: { readonly sequence: number; readonly revision: string };
  readonly head?: { readonly version: number; readonly at: number; readonly digest: string; readonly sequence: number };
  /** Newest first; none where all is well. */
  readonly problems: readonly Problem[];
  readonly decisions: { readonly allowed: number; readonly denied: number; readonly dropped: number };
}

interface LiveOptions {
  readonly root: Uint8Array;
  readonly urls: readonly string[];
  readonly id?: string;
  readonly token?: string;
  readonly ring: Ring;
  readonly store?: Store;
  readonly engine?: object;
  readonly log?: DecisionLogOptions;
  readonly environment: Environment;
}

/** Made by `openGateway`. */
export class LiveGateway {
  readonly #options: LiveOptions;
  readonly #clock: GatewayClock;
  readonly #problems: Problems;
  readonly #closing = new AbortController();
  readonly #listeners = new Set<(health: Health) => void>();
  readonly #log: DecisionLog | undefined;
  readonly #store: KeptFiles;
  readonly #addresses: readonly PublisherAddress[];
  readonly #loader: PolicyLoader;
  readonly #reporter: Reporter;
  #gateway: Gateway;
  #follower: Follower | undefined;
  #following: Promise<void> = Promise.resolve();
  #allowed = 0;
  #denied = 0;

  private constructor(options: LiveOptions) {
    const { environment, urls, token, id, ring, log } = options;
    const closed = this.#closing.signal;
    this.#options = options;
    this.#clock = new GatewayClock(environment);
    this.#problems = new Problems(
      () => this.#clock.seconds(),
      () => {
        this.#reporter?.soon();
        this.#changed();
      },
    );
    this.#log = log && new DecisionLog(log, environment);
    this.#store = new KeptFiles(options.store, {
      onProblem: (problem) => {
        if (problem) this.#problems.set("store", problem);
        else this.#problems.clear("store");
      },
      // The head is forgotten only where a new root has other keys for it (TUF §5.3.11).
      onRemoved: (name) => {
        if (name === "timestamp") this.#clock.disown();
      },
    });
    this.#addresses = urls.map((url) => new PublisherAddress(url, token, environment, closed));
    this.#gateway = this.#empty();
    this.#loader = new PolicyLoader({
      ring,
      turn: id === undefined ? environment.random() : fractionOf(id),
      environment,
      store: this.#store,
      problems: this.#problems,
      closed,
      gateway: () => this.#gateway,
      address: (failures) => this.#follower!.addressAfter(failures),
      longestWait: () => longestWait(this.#loader.smallestDelay),
      isUrgent: () => this.#decidesNothing(),
      onLoaded: () => {
        this.#reporter.soon();
        this.#changed();
      },
    });
    this.#reporter = new Reporter({
      environment,
      address: () => this.#follower!.address,
      counts: () => this.#counts(),
      status: () => this.#status(),
    });
  }

  /** @internal */
  static async open(options: LiveOptions): Promise<LiveGateway> {
    const pinned = (await readPinnedRoot(options.root)).signed.version;
    const live = new LiveGateway(options);
    await live.#start(pinned);
    return live;
  }

  async #start(pinned: number): Promise<void> {
    const { root, environment } = this.#options;
    this.#follower = await Follower.open({
      root,
      pinned,
      addresses: this.#addresses,
      environment,
      clock: this.#clock,
      store: this.#store,
      problems: this.#problems,
      closed: this.#closing.signal,
      gateway: () => this.#gateway,
      startOver: async () => {
        this.#gateway = this.#empty();
        this.#loader.forget();
      },
      loader: this.#loader,
      onHead: () => this.#look(),
      onChange: () => this.#changed(),
    });
    this.#reporter.start();
    this.#reporter.soon();
    this.#following = this.#follower.follow();
  }

  /**
   * Decides one request now, by what is in force. Whatever is no request is refused, nothing throws.
   *
   * @example gateway.decide({ key: { id: "k1" }, request: { host: "a.example", method: "GET", path: "/" } })
   */
  decide(request: GatewayRequest): GatewayDecision {
    const time = this.#clock.seconds();
    const decision = this.#gateway.decide(request, time);
    if (decision.allow) this.#allowed++;
    else this.#denied++;
    if (this.#log) this.#log.add(time, request, decision);
    return decision;
  }

  health(): Health {
    this.#look();
    const { policy } = this.#gateway;
    const inForce = this.#follower?.inForce;
    const { age } = this.#clock;
    const { version } = inForce?.set.timestamp.signed ?? {};
    return {
      ready: policy !== undefined && inForce !== undefined,
      ...(age !== undefined && { age }),
      tiers: this.#loader.tiers.map(({ name, revocationDelay }) => ({
        name,
        revocationDelay,
        fresh: inForce !== undefined && age !== undefined && age <= revocationDelay,
      })),
      ...(policy && { policy: { sequence: policy.sequence, revision: policy.revision } }),
      ...(inForce && {
        head: { version: version!, at: inForce.head.at, digest: inForce.digest, sequence: inForce.head.audit.size },
      }),
      problems: this.#problems.list(),
      decisions: this.#counts(),
    };
  }

  /** Whether it became ready; not if it was closed before. */
  ready(): Promise<boolean> {
    if (this.health().ready) return Promise.resolve(true);
    if (this.#closing.signal.aborted) return Promise.resolve(false);
    const leave = this.#options.environment.stay();
    return new Promise((resolve) => {
      const end = (isReady: boolean) => {
        leave();
        stop();
        resolve(isReady);
      };
      const stop = this.onChange(({ ready }) => {
        if (ready) end(true);
      });
      this.#closing.signal.addEventListener("abort", () => end(false));
    });
  }

  /** Calls when a policy or a change of revocations comes into force, and when something goes wrong, until what it gives is called. */
  onChange(listener: (health: Health) => void): () => void {
    const heard = (health: Health) => listener(health);
    this.#listeners.add(heard);
    return () => this.#listeners.delete(heard);
  }

  /** Ends all that it began. It goes on to decide by what it holds, until that is stale. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#reporter.close();
    await Promise.all([this.#following, this.#loader.finished()]);
    const written = Promise.all([this.#log?.close(), this.#store.written()]);
    await within(this.#options.environment, LAST, written);
  }

  #empty(): Gateway {
    const { engine } = this.#options;
    return new Gateway(new Map(), {
      ...(engine && { engine }),
      onFault: (fault) => this.#problems.set("engine", fault),
    });
  }

  #decidesNothing(): boolean {
    const { policy } = this.#gateway;
    const floor = this.#follower?.inForce?.head.floor ?? 0;
    return policy === undefined || policy.sequence < floor || this.#clock.seconds() >= policy.notAfter;
  }

  #counts() {
    return { allowed: this.#allowed, denied: this.#denied, dropped: this.#log?.dropped ?? 0 };
  }

  /** What is wrong by time alone. */
  #look(): void {
    const { behind, age } = this.#clock;
    if (behind === undefined) this.#problems.clear("clock");
    else this.#problems.set("clock", WritError.of("WRIT9301", { seconds: behind }));
    const { smallestDelay } = this.#loader;
    const isOld = age !== undefined && smallestDelay !== undefined && age > smallestDelay;
    if (isOld) this.#problems.set("head", WritError.of("WRIT9302", { seconds: age }));
    else this.#problems.clear("head");
  }

  #status() {
    const { age, policy, head, problems } = this.health();
    return {
      ring: this.#options.ring,
      ...(head && { head: { version: head.version, at: head.at, digest: head.digest } }),
      ...(policy && { policy }),
      ...(age !== undefined && { age }),
      problems: problems.map(({ code, message, address, digest }) => ({
        code,
        message: address === undefined ? message : `${address}: ${message}`,
        ...(digest !== undefined && { digest }),
      })),
    };
  }

  /** A listener that throws is its own affair. */
  #changed(): void {
    for (const listener of this.#listeners) {
      try {
        listener(this.health());
      } catch {
        // Whoever listens can't stop what is listened to.
      }
    }
  }
}
