/** A publisher in memory behind a `fetch` of its own: what it says is signed as the real one signs, and tests bend the rest. */
import { digestOf } from "../../src/client/digest.ts";
import { canonicalJson, type JsonObject } from "../../src/json/index.ts";
import {
  blobName,
  type Held,
  type ListedRevocation,
  readPollQuery,
  readStatusReport,
  type StatusReport,
  writePollAnswer,
  writeRevocations,
} from "../../src/protocol/index.ts";
import { keyFile, type ReleaseOptions, release } from "../gateway/release.ts";
import { Repository } from "../trust/repository.ts";

/** The publisher's own time. */
export interface PublisherTime {
  /** Since 1970. */
  readonly seconds: number;
  /** Milliseconds. */
  readonly monotonic: number;
  after(milliseconds: number, call: () => void): () => void;
}

export type Answer = (request: { path: string; init: RequestInit }) => Promise<Response> | Response | undefined;

interface Instead {
  readonly bytes?: Uint8Array;
  readonly keys?: JsonObject;
  readonly said?: JsonObject;
}

export class TestPublisher {
  readonly repository: Repository;
  readonly #time: PublisherTime;
  /** By digest. */
  readonly blobs = new Map<string, Uint8Array>();
  /** Of each poll that was asked. */
  readonly polls: { at: number; held: Held; wait: number; url: string }[] = [];
  readonly asked: string[] = [];
  readonly reports: StatusReport[] = [];
  #versions: Repository["versions"] = { root: 0, timestamp: 0, snapshot: 0, targets: 0, revocations: 0 };
  #files: ReadonlyMap<string, Uint8Array> = new Map();
  #entries: ListedRevocation[] = [];
  #pieces = new Map<string, Uint8Array>();
  #waiting = new Set<() => void>();
  size = 1;
  floor = 0;
  /** The root of its log, where it is not the right one. */
  root32: string | undefined;
  /** Whether it answers each poll at once, with its newest head, whatever is held. */
  insists = false;
  /** Seconds by which its clock is ahead. */
  ahead = 0;
  /** Seconds between heartbeats. */
  heartbeat = 2;

  private constructor(repository: Repository, time: PublisherTime) {
    this.repository = repository;
    this.#time = time;
  }

  static async create(time: PublisherTime, first: ReleaseOptions | "none" = {}): Promise<TestPublisher> {
    const repository = await Repository.create();
    const publisher = new TestPublisher(repository, time);
    repository.targets = [];
    if (first === "none") await publisher.#publish("targets", "revocations", "snapshot");
    else await publisher.release(first);
    return publisher;
  }

  get root(): Uint8Array {
    return this.repository.files.get("1.root.json")!;
  }

  /** Heads from now on, until what it gives is called. */
  beat(): () => void {
    let cancel: () => void = () => {};
    const next = () => {
      cancel = this.#time.after(this.heartbeat * 1000, () => {
        next();
        void this.head();
      });
    };
    next();
    return () => cancel();
  }

  async head(): Promise<void> {
    await this.#publish();
  }

  /** @param instead of the right bundle, its keys, and what is said of it */
  async release(options: ReleaseOptions = {}, instead: Instead = {}): Promise<string> {
    const bundle = instead.bytes ?? (await release(options));
    const { sequence = 7, revision = `r${sequence}` } = options;
    const custom = {
      sequence,
      revision,
      issued: 1,
      expires: 2,
      keys: instead.keys ?? JSON.parse(new TextDecoder().decode(keyFile)),
      ...instead.said,
    };
    this.repository.targets = [{ path: "policy/stable.tar.gz", bytes: bundle, custom }];
    const digest = await this.#blob(bundle);
    this.size++;
    await this.#publish("targets", "revocations", "snapshot");
    return digest;
  }

  async revoke(...paths: readonly ListedRevocation["path"][]): Promise<number> {
    return await this.revokeUntil(this.seconds, ...paths);
  }

  async revokeUntil(value: number, ...paths: readonly ListedRevocation["path"][]): Promise<number> {
    this.size++;
    this.#entries.push(...paths.map((path) => ({ sequence: this.size, path, value })));
    await this.#publishRevocations();
    return this.size;
  }

  /** Leaves entries out, whatever they are. */
  async omit(path: ListedRevocation["path"]): Promise<void> {
    this.size++;
    this.#entries = this.#entries.filter((entry) => canonicalJson(entry.path) !== canonicalJson(path));
    await this.#publishRevocations();
  }

  async recall(sequence: number): Promise<void> {
    this.floor = sequence + 1;
    this.size++;
    await this.#publish();
  }

  get seconds(): number {
    return this.#time.seconds + this.ahead;
  }

  get timestamp(): Uint8Array {
    return this.#files.get("timestamp.json")!;
  }

  async #publishRevocations(): Promise<void> {
    this.#pieces = new Map();
    for (let first = 0; first < this.#entries.length; first += 512) {
      const entries = this.#entries.slice(first, first + 512);
      this.#pieces.set(`revocations/${first + 1}.json`, writeRevocations(entries));
    }
    this.repository.revoked = [...this.#pieces].map(([path, bytes]) => ({ path, bytes }));
    for (const bytes of this.#pieces.values()) await this.#blob(bytes);
    await this.#publish("revocations", "snapshot");
  }

  async #publish(...roles: readonly ("targets" | "revocations" | "snapshot")[]): Promise<void> {
    const { repository, seconds } = this;
    if (this.#pieces.size === 0) repository.revoked = [];
    Object.assign(repository.expires, {
      timestamp: seconds + 300,
      snapshot: seconds + 86_400,
      targets: seconds + 30 * 86_400,
      revocations: seconds + 86_400,
    });
    repository.head = {
      at: Math.max(seconds, repository.head.at),
      floor: this.floor,
      audit: { size: this.size, root: this.root32 ?? String(this.size).padStart(64, "0") },
    };
    await repository.publish(...roles, "timestamp");
    this.show();
  }

  /** Brings into force what the repository holds: all at once. */
  show(): void {
    this.#versions = { ...this.repository.versions };
    this.#files = new Map(this.repository.files);
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const wake of waiting) wake();
  }

  async #blob(bytes: Uint8Array): Promise<string> {
    const digest = await digestOf(bytes);
    this.blobs.set(digest, bytes);
    return digest;
  }

  /** The network as a gateway sees it, by the addresses of publishers; a test may answer in the place of each. */
  static network(publishers: Readonly<Record<string, TestPublisher | Answer>>): typeof fetch {
    return async (input, init = {}) => {
      const url = new URL(String(input));
      const server = publishers[url.origin];
      if (init.signal?.aborted) throw new DOMException("aborted", "AbortError");
      if (!server) throw new TypeError("fetch failed");
      const path = url.pathname + url.search;
      if (server instanceof TestPublisher) return await server.answer({ path, init, origin: url.origin });
      const answer = await server({ path, init });
      return answer ?? (await hanging(init.signal));
    };
  }

  async answer({ path, init, origin = "" }: { path: string; init: RequestInit; origin?: string }): Promise<Response> {
    this.asked.push(path.split("?")[0]!);
    const [place = "", query = ""] = path.split("?");
    if (place === "/v1/poll") return await this.#poll(query, init, origin);
    if (place === "/v1/status") {
      this.reports.push(readStatusReport(init.body as Uint8Array));
      return new Response(null, { status: 204 });
    }
    const [, folder, name = ""] = place.split("/");
    const bytes = folder === "blobs" ? this.blobs.get(name) : this.#files.get(name);
    return bytes ? new Response(bytes as Uint8Array<ArrayBuffer>) : new Response(null, { status: 404 });
  }

  async #poll(query: string, init: RequestInit, url: string): Promise<Response> {
    const held = readPollQuery(query);
    const wait = Number(new Headers(init.headers).get("prefer")?.slice("wait=".length));
    this.polls.push({ at: this.#time.monotonic, held, wait, url });
    if (!this.insists && held.timestamp >= this.#versions.timestamp) await this.#next(wait, init.signal);
    if (!this.insists && held.timestamp >= this.#versions.timestamp) return new Response(null, { status: 204 });
    return new Response(writePollAnswer(this.newerThan(held)));
  }

  newerThan(held: Held): ReadonlyMap<string, Uint8Array> {
    const versions = this.#versions;
    const files = this.#files;
    const answer = new Map<string, Uint8Array>();
    for (const role of ["snapshot", "targets", "revocations"] as const) {
      const name = `${versions[role]}.${role}.json`;
      if (versions[role] > held[role]) answer.set(name, files.get(name)!);
    }
    for (let version = held.root + 1; version <= versions.root; version++)
      answer.set(`${version}.root.json`, files.get(`${version}.root.json`)!);
    answer.set("timestamp.json", this.timestamp);
    if (versions.revocations > held.revocations)
      for (const bytes of this.#pieces.values())
        for (const [digest, blob] of this.blobs) if (blob === bytes) answer.set(blobName(digest), bytes);
    return answer;
  }

  async #next(wait: number, signal: AbortSignal | null | undefined): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const cancel = this.#time.after(wait * 1000, resolve);
      this.#waiting.add(() => {
        cancel();
        resolve();
      });
      signal?.addEventListener("abort", () => {
        cancel();
        reject(new DOMException("aborted", "AbortError"));
      });
    });
  }
}

/** Never answers. */
export function hanging(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
  });
}
