/** A publisher that only remembers what it was asked, for tests of the server in front of it. */
import { WritError } from "../../src/diagnostics/index.ts";
import type { Accepted, Call, Publisher, View } from "../../src/publish/index.ts";

const BY = { issuer: "https://ci.example.com", subject: "soc", name: "soc" };

export class FakePublisher implements Publisher {
  /** Every call of a method, in order: its name, and what it was given besides the caller. */
  readonly asked: (readonly [method: string, ...given: unknown[]])[] = [];
  readonly refusals: (readonly [action: string, code: string, subject: string | undefined])[] = [];
  readonly heartbeat = 1000;
  readonly failed: Promise<never>;
  fail: (error: Error) => void = () => {};
  version = 7;
  sequence = 40;
  now = 1_800_000_000;
  at = 1_800_000_000;
  alarms: View["alarms"] = [];
  changes: View["changes"] = [];
  /** What blobs and metadata there are, by digest or name. */
  readonly files = new Map<string, Uint8Array>();
  opa = new Map<string, { readonly tag: string; readonly bytes: Uint8Array }>();
  /** What the next change throws. */
  refusal: Error | undefined;
  /** How many wait now. */
  waiting = 0;
  readonly #calls = new Map<string, { readonly request: string; readonly answer: Promise<Accepted> }>();
  readonly #watchers = new Set<() => void>();
  readonly #waiters = new Set<() => void>();

  constructor() {
    this.failed = new Promise((_, reject) => {
      this.fail = reject;
    });
    this.failed.catch(() => {});
  }

  #change(method: string, call: Call, ...given: readonly unknown[]): Promise<Accepted> {
    const request = JSON.stringify([method, given]);
    const known = this.#calls.get(call.idempotencyKey);
    if (known && known.request !== request)
      return Promise.reject(WritError.of("WRIT8301", { key: call.idempotencyKey }));
    if (known) return known.answer;
    this.asked.push([method, ...given]);
    if (this.refusal) return Promise.reject(this.refusal);
    const answer = Promise.resolve({ version: ++this.version, sequence: ++this.sequence });
    this.#calls.set(call.idempotencyKey, { request, answer });
    this.wake();
    return answer;
  }

  async #digested(method: string, call: Call, ...given: readonly unknown[]) {
    return { ...(await this.#change(method, call, ...given)), digest: "d".repeat(64) };
  }

  submit: Publisher["submit"] = (call, submission) =>
    this.#digested("submit", call, { ...submission, bundle: submission.bundle.length });
  approve: Publisher["approve"] = (call, digest, shown) => this.#change("approve", call, digest, shown);
  release: Publisher["release"] = (call, digest, ring) => {
    if (call.ifMatch !== this.version) return Promise.reject(WritError.of("WRIT8302", { version: this.version }));
    return this.#change("release", call, digest, ring);
  };
  republish: Publisher["republish"] = (call, digest) => this.#digested("republish", call, digest);
  halt: Publisher["halt"] = (call, reason) => this.#change("halt", call, reason);
  resume: Publisher["resume"] = (call, reason) => this.#change("resume", call, reason);
  recall: Publisher["recall"] = (call, sequence, reason) => this.#change("recall", call, sequence, reason);
  revoke: Publisher["revoke"] = (call, entries, reason) => this.#change("revoke", call, entries, reason);
  restore: Publisher["restore"] = (call, paths, reason) => this.#digested("restore", call, paths, reason);
  rotate: Publisher["rotate"] = (call) => this.#change("rotate", call);
  refused: Publisher["refused"] = (action, code, caller) => {
    this.refusals.push([action, code, caller?.subject]);
  };

  poll: Publisher["poll"] = async (_caller, held, wait, signal) => {
    this.asked.push(["poll", held, wait]);
    if (held.timestamp >= this.version) await this.#wait(wait, signal);
    if (held.timestamp >= this.version) return undefined;
    return { version: this.version, bytes: Buffer.from(`head ${this.version}`) };
  };
  metadata: Publisher["metadata"] = async (name) => {
    this.asked.push(["metadata", name]);
    return this.files.get(name);
  };
  blob: Publisher["blob"] = async (_caller, digest) => {
    this.asked.push(["blob", digest]);
    return this.files.get(digest);
  };
  opaBundle: Publisher["opaBundle"] = async (_caller, resource, tag, wait, signal) => {
    this.asked.push(["opaBundle", resource, tag, wait]);
    if (tag !== undefined && this.opa.get(resource)?.tag === tag) await this.#wait(wait, signal);
    const found = this.opa.get(resource);
    return found?.tag === tag ? undefined : found;
  };
  report: Publisher["report"] = (_caller, report) => void this.asked.push(["report", report]);
  reportOpa: Publisher["reportOpa"] = (_caller, report) => void this.asked.push(["reportOpa", report]);
  reach: Publisher["reach"] = (sequence) => ({
    sequence,
    live: 2,
    enforced: 1,
    missing: ["edge-2"],
    silent: [],
    complete: false,
  });
  reached: Publisher["reached"] = async (sequence, wait, signal) => {
    this.asked.push(["reached", sequence, wait]);
    await this.#wait(wait, signal);
    return this.reach(sequence);
  };
  health: Publisher["health"] = () => {
    const { head, alarms } = this.view();
    return { head, alarms };
  };
  view: Publisher["view"] = () => ({
    now: this.now,
    head: { version: this.version, at: this.at, floor: 1, audit: { size: this.sequence, root: "cm9vdA==" } },
    inForce: {
      stable: {
        digest: "a".repeat(64),
        content: "b".repeat(64),
        revision: "r1",
        sequence: 12,
        since: 1_799_999_000,
        expires: 1_802_000_000,
        revocationDelay: 10,
        releasedBy: BY,
        approvedBy: [BY],
        provenance: { repository: "https://git.example.com/estate", commit: "c0ffee", workflow: "build" },
      },
    },
    halted: { at: 1_799_999_500, by: BY, reason: "a look first" },
    candidates: [
      {
        digest: "c".repeat(64),
        revision: "r2",
        sequence: 39,
        submitted: 1_799_999_900,
        submittedBy: BY,
        approvedBy: [],
        approvalsNeeded: 2,
        emergency: "a leak",
        state: "waiting",
      },
    ],
    restorations: [
      {
        digest: "d".repeat(64),
        words: "identities payments",
        reason: "its key was replaced",
        proposed: 1_799_999_950,
        proposedBy: BY,
        approvedBy: [],
        approvalsNeeded: 2,
      },
    ],
    gateways: [
      {
        name: "edge-1",
        kind: "sdk",
        ring: "stable",
        heard: this.now,
        live: true,
        version: this.version,
        enforced: this.sequence,
        policy: { sequence: 12, revision: "r1" },
        age: 0.5,
        problems: [{ code: "WRIT9105", message: "something", digest: "e".repeat(64) }],
        allowed: 5,
        denied: 1,
        dropped: 0,
      },
      {
        name: "edge-2",
        kind: "opa",
        ring: "canary",
        heard: this.now - 900,
        live: false,
        version: 1,
        enforced: 1,
        problems: [],
        allowed: 0,
        denied: 0,
        dropped: 0,
      },
    ],
    changes: this.changes,
    revoked: 3,
    alarms: this.alarms,
  });
  directory = () => undefined;
  revocations: Publisher["revocations"] = () => [
    { sequence: 31, path: ["tokens", "idp", "jti-1"], value: 1_800_003_600 },
    { sequence: 32, path: ["identities", "ci-runner"], value: 1_800_000_000 },
  ];
  auditLines: Publisher["auditLines"] = async (since, limit) => {
    this.asked.push(["auditLines", since, limit]);
    return [Buffer.from('{"number":0}'), Buffer.from('{"number":1}')].slice(since, since + limit);
  };
  checkpoint: Publisher["checkpoint"] = async () => Buffer.from("example.com/log\n40\ncm9vdA==\n\n— example sig\n");
  watch: Publisher["watch"] = (listener) => {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  };
  close: Publisher["close"] = async () => this.wake();

  get watchers(): number {
    return this.#watchers.size;
  }

  /** Something changed. */
  wake(): void {
    for (const waiter of [...this.#waiters]) waiter();
    for (const watcher of this.#watchers) watcher();
  }

  async #wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (milliseconds <= 0 || signal.aborted) return;
    this.waiting++;
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#waiters.delete(end);
        signal.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      this.#waiters.add(end);
      signal.addEventListener("abort", end);
    });
    this.waiting--;
  }
}
