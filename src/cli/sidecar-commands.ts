/** The command of the sidecar, and its options. */
import type { Host } from "./host.ts";
import type { Exit } from "./output.ts";
import type { Declare } from "./trust-commands.ts";

export function addSidecarCommands(
  host: Host,
  done: (exit: Exit) => void,
  { command }: Pick<Declare, "command">,
): void {
  command("sidecar", "Answers nginx or Envoy, on the same machine, by the policy in force; until it is stopped.", [
    "writ sidecar --config sidecar.json",
    "writ sidecar --config sidecar.json --print --upstream 127.0.0.1:9000 > writ.conf",
  ])
    .requiredOption("--config <file>", "the file that sets it up")
    .option("--print", "print the configuration of the gateway that asks it, and serve nothing")
    .option("--front <address>", "where that gateway is to listen", "127.0.0.1:8080")
    .option("--upstream <address>", "what it protects", "127.0.0.1:9000")
    .action(async (options) => done(await (await import("./sidecar.ts")).sidecar(host, options)));
}
