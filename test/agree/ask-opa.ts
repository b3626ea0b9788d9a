/** Asks stock OPA many questions about one estate in one process. */
import { assert } from "../../src/diagnostics/index.ts";
import type { Artefact } from "../../src/model/index.ts";
import { runOpa, withFolder } from "../opa.ts";
import type { Random } from "../random.ts";
import type { Scenario } from "./scenario.ts";
import { spell } from "./spell.ts";

/** What OPA says to one question; nothing where a rule is undefined. */
export interface Answer {
  readonly decision?: unknown;
  readonly allow?: unknown;
}

/** A question says in `loaded` which of the two is there; what is not stays undefined, as where no bundle came. */
const questions = `package agree

decisions[number] := decision if {
	some number, question in data.questions
	question.loaded == "both"
	decision := data.writ.decision with input as question.input with data.writ.policy as question.policy with data.revocations as question.revocations
}

decisions[number] := decision if {
	some number, question in data.questions
	question.loaded == "policy"
	decision := data.writ.decision with input as question.input with data.writ.policy as question.policy
}

decisions[number] := decision if {
	some number, question in data.questions
	question.loaded == "revocations"
	decision := data.writ.decision with input as question.input with data.revocations as question.revocations
}

decisions[number] := decision if {
	some number, question in data.questions
	question.loaded == "nothing"
	decision := data.writ.decision with input as question.input
}

allows[number] := allow if {
	some number, question in data.questions
	question.loaded == "both"
	number % 8 == 0
	allow := data.writ.allow with input as question.input with data.writ.policy as question.policy with data.revocations as question.revocations
}
`;

/** Every eighth question is asked for the boolean, too. `random` spells numbers in other ways that JSON has. */
export function askOpa(
  artefacts: readonly Artefact[],
  scenarios: readonly Scenario[],
  random?: Random,
): readonly Answer[] {
  const asked = scenarios.map(({ input, policy, revocations }) => ({
    loaded:
      policy === undefined
        ? revocations === undefined
          ? "nothing"
          : "revocations"
        : revocations === undefined
          ? "policy"
          : "both",
    input,
    ...(policy !== undefined && { policy }),
    ...(revocations !== undefined && { revocations }),
  }));
  const files: Record<string, string | Uint8Array> = {
    "questions.rego": questions,
    "questions.json": `{"questions":${spell(asked, random)}}`,
  };
  for (const { path, bytes } of artefacts) files[path] = path === "data.json" ? withoutPolicy(bytes) : bytes;
  const run = withFolder(files, (folder) =>
    runOpa(["eval", "--format", "raw", "--data", folder, "data.agree"], folder),
  );
  assert(run.status === 0, `OPA failed: ${run.errors}${run.output.slice(0, 2000)}`);
  const { decisions, allows } = JSON.parse(run.output) as {
    decisions: Record<string, unknown>;
    allows: Record<string, unknown>;
  };
  return scenarios.map((_, number) => ({ decision: decisions[number], allow: allows[number] }));
}

function withoutPolicy(bytes: Uint8Array): string {
  const data = JSON.parse(new TextDecoder().decode(bytes)) as { writ: Record<string, unknown> };
  delete data.writ.policy;
  return JSON.stringify(data);
}
