/** Compiles the engine into `engine-bytes.ts`; `--check` only says whether that is stale. The same sources give the same bytes anywhere. */
import { readFileSync, writeFileSync } from "node:fs";
import asc from "assemblyscript/asc";
import { assert } from "../diagnostics/index.ts";
import { STATIC } from "./layout.ts";

const root = new URL("../../", import.meta.url);
const target = "src/wasm/engine-bytes.ts";

// For size too: it is no slower. Two pages of memory: some hosts begin with no more.
const options = `src/wasm/engine/main.ts --outFile engine.wasm -O3s --converge --runtime stub --noAssert --use abort=
  --importMemory --initialMemory 2 --zeroFilledMemory --memoryBase ${STATIC} --enable bulk-memory`;

export async function compileEngine(): Promise<Uint8Array> {
  let module: Uint8Array | undefined;
  const messages = asc.createMemoryStream();
  const { error } = await asc.main(options.split(/\s+/), {
    stderr: messages,
    readFile: read,
    writeFile: (_name, contents) => {
      module = typeof contents === "string" ? undefined : contents;
    },
  });
  assert(module && !error, `the engine compiles: ${messages.toString()}`);
  return module;
}

function read(name: string): string | null {
  try {
    return readFileSync(new URL(name, root), "utf8");
  } catch {
    return null;
  }
}

function sourceOf(module: Uint8Array): string {
  return `// Generated from src/wasm/engine by src/wasm/generate-engine.ts; do not edit.
/** The compiled engine. */
export function engineBytes(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

const text =
  "${Buffer.from(module).toString("base64")}";
`;
}

if (import.meta.main) {
  const source = sourceOf(await compileEngine());
  const isStale = read(target) !== source;
  if (isStale && process.argv.includes("--check")) {
    process.stderr.write(`${target} is stale: run npm run generate\n`);
    process.exitCode = 1;
  } else if (isStale) writeFileSync(new URL(target, root), source);
}
