/** What is so by the records of the journal: candidates, what is in force, what is revoked. Nothing else is remembered. */
import type { ListedRevocation, RevocationPath, Ring } from "../protocol/index.ts";
import type { StoreRecord } from "../store/index.ts";
import { type Bodies, bodyOf } from "./records.ts";
import type { By, ChangeView } from "./view.ts";

export interface Candidate {
  readonly body: Bodies["submit"];
  /** By person. */
  readonly approvals: Map<string, By>;
}

export interface InForce {
  readonly candidate: Candidate;
  readonly since: number;
  readonly by: By;
}

export interface Restoration {
  readonly body: Bodies["restore"];
  /** Of its record: what was revoked later is not meant by it. */
  readonly sequence: number;
  readonly approvals: Map<string, By>;
  effective: boolean;
}

/** What a call with an idempotency key did. */
interface Done {
  readonly at: number;
  readonly request: string;
  readonly sequence: number;
}

export interface Change extends Omit<ChangeView, "reach" | "took"> {
  /** Of a release: by which policy the gateways of which ring decide once it has come through. */
  readonly policy?: { readonly ring: Ring; readonly sequence: number };
}

/**
 * Approvals by others that a candidate needs: two where there is no time to look (threat model §6), and none where its content has
 * had them already.
 */
export function approvalsNeeded({ body }: Candidate): number {
  if (body.emergency !== undefined) return 2;
  return body.republished === undefined ? 1 : 0;
}

/** Seconds for which a gateway with another clock may still take a token that has ended. */
export const EXPIRY_SKEW = 60;

/** Approvals by others that a restoration needs (threat model §5.6). */
export const restoreApprovals = 2;
const CHANGES = 50;
const DAY = 86_400;

export class Estate {
  readonly candidates = new Map<string, Candidate>();
  readonly restorations = new Map<string, Restoration>();
  readonly inForce = new Map<Ring, InForce>();
  /** Digests of all that was ever in force in the ring. */
  readonly released = { canary: new Set<string>(), stable: new Set<string>() } satisfies Record<Ring, Set<string>>;
  /** The highest sequence of a policy that was ever in force. */
  highest = 0;
  /** Bundles after whose trouble releases were halted once, by nobody's hand. */
  readonly troubled = new Set<string>();
  readonly revocations = new Map<string, ListedRevocation>();
  /** Keys of what came or went among them since somebody looked. */
  readonly touched = new Set<string>();
  /** No token in the list expires before. */
  #soonest = Number.POSITIVE_INFINITY;
  readonly calls = new Map<string, Done>();
  /** Newest first. */
  readonly changes: Change[] = [];
  halted: { readonly at: number; readonly by: By; readonly reason: string } | undefined;
  floor = 0;
  /** Blobs of the metadata that people and keys elsewhere signed; the first ones are not from records. */
  readonly roots: string[] = [];
  targets: string | undefined;
  /** Of records that were applied. */
  size = 0;

  apply(record: StoreRecord): void {
    this.size++;
    this.#take(record, this.size);
  }

  /** When it is told of a time, it forgets the calls of the day before. */
  forgetCalls(now: number): void {
    for (const [key, { at }] of this.calls) {
      if (at > now - DAY) break;
      this.calls.delete(key);
    }
  }

  /** Tokens that no gateway takes any more, whatever is revoked. */
  forgetExpired(now: number): void {
    if (this.#soonest + EXPIRY_SKEW >= now) return;
    this.#soonest = Number.POSITIVE_INFINITY;
    for (const [key, { path, value }] of this.revocations) {
      if (path[0] !== "tokens") continue;
      if (value + EXPIRY_SKEW < now) this.#forget(key);
      else this.#soonest = Math.min(this.#soonest, value);
    }
  }

  #forget(key: string): void {
    if (this.revocations.delete(key)) this.touched.add(key);
  }

  #take(record: StoreRecord, sequence: number): void {
    const { at, by, call } = record.body as unknown as Bodies["submit"];
    if (call !== undefined) this.calls.set(call.key, { at, request: call.request, sequence });
    const submitted = bodyOf(record, "submit");
    if (submitted) this.candidates.set(submitted.digest, { body: submitted, approvals: new Map() });
    const approved = bodyOf(record, "approve");
    if (approved) this.#approve(approved, sequence);
    const published = bodyOf(record, "publish");
    if (published) this.#publish(published, sequence);
    const halted = bodyOf(record, "halt");
    if (halted) this.halted = { at, by, reason: halted.reason };
    if (halted?.digest !== undefined) this.troubled.add(halted.digest);
    if (record.kind === "resume") this.halted = undefined;
    const revoked = bodyOf(record, "revoke");
    if (revoked) this.#revoke(revoked, sequence);
    const proposed = bodyOf(record, "restore");
    if (proposed)
      this.restorations.set(proposed.digest, { body: proposed, sequence, approvals: new Map(), effective: false });
    const rotated = bodyOf(record, "rotate");
    if (rotated) {
      this.roots.push(...rotated.roots);
      this.targets = rotated.targets ?? this.targets;
    }
  }

  #approve({ at, by, digest, person }: Bodies["approve"], sequence: number): void {
    const candidate = this.candidates.get(digest);
    if (candidate && !candidate.approvals.has(person)) candidate.approvals.set(person, by);
    const restoration = this.restorations.get(digest);
    if (!restoration || restoration.effective) return;
    restoration.approvals.set(person, by);
    if (restoration.approvals.size < restoreApprovals) return;
    restoration.effective = true;
    const { paths, reason } = restoration.body;
    // Whoever approved did not mean what was revoked since, in whatever order both came to the disk.
    for (const key of paths.map(keyOf))
      if ((this.revocations.get(key)?.sequence ?? 0) < restoration.sequence) this.#forget(key);
    this.#changed({ sequence, kind: "restore", at, by, words: wordsOf(paths), reason });
  }

  /** An approver saw the difference from what was in force; from something else it is another one (threats P02, P03; model §10). */
  #outdateApprovals(released: string): void {
    const { canary, stable } = this.released;
    for (const [digest, { approvals }] of this.candidates)
      if (digest !== released && !canary.has(digest) && !stable.has(digest)) approvals.clear();
  }

  #publish({ at, by, digest, ring, targets }: Bodies["publish"], sequence: number): void {
    const candidate = this.candidates.get(digest)!;
    this.inForce.set(ring, { candidate, since: at, by });
    this.released[ring].add(digest);
    this.highest = Math.max(this.highest, candidate.body.sequence);
    this.targets = targets;
    this.#outdateApprovals(digest);
    const policy = { ring, sequence: candidate.body.sequence };
    this.#changed({ sequence, kind: "publish", at, by, words: `${candidate.body.revision} in ${ring}`, policy });
  }

  #revoke({ at, by, entries, floor, reason }: Bodies["revoke"], sequence: number): void {
    for (const { path, value } of entries) {
      const key = keyOf(path);
      // Nobody takes back with a smaller value what somebody revoked with a larger one.
      const largest = Math.max(value, this.revocations.get(key)?.value ?? 0);
      this.revocations.set(key, { sequence, path, value: largest });
      if (path[0] === "tokens") this.#soonest = Math.min(this.#soonest, largest);
      this.touched.add(key);
    }
    if (floor === undefined) {
      this.#changed({ sequence, kind: "revoke", at, by, words: wordsOf(entries.map(({ path }) => path)), reason });
      return;
    }
    this.floor = Math.max(this.floor, floor);
    this.#changed({ sequence, kind: "recall", at, by, words: `every policy below ${floor}`, reason });
  }

  #changed(change: Change): void {
    this.changes.unshift(change);
    this.changes.length = Math.min(this.changes.length, CHANGES);
  }
}

/** Of a path in a map; no name holds a line end in JSON text. */
export function keyOf(path: RevocationPath): string {
  return JSON.stringify(path);
}

/** The first of what is revoked or given back, and how many more. */
export function wordsOf(paths: readonly RevocationPath[]): string {
  const first = paths.slice(0, 3).map((path) => path.join(" "));
  return paths.length > first.length ? `${first.join(", ")} and ${paths.length - first.length} more` : first.join(", ");
}
