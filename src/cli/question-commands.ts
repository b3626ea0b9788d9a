/** The commands that ask about access, and their options. */
import { type Command, Option } from "commander";
import type { Host } from "./host.ts";
import type { Exit } from "./output.ts";
import type { QuestionWord } from "./questions.ts";
import type { Declare } from "./trust-commands.ts";

export function addQuestionCommands(
  host: Host,
  done: (exit: Exit) => void,
  { command, format, wholeNumber }: Declare,
  program: Command,
): void {
  const asking = (word: QuestionWord, what: string, how: string, description: string, examples: readonly string[]) =>
    command(word, description, examples, program)
      .argument(`<${what}>`, how)
      .option("--policies <folder>", "ask a policy folder", "policies")
      .option("--bundle <file>", "ask a bundle instead; needs --keys")
      .option("--keys <file>", "the keys that are trusted to sign bundles")
      .option("--examples", "with a request for each way that is allowed", false)
      .option("--all", "name all of them, however many there are", false)
      .addOption(format())
      .action(async (text, options) =>
        done(await (await import("./questions.ts")).question(host, word, text, options)),
      );

  asking(
    "who",
    "operation",
    "a call, a template, or any part of its name that no other has",
    "Says who may call an operation: when, by which grants, until when, and what they have to show.",
    ['writ who "POST orders.example.com/v1/tenants/t1/orders"', "writ who refunds --examples"],
  );
  asking(
    "can",
    "identity",
    "its name, what it shows (a subject, a SPIFFE ID, the id of a key), or a part of its name that no other has",
    "Says what an identity may call: when, by which grants, and until when.",
    ["writ can payments", "writ can payments --bundle bundle.tar.gz --keys writ.keys.json"],
  );
  asking(
    "reach",
    "scope",
    "its name, or any part of it that no other has",
    "Says who holds a scope, by which grants, and what it opens to them.",
    ["writ reach orders:refund", "writ reach orders:read --all --format json"],
  );

  command(
    "matrix",
    "Writes who may call what, all of it: a page with a picture, or a table for other programs.",
    [
      "writ matrix --out matrix.html",
      "writ matrix --compare main --out changes.html",
      "writ matrix --format csv --expand --out matrix.csv",
    ],
    program,
  )
    .argument("[folder]", "the policy folder", "policies")
    .addOption(new Option("--format <format>", "how to answer").choices(["html", "csv", "json"]).default("html"))
    .option("--out <file>", "where it is written (default: standard output)")
    .option("--compare <base>", "show what changes since: a policy folder, a bundle, or a commit")
    .option("--keys <file>", "the keys that are trusted to sign bundles")
    .option("--expand", "CSV: a row for each pair, not one for all that are alike", false)
    .option("--most <rows>", "CSV: with --expand, no more rows than this", wholeNumber, 1_000_000)
    .action(async (path, options) => done(await (await import("./matrix.ts")).matrix(host, path, options)));
}
