/** `writ check [FOLDER] [--fix] [--watch]` */
import { fixUntilStable } from "../diagnostics/index.ts";
import type { Host } from "./host.ts";
import { load } from "./load.ts";
import { type Exit, exits, type Format, printFindings } from "./output.ts";

interface Options {
  readonly format: Format;
  readonly fix?: true;
  readonly watch?: true;
}

export async function check(host: Host, folder: string, options: Options): Promise<Exit> {
  let exit = once(host, folder, options);
  if (options.watch) {
    const root = load(host, folder, { emit: false }).root;
    await host.watch(root, () => {
      exit = once(host, folder, options);
    });
  }
  return exit;
}

function once(host: Host, folder: string, { format, fix }: Options): Exit {
  if (fix) repair(host, folder);
  const loaded = load(host, folder, { emit: false });
  printFindings(host, loaded, format);
  if (format === "text" && !loaded.failed) {
    const { trees, runs, looked } = loaded.compilation;
    host.print(
      `${trees.length} policy files, ${runs.length} examples: ${loaded.diagnostics.length === 0 ? "nothing" : "nothing else"} is wrong\n`,
    );
    if (looked && !looked.isAll)
      host.print(
        `This estate is so large that what is of no use was looked for in ${looked.pairs} pairs of callers and operations only.\n`,
      );
  }
  return loaded.failed ? exits.findings : exits.ok;
}

function repair(host: Host, folder: string): void {
  const { root, sources } = load(host, folder, { emit: false });
  const policies = new Map([...sources].filter(([path]) => path.endsWith(".policy.ts")));
  const { changed, applied } = fixUntilStable(
    policies,
    (texts) => load(host, folder, { emit: false }, texts).diagnostics,
  );
  for (const [path, text] of changed) host.write(`${root}/${path}`, text);
  if (applied > 0)
    host.complain(
      `${applied} ${applied === 1 ? "fix" : "fixes"} in ${changed.size} ${changed.size === 1 ? "file" : "files"}\n`,
    );
}
