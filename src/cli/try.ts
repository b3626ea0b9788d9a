/** `writ try BUNDLE --keys FILE`: a bundle as gateways will use it, before any of them is told of it (threat model §10). */
import { readKeys } from "../bundle/index.ts";
import { WritError } from "../diagnostics/index.ts";
import { openPolicy } from "../gateway/index.ts";
import { readJson } from "../json/index.ts";
import { largestKeyFile, readNamedFile } from "./files.ts";
import type { Host } from "./host.ts";
import { findOpa } from "./opa.ts";
import { complainError, type Exit, exits, printJson } from "./output.ts";

const LARGEST_BUNDLE = 32 * 1024 * 1024;

/** Asks for something that no policy allows: what is looked for is a decision, and no matter which. */
const request = { host: "trial.invalid", method: "GET", path: "/" };

export async function tryBundle(
  host: Host,
  path: string,
  options: { readonly keys: string; readonly format: string },
): Promise<Exit> {
  const bundle = readNamedFile(host, path, LARGEST_BUNDLE);
  const keys = readNamedFile(host, options.keys, largestKeyFile);
  const opa = findOpa(host);
  const problem = (await tryGateway(host, bundle, keys)) ?? (opa === undefined ? undefined : tryOpa(host, opa, bundle));
  const tried = ["a gateway of ours", ...(opa === undefined ? [] : ["a stock OPA"])];
  if (options.format === "json") printJson(host, { tried, ...(problem !== undefined && { problem }) });
  else if (problem === undefined) host.print(`${tried.join(" and ")} decide${tried.length === 1 ? "s" : ""} by it\n`);
  else complainError(host, WritError.of("WRIT5098", { problem }));
  return problem === undefined ? exits.ok : exits.findings;
}

async function tryGateway(host: Host, bundle: Uint8Array, keys: Uint8Array): Promise<string | undefined> {
  try {
    const policy = await openPolicy(bundle, await readKeys(keys));
    const time = Math.max(policy.notBefore, host.time());
    policy.setRevocations({ at: time, floor: 0 });
    const { reason } = policy.decide({ time, request });
    return reason === "engine-fault" || reason === "policy-missing" ? `a gateway answers ${reason}` : undefined;
  } catch (error) {
    if (error instanceof WritError) return `a gateway refuses it: ${error.message} (${error.code})`;
    throw error;
  }
}

function tryOpa(host: Host, opa: string, bundle: Uint8Array): string | undefined {
  const folder = host.temporaryFolder();
  try {
    host.write(`${folder}/bundle.tar.gz`, bundle);
    const input = JSON.stringify({ time: host.time(), request });
    const options = ["eval", "--format", "raw", "--stdin-input", "--bundle", `${folder}/bundle.tar.gz`];
    const result = host.runChild(opa, [...options, "data.writ.decision"], input);
    if (result === "missing") return "there is no stock OPA any more to try it";
    if (result.exitCode !== 0) return `a stock OPA refuses it: ${result.stderr.trim().split("\n")[0] ?? ""}`;
    const read = readJson(result.stdout);
    const isDecision = !read.failure && typeof read.value === "object" && read.value !== null && "allow" in read.value;
    return isDecision ? undefined : "a stock OPA gives no decision";
  } finally {
    host.remove(folder);
  }
}
