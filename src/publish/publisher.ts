/** What a publisher does for those who ask: the one list of everything that can be done to an estate. */
import type { Caller, Directory } from "../callers/index.ts";
import type { JsonObject, JsonValue } from "../json/index.ts";
import type { Held, ListedRevocation, RevocationPath, Ring, StatusReport } from "../protocol/index.ts";
import type { View } from "./view.ts";

/** What comes with every call that changes something. */
export interface Call {
  readonly caller: Caller;
  /** Calls with the same one have one effect and one answer for 24 hours (threat P06). */
  readonly idempotencyKey: string;
  /** The version of the head that the caller saw; calls that move policy need it, revocations wait for none (threat P07). */
  readonly ifMatch?: number;
}

export interface Submission {
  readonly bundle: Uint8Array;
  /** A DSSE envelope of an in-toto statement, as CI signed it. */
  readonly provenance: JsonValue;
  /** Persons who wrote it; none of them may approve it. The caller is one of them in any case. */
  readonly authors: readonly string[];
  /** Needs two approvals, a reason, and ends within 72 hours. */
  readonly emergency?: { readonly reason: string };
}

/** From what a bundle was made, once what CI signed was verified. */
export interface Provenance {
  readonly repository: string;
  readonly commit: string;
  readonly workflow: string;
  /** SHA-256 of the bundle. */
  readonly digest: string;
}

export interface NewRevocation {
  readonly path: RevocationPath;
  /** Of a token its `exp`, of `issuedBefore` the time; default for all others: now. Seconds since 1970. */
  readonly value?: number;
}

/** What every change answers: the head in which it is in force. */
export interface Accepted {
  readonly version: number;
  /** The size of the log with the change in it. */
  readonly sequence: number;
}

/** How far a change has come. */
export interface Reach {
  readonly sequence: number;
  /** Gateways that were heard of within their time, and those of them that confirmed it. */
  readonly live: number;
  readonly enforced: number;
  /** Names of those that have not, sorted. */
  readonly missing: readonly string[];
  /** Gateways that are known and were not heard of in time: they deny by themselves once they are stale. */
  readonly silent: readonly string[];
  readonly complete: boolean;
}

export interface Answer {
  /** The version of the timestamp in it. */
  readonly version: number;
  /** Of a poll, as `writePollAnswer` writes it. */
  readonly bytes: Uint8Array;
}

/** A bundle for a stock OPA. */
export interface OpaBundle {
  /** Without quotes: equal content, equal tag. */
  readonly tag: string;
  readonly bytes: Uint8Array;
}

export type OpaResource = "policy" | "revocations" | "discovery";

/**
 * Everything is refused by a `WritError` with a code of its own, is written to the audit log with the one who asked (aggregated past
 * ten a second), and then nothing has changed.
 */
export interface Publisher {
  /** Author. The content of the bundle is judged, activated for a trial and kept. */
  submit(call: Call, submission: Submission): Promise<Accepted & { readonly digest: string }>;
  /** Approver, of a candidate or of a restoration, by its digest. `shown` is the digest of the semantic diff that was read. */
  approve(call: Call, digest: string, shown: string): Promise<Accepted>;
  /** Operator. Brings an approved candidate into force in a ring. */
  release(call: Call, digest: string, ring: Ring): Promise<Accepted>;
  /** Operator. The content of an earlier release under a new, higher sequence. */
  republish(call: Call, digest: string): Promise<Accepted & { readonly digest: string }>;
  /** Operator. No release goes on, in any ring, until `resume`. */
  halt(call: Call, reason: string): Promise<Accepted>;
  resume(call: Call, reason: string): Promise<Accepted>;
  /** Operator. No policy up to this sequence decides any more, from now on and for ever. */
  recall(call: Call, sequence: number, reason: string): Promise<Accepted>;
  /** Revoker, within the scope. All of the entries or none. */
  revoke(call: Call, entries: readonly NewRevocation[], reason: string): Promise<Accepted>;
  /** Operator proposes; it takes effect with the second approval by others. Tokens stay revoked (threat model §5.6). */
  restore(
    call: Call,
    paths: readonly RevocationPath[],
    reason: string,
  ): Promise<Accepted & { readonly digest: string }>;
  /** Operator. Takes roots, targets and signers from where the trust folder is, when keys were changed there. */
  rotate(call: Call): Promise<Accepted>;
  /** For calls that were refused before they came here: bad credentials, malformed bodies, floods. */
  refused(action: string, code: string, caller?: Pick<Caller, "issuer" | "subject" | "thumbprint">): void;

  /** A gateway's poll: confirms what it holds; answers what is newer, at once or when it comes, nothing after `wait` milliseconds. */
  poll(caller: Caller, held: Held, wait: number, signal: AbortSignal): Promise<Answer | undefined>;
  /** A file of metadata in force, `timestamp.json` for one; nothing where there is none. */
  metadata(name: string): Promise<Uint8Array | undefined>;
  /** What the metadata in force names, by its SHA-256, if this caller may read it. */
  blob(caller: Caller, digest: string): Promise<Uint8Array | undefined>;
  /** For stock OPA; with a tag that is still right it waits up to `wait` milliseconds for another one, then answers nothing. */
  opaBundle(
    caller: Caller,
    resource: OpaResource,
    tag: string | undefined,
    wait: number,
    signal: AbortSignal,
  ): Promise<OpaBundle | undefined>;
  /** A gateway's status. */
  report(caller: Caller, report: StatusReport): void;
  /** The same of a stock OPA, as it uploads it. */
  reportOpa(caller: Caller, report: JsonObject): void;

  reach(sequence: number): Reach;
  /** When it is complete, or after `wait` milliseconds whatever is. */
  reached(sequence: number, wait: number, signal: AbortSignal): Promise<Reach>;
  view(): View;
  /** Of the view, what anybody may ask for as often as they like: it looks at no gateway. */
  health(): Pick<View, "head" | "alarms">;
  /** Whom the policy in force knows by others' names for them; nothing before the first release. */
  directory(): Directory | undefined;
  /** All that is revoked now. */
  revocations(): readonly ListedRevocation[];
  /** Lines of the audit log from a number on, and the signed checkpoint of the head. */
  auditLines(since: number, limit: number): Promise<readonly Uint8Array[]>;
  checkpoint(): Promise<Uint8Array>;
  /** Calls after every change of the view, at most once in 50 ms, until the function that it gives is called. */
  watch(listener: () => void): () => void;
  /** Milliseconds after which the next heartbeat is due: max(1 s, min(15 s, smallest `revocationDelay` ÷ 5)). */
  readonly heartbeat: number;
  /** Rejects once nothing is known of the disk any more: the process has to end (threat model §8). */
  readonly failed: Promise<never>;
  /** Stops the heartbeats, answers all who wait, lets another writer in. */
  close(): Promise<void>;
}
