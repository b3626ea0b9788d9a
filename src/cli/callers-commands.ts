/** The commands of `writ callers` and their options. */
import { type Command, Option } from "commander";
import type { Host } from "./host.ts";
import type { Exit } from "./output.ts";
import type { Declare } from "./trust-commands.ts";

export function addCallersCommands(
  host: Host,
  done: (exit: Exit) => void,
  { command, format }: Declare,
  program: Command,
): void {
  const callers = program.command("callers").description("Says who may ask a publisher for what.");
  command(
    "gateway",
    "Makes the token by which a gateway is known, and its entry for the file of callers; the token is shown once.",
    ["writ callers gateway edge-1", "writ callers gateway edge-1 --ring canary --format json"],
    callers,
  )
    .argument("<name>", "what the gateway is called")
    .addOption(
      new Option("--ring <ring>", "which policies it may read").choices(["canary", "stable"]).default("stable"),
    )
    .addOption(format())
    .action(async (name, options) => done((await import("./callers.ts")).makeGateway(host, name, options)));
  command(
    "check",
    "Reads a file of callers as the publisher does, and lists who may ask for what.",
    ["writ callers check callers.json"],
    callers,
  )
    .argument("<file>", "the file of callers")
    .addOption(format())
    .action(async (path, options) => done(await (await import("./callers.ts")).checkCallers(host, path, options)));
}
