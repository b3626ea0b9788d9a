/** From one trusted root to the next: TUF §5.3.4–5.3.6. */
import { WritError } from "../diagnostics/index.ts";
import type { Delegator, Metadata, MetadataType, Root } from "./metadata.ts";
import { readMetadata } from "./read-metadata.ts";
import { verifyThreshold } from "./threshold.ts";

/** The root that came with the gateway: nothing vouches for it but itself. Its expiry is looked at after the chain (§5.3.10). */
export async function readPinnedRoot(bytes: Uint8Array): Promise<Metadata<Root>> {
  const root = readMetadata("root.json", "root", bytes);
  await verifyThreshold(delegatorOf(root, "root"), root);
  return root;
}

export async function updateRoot(trusted: Metadata<Root>, bytes: Uint8Array): Promise<Metadata<Root>> {
  const next = readMetadata("root.json", "root", bytes);
  const { version } = next.signed;
  // §5.3.4, arbitrary software: a threshold of the old keys hands over (threat T06) …
  await verifyThreshold(delegatorOf(trusted, "root"), next).catch((cause: unknown) => {
    throw WritError.of("WRIT9110", { version, by: "old" }, cause);
  });
  // … and a threshold of the new ones takes over, so that nobody hands over to keys that are not there.
  await verifyThreshold(delegatorOf(next, "root"), next).catch((cause: unknown) => {
    throw WritError.of("WRIT9110", { version, by: "new" }, cause);
  });
  // §5.3.5, rollback: exactly one further, or a revoked root could be skipped to (threat T05).
  const expected = trusted.signed.version + 1;
  if (version !== expected) throw WritError.of("WRIT9109", { expected, found: version });
  return next;
}

export function delegatorOf({ signed }: Metadata<Root>, role: MetadataType): Delegator {
  return { role: signed.roles[role], keys: signed.keys };
}

/**
 * §5.3.11, fast-forward: once a key that could sign timestamps or snapshots was taken away, whatever versions it signed no longer
 * hold us (threat F07).
 */
export function forgetsVersions(before: Metadata<Root>, after: Metadata<Root>): boolean {
  return (["timestamp", "snapshot"] as const).some((role) => {
    const kept = new Set(after.signed.roles[role].keyIds);
    return before.signed.roles[role].keyIds.some((id) => !kept.has(id));
  });
}
