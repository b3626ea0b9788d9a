/** What a publisher has in force, followed from a pinned root as a gateway follows it: nothing of it is believed unverified. */
import { readKeys, verify } from "../bundle/index.ts";
import { jsonProblems, WritError } from "../diagnostics/index.ts";
import { canonicalJsonBytes, readJson } from "../json/index.ts";
import type { Model } from "../model/index.ts";
import { policyPath, readPolicyTarget } from "../protocol/index.ts";
import { fetchTarget, type Source, type Store, TrustClient } from "../trust/index.ts";
import { largestKeyFile, readNamedFile } from "./files.ts";
import type { Host } from "./host.ts";
import { PublisherApi } from "./publisher-api.ts";
import { type ComparedSide, releasedSide, type SideOptions } from "./sides.ts";

export async function readInForce(host: Host, url: string, options: SideOptions): Promise<ComparedSide> {
  const { root, ring } = options;
  if (root === undefined)
    throw WritError.of("WRIT5088", { option: "--root", value: "", expected: "needed with the URL of a publisher" });
  const api = new PublisherApi(host, { ...options, url, format: "json" });
  const from =
    (folder: string): Source =>
    (file, limit) =>
      api.find(`/${folder}/${file}`, limit);
  const trust = await TrustClient.open({
    root: readNamedFile(host, root, largestKeyFile),
    source: from("metadata"),
    store: memory(),
    now: () => host.time(),
  });
  const { set } = await trust.refresh();
  const path = policyPath(ring);
  const target = set.targets.signed.targets.get(path);
  if (!target) throw WritError.of("WRIT9107", { file: path });
  const { consistentSnapshot } = set.root.signed;
  const bytes = await fetchTarget(target, { source: from("targets"), cache: memory(), consistentSnapshot });
  // The release role vouches for the keys of the bundle, and says which release it is (as in a gateway).
  const said = readPolicyTarget(path, target.custom);
  const { manifest, files } = await verify(bytes, await readKeys(canonicalJsonBytes(said.keys)));
  if (said.sequence !== manifest.metadata.sequence) throw WritError.of("WRIT9306", { member: "sequence" });
  if (said.revision !== manifest.revision) throw WritError.of("WRIT9306", { member: "revision" });
  const model = readJson(files.get("model.json") ?? new Uint8Array());
  if (model.failure)
    throw WritError.of("WRIT5091", { path: `${path}: model.json`, problem: jsonProblems[model.failure.problem] });
  const artefacts = [...files].map(([name, content]) => ({ path: name, bytes: content }));
  return releasedSide(url, model.value as unknown as Model, artefacts);
}

/** What is fetched is looked at once. */
function memory(): Store {
  const files = new Map<string, Uint8Array>();
  return {
    read: async (name) => files.get(name),
    write: async (name, bytes) => {
      files.set(name, bytes);
    },
    remove: async (name) => {
      files.delete(name);
    },
  };
}
