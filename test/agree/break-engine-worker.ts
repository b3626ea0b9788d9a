/** Builds one broken engine or packer, and looks for the first answer that gives it away. */
import { registerHooks } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import { compileEngine, edited, type SourceEdit } from "./compile-engine.ts";

/** What gave a break away. */
export interface Verdict {
  readonly by: "a case" | "agreement" | "a collision" | "a hostile input" | "damaged tables" | "nothing";
  readonly detail: string;
}

const { edit, pairs } = workerData as { edit?: SourceEdit; pairs: number };
if (edit && !edit.file.startsWith("engine/")) {
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (!url.endsWith(`/src/wasm/${edit.file}`)) return loaded;
      return { ...loaded, source: edited(new TextDecoder().decode(loaded.source as Uint8Array), edit) };
    },
  });
}
// Only now, so that the packer is read through the hook.
const { maker } = await import("./maker.ts");
const { engineOf, WasmEstate } = await import("./ask-wasm.ts");
const { agreeWasm } = await import("./agree-wasm.ts");
const { decideCases } = await import("../decide/cases.ts");
const { collisions, policy } = await import("../wasm/collisions.ts");
const { hostileDocuments } = await import("../fuzz/hostile-documents.ts");
const { tryHostile } = await import("../fuzz/hostile-inputs.ts");
const { fuzzModules } = await import("../fuzz/modules.ts");

async function judge(): Promise<Verdict> {
  const engine = edit?.file.startsWith("engine/") ? await compileEngine(edit) : maker.engine;
  const make = { ...maker, engine };
  const shared = engineOf(make);
  const cases = decideCases();
  for (const [asked, { loaded, input }] of cases.entries()) {
    const { model, ...rest } = loaded;
    const [first] = new WasmEstate(make, model, shared).ask({ ...rest, input }).differences;
    if (first) return { by: "a case", detail: `${asked}: ${first.way}` };
  }
  const { differences, reached } = agreeWasm(make, { pairs, seed: 3, from: 0, of: 1, enough: 1 });
  const asked = [...reached.values()].reduce((sum, count) => sum + count, 0);
  if (differences[0]) return { by: "agreement", detail: `pair ${asked}: ${differences[0].way}` };
  for (const { of, model, revocations, other } of collisions()) {
    const [first] = new WasmEstate(make, model, shared).ask({ policy, revocations, input: other }).differences;
    if (first) return { by: "a collision", detail: of };
  }
  const small = hostileDocuments().filter(({ bytes }) => bytes.length < 5_000);
  const [hostile] = tryHostile(small, 3, make).failures;
  if (hostile !== undefined) return { by: "a hostile input", detail: hostile.slice(0, 60) };
  const [damage] = fuzzModules({ mutations: 2_000, seed: 1 }, new Int32Array(1), make).failures;
  return damage === undefined ? { by: "nothing", detail: "" } : { by: "damaged tables", detail: damage };
}

parentPort?.postMessage(await judge());
