/** What is published for gateways: its names, its size, and that it runs where there is nothing but the web's own interfaces. */
import { createContext, runInContext } from "node:vm";
import { type BuildOptions, build } from "esbuild";
import { expect, test } from "vitest";
import * as gateway from "../../src/gateway/index.ts";
import { bases } from "../decide/estate.ts";
import { keyFile, now, release } from "./release.ts";

const options = {
  entryPoints: ["src/gateway/index.ts"],
  bundle: true,
  minify: true,
  write: false as const,
  logLevel: "error",
  platform: "neutral",
  target: "es2022",
  conditions: ["writ-source"],
  external: ["node:*"],
} satisfies BuildOptions;

test("the public names are these", () => {
  expect(Object.keys(gateway).sort()).toEqual(["Gateway", "WritError", "openPolicy", "readKeys", "verifyPolicy"]);
});

test("it is smaller than 40 KiB with all that it needs, and asks for nothing of a platform", async () => {
  const { outputFiles, metafile } = await build({ ...options, format: "esm", metafile: true });
  const [output] = Object.values(metafile.outputs);
  expect(outputFiles[0]?.contents.length).toBeLessThan(40 * 1024);
  expect(output?.imports).toEqual([]);
  const files = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const rooms = new Set(files.map(([path]) => path.split("/").slice(0, 2).join("/")));
  expect([...rooms].sort()).toEqual([
    "src/bundle",
    "src/diagnostics",
    "src/gateway",
    "src/json",
    "src/model",
    "src/wasm",
  ]);
});

test("it decides without Node", async () => {
  const { outputFiles } = await build({ ...options, format: "iife", globalName: "writ" });
  // The language, WebAssembly, and these four: no `process`, no `Buffer`, no `require`, no timers.
  const context = createContext({ atob, crypto, TextDecoder, TextEncoder });
  expect(runInContext("typeof process + typeof Buffer + typeof require + typeof setTimeout", context)).toBe(
    "undefined".repeat(4),
  );
  runInContext(outputFiles[0]!.text, context);
  Object.assign(context, { keyFile, bundle: await release(), input: bases.mtls, now });
  const answer = await runInContext(
    `(async () => {
      const policy = await writ.openPolicy(bundle, await writ.readKeys(keyFile));
      policy.setRevocations({ at: now, floor: 0 });
      const decisions = [policy.decide(input), policy.decideJson(JSON.stringify(input))];
      const refused = await writ.openPolicy(bundle, new Map()).catch((error) => [error.code, error.message]);
      return JSON.stringify([...decisions, refused]);
    })()`,
    context,
  );
  const [first, second, refused] = JSON.parse(answer);
  expect(first).toMatchObject({ allow: true, identity: "payments" });
  expect(second).toEqual(first);
  // Without the table of codes a message is what the sentence would be about.
  expect(refused).toEqual(["WRIT7015", 'WRIT7015 {"kid":"release"}']);
});
