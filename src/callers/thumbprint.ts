/** What stands for a credential in records and logs: its SHA-256, never the credential (threat P19). */
import { createHash } from "node:crypto";

export function thumbprintOf(credential: string): string {
  return createHash("sha256").update(credential).digest("hex");
}

export function isThumbprint(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}
