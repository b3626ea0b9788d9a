/** The main job, once, by the commands that a person would type: each is printed before it is run. What is made stays in `.writ/`. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";

const folder = ".writ";
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
for (const command of [
  `keys new ${folder}/demo`,
  "check policies",
  `build policies --bundles ${folder}/bundles --sign ${folder}/demo.key.json --out ${folder}/bundle.tar.gz`,
  `verify ${folder}/bundle.tar.gz --keys ${folder}/demo.keys.json`,
  `test policies --bundle ${folder}/bundle.tar.gz --keys ${folder}/demo.keys.json`,
]) {
  console.log(`\n$ writ ${command}`);
  const { status } = spawnSync(process.execPath, ["dist/cli.js", ...command.split(" ")], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
console.log(`\nThe signed bundle is ${folder}/bundle.tar.gz; ${folder}/bundles/ shows what is in it.`);
