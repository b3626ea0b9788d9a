/** Decides by the emitted `policy.wasm`, in this process. */
import { WritError } from "../diagnostics/index.ts";
import type { Artefact, Decision, Policy } from "../model/index.ts";
import { assembleModule, MODULE, ModuleRun, takeApart, underPolicy } from "../wasm/index.ts";

/** One request and what is loaded when it is asked; absent is nothing. */
export interface ModuleCase {
  readonly input: unknown;
  readonly policy?: Policy;
  readonly revocations?: unknown;
}

export function moduleIn(artefacts: readonly Artefact[]): Uint8Array {
  const module = artefacts.find(({ path }) => path === MODULE);
  if (!module) throw WritError.of("WRIT9001", { fault: "missing" });
  return module.bytes;
}

/** By its engine and its tables, under the policy that each case names. */
export function decideByModule(artefacts: readonly Artefact[], cases: readonly ModuleCase[]): readonly Decision[] {
  const { engine, tables } = takeApart(moduleIn(artefacts));
  const runs = new Map<string, ModuleRun>();
  return cases.map(({ input, policy, revocations }) => {
    const key = JSON.stringify(policy ?? null);
    let run = runs.get(key);
    if (!run) {
      run = new ModuleRun(policy ? assembleModule(engine, underPolicy(tables, policy)) : assembleModule(engine));
      runs.set(key, run);
    }
    return run.decide(input, revocations);
  });
}
