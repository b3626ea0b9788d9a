/** Engines, compiled once: policies change, and the engine in their bundles mostly does not. */
import { bytesEqual } from "../bundle/index.ts";
import { WritError } from "../diagnostics/index.ts";
import { type EngineModule, platform } from "./web-assembly.ts";

interface Compiled {
  readonly bytes: Uint8Array;
  readonly module: Promise<EngineModule>;
}

/** A gateway meets two while Writ itself is being updated; more are forgotten. */
const LIMIT = 4;
const compiled: Compiled[] = [];

export function compileEngine(bytes: Uint8Array): Promise<EngineModule> {
  const known = compiled.find((engine) => bytesEqual(engine.bytes, bytes));
  if (known) return known.module;
  const engine = { bytes, module: compile(bytes) };
  compiled.push(engine);
  if (compiled.length > LIMIT) compiled.shift();
  // That it failed is not remembered.
  engine.module.catch(() => {
    const at = compiled.indexOf(engine);
    if (at >= 0) compiled.splice(at, 1);
  });
  return engine.module;
}

async function compile(bytes: Uint8Array): Promise<EngineModule> {
  try {
    return await platform.compile(bytes);
  } catch (cause) {
    throw WritError.of("WRIT9001", { fault: "engine" }, cause);
  }
}
