/** `writ rebuild REPOSITORY --commit ID`: the bundle of a commit once more, unsigned, to be compared with the one that was handed in. */
import { emit, type OpaBackend, packRelease, type Release } from "../compile.ts";
import { assert, WritError } from "../diagnostics/index.ts";
import type { Host } from "./host.ts";
import { load } from "./load.ts";
import { complainFindings, type Exit, exits } from "./output.ts";
import { absolute } from "./paths.ts";

interface RebuildOptions extends Release {
  readonly commit: string;
  /** Where the policies lie in the repository. */
  readonly folder: string;
  readonly opaBackend: OpaBackend;
  readonly out: string;
}

/** The names of files come from the commit, and so from strangers: none of them leads out of the folder that they are copied to. */
const NAME = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[A-Za-z0-9._@+ -]+(?:\/[A-Za-z0-9._@+ -]+)*$/;

export async function rebuild(host: Host, repository: string, options: RebuildOptions): Promise<Exit> {
  const { commit, folder, opaBackend, out, sequence, issued, expires } = options;
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit))
    throw WritError.of("WRIT5088", { option: "--commit", value: commit, expected: "the whole id of a commit" });
  const git = (...words: readonly string[]): string | undefined => {
    const result = host.runChild("git", ["-C", absolute(host, repository), ...words], "");
    return result === "missing" || result.exitCode !== 0 ? undefined : result.stdout;
  };
  const listed = git("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit, "--", `${folder}/`);
  const names = listed?.split("\0").filter((name) => name !== "") ?? [];
  if (names.length === 0) throw WritError.of("WRIT5099", { commit, problem: `it has no folder \`${folder}\`` });
  const copy = host.temporaryFolder();
  try {
    for (const name of names) {
      if (!NAME.test(name))
        throw WritError.of("WRIT5099", { commit, problem: "it has a file with a name that is none" });
      const text = git("cat-file", "blob", `${commit}:${name}`);
      if (text === undefined) throw WritError.of("WRIT5099", { commit, problem: `\`${name}\` can't be read` });
      host.write(`${copy}/${name}`, text);
    }
    // Packages are those that are installed in the clone: other ones give other bytes, and that is what is looked for.
    const loaded = load(host, `${copy}/${folder}`, { issued, packages: absolute(host, `${repository}/${folder}`) });
    complainFindings(host, loaded);
    if (loaded.failed) return exits.findings;
    const { model, positions } = loaded.compilation;
    assert(model && positions, "a compilation without errors has a model");
    const emission = emit(model, { release: { sequence, issued, expires }, positions });
    host.write(absolute(host, out), await packRelease(emission, undefined, opaBackend));
    host.print(`${emission.policy.revision}, unsigned, is in ${out}\n`);
    return exits.ok;
  } finally {
    host.remove(copy);
  }
}
