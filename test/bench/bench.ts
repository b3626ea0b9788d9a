/** `npm run bench`: every figure that the README or a note quotes, side by side in one run, with the versions that made it. */
import { execFileSync } from "node:child_process";
import { arch, cpus, platform } from "node:os";
import { opa } from "../opa.ts";
import { benchScale } from "./scale.ts";

const processors = cpus();
console.log(`node ${process.version}, ${platform()} ${arch()}, ${processors.length} × ${processors[0]?.model.trim()}`);
if (opa !== undefined) console.log(execFileSync(opa, ["version"], { encoding: "utf8" }).split("\n")[0]?.toLowerCase());
console.log();
benchScale();
console.log();
await import("./rego.ts");
