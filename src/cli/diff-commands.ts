/** The commands that compare policies, and their options. */
import { type Command, Option } from "commander";
import type { Host } from "./host.ts";
import type { Exit } from "./output.ts";
import type { Declare } from "./trust-commands.ts";

const failing = "exit 1 for changes of these kinds: gain, loss, headers, until, reason, any";
const allowing = "changes that somebody approved, by their digests: they are no reason to fail";

export function addDiffCommands(host: Host, done: (exit: Exit) => void, { command }: Declare, program: Command): void {
  const several = (value: string, before: readonly string[]): readonly string[] => [...before, value];

  command(
    "diff",
    "Says which requests are decided otherwise, each with one that shows it: exactly those, whatever the text of the policies.",
    [
      "writ diff main",
      "writ diff v1.2 v1.3 --format markdown",
      "writ diff main --fail-on gain --allow approved.json",
      "writ diff old.tar.gz new.tar.gz --keys writ.keys.json",
      "writ diff https://publisher.example.com:8181 policies --root root.json --format json --out diff.json",
    ],
    program,
  )
    .argument("<base>", "what was: a policy folder, a bundle, a commit, or the URL where gateways ask a publisher")
    .argument("[head]", "what will be, named in the same way (default: the policy folder)")
    .option("--policies <folder>", "the policy folder, here and in commits", "policies")
    .addOption(
      new Option("--format <format>", "how to answer")
        .choices(["text", "markdown", "json", "html", "sarif"])
        .default("text"),
    )
    .option("--out <file>", "where the answer is written (default: standard output)")
    .option("--fail-on <kinds>", failing, several, [])
    .option("--allow <file>", allowing)
    .option("--keys <file>", "the keys that are trusted to sign bundles")
    .option("--root <file>", "of a publisher: the root that is pinned, as gateways have it")
    .addOption(new Option("--ring <ring>", "of a publisher: which one").choices(["canary", "stable"]).default("stable"))
    .option("--token <place>", "of a publisher: your token: a file, or `env:NAME` (default: `env:WRIT_TOKEN`)")
    .option("--certificate <file>", "of a publisher: your client certificate, in PEM")
    .option("--key <file>", "its key, in PEM")
    .option("--authorities <file>", "whose certificates are believed of the publisher, in PEM")
    .action(async (base, head, options) => done(await (await import("./diff.ts")).diff(host, base, head, options)));

  command(
    "ci",
    "Holds a pull request to everything: checks, tests, compares the reviewable text, and says what changes since it parted.",
    [
      "writ ci policies --base origin/main",
      "writ ci policies --base origin/main --fail-on gain --allow approved.json --comment comment.md --sarif writ.sarif --matrix matrix.html",
    ],
    program,
  )
    .argument("[folder]", "the policy folder", "policies")
    .option("--base <commit>", "what it is to become part of; compared is where the two parted", "origin/HEAD")
    .option("--bundles <folder>", "where the reviewable text is, if there is any", "bundles")
    .option("--fail-on <kinds>", failing, several, [])
    .option("--allow <file>", allowing)
    .option("--comment <file>", "write what changes as a comment, in Markdown")
    .option("--sarif <file>", "write what is wrong and what changes, for code scanning")
    .option("--matrix <file>", "write who may call what as a page, with what changes marked in it")
    .action(async (folder, options) => done(await (await import("./ci.ts")).ci(host, folder, options)));
}
