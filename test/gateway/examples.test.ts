/** Runs what the README and the comments of the gateway show, as they show it. */
import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as gateway from "../../src/gateway/index.ts";
import { bases } from "../decide/estate.ts";
import { keyFile, keys, now, release } from "./release.ts";

const root = join(import.meta.dirname, "../..");
const { loadPolicySync } = createRequire(import.meta.url)("@open-policy-agent/opa-wasm");

const bundle = await release();
const input = bases.mtls;

/** Runs the code with these names, and gives the value of the name at its end. */
async function run(code: string, scope: Readonly<Record<string, unknown>>, result: string): Promise<unknown> {
  const names = Object.keys(scope);
  const made = new Function(...names, `return (async () => { ${code}\n return ${result}; })()`);
  return await made(...Object.values(scope));
}

test("the README's gateway allows, and forwards with the headers for the upstream", async () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [, code = ""] = /<!-- gateway -->\n```ts\nimport .* from "writ\/gateway";\n([\s\S]*?)```/.exec(readme) ?? [];
  const forwarded: unknown[] = [];
  const forward = (headers: unknown) => forwarded.push(headers);
  const claims = input.token;
  const scope = { ...gateway, keyFile, bundle, now, claims, thumbprint: "cert", forward };
  expect(await run(code, scope, "decision")).toMatchObject({ allow: true, identity: "payments" });
  expect(forwarded).toEqual([expect.objectContaining({ "x-role": "cashier" })]);
});

const examples = globSync("src/gateway/*.ts", { cwd: root }).flatMap((file) =>
  [...readFileSync(join(root, file), "utf8").matchAll(/@example\b([\s\S]*?)(?:\*\/|\n \* @)/g)].map(([, body = ""]) =>
    body.replaceAll(/^\s*\* ?/gm, "").trim(),
  ),
);

test("there is an example for each thing that a gateway does", () => {
  const names = ["openPolicy(", "verifyPolicy(", ".decide(", ".decideJson(", ".setRevocations(", ".patchRevocations("];
  for (const name of [...names, "new Gateway("]) expect(examples.join("\n")).toContain(name);
});

test.each(examples)("%s", async (code) => {
  const opened = await gateway.openPolicy(bundle, keys);
  opened.setRevocations({ at: 1795478000, floor: 0 });
  const scope = { ...gateway, keyFile, bundle, input, opened, loadPolicySync };
  const result = /\bconst \[\{ result \}\]/.test(code) ? "result" : /\bconst decision\b/.test(code) ? "decision" : "1";
  const value = await run(code, scope, result);
  if (result !== "1") expect(value).toMatchObject({ revision: "r7" });
});
