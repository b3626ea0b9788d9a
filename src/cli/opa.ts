/** Decides by the emitted Rego, in whatever `opa` this machine has. */
import { WritError } from "../diagnostics/index.ts";
import { type JsonValue, readJson } from "../json/index.ts";
import type { Artefact, Decision } from "../model/index.ts";
import type { Host } from "./host.ts";

/** One request and what is loaded when it is asked; absent is written as nothing. */
export interface Case {
  readonly input: unknown;
  readonly policy?: unknown;
  readonly revocations?: unknown;
}

/** The path of `opa` when there is one that runs. */
export function findOpa(host: Host): string | undefined {
  const program = host.environment.WRIT_OPA || "opa";
  const version = host.runChild(program, ["version"], "");
  return version !== "missing" && version.exitCode === 0 ? program : undefined;
}

/** `null` is no policy and no knowledge of revocations, as absence is; one process decides all cases. */
const query =
  "[d | some c in input.cases; d := data.writ.decision with input as c.input with data.writ.policy as c.policy with data.revocations as c.revocations]";

/** @returns one decision for each case, in their order */
export function decideByOpa(
  host: Host,
  opa: string,
  artefacts: readonly Artefact[],
  cases: readonly Case[],
): readonly Decision[] {
  const folder = host.temporaryFolder();
  try {
    const names: string[] = [];
    for (const { path, bytes } of artefacts.filter(({ path }) => path === "policy.rego" || path === "data.json")) {
      host.write(`${folder}/${path}`, bytes);
      names.push("--data", `${folder}/${path}`);
    }
    const input = JSON.stringify({
      cases: cases.map((one) => ({
        input: one.input,
        policy: one.policy ?? null,
        revocations: one.revocations ?? null,
      })),
    });
    const result = host.runChild(opa, ["eval", "--format", "json", "--stdin-input", ...names, query], input);
    if (result === "missing") throw WritError.of("WRIT5089", {});
    if (result.exitCode !== 0) throw WritError.of("WRIT5090", { problem: firstLine(result.stderr || result.stdout) });
    return readDecisions(result.stdout, cases.length);
  } finally {
    host.remove(folder);
  }
}

function readDecisions(text: string, count: number): readonly Decision[] {
  const document = readJson(text);
  const value = document.failure ? undefined : at(document.value, ["result", 0, "expressions", 0, "value"]);
  if (!Array.isArray(value) || value.length !== count) {
    // A case that leaves `decision` undefined drops out of the list: then no answer can be told from another.
    throw WritError.of("WRIT5090", {
      problem: `it answered ${Array.isArray(value) ? value.length : "none"} of ${count} requests`,
    });
  }
  return value as unknown as readonly Decision[];
}

function at(value: JsonValue | undefined, path: readonly (string | number)[]): JsonValue | undefined {
  let here = value;
  for (const step of path)
    here = typeof here === "object" && here !== null ? (here as Record<string | number, JsonValue>)[step] : undefined;
  return here;
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0] ?? "";
}
