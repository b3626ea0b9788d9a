/** From a bundle that anybody may have sent to a policy that decides: verified, taken apart, compared, started. */
import { type Bundle, type Keys, type VerifyOptions, verifySigned } from "../bundle/index.ts";
import { WritError } from "../diagnostics/index.ts";
import { takeApart } from "../wasm/index.ts";
import { compileEngine } from "./compile-engine.ts";
import { Policy } from "./policy.ts";
import { readTables, type Tables } from "./tables.ts";
import type { EngineModule } from "./web-assembly.ts";

export interface OpenOptions extends VerifyOptions {
  /**
   * An engine that is compiled already, for hosts that compile nothing that they download: `writ/gateway/engine.wasm`.
   * Without it the engine inside the bundle is compiled, once for all bundles that hold the same.
   */
  readonly engine?: EngineModule;
  /** Is told when the engine stopped, after the request was refused. */
  readonly onFault?: (fault: WritError) => void;
}

/**
 * Opens the policy in a signed bundle. Nothing of the bundle is used before all of it is verified.
 *
 * @throws WritError with a code of its own for whatever is wrong
 * @example
 * const policy = await openPolicy(bundle, await readKeys(keyFile));
 * policy.setRevocations({ at: 1795478390, floor: 0 });
 * const decision = policy.decide({ time: 1795478400, key: { id: "k1" }, request: { host: "a.example", method: "GET", path: "/" } });
 */
export async function openPolicy(bytes: Uint8Array, keys: Keys, options: OpenOptions = {}): Promise<Policy> {
  const { manifest, wasm } = await verifyPolicy(bytes, keys, options);
  const { engine, tables } = takeApart(wasm);
  const read = readTables(tables);
  compare(read, manifest);
  const module = options.engine ?? (await compileEngine(engine));
  try {
    return Policy.start(module, tables, read, options.onFault);
  } catch (error) {
    // It lacks what an engine offers, or stopped at once, or the platform has no memory for it.
    throw error instanceof WritError ? error : WritError.of("WRIT9001", { fault: "engine" }, error);
  }
}

/** `policy.wasm` as the signature covers it, for any OPA WASM SDK, and what the manifest says of it. */
export interface VerifiedPolicy {
  readonly manifest: Bundle["manifest"];
  readonly wasm: Uint8Array;
}

/**
 * Only the verification, for gateways that decide through an OPA WASM SDK.
 *
 * @example
 * const { wasm } = await verifyPolicy(bundle, await readKeys(keyFile));
 * const policy = loadPolicySync(wasm); // of @open-policy-agent/opa-wasm
 * policy.setData({ revocations: { at: 1795478390, floor: 0 } });
 * const [{ result }] = policy.evaluate(input, "writ/decision");
 */
export async function verifyPolicy(
  bytes: Uint8Array,
  keys: Keys,
  options: VerifyOptions = {},
): Promise<VerifiedPolicy> {
  const { manifest, files } = await verifySigned(bytes, keys, options);
  const wasm = files.get("policy.wasm");
  if (!wasm) throw WritError.of("WRIT9001", { fault: "missing" });
  return { manifest, wasm };
}

/** One signature covers both, and still they may come from two releases: then the manifest's promises are not the engine's. */
function compare(tables: Tables, { revision, metadata }: Bundle["manifest"]): void {
  const { sequence, issued: notBefore, expires: notAfter } = metadata;
  const promised = { revision, sequence, notBefore, notAfter };
  for (const member of Object.keys(promised) as (keyof typeof promised)[])
    if (tables[member] !== promised[member]) throw WritError.of("WRIT9002", { member });
}
