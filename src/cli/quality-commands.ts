/** The commands about how good the examples are, and their options. */
import { Argument, type Command, Option } from "commander";
import type { Host } from "./host.ts";
import type { Exit } from "./output.ts";
import type { Declare } from "./trust-commands.ts";

export interface DeclareQuality extends Declare {
  readonly percentage: (text: string) => number;
}

export function addQualityCommands(
  host: Host,
  done: (exit: Exit) => void,
  { command, format, wholeNumber, percentage }: DeclareQuality,
  program: Command,
): void {
  const folder = (): Argument => new Argument("[folder]", "the policy folder").default("policies");

  command(
    "mutate",
    "Makes one careless edit at a time, and says which ones no example and no `never` notices.",
    ["writ mutate", "writ mutate --fail-under 90", "writ mutate --most 200 --format html > mutants.html"],
    program,
  )
    .addArgument(folder())
    .option("--most <number>", "try this many at most, of all kinds as evenly as there are any", wholeNumber)
    .option("--fail-under <percent>", "exit 1 when fewer are noticed", percentage)
    .addOption(new Option("--format <format>", "how to answer").choices(["text", "json", "html"]).default("text"))
    .action(async (path, options) => done(await (await import("./mutate.ts")).mutate(host, path, options)));

  command(
    "examples",
    "Lists the examples of an estate, or writes those that are missing.",
    ["writ examples", "writ examples --suggest", "writ examples --suggest --write policies/more.policy.ts"],
    program,
  )
    .addArgument(folder())
    .option("--suggest", "write examples that notice what none notices now, few for many")
    .option("--write <file>", "put them at the end of this policy file instead of printing them")
    .option("--most <number>", "write this many at most", wholeNumber)
    .addOption(format())
    .action(async (path, options) => done(await (await import("./examples.ts")).examples(host, path, options)));
}
