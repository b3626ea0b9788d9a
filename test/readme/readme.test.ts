/** The README shows real output: every line of its excerpts is printed by the stage that it names, in that order. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeHost } from "../../src/cli/node-host.ts";
import { run } from "../../src/cli/program.ts";

const here = import.meta.dirname;
const readme = readFileSync(join(here, "../../README.md"), "utf8");
const excerpts = [...readme.matchAll(/<!-- stage: (\w+) -->\n```\w+\n([\s\S]*?)```/g)].map(
  ([, stage = "", text = ""]) => ({ stage, text }),
);

async function printed(stage: string): Promise<string> {
  const policies = join(here, "policies");
  const policy = join(policies, "shop.policy.ts");
  if (stage === "policy") return readFileSync(policy, "utf8");
  const command =
    stage === "why"
      ? ["why", join(here, "request-us.json"), "--policies", policies]
      : ["show", stage, ["tokens", "tree"].includes(stage) ? policy : policies];
  const lines: string[] = [];
  await run(command, { ...nodeHost(), print: (text: string) => void lines.push(text) });
  return lines.join("");
}

test("every stage is shown", () => {
  expect(excerpts.map(({ stage }) => stage)).toEqual([
    "policy",
    "tokens",
    "tree",
    "model",
    "rego",
    "data",
    "tables",
    "why",
  ]);
});

test.each(excerpts)("the excerpt of $stage is what the tool prints", async ({ stage, text }) => {
  expect(await printed(stage)).toContain(text);
});
