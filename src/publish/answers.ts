/** What a gateway that polls is answered: all files of metadata that it lacks, and what changed of the list, in one piece. */
import { blobName, type Held, writePollAnswer } from "../protocol/index.ts";
import type { InForceNow } from "./core.ts";
import type { Answer } from "./publisher.ts";

/** Bytes of pieces of the list in one answer; what is more is fetched by its digest. */
const LARGEST = 64 * 1024;

/** Different answers to one head: gateways hold few different things, and whoever makes up others is answered without a cache. */
const MOST = 256;

/** Versions of the list of which it is known what was in them. */
const KNOWN_LISTS = 64;

export class Answers {
  readonly #current: InForceNow;
  #version = 0;
  readonly #cached = new Map<string, Answer>();
  /** By version of the list, the digests of its pieces. */
  readonly #lists = new Map<number, ReadonlySet<string>>();

  constructor(current: InForceNow) {
    this.#current = current;
  }

  /** Nothing where nothing is newer than what is held. */
  for(held: Held): Answer | undefined {
    const { set, roots } = this.#current;
    const version = set.timestamp?.signed.version ?? 0;
    // Whoever gets another root begins anew with the versions, so a higher one of before does not make it wait.
    if (version === 0 || (held.timestamp >= version && held.root >= roots.length)) return undefined;
    this.#follow(version);
    const key = `${held.root} ${held.snapshot} ${held.targets} ${held.revocations}`;
    const known = this.#cached.get(key);
    if (known) return known;
    const answer = { version, bytes: writePollAnswer(this.#filesFor(held)) };
    if (this.#cached.size < MOST) this.#cached.set(key, answer);
    return answer;
  }

  #follow(version: number): void {
    if (this.#version === version) return;
    this.#version = version;
    this.#cached.clear();
    const { set, pieces } = this.#current;
    const list = set.revocations?.signed.version ?? 0;
    if (this.#lists.has(list)) return;
    this.#lists.set(list, new Set(pieces.keys()));
    for (const old of this.#lists.keys()) if (this.#lists.size > KNOWN_LISTS) this.#lists.delete(old);
  }

  #filesFor(held: Held): ReadonlyMap<string, Uint8Array> {
    const { set, roots, pieces } = this.#current;
    const files = new Map<string, Uint8Array>();
    for (const { signed, bytes } of roots.slice(held.root)) files.set(`${signed.version}.root.json`, bytes);
    files.set("timestamp.json", set.timestamp!.bytes);
    for (const role of ["snapshot", "targets", "revocations"] as const) {
      const { signed, bytes } = set[role]!;
      if (signed.version !== held[role]) files.set(`${signed.version}.${role}.json`, bytes);
    }
    if (set.revocations?.signed.version === held.revocations) return files;
    const before = this.#lists.get(held.revocations);
    let left = LARGEST;
    // The newest first: the last piece is the one that most changes touch.
    for (const [digest, bytes] of [...pieces].toReversed()) {
      if (before?.has(digest) || bytes.length > left) continue;
      files.set(blobName(digest), bytes);
      left -= bytes.length;
    }
    return files;
  }
}
