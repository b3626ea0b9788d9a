/** Whether enough different keys of a role signed a file: TUF §5.3.4, §5.4.2, §5.5.3, §5.6.3, against arbitrary software. */
import { WritError } from "../diagnostics/index.ts";
import { signerOf } from "./keys.ts";
import type { Delegator, Metadata } from "./metadata.ts";

/** By whom a file was verified last: neither it nor they ever change, so the same question has the same answer. */
const verified = new WeakMap<Metadata, Delegator>();

export async function verifyThreshold(delegator: Delegator, metadata: Metadata): Promise<void> {
  const last = verified.get(metadata);
  if (last?.role === delegator.role && last.keys === delegator.keys) return;
  await countSigners(delegator, metadata);
  verified.set(metadata, delegator);
}

async function countSigners({ role, keys }: Delegator, metadata: Metadata): Promise<void> {
  const { file, signatures, payload } = metadata;
  // Threat T04: what can never be reached is a mistake or an attack, not a missing signature.
  if (role.threshold > role.keyIds.length) throw WritError.of("WRIT9101", { file, place: "the threshold of its role" });
  const signers = new Set<string>();
  let invalid: string | undefined;
  let known = 0;
  for (const id of role.keyIds) {
    const [key, signature] = [keys.get(id), signatures.get(id)];
    if (!key || signature === undefined) continue;
    known++;
    const signer = await signerOf(key, signature, payload);
    // Threat T03: one key under two ids is one signer.
    if (signer === undefined) invalid ??= id;
    else signers.add(signer);
  }
  if (signers.size >= role.threshold && !metadata.signsTwice) return;
  if (metadata.signsTwice || signatures.size === 0 || (known > 0 && invalid === undefined)) {
    throw WritError.of("WRIT9108", { file, found: signers.size, threshold: role.threshold });
  }
  if (invalid !== undefined) throw WritError.of("WRIT7016", { kid: shown(invalid) });
  throw WritError.of("WRIT7015", { kid: shown([...signatures.keys()][0] ?? "") });
}

/** An id comes from whoever made the file. */
function shown(keyId: string): string {
  return keyId.slice(0, 64).replace(/[^A-Za-z0-9._-]/g, "?");
}
