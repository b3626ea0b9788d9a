/** Signs metadata; each signature is verified with the public key that it is for before anything is done with it. */
import { WritError } from "../diagnostics/index.ts";
import { canonicalJsonBytes, type JsonObject, readJson } from "../json/index.ts";
import { signedBytes } from "./canonical.ts";
import { toHex } from "./encoding.ts";
import { keyIdOf, signerOf, type TrustKey } from "./keys.ts";
import type { Draft } from "./make-metadata.ts";

/** A key that can sign, wherever its secret half is. */
export interface TrustSigner {
  readonly key: TrustKey;
  /** 64 bytes for Ed25519, DER for ECDSA. */
  readonly sign: (payload: Uint8Array) => Promise<Uint8Array>;
}

/** The bytes of the file. Ed25519 makes the same ones each time. */
export function signMetadata(draft: Draft, signers: readonly TrustSigner[]): Promise<Uint8Array<ArrayBuffer>> {
  return writeSigned(draft, new Map(), signers);
}

/** Adds signatures to a file that others signed already; what they signed stays as it is. */
export async function addSignatures(
  file: string,
  bytes: Uint8Array,
  signers: readonly TrustSigner[],
): Promise<Uint8Array<ArrayBuffer>> {
  const read = readJson(bytes);
  if (read.failure) throw WritError.of("WRIT7008", { file, ...read.failure });
  const { signed, signatures } = read.value as { signed?: Draft; signatures?: readonly JsonObject[] };
  if (typeof signed !== "object" || !Array.isArray(signatures)) {
    throw WritError.of("WRIT9101", { file, place: "signatures" });
  }
  const kept = signatures.map(({ keyid, sig }) => [String(keyid), String(sig)] as const);
  return writeSigned(signed, new Map(kept), signers);
}

async function writeSigned(
  draft: Draft,
  kept: ReadonlyMap<string, string>,
  signers: readonly TrustSigner[],
): Promise<Uint8Array<ArrayBuffer>> {
  const payload = signedBytes(draft);
  const signatures = new Map(kept);
  for (const signer of signers) signatures.set(await keyIdOf(signer.key.json), await signOnce(signer, payload));
  const list = [...signatures].sort(([a], [b]) => (a < b ? -1 : 1)).map(([keyid, sig]) => ({ keyid, sig }));
  return canonicalJsonBytes({ signatures: list, signed: draft });
}

/** Threat T19: a signer that was asked for one key and answers with another publishes nothing. */
async function signOnce({ key, sign }: TrustSigner, payload: Uint8Array): Promise<string> {
  const signature = toHex(await sign(payload));
  if ((await signerOf(key, signature, payload)) === undefined) {
    throw WritError.of("WRIT9120", { fault: signature === "" ? "empty" : "signature" });
  }
  return signature;
}
