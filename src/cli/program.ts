/** The commands and their options. What a command does is loaded when it is called, so that none pays for the others. */
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { WritError } from "../diagnostics/index.ts";
import { addAuditCommands } from "./audit-commands.ts";
import { addCallersCommands } from "./callers-commands.ts";
import { addDiffCommands } from "./diff-commands.ts";
import type { Host } from "./host.ts";
import { complainError, type Exit, exits } from "./output.ts";
import { addPublisherCommands } from "./publisher-commands.ts";
import { addQualityCommands } from "./quality-commands.ts";
import { addQuestionCommands } from "./question-commands.ts";
import { addSidecarCommands } from "./sidecar-commands.ts";
import { addTrustCommands } from "./trust-commands.ts";
import { version } from "./version.ts";

/**
 * Runs one command to its end; nothing throws.
 *
 * @param argv what follows `writ` on the command line
 * @example process.exitCode = await run(process.argv.slice(2), nodeHost());
 */
export async function run(argv: readonly string[], host: Host): Promise<Exit> {
  let exit: Exit = exits.ok;
  const program = commands(host, (code) => {
    exit = code;
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return exit;
  } catch (error) {
    return explainError(host, error);
  }
}

function explainError(host: Host, error: unknown): Exit {
  // Commander has said already what is wrong with the words of the command; asking for help is not wrong.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exits.ok : exits.trouble;
  if (error instanceof WritError) {
    complainError(host, error);
    return exits.trouble;
  }
  const message = error instanceof Error ? error.message : String(error);
  const bug = message.startsWith("this is a bug in Writ") ? message : `this is a bug in Writ: ${message}`;
  host.complain(`${bug}\n`);
  if (host.environment.WRIT_DEBUG && error instanceof Error) host.complain(`${error.stack}\n`);
  else host.complain("please report it; set WRIT_DEBUG=1 to see where it happened\n");
  return exits.trouble;
}

/** What `writ` can do; the shell completions are made from it too. */
export function commands(host: Host, done: (exit: Exit) => void): Command {
  const program = new Command("writ")
    .description("Says who may call what, and proves it: compiles policies into signed bundles.")
    .version(version)
    .showSuggestionAfterError()
    .showHelpAfterError("(`--help` says more)")
    .exitOverride()
    .configureOutput({ writeOut: (text) => host.print(text), writeErr: (text) => host.complain(text) })
    .addHelpText("after", "\nExit codes: 0 nothing to say, 1 findings, 2 the command could not do its work.");

  const command = (name: string, description: string, examples: readonly string[], parent = program): Command =>
    parent
      .command(name)
      .description(description)
      .addHelpText("after", `\nExamples:\n${examples.map((example) => `  $ ${example}\n`).join("")}`);
  const format = (...choices: string[]): Option =>
    new Option("--format <format>", "how to answer").choices(["text", "json", ...choices]).default("text");
  const folder = (): Argument => new Argument("[folder]", "the policy folder").default("policies");

  command("init", "Writes a small estate that checks, tests and builds.", ["writ init policies"])
    .argument("[folder]", "a new or empty folder", "policies")
    .action(async (path) => done((await import("./init.ts")).init(host, path)));

  command("check", "Reads every policy, says what is wrong with it, and proves its examples.", [
    "writ check",
    "writ check policies --fix",
    "writ check --format sarif > writ.sarif",
  ])
    .addArgument(folder())
    .addOption(format("sarif", "github"))
    .option("--fix", "apply the fixes that keep the meaning")
    .option("--watch", "check again whenever a file changes")
    .action(async (path, options) => done(await (await import("./check.ts")).check(host, path, options)));

  command("build", "Compiles the policies into the reviewable text under `bundles/`, and into a signed bundle.", [
    "writ build",
    "writ build --check",
    "writ build --sign writ.key.json --sequence 42 --expires 7d --out bundle.tar.gz",
  ])
    .addArgument(folder())
    .option("--bundles <folder>", "where the reviewable text is written", "bundles")
    .option("--check", "write nothing; fail when the text there is not what the policies compile to")
    .option("--sign <key>", "the private key file to sign with; makes a bundle that gateways accept")
    .option("--sequence <number>", "grows with every release (default: the time of issue)", wholeNumber)
    .option("--issued <time>", "from when the policy decides (default: now)")
    .option("--expires <time>", "until when: a time, or how long after the issue", "30d")
    .option("--out <file>", "where the signed bundle is written", "bundle.tar.gz")
    .addOption(
      new Option(
        "--opa-backend <name>",
        "by what a stock OPA decides; `wasm` needs one that was built with WebAssembly",
      )
        .choices(["rego", "wasm"])
        .default("rego"),
    )
    .addOption(format())
    .action(async (path, options) => done(await (await import("./build.ts")).build(host, path, options)));

  command("test", "Decides every example on every back end there is.", [
    "writ test",
    "writ test --bundle bundle.tar.gz --keys writ.keys.json",
    "writ test --backend wasm --format json",
    "writ test --coverage --lcov lcov.info --html coverage.html --fail-under 90",
  ])
    .addArgument(folder())
    .option("--bundle <file>", "decide by a bundle of these policies instead; needs --keys")
    .option("--keys <file>", "the keys that are trusted to sign bundles")
    .addOption(
      new Option("--backend <name>", "decide by this one only (default: by all)").choices([
        "reference",
        "rego",
        "wasm",
      ]),
    )
    .option("--coverage", "say what the examples show, and what none of them does")
    .option("--lcov <file>", "write the coverage as a tracefile of LCOV")
    .option("--html <file>", "write the coverage as a page: the policies, marked")
    .option("--fail-under <percent>", "exit 1 when the coverage is lower", percentage)
    .addOption(format())
    .action(async (path, options) => done(await (await import("./test.ts")).test(host, path, options)));

  command("vectors", "Prints requests with their whole decisions, by which an engine in any host can be tested.", [
    "writ vectors > vectors.json",
    "writ vectors --bundle bundle.tar.gz --keys writ.keys.json --count 5000 > vectors.json",
  ])
    .addArgument(folder())
    .option("--bundle <file>", "what a bundle decides instead; needs --keys")
    .option("--keys <file>", "the keys that are trusted to sign bundles")
    .option("--count <number>", "how many", wholeNumber, 1000)
    .action(async (path, options) => done(await (await import("./vectors.ts")).printVectors(host, path, options)));

  const asked = (name: string, description: string, examples: readonly string[]): Command =>
    command(name, description, examples)
      .argument("<request>", "a file with the input as JSON, or `-` for standard input")
      .option("--policies <folder>", "decide by a policy folder", "policies")
      .option("--bundle <file>", "decide by a bundle instead; needs --keys")
      .option("--keys <file>", "the keys that are trusted to sign bundles")
      .option(
        "--revocations <file>",
        "what is known of revocations, as JSON (default: nothing is revoked, as of the input's time)",
      )
      .addOption(format());

  asked("eval", "Decides one request.", [
    "writ eval request.json",
    "writ eval request.json --backend wasm",
    "writ eval - --bundle bundle.tar.gz --keys writ.keys.json < request.json",
  ])
    .addOption(
      new Option("--backend <name>", "who decides").choices(["reference", "rego", "wasm"]).default("reference"),
    )
    .action(async (path, options) => done(await (await import("./eval.ts")).evaluate(host, path, options)));

  asked("why", "Decides one request and shows every step, what came near, and what would change the answer.", [
    "writ why request.json",
  ]).action(async (path, options) => done(await (await import("./why.ts")).why(host, path, options)));

  command("show", "Prints one stage of the way from a policy to its bundle.", [
    "writ show tree policies/orders.policy.ts",
    "writ show rego policies",
    "writ show tables bundle.tar.gz --keys writ.keys.json",
    "writ show bundle bundle.tar.gz",
  ])
    .addArgument(
      new Argument("<stage>", "which one").choices(["tokens", "tree", "model", "rego", "data", "tables", "bundle"]),
    )
    .argument(
      "<file>",
      "a policy file (tokens, tree), a policy folder (model, rego, data, tables), a module (tables) or a bundle (tables, bundle)",
    )
    .option("--keys <file>", "tables: verify the bundle by these keys")
    .addOption(new Option("--format <format>", "tables: how to answer").choices(["text", "json"]).default("text"))
    .action(async (stage, path, options) => done(await (await import("./show.ts")).show(host, stage, path, options)));

  command("explain", "Prints the page of a code.", ["writ explain WRIT2001", "writ explain unknown-name"])
    .argument("<code>", "as it stands in front of a message")
    .addOption(format())
    .action(async (code, options) => done((await import("./explain.ts")).explainCode(host, code, options)));

  const keys = program.command("keys").description("Makes and shows the keys that sign bundles.");
  command(
    "new",
    "Makes a key: `NAME.key.json` signs and is kept secret, `NAME.keys.json` is for who verifies.",
    ["writ keys new writ"],
    keys,
  )
    .argument("<name>", "where the two files are written")
    .option("--kid <id>", "the key's id (default: its thumbprint)")
    .addOption(format())
    .action(async (name, options) => done(await (await import("./keys.ts")).newKeyFiles(host, name, options)));
  command("show", "Lists the keys of a key file.", ["writ keys show writ.keys.json"], keys)
    .argument("<file>", "a file of public keys")
    .addOption(format())
    .action(async (path, options) => done(await (await import("./keys.ts")).showKeys(host, path, options)));

  addQualityCommands(host, done, { command, format, wholeNumber, percentage }, program);
  addTrustCommands(host, done, { command, format, wholeNumber }, program);
  addAuditCommands(host, done, { command, format, wholeNumber }, program);
  addCallersCommands(host, done, { command, format, wholeNumber }, program);
  addPublisherCommands(host, done, { command, format, wholeNumber }, program);
  addDiffCommands(host, done, { command, format, wholeNumber }, program);
  addQuestionCommands(host, done, { command, format, wholeNumber }, program);

  addSidecarCommands(host, done, { command });

  command("verify", "Verifies a bundle: its archive, its signature, its digests, its manifest.", [
    "writ verify bundle.tar.gz --keys writ.keys.json",
  ])
    .argument("<bundle>", "the file")
    .requiredOption("--keys <file>", "the keys that are trusted to sign bundles")
    .addOption(format())
    .action(async (path, options) => done(await (await import("./verify.ts")).verifyBundle(host, path, options)));

  command("inspect", "Shows what a bundle says of itself; nothing of it is verified.", ["writ inspect bundle.tar.gz"])
    .argument("<bundle>", "the file")
    .addOption(format())
    .action(async (path, options) => done(await (await import("./inspect.ts")).inspectBundle(host, path, options)));

  command(
    "opa-config",
    "Prints the configuration with which a stock OPA loads our bundles safely, or checks another one.",
    [
      "writ opa-config --url https://policies.example.com/opa --keys writ.keys.json > opa.yaml",
      "writ opa-config --url https://policies.example.com/opa --keys writ.keys.json --token-path /run/secrets/writ",
      "writ opa-config --url https://policies.example.com/opa --keys all.keys.json --policy-key writ --discovery discovery.tar.gz --sign config.key.json",
      "writ opa-config --check opa.yaml",
    ],
  )
    .option("--url <url>", "where bundles are served and reports are taken")
    .option("--keys <file>", "the keys that are trusted to sign bundles")
    .option("--policy-key <id>", "which of them signs policies (default: the only one)")
    .option("--revocations-key <id>", "which of them signs revocations (default: the same)")
    .option("--token-path <file>", "where OPA finds the token that it shows; the token itself is never written here")
    .option("--decision-logs", "have OPA send what it decides")
    .option("--discovery <file>", "write all this as a bundle, and print only how OPA finds that; needs --sign")
    .option("--sign <key>", "the private key file that signs that bundle")
    .option(
      "--discovery-key <id>",
      "print only how OPA finds the configuration that a publisher serves and this key signs",
    )
    .option("--check <file>", "read a configuration of OPA instead, and name what opens a hole")
    .addOption(format("sarif", "github"))
    .action(async (options) => done(await (await import("./opa-config.ts")).opaConfigCommand(host, options)));

  command("completion", "Prints a script that completes commands and options in a shell.", [
    "writ completion bash > /etc/bash_completion.d/writ",
    "writ completion fish > ~/.config/fish/completions/writ.fish",
  ])
    .addArgument(new Argument("<shell>", "which one").choices(["bash", "zsh", "fish"]))
    .action(async (shell) => done((await import("./completion.ts")).completion(host, shell, program)));

  return program;
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!/^[0-9]+$/.test(text) || !Number.isSafeInteger(number) || number === 0)
    throw new InvalidArgumentError("It is a whole number from 1.");
  return number;
}

function percentage(text: string): number {
  const number = Number(text);
  if (!/^[0-9]+$/.test(text) || number > 100) throw new InvalidArgumentError("It is a whole number from 0 to 100.");
  return number;
}
