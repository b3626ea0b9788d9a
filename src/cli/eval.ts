/** `writ eval REQUEST`: the decision, and nothing else. */
import { WritError } from "../diagnostics/index.ts";
import { type Decision, decide } from "../model/index.ts";
import { ModuleRun } from "../wasm/index.ts";
import { type Asked, type AskedOptions, readAsked } from "./decider.ts";
import type { Host } from "./host.ts";
import { decideByModule, moduleIn } from "./module.ts";
import { decideByOpa, findOpa } from "./opa.ts";
import { type Exit, exits, printJson, renderTable } from "./output.ts";
import { writeTime } from "./times.ts";

interface Options extends AskedOptions {
  readonly backend: "reference" | "rego" | "wasm";
}

/** A refusal is an answer like any other: the exit code says only whether there is one. */
export async function evaluate(host: Host, path: string, options: Options): Promise<Exit> {
  const opa = options.backend === "rego" ? findOpa(host) : undefined;
  if (options.backend === "rego" && opa === undefined) throw WritError.of("WRIT5089", {});
  const asked = await readAsked(host, path, options);
  if (!asked) return exits.findings;
  const decision = decideBy(options, asked, () => {
    const [answer] =
      opa === undefined ? [] : decideByOpa(host, opa, asked.artefacts, [{ ...asked.loaded, input: asked.input }]);
    if (!answer) throw WritError.of("WRIT5090", { problem: "it answered nothing" });
    return answer;
  });
  if (options.format === "json") printJson(host, decision);
  else host.print(describe(decision));
  return exits.ok;
}

function decideBy(
  { backend, bundle }: Options,
  { loaded, artefacts, input, policy }: Asked,
  rego: () => Decision,
): Decision {
  switch (backend) {
    case "reference":
      return decide(loaded, input);
    case "rego":
      return rego();
    case "wasm":
      // What was released decides as it is; a folder decides as if it had been released.
      return bundle === undefined
        ? decideByModule(artefacts, [{ input, policy, revocations: loaded.revocations }])[0]!
        : new ModuleRun(moduleIn(artefacts)).decide(input, loaded.revocations);
  }
}

/** The decision as a table of what it holds. */
export function describe(decision: Decision): string {
  const rows = Object.entries(decision).flatMap(([name, value]): string[][] => {
    if (name === "allow" || name === "reason") return [];
    if (name === "until") return [[name, writeTime(value)]];
    if (Array.isArray(value)) return [[name, value.length > 0 ? value.join(", ") : "none"]];
    if (typeof value === "object")
      return Object.entries(value).map(([header, text]) => [`header ${header}`, String(text)]);
    return [[name, String(value)]];
  });
  return renderTable([[decision.allow ? "allowed" : "refused", decision.reason], ...rows]);
}
