/** What a bundle is: artefacts under one manifest, and the names and limits that every reader and writer of it keeps. */

export interface Metadata {
  /** Grows with every release; the floor in the revocations is compared with it. */
  readonly sequence: number;
  /** Seconds since 1970. */
  readonly issued: number;
  readonly expires: number;
  /** The decisions that may be asked for: `writ/decision`. */
  readonly entrypoints: readonly string[];
}

/** The file `.manifest`, member for member as OPA reads it. */
export interface Manifest {
  readonly revision: string;
  readonly roots: readonly string[];
  readonly rego_version: 1;
  /** Where a stock OPA decides by a module: for each entry point, by which. */
  readonly wasm?: readonly { readonly entrypoint: string; readonly module: string }[];
  readonly metadata: Metadata;
}

export type Files = ReadonlyMap<string, Uint8Array>;

/** A bundle whose signature held, and everything it covers. */
export interface Bundle {
  readonly manifest: Manifest;
  /** By path, without `.manifest` and `.signatures.json`. */
  readonly files: Files;
  /** The key that signed it. */
  readonly keyId: string;
}

export interface Limits {
  /** Of the compressed bytes. */
  readonly packed: number;
  /** Of everything the archive holds, headers included. */
  readonly unpacked: number;
  readonly files: number;
}

const MEBIBYTE = 1024 * 1024;
export const LIMITS: Limits = { packed: 32 * MEBIBYTE, unpacked: 128 * MEBIBYTE, files: 64 };

export const MANIFEST = ".manifest";
export const SIGNATURES = ".signatures.json";
export const SCOPE = "writ";

/**
 * The base names or endings by which OPA takes a file for a manifest, signatures, data or a plan; we write each of these once, at
 * the root, and never the others.
 */
export function hasOtherMeaning(path: string): boolean {
  if (path === MANIFEST || path === SIGNATURES) return false;
  return /(?:signatures\.json|\.manifest(?:\.pb)?|(?:^|\/)(?:data\.ya?ml|plan\.(?:json|pb)))$/.test(path);
}

/** OPA takes the digest of these over the parsed value; ours are written so that the digest of the bytes is the same. */
export function isStructured(path: string): boolean {
  return path === MANIFEST || path === "data.json" || path.endsWith("/data.json");
}

export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
