/**
 * Whether an engine asks for no more than an engine may, before anybody compiles it (threat model B15): whoever signs a bundle may
 * choose its policy, but not run whatever code they like inside a gateway, nor take its memory.
 */
import { WritError } from "../diagnostics/index.ts";
import { SectionReader } from "./section-reader.ts";

/** Several times as much as the largest engine so far. */
const ENGINE_BYTES = 256 * 1024;
/** 64 MiB to begin with: tables are no part of it. */
const PAGES = 1024;

// WebAssembly core specification 2.0, §5.5.5: kinds of imports; §5.3.9: limits, with and without a maximum, not shared.
const FUNCTION = 0;
const MEMORY = 2;
const ONLY_MINIMUM = 0;
const WITH_MAXIMUM = 1;

const MODULE = "env";
/** What hosts of OPA policies give a policy, and nothing else. */
const FUNCTIONS = new Set(["opa_abort", ...[0, 1, 2, 3, 4].map((count) => `opa_builtin${count}`)]);

/** @returns how many functions are imported */
export function checkImports(section: Uint8Array): number {
  const reader = new SectionReader(section);
  let functions = 0;
  for (let left = reader.number(); left > 0; left--) {
    const [module, name, kind] = [reader.text(), reader.text(), reader.byte()];
    if (module === MODULE && kind === FUNCTION && FUNCTIONS.has(name)) {
      reader.number();
      functions++;
    } else {
      if (module !== MODULE || kind !== MEMORY || name !== "memory") throw refused();
      checkLimits(reader);
    }
  }
  if (!reader.atEnd()) throw refused();
  return functions;
}

function checkLimits(reader: SectionReader): void {
  const flags = reader.byte();
  if ((flags !== ONLY_MINIMUM && flags !== WITH_MAXIMUM) || reader.number() > PAGES) throw refused();
  if (flags === WITH_MAXIMUM) reader.number();
}

/** @param bytes of all its sections */
export function checkSize(bytes: number): void {
  if (bytes > ENGINE_BYTES) throw refused();
}

export function refused(): WritError {
  return WritError.of("WRIT9001", { fault: "demands" });
}
