/** The commands that ask a publisher, and their options. */
import { Argument, type Command, Option } from "commander";
import type { Host } from "./host.ts";
import type { Exit } from "./output.ts";
import { revocableKinds } from "./revocation-words.ts";
import type { Declare } from "./trust-commands.ts";

/** How a command finds a publisher, and what it shows of who asks. */
export function asking(made: Command): Command {
  return made
    .option("--url <url>", "the publisher's administrative port (default: `WRIT_PUBLISHER`)")
    .option("--token <place>", "your access token: a file, or `env:NAME` (default: `env:WRIT_TOKEN`)")
    .option("--certificate <file>", "your client certificate, in PEM, where the publisher knows you by one")
    .option("--key <file>", "its key, in PEM")
    .option("--authorities <file>", "whose certificates are believed of the publisher, in PEM");
}

export function addPublisherCommands(
  host: Host,
  done: (exit: Exit) => void,
  { command, format, wholeNumber }: Declare,
  program: Command,
): void {
  addServing(host, done, { command, format, wholeNumber }, program);
  const asked = (name: string, description: string, examples: readonly string[]): Command =>
    asking(command(name, description, examples)).addOption(format());
  const changing = (name: string, description: string, examples: readonly string[]): Command =>
    asked(name, description, examples).option("--retry <key>", "the key of the same call that may have arrived before");
  const reasoned = (made: Command): Command => made.requiredOption("--reason <text>", "why, for the audit log");
  const waiting = (made: Command): Command =>
    made
      .option("--wait [span]", "come back when every live gateway enforces it, or name those that do not")
      .hook("preAction", (called) => {
        if (called.opts().wait === true) called.setOptionValue("wait", "30s");
      });
  const kinds = Object.keys(revocableKinds);
  const load = () => import("./publisher.ts");

  changing("submit", "Hands a signed bundle and where it comes from to the publisher, which judges it.", [
    "writ submit bundle.tar.gz --provenance provenance.json --author alice",
  ])
    .argument("<bundle>", "the file")
    .requiredOption("--provenance <file>", "the signed statement of what it was built from")
    .option("--author <names...>", "who wrote it; none of them may approve it", [])
    .option("--emergency <reason>", "it can't wait: two approvals, and an end within 72 hours")
    .action(async (path, options) => done(await (await load()).submit(host, path, options)));

  changing("approve", "Approves a candidate or a restoration, as one who did not write it.", [
    "writ diff https://publisher.example.com:8181 bundle.tar.gz --root root.json --keys writ.keys.json --format json --out diff.json",
    "writ approve 3f2a… --shown diff.json",
  ])
    .argument("<digest>", "which one")
    .requiredOption(
      "--shown <file>",
      "the difference that you have read, as `writ diff --format json` wrote it; its digest goes into the audit log",
    )
    .action(async (digest, options) => done(await (await load()).approve(host, digest, options)));

  changing("release", "Brings an approved candidate into force.", [
    "writ release 3f2a… --ring canary",
    "writ release 3f2a… --ring stable",
  ])
    .argument("<digest>", "which one")
    .addOption(new Option("--ring <ring>", "where").choices(["canary", "stable"]).default("canary"))
    .action(async (digest, options) => done(await (await load()).release(host, digest, options)));

  changing("republish", "Brings the content of an earlier release into force again, under a new sequence.", [
    "writ republish 3f2a…",
  ])
    .argument("<digest>", "the earlier bundle")
    .action(async (digest, options) => done(await (await load()).republish(host, digest, options)));

  reasoned(changing("halt", "Stops all releases, in every ring.", ['writ halt --reason "denials rise"'])).action(
    async (options) => done(await (await load()).halt(host, options)),
  );
  reasoned(changing("resume", "Lets releases go on.", ['writ resume --reason "explained"'])).action(async (options) =>
    done(await (await load()).resume(host, options)),
  );
  waiting(
    reasoned(
      changing("recall", "Takes back every policy up to a sequence, now and for ever.", [
        'writ recall 1795478400 --reason "grants too much" --wait',
      ]),
    ),
  )
    .argument("<sequence>", "the highest one that may not decide any more", wholeNumber)
    .action(async (sequence, options) => done(await (await load()).recall(host, sequence, options)));

  waiting(
    reasoned(
      changing("revoke", "Takes away what somebody presents, everywhere, within seconds.", [
        "writ revoke identity payments --reason stolen --wait",
        'writ revoke token corp t-8712 --expires 2026-11-24T13:00Z --reason "in a log" --wait 10s',
        "writ revoke issued-before payments --time 2026-11-24T09:00Z --reason rotated",
      ]),
    ),
  )
    .addArgument(new Argument("<kind>", "of what").choices(kinds))
    .argument("<names...>", "which ones; of tokens the issuer and then each `jti`")
    .option("--expires <time>", "of tokens: their latest `exp`")
    .option("--time <time>", "of `issued-before`: the time (default: now)")
    .action(async (kind, names, options) => done(await (await load()).revoke(host, kind, names, options)));

  reasoned(
    changing("restore", "Proposes to give back what was revoked; two others have to approve it.", [
      'writ restore identity payments --reason "key replaced"',
    ]),
  )
    .addArgument(new Argument("<kind>", "of what").choices(kinds))
    .argument("<names...>", "which ones")
    .action(async (kind, names, options) => done(await (await load()).restore(host, kind, names, options)));

  changing("reload", "Lets the publisher read its trust folder again, after keys were changed there.", [
    "writ reload",
  ]).action(async (options) => done(await (await load()).rotate(host, options)));

  waiting(
    asked("status", "Shows what is in force, each gateway, and how far each change has come.", [
      "writ status",
      "writ status --of 812 --wait",
    ]),
  )
    .option("--of <change>", "how far one change has come, by its number", wholeNumber)
    .action(async (options) => done(await (await load()).status(host, options)));
}

/** What runs a publisher, and what is handed to it. */
function addServing(host: Host, done: (exit: Exit) => void, declare: Declare, program: Command): void {
  const { command, format, wholeNumber } = declare;
  const several = (value: string, before: readonly string[]): readonly string[] => [...before, value];

  command(
    "serve",
    "Publishes an estate: signs heads, serves gateways, takes releases and revocations, until it is stopped.",
    ["writ serve publisher/publisher.json"],
  )
    .argument("<file>", "the file that sets it up; `writ publisher new` writes one")
    .action(async (path) => done(await (await import("./serve.ts")).serveEstate(host, path)));

  command("provenance", "Prints the signed statement of what a bundle was built from.", [
    "writ provenance bundle.tar.gz --key ci.key.json --repository https://git.example.com/estate --workflow build.yml@refs/heads/main --commit $(git rev-parse HEAD)",
  ])
    .argument("<bundle>", "the file")
    .requiredOption("--key <files...>", "what to sign with: files, or `env:NAME`")
    .requiredOption("--repository <url>", "where the sources are")
    .requiredOption("--commit <id>", "which of them")
    .requiredOption("--workflow <path@ref>", "what built them")
    .option("--builder <uri>", "who ran that", "urn:writ:builder:command")
    .action(async (path, options) =>
      done(await (await import("./provenance.ts")).printProvenance(host, path, options)),
    );

  command("try", "Tries a bundle as gateways will use it: one of ours, and a stock OPA where there is one.", [
    "writ try bundle.tar.gz --keys writ.keys.json",
  ])
    .argument("<bundle>", "the file")
    .requiredOption("--keys <file>", "the keys that are trusted to sign bundles")
    .addOption(format())
    .action(async (path, options) => done(await (await import("./try.ts")).tryBundle(host, path, options)));

  command(
    "rebuild",
    "Builds the bundle of a commit once more, unsigned, to compare it with the one that was handed in.",
    [
      "writ rebuild . --commit $(git rev-parse HEAD) --sequence 7 --issued 1795478400 --expires 1797206400 --out again.tar.gz",
    ],
  )
    .argument("<repository>", "a clone")
    .requiredOption("--commit <id>", "the whole id")
    .option("--folder <folder>", "where its policies are", "policies")
    .requiredOption("--sequence <number>", "as the manifest of the bundle has it", wholeNumber)
    .requiredOption("--issued <seconds>", "the same, in seconds since 1970", wholeNumber)
    .requiredOption("--expires <seconds>", "the same", wholeNumber)
    .addOption(
      new Option("--opa-backend <name>", "by which a stock OPA decides").choices(["rego", "wasm"]).default("rego"),
    )
    .requiredOption("--out <file>", "where it goes")
    .action(async (path, options) => done(await (await import("./rebuild.ts")).rebuild(host, path, options)));

  const publisher = program.command("publisher").description("Makes a publisher to begin with, on one machine.");
  command(
    "new",
    "Writes all that a publisher needs: its file, its trust folder, keys, callers, and tokens of gateways.",
    ["writ publisher new publisher --gateway edge-1 --gateway edge-2"],
    publisher,
  )
    .argument("[folder]", "a new or empty folder", "publisher")
    .option("--gateway <name>", "a gateway that may ask; may be given often", several, [])
    .option("--gateway-port <port>", "where gateways ask", wholeNumber, 8181)
    .option("--admin-port <port>", "where people ask", wholeNumber, 8182)
    .addOption(format())
    .action(async (path, options) =>
      done(await (await import("./new-publisher.ts")).newPublisher(host, path, options)),
    );
  command(
    "token",
    "Prints a token for one of the callers that `new` made, good for one change; elsewhere your identity provider does.",
    ["writ publisher token alice publisher"],
    publisher,
  )
    .argument("<caller>", "who asks")
    .argument("[folder]", "where the publisher lies", "publisher")
    .action(async (name, path) => done(await (await import("./new-publisher.ts")).callerToken(host, name, path)));
}
