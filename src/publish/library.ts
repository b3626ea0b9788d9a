/** What lies where gateways fetch: metadata by name, and what it names by digest, for whoever may read it. */
import type { Caller } from "../callers/index.ts";
import type { Core } from "./core.ts";

/** Bundles in memory: a release is fetched by every gateway within seconds. */
const BUNDLES = 3;

export class Library {
  readonly #core: Core;
  readonly #bundles = new Map<string, Promise<Uint8Array | undefined>>();

  constructor(core: Core) {
    this.#core = core;
  }

  async metadata(name: string): Promise<Uint8Array | undefined> {
    const { current, ledger } = this.#core;
    const { set, roots } = current;
    if (name === "timestamp.json") return set.timestamp?.bytes;
    const root = /^([1-9][0-9]{0,8})\.root\.json$/.exec(name)?.[1];
    if (root !== undefined) return roots[Number(root) - 1]?.bytes;
    for (const role of ["snapshot", "targets", "revocations"] as const)
      if (name === `${set[role]?.signed.version}.${role}.json`) return set[role]?.bytes;
    // One of a head before, for whoever is in the middle of it. What is under way is not in the head yet.
    return ledger.store.head.files.has(name) ? ledger.store.readFile(name) : undefined;
  }

  async blob(caller: Caller, digest: string): Promise<Uint8Array | undefined> {
    const { current, ledger } = this.#core;
    const piece = current.pieces.get(digest);
    if (piece) return piece;
    if (ledger.store.head.blobs.includes(digest)) return ledger.store.readBlob(digest);
    return this.#mayRead(caller, digest) ? this.bundle(digest) : undefined;
  }

  /** A bundle that was submitted. */
  bundle(digest: string): Promise<Uint8Array | undefined> {
    const known = this.#bundles.get(digest);
    if (known) return known;
    const bytes = this.#core.ledger.store.readBlob(digest);
    this.#bundles.set(digest, bytes);
    // One that is damaged is asked for again: somebody may have put it right.
    bytes.catch(() => this.#bundles.delete(digest));
    for (const old of this.#bundles.keys()) if (this.#bundles.size > BUNDLES) this.#bundles.delete(old);
    return bytes;
  }

  /** Threat R03: a gateway reads what is in force in its ring, and nothing that others decide by; people read what they judge. */
  #mayRead({ roles, ring }: Caller, digest: string): boolean {
    const { estate } = this.#core;
    if (ring !== undefined && estate.inForce.get(ring)?.candidate.body.digest === digest) return true;
    const judges = ["author", "approver", "operator", "auditor"] as const;
    return judges.some((role) => roles.has(role)) && estate.candidates.has(digest);
  }
}
