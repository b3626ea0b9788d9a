/** Artefacts to a bundle: the same artefacts give the same bytes, up to the signature. */
import { assert, WritError } from "../diagnostics/index.ts";
import { canonicalJsonBytes, type JsonValue } from "../json/index.ts";
import type { Artefact } from "../model/index.ts";
import { hasOtherMeaning, LIMITS, MANIFEST, type Manifest, SCOPE, SIGNATURES } from "./bundle.ts";
import { gzip } from "./gzip.ts";
import type { Signer } from "./keys.ts";
import { sign } from "./signature.ts";
import { writeTar } from "./tar.ts";

export interface PackOptions {
  /** Without it the bundle is not signed, and `verify` refuses it. */
  readonly signer?: Signer;
  /** What the signature is for. Default `writ`. */
  readonly scope?: string;
}

/**
 * INVARIANT: no clock, no randomness: the signature's time is the manifest's, and nothing but ES256 itself is left to chance.
 *
 * @example const bytes = await pack(artefacts, manifest, { signer: await readSigner(keyFile) })
 */
export async function pack(
  artefacts: readonly Artefact[],
  manifest: Manifest,
  options: PackOptions = {},
): Promise<Uint8Array> {
  const files = new Map<string, Uint8Array>([[MANIFEST, manifestBytes(manifest)]]);
  for (const { path, bytes } of artefacts) {
    assert(path !== SIGNATURES && !hasOtherMeaning(path), `OPA gives \`${path}\` another meaning`);
    assert(!files.has(path), `two artefacts are named \`${path}\``);
    files.set(path, bytes);
  }
  if (options.signer) {
    const scope = options.scope ?? SCOPE;
    files.set(SIGNATURES, await sign(files, scope, manifest.metadata.issued, options.signer));
  }
  // What no gateway would accept is refused here, where it can still be changed.
  if (files.size > LIMITS.files) throw WritError.of("WRIT7006", { limit: LIMITS.files });
  const tar = writeTar(Array.from(files, ([path, bytes]) => ({ path, bytes })));
  if (tar.length > LIMITS.unpacked) throw WritError.of("WRIT7001", { limit: LIMITS.unpacked });
  const packed = gzip(tar);
  if (packed.length > LIMITS.packed) throw WritError.of("WRIT7001", { limit: LIMITS.packed });
  return packed;
}

export function manifestBytes(manifest: Manifest): Uint8Array {
  return canonicalJsonBytes(manifest as unknown as JsonValue);
}
