/** The commands of `writ trust` and their options. */
import { Argument, type Command, Option } from "commander";
import type { Host } from "./host.ts";
import type { Exit } from "./output.ts";

/** How all commands are declared. */
export interface Declare {
  readonly command: (name: string, description: string, examples: readonly string[], parent?: Command) => Command;
  readonly format: () => Option;
  readonly wholeNumber: (text: string) => number;
}

const ROLES = ["root", "targets", "snapshot", "timestamp", "revocations"] as const;

export function addTrustCommands(
  host: Host,
  done: (exit: Exit) => void,
  { command, format, wholeNumber }: Declare,
  program: Command,
): void {
  const trust = program.command("trust").description("Says whose signatures gateways follow, and changes it.");
  const trusted = (name: string, description: string, examples: readonly string[], withRole = true): Command => {
    const made = command(name, description, examples, trust);
    return withRole ? made.addArgument(new Argument("<role>", "whose keys").choices(ROLES)) : made;
  };
  const trustOptions = (made: Command): Command =>
    made
      .addOption(
        new Option("--scheme <scheme>", "of keys that are made")
          .choices(["ed25519", "ecdsa-sha2-nistp256"])
          .default("ed25519"),
      )
      .option("--expires <time>", "until when it holds: a time, or how long from now", "365d")
      .option("--sign <keys...>", "sign with these (files, or `env:NAME`) instead of those in `keys/`")
      .option("--development", "let one key be enough for the root")
      .addOption(format());
  const trustFolder = () => new Argument("[folder]", "the folder of the trust repository").default("trust");

  trustOptions(
    trusted(
      "init",
      "Makes the first root and the keys of all roles: `root.json` is shipped with gateways, `metadata/` is published.",
      ["writ trust init", "writ trust init trust --key root=alice.json --key root=bob.json --key targets=kms.json"],
      false,
    )
      .addArgument(trustFolder())
      .option(
        "--key <role=file>",
        "a key that was made elsewhere, in a file (which may name a `command` that signs) or in `env:NAME`; may be given often",
        (value: string, before: readonly string[]) => [...before, value],
        [],
      )
      .option("--threshold <number>", "how many of its keys have to sign a root", wholeNumber, 2),
  ).action(async (path, options) => done(await (await import("./trust.ts")).initTrust(host, path, options)));

  trustOptions(
    trusted("add-key", "Adds a key to a role: the first step of a rotation, after which old and new are both valid.", [
      "writ trust add-key timestamp",
      "writ trust add-key root trust --key carol.json",
    ])
      .addArgument(trustFolder())
      .option("--key <file>", "a key that was made elsewhere, in a file or in `env:NAME` (default: a new one)"),
  ).action(async (role, path, options) =>
    done(await (await import("./trust.ts")).addTrustKey(host, role, path, options)),
  );

  trustOptions(
    trusted("rotate", "Puts a key of a role out of use and another one in its place.", [
      "writ trust rotate timestamp --from 3f2a9c01",
      "writ trust rotate root --from 3f2a9c01 --to carol.json",
    ])
      .addArgument(trustFolder())
      .requiredOption("--from <id>", "the key that goes, by its id or the start of it")
      .option("--to <file>", "the key that comes, or one that is there already (default: a new one)"),
  ).action(async (role, path, options) =>
    done(await (await import("./trust.ts")).rotateTrustKey(host, role, path, options)),
  );

  trustOptions(
    trusted("threshold", "Says how many of its keys have to sign for a role.", ["writ trust threshold root 3"])
      .argument("<number>", "how many", wholeNumber)
      .addArgument(trustFolder()),
  ).action(async (role, threshold, path, options) =>
    done(await (await import("./trust.ts")).setThreshold(host, role, threshold, path, options)),
  );

  trusted(
    "sign",
    "Signs a draft of a root; when enough keys have, it is published.",
    ["writ trust sign trust/metadata/2.root.draft.json --key carol.json"],
    false,
  )
    .argument("<draft>", "the file that goes round")
    .requiredOption("--key <keys...>", "what to sign with: files, or `env:NAME`")
    .addOption(format())
    .action(async (path, options) => done(await (await import("./trust.ts")).signDraft(host, path, options)));

  trusted(
    "show",
    "Shows the roles, their keys and thresholds, until when they hold, and the key of the audit log.",
    ["writ trust show", "writ trust show trust --origin policies.example.com/estate"],
    false,
  )
    .addArgument(trustFolder())
    .option(
      "--origin <name>",
      "the name of the log, as the publisher's file has it: prints what `writ audit verify --key` takes",
    )
    .addOption(format())
    .action(async (path, options) => done(await (await import("./trust-show.ts")).showTrust(host, path, options)));
}
