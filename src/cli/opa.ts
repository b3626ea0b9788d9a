/** Decides by the emitted Rego, in whatever `opa` this machine has. */
import { WritError } from "../diagnostics/index.ts";
import { readJson } from "../json/index.ts";
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

/** Asks all cases in one process. `null` is no policy and no knowledge of revocations, as absence is. */
const questions = `package questions

decisions[number] := decision if {
	some number, question in input.questions
	decision := data.writ.decision with input as question.input with data.writ.policy as question.policy with data.revocations as question.revocations
}
`;

/** @returns one decision for each case, in their order */
export function decideByOpa(
  host: Host,
  opa: string,
  artefacts: readonly Artefact[],
  cases: readonly Case[],
): readonly Decision[] {
  const folder = host.temporaryFolder();
  try {
    const names = ["--data", `${folder}/questions.rego`];
    host.write(`${folder}/questions.rego`, questions);
    for (const { path, bytes } of artefacts.filter(({ path }) => path === "policy.rego" || path === "data.json")) {
      host.write(`${folder}/${path}`, bytes);
      names.push("--data", `${folder}/${path}`);
    }
    const input = JSON.stringify({
      questions: cases.map((one) => ({
        input: one.input,
        policy: one.policy ?? null,
        revocations: one.revocations ?? null,
      })),
    });
    const result = host.runChild(
      opa,
      ["eval", "--format", "raw", "--stdin-input", ...names, "data.questions.decisions"],
      input,
    );
    if (result === "missing") throw WritError.of("WRIT5089", {});
    if (result.exitCode !== 0) throw WritError.of("WRIT5090", { problem: firstLine(result.stderr || result.stdout) });
    return readDecisions(result.stdout, cases.length);
  } finally {
    host.remove(folder);
  }
}

function readDecisions(text: string, count: number): readonly Decision[] {
  const document = readJson(text);
  const value = document.failure ? undefined : document.value;
  const found = typeof value === "object" && value !== null ? Object.entries(value) : [];
  if (found.length !== count)
    throw WritError.of("WRIT5090", { problem: `it answered ${found.length} of ${count} requests` });
  const decisions: Decision[] = [];
  for (const [number, decision] of found) decisions[Number(number)] = decision as unknown as Decision;
  return decisions;
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0] ?? "";
}
