/** A small language for what happens to a gateway, one step after the other: the explain pages of the 9xxx codes are written in it. */
import { Gateway, type RevocationPatch, type Revocations, WritError } from "../../src/gateway/index.ts";
import { bases } from "../decide/estate.ts";
import { keys, type ReleaseOptions, release } from "./release.ts";
import { harmfulMethod, stoppingEngine } from "./stopping-engine.ts";

export type Step =
  | { readonly load: ReleaseOptions & { readonly wasm?: "none" } }
  | { readonly set: Revocations }
  | { readonly patch: RevocationPatch }
  | { readonly decide: "as usual" | "with a mistake of the engine" };

/** The code of the first step that goes wrong, or nothing. */
export async function gatewayVerdict(steps: readonly Step[]): Promise<string | undefined> {
  const faults: WritError[] = [];
  const breaks = steps.some((step) => "decide" in step && step.decide !== "as usual");
  const engine = breaks ? { engine: await stoppingEngine() } : {};
  const gateway = new Gateway(keys, { ...engine, onFault: (fault) => faults.push(fault) });
  try {
    for (const step of steps) {
      if ("load" in step) await gateway.load(await release(step.load));
      else if ("set" in step) gateway.setRevocations(step.set);
      else if ("patch" in step) gateway.patchRevocations(step.patch);
      else {
        const method = step.decide === "as usual" ? "GET" : harmfulMethod;
        gateway.decide({ ...bases.mtls, request: { ...bases.mtls.request, method } });
      }
    }
  } catch (error) {
    if (error instanceof WritError) return error.code;
    throw error;
  }
  return faults[0]?.code;
}
