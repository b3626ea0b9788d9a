/**
 * Threat B10: holds what we read in archives of others, such as the fixtures of libarchive and tar-stream, to what GNU tar lists. They
 * are not part of this project: `node --conditions=writ-source test/bundle/tar-run.ts FOLDER`. Where we take one, the lists are one.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LIMITS, readTar } from "../../src/bundle/index.ts";
import { WritError } from "../../src/diagnostics/index.ts";
import { listedByTar } from "./listed-by-tar.ts";

const [folder = ""] = process.argv.slice(2);
const files = readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true }).filter((entry) =>
  entry.isFile(),
);
let [taken, wrong] = [0, 0];
for (const { parentPath, name } of files) {
  const bytes = readFileSync(join(parentPath, name));
  try {
    const ours = Array.from(readTar(bytes, LIMITS), ([path, content]) => `/${path} ${content.length}`);
    taken++;
    if (ours.join("\n") === listedByTar(bytes)?.join("\n")) continue;
  } catch (error) {
    if (error instanceof WritError) continue;
  }
  wrong++;
  console.log(`${name}: another list, or a crash`);
}
console.log(`${files.length} archives, ${taken} taken, ${wrong} read as others do not`);
process.exitCode = files.length > 0 && wrong === 0 ? 0 : 1;
