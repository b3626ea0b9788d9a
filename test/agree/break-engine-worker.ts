/** Builds one broken engine or packer, and looks for the first answer that gives it away. */
import { registerHooks } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import { compileEngine, edited, type SourceEdit } from "./compile-engine.ts";

/** What gave a break away. */
export interface Verdict {
  readonly by: "cases" | "agreement" | "nothing";
  readonly way?: string;
  readonly asked: number;
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

async function judge(): Promise<Verdict> {
  const engine = edit?.file.startsWith("engine/") ? await compileEngine(edit) : maker.engine;
  const make = { ...maker, engine };
  const shared = engineOf(make);
  const cases = decideCases();
  for (const [asked, { loaded, input }] of cases.entries()) {
    const { model, ...rest } = loaded;
    const [first] = new WasmEstate(make, model, shared).ask({ ...rest, input }).differences;
    if (first) return { by: "cases", way: first.way, asked };
  }
  const { differences, reached } = agreeWasm(make, { pairs, seed: 3, from: 0, of: 1, enough: 1 });
  const asked = cases.length + [...reached.values()].reduce((sum, count) => sum + count, 0);
  return differences[0] ? { by: "agreement", way: differences[0].way, asked } : { by: "nothing", asked };
}

parentPort?.postMessage(await judge());
