/** The commands of `writ audit` and their options. */
import type { Command } from "commander";
import type { Host } from "./host.ts";
import type { Exit } from "./output.ts";
import { asking } from "./publisher-commands.ts";
import type { Declare } from "./trust-commands.ts";

export function addAuditCommands(
  host: Host,
  done: (exit: Exit) => void,
  { command, format, wholeNumber }: Declare,
  program: Command,
): void {
  const audit = program
    .command("audit")
    .description("Reads the log of what a publisher did, and verifies it without asking anybody.");
  asking(
    command(
      "fetch",
      "Fetches the log, or what is new of it, and the signed checkpoint that it is held to.",
      ["writ audit fetch audit.jsonl --checkpoint checkpoint.txt"],
      audit,
    ),
  )
    .argument("<log>", "the file: what is there already stays, and the rest is added")
    .requiredOption("--checkpoint <file>", "where the checkpoint goes")
    .action(async (path, options) => done(await (await import("./audit-fetch.ts")).fetchAudit(host, path, options)));
  command(
    "verify",
    "Holds a log to checkpoints that were signed: not a record is changed, missing, or too many.",
    [
      "writ audit verify audit.jsonl --checkpoint checkpoint.txt --key publisher.example+6f34b02c+AdXa…",
      "writ audit verify audit.jsonl --checkpoint monday.txt friday.txt --key publisher.example+6f34b02c+AdXa… --format json",
    ],
    audit,
  )
    .argument("<log>", "the file, a record on each line, or `-` for standard input")
    .requiredOption("--checkpoint <files...>", "the newest one, and earlier ones that narrow down what was changed")
    .requiredOption("--key <key>", "the key of the log, `NAME+ID+KEY`")
    .addOption(format())
    .action(async (path, options) => done(await (await import("./audit.ts")).verifyAudit(host, path, options)));
  command(
    "show",
    "Lists the records of a log; nothing of it is verified.",
    ["writ audit show audit.jsonl --since 1200"],
    audit,
  )
    .argument("<log>", "the file, a record on each line, or `-` for standard input")
    .option("--since <number>", "from which record on", wholeNumber, 0)
    .addOption(format())
    .action(async (path, options) => done((await import("./audit.ts")).showAudit(host, path, options)));
}
