/** Builds a candidate again from the commit that it says it was built from (threat P10). */
import { emit, packRelease } from "../compile.ts";
import { assert } from "../diagnostics/index.ts";
import type { BuildTerms, Provenance } from "../publish/index.ts";
import type { Host } from "./host.ts";
import { load } from "./load.ts";

/** @param folder where the policies lie in the repository */
export function rebuilding(host: Host, repository: string, folder: string) {
  const git = (...words: readonly string[]): string | undefined => {
    const result = host.runChild("git", ["-C", repository, ...words], "");
    return result === "missing" || result.exitCode !== 0 ? undefined : result.stdout;
  };
  return async ({ commit }: Provenance, terms: BuildTerms): Promise<Uint8Array | { readonly problem: string }> => {
    const names = git("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit, "--", `${folder}/`);
    if (names === undefined) return { problem: `the repository has no commit ${commit}` };
    const copy = host.temporaryFolder();
    try {
      for (const name of names.split("\0").filter((name) => name !== "")) {
        const text = git("cat-file", "blob", `${commit}:${name}`);
        if (text === undefined) return { problem: `\`${name}\` of the commit can't be read` };
        host.write(`${copy}/${name}`, text);
      }
      const { compilation, failed } = load(host, `${copy}/${folder}`, { issued: terms.issued });
      if (failed) return { problem: "the policies of the commit do not compile" };
      const { model, positions } = compilation;
      assert(model && positions, "a compilation without errors has a model");
      return await packRelease(emit(model, { release: terms, positions }), undefined, terms.opaBackend);
    } finally {
      host.remove(copy);
    }
  };
}
