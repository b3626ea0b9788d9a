/** What an operator has to look at. */
import { hash } from "node:crypto";
import { WritError } from "../diagnostics/index.ts";
import type { ReportedProblem } from "../protocol/index.ts";

/** Heads that are remembered, by their versions. */
const REMEMBERED = 4096;

/** Each alarm once; the newest that are not alike. */
const MOST = 16;

/** A gateway may hold a head that this store has lost; one that claims more than any publisher signs in years is not believed. */
export const largestLead = 10_000_000;

/** Compares what gateways say of heads with what was signed, and with each other (threats D11, D13). */
export class Alarms {
  readonly #raised = new Map<string, ReportedProblem>();
  readonly #signed = new Map<number, { readonly at: number; readonly digest: string }>();
  /** Of heads before this life, or of another publisher: what the first gateway said. */
  readonly #reported = new Map<number, string>();
  #first: number | undefined;
  #last = 0;

  raise(key: string, error: WritError): void {
    this.#raised.delete(key);
    this.#raised.set(key, { code: error.code, message: error.message });
    for (const old of this.#raised.keys()) if (this.#raised.size > MOST) this.#raised.delete(old);
  }

  clear(key: string): void {
    this.#raised.delete(key);
  }

  /** Newest first. */
  get list(): readonly ReportedProblem[] {
    return [...this.#raised.values()].toReversed();
  }

  /** A head is in force. */
  signed(version: number, at: number, timestamp: string): void {
    this.#first ??= version;
    this.#last = version;
    this.#signed.set(version, { at, digest: hash("sha256", timestamp, "hex") });
    forgetOld(this.#signed);
  }

  atOf(version: number): number | undefined {
    return this.#signed.get(version)?.at;
  }

  /** A gateway says which head it holds. */
  heard(gateway: string, version: number, digest: string): void {
    const ours = this.#signed.get(version)?.digest;
    const others = this.#reported.get(version);
    if (ours === undefined && others === undefined) {
      this.#reported.set(version, digest);
      forgetOld(this.#reported);
    }
    const isOfThisLife = this.#first !== undefined && version >= this.#first && version <= this.#last;
    // Within what is remembered, a version that was passed over was signed by somebody else.
    const isForeign = isOfThisLife && ours === undefined && version > this.#last - REMEMBERED;
    if (isForeign || (ours ?? others ?? digest) !== digest)
      this.raise("head-conflict", WritError.of("WRIT8303", { gateway, version }));
  }
}

function forgetOld(map: Map<number, unknown>): void {
  for (const old of map.keys()) {
    if (map.size <= REMEMBERED) return;
    map.delete(old);
  }
}
