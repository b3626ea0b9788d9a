/** What is compared, as it is named on the command line: a policy folder, a bundle, a commit, or what a publisher has in force. */
import { WritError } from "../diagnostics/index.ts";
import type { Host } from "./host.ts";
import { absolute } from "./paths.ts";
import { type ComparedSide, readFolder, releasedSide, type SideOptions } from "./sides.ts";

/** Nothing where the policies have errors; they are said. */
export async function readSide(host: Host, name: string, options: SideOptions): Promise<ComparedSide | undefined> {
  if (/^https?:/i.test(name)) return (await import("./in-force.ts")).readInForce(host, name, options);
  if (name === "") throw WritError.of("WRIT4204", { name, fault: "name" });
  const path = absolute(host, name);
  const there = host.realPath(path);
  const git = await import("./git.ts");
  const commit = git.findCommit(host, name);
  if (there === undefined) {
    if (commit === undefined)
      throw WritError.of("WRIT4204", { name, fault: name.startsWith("-") ? "name" : "unknown" });
    return git.readCommit(host, name, commit, options);
  }
  // A folder that somebody called like a branch must not be taken for the branch.
  if (commit !== undefined && !isPlainPath(name)) throw WritError.of("WRIT4205", { name });
  return host.entries(there) === undefined ? readBundle(host, name, options) : readFolder(host, name);
}

async function readBundle(host: Host, path: string, { keys }: SideOptions): Promise<ComparedSide> {
  if (keys === undefined)
    throw WritError.of("WRIT5088", { option: "--keys", value: "", expected: "needed with a bundle" });
  const { model, artefacts } = await (await import("./decider.ts")).fromBundle(host, path, keys);
  return releasedSide(path, model, artefacts);
}

function isPlainPath(name: string): boolean {
  return /^(?:\.{1,2}(?:\/|$)|\/|[A-Za-z]:)/.test(name) || name.endsWith("/");
}
