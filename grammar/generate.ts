/** Writes what follows from the grammar (`cst.ts`, the grammar as text, the railroad diagrams); `--check` only says what is stale. */
import { readFileSync, writeFileSync } from "node:fs";
import { generateCstDts } from "chevrotain";
import { grammarText, readme } from "./grammar-text.ts";
import { PolicyParser } from "./parser.ts";
import { railroad } from "./railroad.ts";

/** Every generated file, as it should be. */
export function generated(): ReadonlyMap<string, string> {
  const parser = new PolicyParser();
  const types = generateCstDts(parser.getGAstProductions(), { includeVisitorInterface: false }).replace(
    "ICstVisitor, ",
    "",
  );
  const productions = parser.getSerializedGastProductions();
  return new Map([
    ["cst.ts", `// Generated from grammar/parser.ts by grammar/generate.ts; do not edit.\n${types}`],
    ["README.md", readme(read("README.md"), grammarText(productions))],
    ["diagrams/grammar.svg", railroad(productions)],
  ]);
}

export function read(name: string): string {
  try {
    return readFileSync(new URL(name, import.meta.url), "utf8");
  } catch {
    return "";
  }
}

if (import.meta.main) {
  const stale = [...generated()].filter(([name, text]) => read(name) !== text);
  if (process.argv.includes("--check")) {
    for (const [name] of stale) process.stderr.write(`grammar/${name} is stale: run npm run generate\n`);
    if (stale.length > 0) process.exitCode = 1;
  } else {
    for (const [name, text] of stale) writeFileSync(new URL(name, import.meta.url), text);
  }
}
