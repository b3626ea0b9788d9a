/** Builds what is published: the command, the library, the gateway, the words, their declarations, and what stands beside them. */
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { engineBytes } from "../src/wasm/index.ts";

rmSync("dist", { recursive: true, force: true });
const common = {
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node22",
  conditions: ["writ-source"],
  logLevel: "warning",
  outdir: "dist",
  // A dependency that is CommonJS asks for built-in modules by `require`.
  banner: {
    js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
  },
};
await build({
  ...common,
  entryPoints: { start: "src/cli/start.ts", index: "src/index.ts", words: "grammar/words.ts" },
});
// A file of its own, so that the cache of compiled code is on before the rest is loaded.
const apart = {
  name: "apart",
  setup: ({ onResolve }) => onResolve({ filter: /\/start\.ts$/ }, () => ({ path: "./start.js", external: true })),
};
await build({ ...common, banner: {}, entryPoints: { cli: "src/cli/main.ts" }, plugins: [apart] });
chmodSync("dist/cli.js", 0o755);
// For any platform, with all that it needs; and the engine beside it, for hosts that compile nothing at run time.
await build({
  ...common,
  banner: {},
  entryPoints: {
    gateway: "src/gateway/index.ts",
    client: "src/client/index.ts",
    "client-node": "src/client/node.ts",
  },
  platform: "neutral",
  target: "es2022",
  minify: true,
  // Files that are left out are resolved all the same; a test looks that nothing of the platform is left.
  external: ["node:*"],
});
writeFileSync("dist/engine.wasm", engineBytes());
cpSync("src/diagnostics/explain", "dist/explain", { recursive: true });
const { status } = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", ".ci"], { stdio: "inherit" });
process.exitCode = status ?? 1;
