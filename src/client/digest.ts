/** What bytes and names are known by. */
import { hashOf } from "../trust/index.ts";

/** SHA-256 (FIPS 180-4) in lower-case hexadecimal. */
export function digestOf(bytes: Uint8Array): Promise<string> {
  return hashOf(bytes);
}

/** A fraction of 1 that is always the same for a name, and evenly spread over names (FNV-1a). */
export function fractionOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash >>> 0) / 2 ** 32;
}
