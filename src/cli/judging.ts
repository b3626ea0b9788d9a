/** What a candidate has to stand, each in a process of its own: meanwhile heartbeats and revocations go on. */
import { WritError } from "../diagnostics/index.ts";
import { readJson } from "../json/index.ts";
import type { Judging } from "../publish/index.ts";
import { readNamedFile } from "./files.ts";
import type { ChildResult, Host } from "./host.ts";
import type { PublisherConfig } from "./publisher-config.ts";

const LARGEST_BUNDLE = 32 * 1024 * 1024;

/** Tries it as gateways will use it. */
export function activation(host: Host): Judging["activate"] {
  return (bundle, keys) =>
    inFolder(host, async (folder) => {
      host.write(`${folder}/bundle.tar.gz`, bundle);
      host.write(`${folder}/keys.json`, keys);
      const files = [`${folder}/bundle.tar.gz`, "--keys", `${folder}/keys.json`];
      const ran = await host.runSelf(["try", ...files, "--format", "json"]);
      const read = readJson(ran.stdout);
      const said = read.failure ? undefined : (read.value as { readonly problem?: string });
      if (said?.problem !== undefined) return said.problem;
      return ran.exitCode === 0 ? undefined : complaintOf(ran);
    });
}

/** Builds it again from the commit that it says it was built from (threat P10). */
export function rebuilding(
  host: Host,
  { path, folder: policies }: NonNullable<PublisherConfig["repository"]>,
): NonNullable<Judging["rebuild"]> {
  return ({ commit }, { sequence, issued, expires, opaBackend }) =>
    inFolder(host, async (folder) => {
      const out = `${folder}/bundle.tar.gz`;
      const terms = { commit, folder: policies, sequence, issued, expires, "opa-backend": opaBackend, out };
      const options = Object.entries(terms).flatMap(([name, value]) => [`--${name}`, String(value)]);
      const ran = await host.runSelf(["rebuild", path, ...options]);
      return ran.exitCode === 0 ? readNamedFile(host, out, LARGEST_BUNDLE) : { problem: complaintOf(ran) };
    });
}

async function inFolder<T>(host: Host, act: (folder: string) => Promise<T>): Promise<T> {
  const folder = host.temporaryFolder();
  try {
    return await act(folder);
  } catch (error) {
    if (error instanceof WritError) throw error;
    throw WritError.of("WRIT5098", { problem: error instanceof Error ? error.message : String(error) }, error);
  } finally {
    host.remove(folder);
  }
}

function complaintOf({ stderr, stdout }: ChildResult): string {
  return `${stderr}${stdout}`.trim().split("\n")[0] || "it ended without a word, or took too long";
}
