/** The next top-level targets with some of their files replaced: what release keys sign before anything is released. */
import type { JsonObject } from "../json/index.ts";
import { keyIdOf } from "./keys.ts";
import { makeTargets, type NewTarget } from "./make-metadata.ts";
import type { Metadata, Root, Targets } from "./metadata.ts";
import { readMetadata } from "./read-metadata.ts";
import { signMetadata, type TrustSigner } from "./sign-metadata.ts";
import { verifyThreshold } from "./threshold.ts";
import { delegatorOf } from "./update-root.ts";

/**
 * One version further, signed by those of the signers whose keys the root names, and judged as gateways will: what they would refuse
 * is thrown here. All other targets and the delegation stay.
 */
export async function releaseTargets(
  { root, targets }: { readonly root: Metadata<Root>; readonly targets: Metadata<Targets> },
  expires: number,
  news: readonly NewTarget[],
  signers: readonly TrustSigner[],
): Promise<Metadata<Targets>> {
  const draft = await makeTargets({ version: targets.signed.version + 1, expires }, news);
  const { signed } = JSON.parse(new TextDecoder().decode(targets.bytes)) as { signed: JsonObject };
  const files = { ...(signed.targets as JsonObject), ...(draft.targets as JsonObject) };
  const delegator = delegatorOf(root, "targets");
  const ids = await Promise.all(signers.map(({ key }) => keyIdOf(key.json)));
  const named = signers.filter((_signer, index) => delegator.role.keyIds.includes(ids[index]!));
  const bytes = await signMetadata({ ...signed, ...draft, targets: files }, named);
  const next = readMetadata("targets.json", "targets", bytes);
  await verifyThreshold(delegator, next);
  return next;
}
