/** Compiles the engine from its source as it stands, or with one place of it changed. */
import { readdirSync, readFileSync } from "node:fs";
import asc from "assemblyscript/asc";
import { assert } from "../../src/diagnostics/index.ts";

/** One place of one file, and what stands there instead. */
export interface SourceEdit {
  /** Below `src/wasm/`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const options = [
  ["--runtime", "stub"],
  ["--use", "abort="],
  ["--memoryBase", "1024"],
  ["--enable", "bulk-memory"],
].flat();

/** Optimised little: a module that is thrown away again is built for a second look, not for speed. */
export async function compileEngine(edit?: SourceEdit): Promise<Uint8Array<ArrayBuffer>> {
  const folder = new URL("../../src/wasm/", import.meta.url);
  const files = ["layout.ts", ...readdirSync(new URL("engine/", folder)).map((name) => `engine/${name}`)];
  const sources = new Map(files.map((file) => [file, readFileSync(new URL(file, folder), "utf8")]));
  if (edit?.file && sources.has(edit.file)) sources.set(edit.file, edited(sources.get(edit.file)!, edit));
  let module: Uint8Array<ArrayBuffer> | undefined;
  const errors: string[] = [];
  const { error } = await asc.main(
    [
      "engine/main.ts",
      "--outFile",
      "engine.wasm",
      "-O1",
      "--importMemory",
      "--zeroFilledMemory",
      "--noAssert",
      ...options,
    ],
    {
      readFile: (name) => sources.get(name) ?? null,
      writeFile: (name, contents) => {
        if (name.endsWith(".wasm")) module = Uint8Array.from(contents as Uint8Array);
      },
      listFiles: () => [],
      stdout: { write: () => undefined },
      stderr: { write: (text) => errors.push(String(text)) > 0 },
    },
  );
  assert(!error && module, `the engine does not compile: ${errors.join("")}`);
  return module;
}

export function edited(source: string, { file, from, to }: SourceEdit): string {
  const [before, ...after] = source.split(from);
  assert(after.length === 1, `${file} has \`${from}\` ${after.length} times`);
  return [before, ...after].join(to);
}
