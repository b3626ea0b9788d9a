/** Ours: the gateway's direct path, the same module in the stock SDK for npm, and its parts alone. */
import { compileEngine } from "../../../src/gateway/compile-engine.ts";
import { Policy } from "../../../src/gateway/policy.ts";
import { readTables } from "../../../src/gateway/tables.ts";
import { assembleModule, engineBytes, packTables, takeApart } from "../../../src/wasm/index.ts";
import type { Estate } from "../speed-estate.ts";
import type { Contestant } from "./contestant.ts";
import { type LoadedPolicy, loadPolicy, placeInputs, throughSdk, withoutSdk } from "./opa-wasm.ts";

export function writModule({ model, policy }: Estate): Uint8Array {
  return assembleModule(engineBytes(), packTables(model, policy));
}

export async function startPolicy(module: Uint8Array, { revocations }: Pick<Estate, "revocations">): Promise<Policy> {
  const { engine, tables } = takeApart(module);
  const policy = Policy.start(await compileEngine(engine), tables, readTables(tables));
  policy.setRevocations(revocations);
  return policy;
}

export async function writContestants(estate: Estate, texts: readonly string[]): Promise<readonly Contestant[]> {
  const module = writModule(estate);
  const policy = await startPolicy(module, estate);
  const stock = loadPolicy(module);
  stock.setData({ revocations: estate.revocations });
  const { inputs, manyInputs } = estate;
  const manyTexts = manyInputs.map((input) => JSON.stringify(input));
  const allows = (answer: unknown) => (answer as { readonly allow: boolean }).allow;
  return [
    { name: "Writ direct, from an object", decide: (n) => policy.decide(inputs[n]!), allows },
    { name: "Writ direct, from a JSON string", decide: (n) => policy.decideJson(texts[n]!), allows },
    throughSdk("Writ in the stock SDK, decision", stock, "writ/decision", inputs),
    throughSdk("Writ in the stock SDK, allow", stock, "writ/allow", inputs),
    withoutSdk("Writ's opa_eval alone, decision", stock, "writ/decision", inputs),
    {
      name: "Writ direct, from an object, 8,192 questions",
      decide: (n) => policy.decide(manyInputs[n]!),
      allows,
      inputs: manyInputs,
    },
    {
      name: "Writ direct, from a JSON string, 8,192 questions",
      decide: (n) => policy.decideJson(manyTexts[n]!),
      allows,
      inputs: manyInputs,
    },
    {
      ...withoutSdk("Writ's opa_eval alone, decision, 8,192 questions", stock, "writ/decision", manyInputs, 2),
      inputs: manyInputs,
    },
    scanAlone("Writ's scan of the JSON alone", stock, inputs),
    { name: "JSON.parse of the string alone", decide: (n) => JSON.parse(texts[n]!) },
  ];
}

function scanAlone(name: string, policy: LoadedPolicy, inputs: readonly unknown[]): Contestant {
  const { opa_heap_ptr_set: setHeap, writ_scan_json: scan } = policy.wasmInstance.exports;
  const { places, end } = placeInputs(policy, inputs);
  return {
    name,
    decide: (n) => {
      setHeap!(end);
      return scan!(places[2 * n]!, places[2 * n + 1]!);
    },
  };
}
