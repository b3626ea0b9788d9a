/** By what a blob, a bundle, a file of metadata is known. */
import { hash } from "node:crypto";

/** SHA-256 in hexadecimal. */
export function digestOf(bytes: Uint8Array): string {
  return hash("sha256", bytes, "hex");
}
