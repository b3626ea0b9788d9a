/** Engines, compiled once: policies change, and the engine in their bundles mostly does not. */
import { WritError } from "../diagnostics/index.ts";
import { type EngineModule, platform } from "./web-assembly.ts";

interface Compiled {
  readonly bytes: Uint8Array;
  readonly module: Promise<EngineModule>;
}

/** A gateway meets two while Writ itself is being updated; more are forgotten. */
const LIMIT = 4;
const compiled: Compiled[] = [];

export async function compileEngine(bytes: Uint8Array): Promise<EngineModule> {
  const known = compiled.find((engine) => isSame(engine.bytes, bytes));
  if (known) return known.module;
  const module = platform.compile(bytes);
  compiled.push({ bytes, module });
  if (compiled.length > LIMIT) compiled.shift();
  try {
    return await module;
  } catch (cause) {
    compiled.splice(
      compiled.findIndex((engine) => engine.module === module),
      1,
    );
    throw WritError.of("WRIT9001", { fault: "engine" }, cause);
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
