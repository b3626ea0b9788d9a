/** OPA's own compilation to WebAssembly, in the stock SDK for npm. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { opa } from "../../opa.ts";
import type { Contestant } from "./contestant.ts";

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** What the SDK's class keeps for itself, and whoever calls a module without the SDK needs. */
export interface LoadedPolicy {
  evaluate(input: unknown, entrypoint?: string | number): readonly { readonly result: unknown }[];
  setData(data: unknown): void;
  readonly entrypoints: Readonly<Record<string, number>>;
  readonly mem: Memory;
  readonly dataAddr: number;
  readonly dataHeapPtr: number;
  readonly wasmInstance: { readonly exports: Readonly<Record<string, (...parameters: readonly number[]) => number>> };
}

// By `require`: its door for `import` hides this one.
const { loadPolicySync } = createRequire(import.meta.url)("@open-policy-agent/opa-wasm") as {
  loadPolicySync(module: Uint8Array, memory: { initial: number }, builtins: object): LoadedPolicy;
};

/** Functions of Rego that its compiler leaves to the host and the SDK for npm does not have. */
const builtins = {
  "strings.count": (text: string, part: string): number => text.split(part).length - 1,
  "hex.encode": (text: string): string => Buffer.from(text).toString("hex"),
};

const page = 65_536;

export function loadPolicy(module: Uint8Array, initialPages = 5): LoadedPolicy {
  return loadPolicySync(module, { initial: initialPages }, builtins);
}

/** Bytes of memory for each byte of data (measured: 13.4 for short texts); grown page by page it would take minutes. */
export function pagesFor(dataBytes: number): number {
  return 64 + Math.ceil((dataBytes * 14) / page);
}

/** The module, or nothing where there is no OPA. */
export function compileRego(rego: string | Uint8Array, entryPoints: readonly string[]): Uint8Array | undefined {
  if (opa === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "writ-bench-"));
  try {
    writeFileSync(join(folder, "policy.rego"), rego);
    const names = entryPoints.flatMap((name) => ["--entrypoint", name]);
    const built = spawnSync(opa, ["build", "--target", "wasm", ...names, "--output", "bundle.tar.gz", "policy.rego"], {
      cwd: folder,
    });
    if (built.status !== 0) throw built.stderr;
    spawnSync("tar", ["-xzf", "bundle.tar.gz", "/policy.wasm"], { cwd: folder });
    return readFileSync(join(folder, "policy.wasm"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** An object to the SDK, its answer from the SDK. */
export function throughSdk(
  name: string,
  policy: LoadedPolicy,
  entryPoint: string,
  inputs: readonly unknown[],
): Contestant {
  return {
    name,
    decide: (n) => policy.evaluate(inputs[n], entryPoint)[0]?.result,
    allows: (answer) => answer === true || (answer as { allow?: unknown } | undefined)?.allow === true,
  };
}

/** The module alone: the bytes of the question lie in its memory, its answer stays there. */
export function withoutSdk(
  name: string,
  policy: LoadedPolicy,
  entryPoint: string,
  inputs: readonly unknown[],
  place = 1,
): Contestant {
  const evaluate = policy.wasmInstance.exports.opa_eval!;
  const entry = policy.entrypoints[entryPoint]!;
  const { places, end } = placeInputs(policy, inputs, place);
  return {
    name,
    decide: (n) => evaluate(0, entry, policy.dataAddr, places[2 * n]!, places[2 * n + 1]!, end, 0),
    allows: (address) => /"result":(?:true|.*"allow":true)/.test(readText(policy.mem, address as number)),
  };
}

/** Far more than one evaluation takes: the SDK and those without it may take turns in one memory. */
const apart = 128 * page;

/** Puts all questions above the data; what is evaluated must have its heap behind them. */
export function placeInputs(
  policy: LoadedPolicy,
  inputs: readonly unknown[],
  place = 1,
): { places: Uint32Array; end: number } {
  const texts = inputs.map((input) => new TextEncoder().encode(JSON.stringify(input)));
  const places = new Uint32Array(2 * texts.length);
  let end = policy.dataHeapPtr + place * apart;
  for (const [n, text] of texts.entries()) {
    places.set([end, text.length], 2 * n);
    end += text.length;
  }
  const missing = end + 64 * page - policy.mem.buffer.byteLength;
  if (missing > 0) policy.mem.grow(Math.ceil(missing / page));
  const memory = new Uint8Array(policy.mem.buffer);
  for (const [n, text] of texts.entries()) memory.set(text, places[2 * n]!);
  return { places, end };
}

function readText(memory: Memory, address: number): string {
  const bytes = new Uint8Array(memory.buffer);
  return new TextDecoder().decode(bytes.subarray(address, bytes.indexOf(0, address)));
}
