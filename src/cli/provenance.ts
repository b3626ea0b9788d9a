/** `writ provenance BUNDLE`: the signed statement of what a bundle was built from, which CI hands in with it. */
import { createHash } from "node:crypto";
import { WritError } from "../diagnostics/index.ts";
import { signProvenance } from "../publish/index.ts";
import { readNamedFile } from "./files.ts";
import type { Host } from "./host.ts";
import { type Exit, exits, printJson } from "./output.ts";
import { readSignerAt } from "./trust-folder.ts";

const LARGEST_BUNDLE = 32 * 1024 * 1024;

interface Options {
  readonly key: readonly string[];
  readonly repository: string;
  readonly commit: string;
  readonly workflow: string;
  readonly builder: string;
}

export async function printProvenance(host: Host, path: string, options: Options): Promise<Exit> {
  const { repository, commit, workflow, builder } = options;
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit))
    throw WritError.of("WRIT5088", { option: "--commit", value: commit, expected: "the whole id of a commit" });
  if (!/^.+@.+$/.test(workflow)) {
    const expected = "a path and what it ran for, like `.github/workflows/build.yml@refs/heads/main`";
    throw WritError.of("WRIT5088", { option: "--workflow", value: workflow, expected });
  }
  const digest = createHash("sha256")
    .update(readNamedFile(host, path, LARGEST_BUNDLE))
    .digest("hex");
  const signers = await Promise.all(options.key.map((place) => readSignerAt(host, place)));
  printJson(host, await signProvenance({ repository, commit, workflow, digest }, builder, signers));
  return exits.ok;
}
