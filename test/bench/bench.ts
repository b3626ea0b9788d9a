/**
 * `npm run bench`: every figure that the README or a note quotes, side by side in one run, with the versions that made it.
 * With names behind it only these parts: `npm run bench -- speed load`.
 */
import { execFileSync } from "node:child_process";
import { arch, cpus, platform } from "node:os";
import { opa } from "../opa.ts";

const parts: Readonly<Record<string, () => Promise<void> | void>> = {
  speed: async () => (await import("./speed.ts")).benchSpeed(),
  load: async () => (await import("./load.ts")).benchLoad(),
  scale: async () => (await import("./scale.ts")).benchScale(),
  diff: async () => (await import("./diff.ts")).benchDiff(),
  effect: async () => (await import("./effect.ts")).benchEffect(),
  rego: async () => (await import("./rego.ts")).benchRego(),
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in parts));
if (unknown.length > 0) {
  process.stderr.write(`no part is named ${unknown.join(", ")}; there are ${Object.keys(parts).join(", ")}`);
  process.exit(2);
}
const processors = cpus();
console.log(`node ${process.version}, ${platform()} ${arch()}, ${processors.length} × ${processors[0]?.model.trim()}`);
if (opa !== undefined) console.log(execFileSync(opa, ["version"], { encoding: "utf8" }).split("\n")[0]?.toLowerCase());
for (const [name, bench] of Object.entries(parts)) {
  if (names.length > 0 && !names.includes(name)) continue;
  console.log(`\n# ${name}`);
  await bench();
}
