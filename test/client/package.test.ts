/** What is published for gateways that follow a publisher: its names, its size, and that it asks for nothing of a platform. */
import { build } from "esbuild";
import { expect, test } from "vitest";
import * as client from "../../src/client/index.ts";
import * as node from "../../src/client/node.ts";

test("the public names are these", () => {
  expect(Object.keys(client).sort()).toEqual(["WritError", "openGateway"]);
  expect(Object.keys(node)).toEqual(["folderStore"]);
});

test("what only Node has asks for nothing but Node", async () => {
  const { metafile } = await build({
    entryPoints: ["src/client/node.ts"],
    bundle: true,
    write: false,
    metafile: true,
    logLevel: "error",
    format: "esm",
    platform: "neutral",
    conditions: ["writ-source"],
    external: ["node:*"],
  });
  const [output] = Object.values(metafile.outputs);
  expect(output?.imports.map(({ path }) => path).sort()).toEqual(["node:fs/promises", "node:path"]);
});

test("it is smaller than 88 KiB with all that it needs, and asks for nothing of a platform", async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: ["src/client/index.ts"],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    logLevel: "error",
    format: "esm",
    platform: "neutral",
    target: "es2022",
    conditions: ["writ-source"],
    external: ["node:*"],
  });
  const [output] = Object.values(metafile.outputs);
  expect(output?.imports).toEqual([]);
  const files = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const rooms = new Set(files.map(([path]) => path.split("/").slice(0, 2).join("/")));
  expect([...rooms].sort()).toEqual([
    "src/bundle",
    "src/client",
    "src/diagnostics",
    "src/gateway",
    "src/json",
    "src/model",
    "src/protocol",
    "src/trust",
    "src/wasm",
  ]);
  expect(outputFiles[0]?.contents.length).toBeLessThan(88 * 1024);
});
