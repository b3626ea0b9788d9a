/** Takes over keys that were changed in the folder of trust: new roots, the keys of the list of revocations, and the signers of both. */
import { WritError } from "../diagnostics/index.ts";
import { canonicalJson, type JsonObject, type JsonValue, readJson } from "../json/index.ts";
import { lifetimes, type Metadata, type Root, readMetadata, signMetadata, type Targets } from "../trust/index.ts";
import type { Core } from "./core.ts";
import { digestOf } from "./digest.ts";
import type { TrustFiles } from "./options.ts";
import type { Accepted, Call } from "./publisher.ts";
import { followRoots } from "./set-in-force.ts";

/** Gateways go on: what they hold stays right, and the next answer holds the roots that lead to the new keys (threat R05). */
export function rotate(core: Core, call: Call): Promise<Accepted> {
  return core.once(call, "rotate", "operator", {}, async (asked) => {
    const { current, options, estate } = core;
    const before = current.trust;
    const trust = await options.trust.load();
    const held = current.roots.map(({ bytes }) => bytes);
    // Each root is signed by those before it, or nothing of this is taken (threat T06).
    const roots = await followRoots(trust.roots, held);
    const added = roots.slice(held.length).map(({ bytes }) => bytes);
    const targets = await nextTargets(core, trust, roots.at(-1)!);
    const names = added.map(digestOf);
    const body = { ...asked, roots: names, ...(targets && { targets: digestOf(targets) }) };
    const { set } = current;
    const check = () => {
      core.matchHead(call);
      if (current.set.targets !== set.targets)
        throw WritError.of("WRIT8302", { version: core.ledger.store.head.version });
      current.trust = trust;
    };
    try {
      return await core.commit("rotate", body, { blobs: [...added, ...(targets ? [targets] : [])], check });
    } catch (error) {
      // On the disk by now, new roots or targets need the new signers to come into force; otherwise the old ones go on.
      const isOnDisk = estate.calls.has(asked.call.key);
      if (!isOnDisk || (names.length === 0 && !targets)) current.trust = before;
      throw error;
    }
  });
}

/** What is in force, under the delegation that the folder has now. Nothing where neither that nor the release keys have changed. */
async function nextTargets(
  { current, now }: Core,
  trust: TrustFiles,
  root: Metadata<Root>,
): Promise<Uint8Array | undefined> {
  const held = signedIn(current.set.targets);
  const folder = signedIn(readMetadata("targets.json", "targets", trust.targets));
  const isSameDelegation = canonicalJson(held.delegations ?? {}) === canonicalJson(folder.delegations ?? {});
  const isSameKeys = keysOf(current.set.root) === keysOf(root);
  if (isSameDelegation && isSameKeys) return undefined;
  const delegations = folder.delegations ?? {};
  return signTargets(current.set.targets, now, trust, { delegations });
}

/** One version further, and in every other member as they were. */
function signTargets(
  before: Metadata<Targets>,
  now: number,
  trust: TrustFiles,
  changed: JsonObject,
): Promise<Uint8Array> {
  const expires = new Date((now + lifetimes.targets) * 1000).toISOString().replace(/\.000Z$/, "Z");
  const draft = { ...signedIn(before), version: before.signed.version + 1, expires, ...changed };
  return signMetadata(draft, trust.signers.targets);
}

/** Seconds that are left when targets are signed anew: once a week (threat model §4). */
const RENEWAL = lifetimes.targets - 7 * 86_400;

/** Without it everything would end a month after the last release. Where the release keys are elsewhere, people do it. */
export async function renewTargets(core: Core): Promise<void> {
  const { current, now } = core;
  const { set, trust } = current;
  if (set.targets.signed.expires - now >= RENEWAL || trust.signers.targets.length === 0) return;
  const targets = await signTargets(set.targets, now, trust, {});
  const body = {
    ...core.selfAsked("renew targets", set.targets.signed.version),
    roots: [],
    targets: digestOf(targets),
  };
  const check = () => {
    if (current.set.targets !== set.targets)
      throw WritError.of("WRIT8302", { version: core.ledger.store.head.version });
  };
  await core.commit("rotate", body, { blobs: [targets], check });
}

function keysOf({ signed }: Metadata<Root>): string {
  const { keyIds, threshold } = signed.roles.targets;
  return `${threshold} of ${keyIds.join()}`;
}

/** Member for member: what we do not know stays too. */
function signedIn({ bytes }: Metadata<Targets>): JsonObject {
  const read = readJson(bytes);
  return (read.failure ? {} : (read.value as { readonly signed: JsonValue }).signed) as JsonObject;
}
