/** Whether bytes are those that signed metadata named. */
import type { Hashes } from "./metadata.ts";

const NAMES = { sha256: "SHA-256", sha512: "SHA-512" } as const;

/** Every hash that is stated has to fit; none stated fits nothing. */
export async function hasHashes(bytes: Uint8Array, hashes: Hashes): Promise<boolean> {
  for (const [name, hash] of hashes) if ((await hashOf(bytes, name)) !== hash) return false;
  return hashes.size > 0;
}

export async function hashOf(bytes: Uint8Array, name: "sha256" | "sha512" = "sha256"): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest(NAMES[name], bytes as Uint8Array<ArrayBuffer>));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
