/** Bundles that were uploaded and are not candidates yet: few, and not for long. */
import { createHash } from "node:crypto";
import { WritError } from "../diagnostics/index.ts";
import type { Limits } from "./limits.ts";

interface Upload {
  readonly bytes: Uint8Array;
  readonly caller: string;
  readonly at: number;
}

export class Uploads {
  readonly #limits: Limits;
  readonly #byDigest = new Map<string, Upload>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** @throws WritError `request-malformed` where it is not what its name says, `server-busy` */
  keep(caller: string, digest: string, bytes: Uint8Array): void {
    if (createHash("sha256").update(bytes).digest("hex") !== digest)
      throw WritError.of("WRIT8401", { place: "digest", fault: "digest" });
    this.#forget();
    const mine = [...this.#byDigest].filter(([, upload]) => upload.caller === caller).map(([known]) => known);
    // One who uploads again and again pushes out what is their own, and takes at most half of the room.
    for (const known of mine.slice(0, Math.max(0, mine.length + 1 - this.#limits.uploads / 2)))
      this.#byDigest.delete(known);
    if (!this.#byDigest.has(digest) && this.#byDigest.size >= this.#limits.uploads)
      throw WritError.of("WRIT8408", { shortage: "uploads" });
    this.#byDigest.set(digest, { bytes, caller, at: performance.now() });
  }

  /** @throws WritError `bundle-not-uploaded` */
  find(digest: string): Uint8Array {
    this.#forget();
    const upload = this.#byDigest.get(digest);
    if (!upload) throw WritError.of("WRIT8411", { digest });
    return upload.bytes;
  }

  #forget(): void {
    const oldest = performance.now() - this.#limits.uploadLife;
    for (const [digest, { at }] of this.#byDigest) if (at < oldest) this.#byDigest.delete(digest);
  }
}
