/** Giving back what was revoked: one proposes it, two others agree, and a token never comes back (threat model §5.6). */
import { hash } from "node:crypto";
import { assert, type RestorationFault, WritError } from "../diagnostics/index.ts";
import { canonicalJson } from "../json/index.ts";
import type { RevocationPath } from "../protocol/index.ts";
import type { Core } from "./core.ts";
import { keyOf } from "./estate.ts";
import { refuseNoReason } from "./halts.ts";
import type { Accepted, Call } from "./publisher.ts";

export async function restore(
  core: Core,
  call: Call,
  paths: readonly RevocationPath[],
  reason: string,
): Promise<Accepted & { readonly digest: string }> {
  const { person } = call.caller;
  const request = { paths: paths.map((path) => [...path]), reason };
  const accepted = await core.once(call, "restore", "operator", request, async (asked) => {
    refuseNoReason(reason);
    const check = () => refuseRestoration(core, paths);
    check();
    const digest = hash("sha256", canonicalJson({ ...request, call: asked.call.key }), "hex");
    return core.commit("restore", { ...asked, reason, digest, person, paths }, { check });
  });
  const proposed = await core.bodyAt(accepted.sequence, "restore");
  assert(proposed, "what was proposed is in the journal");
  return { ...accepted, digest: proposed.digest };
}

function refuseRestoration({ estate }: Core, paths: readonly RevocationPath[]): void {
  if (paths.length === 0) throw refused("absent");
  for (const path of paths) {
    if (path[0] === "tokens") throw refused("token");
    if (!estate.revocations.has(keyOf(path))) throw refused("absent");
  }
}

function refused(fault: RestorationFault): WritError {
  return WritError.of("WRIT8322", { fault });
}
