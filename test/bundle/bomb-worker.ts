/** One verification in a process of its own, so that its memory is its own: what came of it, and how much was needed at most. */
import { readFileSync } from "node:fs";
import { readKeys, verify } from "../../src/bundle/index.ts";
import { WritError } from "../../src/diagnostics/index.ts";

const [file = "", keyFile = ""] = process.argv.slice(2);
const keys = await readKeys(readFileSync(keyFile));
let signatures = 0;
const { verify: isSigned } = crypto.subtle;
crypto.subtle.verify = (...given) => {
  signatures++;
  return isSigned.apply(crypto.subtle, given);
};
const bytes = readFileSync(file);
const before = process.resourceUsage().maxRSS;
const code = await verify(bytes, keys).then(
  () => "accepted",
  (error: unknown) => (error instanceof WritError ? error.reason : String(error)),
);
console.log(JSON.stringify({ code, signatures, mebibytes: (process.resourceUsage().maxRSS - before) / 1024 }));
