/** What every operation is given: what is so, who asks, and the one way in which it may change. */
import { hash } from "node:crypto";
import type { Caller, CallerRole } from "../callers/index.ts";
import { assert, WritError } from "../diagnostics/index.ts";
import type { JsonValue } from "../json/index.ts";
import type { Ledger } from "../store/index.ts";
import type { Metadata, PublishedSet, Root } from "../trust/index.ts";
import type { Estate } from "./estate.ts";
import type { PublisherOptions, TrustFiles } from "./options.ts";
import type { FactsByRing } from "./policy-facts.ts";
import type { Accepted, Call } from "./publisher.ts";
import { type Asked, type Bodies, type BodyKind, bodyOf, recordOf } from "./records.ts";
import type { Refusals } from "./refusals.ts";

/** What changes while a publisher runs, besides the estate. */
export interface InForceNow {
  /** The metadata in force. */
  set: PublishedSet;
  /** Every root from the first one on. */
  roots: readonly Metadata<Root>[];
  /** The pieces of the list that the metadata names, by their digests, in their order. */
  pieces: ReadonlyMap<string, Uint8Array>;
  /** Of the policies in force; a moment behind after a release, while the bundle is read. */
  facts: FactsByRing;
  /** Resolves once the facts are those of the set. */
  looked: Promise<void>;
  trust: TrustFiles;
  /** The version of the head in which policy moved last; before a restart nobody knows, so then it is the first one after it. */
  moved: number;
}

interface CommitOptions {
  /** Put before the record; it counts on all of them. */
  readonly blobs?: readonly Uint8Array[];
  /** Asked when its turn has come, when nothing else is under way: throws what refuses it. Not for revocations. */
  readonly check?: () => void;
}

/** Calls of which the very answer is remembered; of all others of a day, that they were made. */
const ANSWERS = 10_000;

export class Core {
  readonly options: PublisherOptions;
  readonly estate: Estate;
  readonly ledger: Ledger;
  readonly current: InForceNow;
  readonly #refusals: Refusals;
  /** Calls that are under way or were made a moment ago, by their key: what they asked, and what they are answered. */
  readonly #calls = new Map<string, { readonly request: string; readonly answer: Promise<Accepted> }>();

  #heard: (error: WritError) => void = () => {};

  constructor(
    options: PublisherOptions,
    parts: {
      readonly estate: Estate;
      readonly ledger: Ledger;
      readonly current: InForceNow;
      readonly refusals: Refusals;
    },
  ) {
    this.options = options;
    this.estate = parts.estate;
    this.ledger = parts.ledger;
    this.current = parts.current;
    this.#refusals = parts.refusals;
  }

  get now(): number {
    return this.options.now();
  }

  /** The keys of bundles change while it runs, as all others do (threat R05). */
  get bundleSigner(): PublisherOptions["bundleSigner"] {
    return this.current.trust.bundles?.signer ?? this.options.bundleSigner;
  }

  get bundleKeys(): Uint8Array {
    return this.current.trust.bundles?.keys ?? this.options.bundleKeys;
  }

  /**
   * Runs `make` for a caller who has the role, once for each idempotency key; whoever calls again with it gets the same answer, also
   * after a restart (threats P05, P06). What it refuses is written to the audit log.
   *
   * @param request all that was asked, or its digest
   */
  once(
    call: Call,
    action: string,
    role: CallerRole,
    request: JsonValue,
    make: (asked: Asked) => Promise<Accepted>,
  ): Promise<Accepted> {
    return this.judged(call.caller, action, async () => {
      if (!call.caller.roles.has(role)) throw forbidden(call.caller, action);
      const asked = askedBy(call, this.now, { action, request });
      const { key, request: digest } = asked.call;
      const running = this.#calls.get(key);
      const done = this.estate.calls.get(key);
      const known = running ?? done;
      if (known && known.request !== digest) throw WritError.of("WRIT8301", { key: call.idempotencyKey });
      if (running) return running.answer;
      // Stopped, or failed to be signed, between the disk and the head: it comes into force before it is answered.
      if (done && this.ledger.store.head.records < done.sequence) await this.ledger.beat();
      if (done) return { version: this.ledger.store.head.version, sequence: done.sequence };
      const answer = make(asked);
      this.#calls.set(key, { request: digest, answer });
      // Nothing was done, so the same call may be made again.
      answer.catch(() => this.#calls.delete(key));
      for (const old of this.#calls.keys()) if (this.#calls.size > ANSWERS) this.#calls.delete(old);
      return answer;
    });
  }

  /** Whatever is refused in it goes to the audit log, with who asked. */
  async judged<T>(caller: Caller, action: string, attempt: () => Promise<T>): Promise<T> {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof WritError) {
        this.refused(action, error.reason, caller);
        this.#heard(error);
      }
      throw error;
    }
  }

  /** Calls the listener for whatever is refused. */
  heardRefusals(listener: (error: WritError) => void): void {
    this.#heard = listener;
  }

  refused(action: string, code: string, caller?: Pick<Caller, "issuer" | "subject" | "thumbprint">): void {
    this.#refusals.add(action, code, caller);
  }

  /** One record on the disk, signed and in force. */
  async commit<K extends BodyKind & Exclude<BodyKind, "refuse">>(
    kind: K,
    body: Bodies[K],
    { blobs = [], check }: CommitOptions = {},
  ): Promise<Accepted> {
    const named = blobs.map((bytes) => hash("sha256", bytes, "hex"));
    const head = await this.ledger.commit({ records: [recordOf(kind, body, named)], blobs, ...(check && { check }) });
    const sequence = this.estate.calls.get((body as Asked).call.key)?.sequence;
    assert(sequence !== undefined, "a change that is in force is not in the estate");
    return { version: head.version, sequence };
  }

  /** For calls that move policy, inside `check`: what the caller saw is what they move on from (threat P07). */
  matchHead({ ifMatch }: Call): void {
    const { version } = this.ledger.store.head;
    // Heartbeats and revocations move no policy: whoever saw the head before them saw the policy in force.
    if (ifMatch === undefined || ifMatch < this.current.moved || ifMatch > version)
      throw WritError.of("WRIT8302", { version });
  }

  /** What the record of a change says; its sequence is what `Accepted` answers. */
  async bodyAt<K extends BodyKind>(sequence: number, kind: K): Promise<Bodies[K] | undefined> {
    const [record] = await this.ledger.store.readRecords(sequence - 1, 1);
    return record && bodyOf(record, kind);
  }

  /** What was put for a record, or is named by the head. */
  async blob(digest: string): Promise<Uint8Array> {
    const bytes = await this.ledger.store.readBlob(digest);
    if (!bytes) throw WritError.of("WRIT8001", { file: `blobs/${digest}` });
    return bytes;
  }

  /** For what the publisher does by itself, a halt after the first error of a gateway for one. */
  selfAsked(action: string, request: JsonValue): Asked {
    const caller = { issuer: this.options.origin, subject: action, name: "the publisher", thumbprint: "" };
    return askedBy(
      { caller, idempotencyKey: `${this.now} ${this.estate.size} ${this.options.random()}` },
      this.now,
      request,
    );
  }
}

export function forbidden({ name }: Pick<Caller, "name">, action: string): WritError {
  return WritError.of("WRIT8202", { caller: name, action });
}

interface Asking {
  readonly caller: Pick<Caller, "issuer" | "subject" | "name" | "thumbprint">;
  readonly idempotencyKey: string;
}

function askedBy({ caller, idempotencyKey }: Asking, at: number, request: JsonValue): Asked {
  const { issuer, subject, name, thumbprint } = caller;
  const key = digestOf([issuer, subject, idempotencyKey]);
  return { at, by: { issuer, subject, name, thumbprint }, call: { key, request: digestOf(request) } };
}

/** Also of what is refused later, which no canonical form has: half a pair of surrogates, a number that is none. */
function digestOf(value: JsonValue): string {
  return hash("sha256", JSON.stringify(value), "hex");
}
