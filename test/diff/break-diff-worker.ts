/** Loads the diff with one place of it changed, and looks for the first pair that gives it away. */
import { registerHooks } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import { edited, type SourceEdit } from "../agree/compile-engine.ts";

/** What gave a break away. */
export interface DiffVerdict {
  readonly pairs: number;
  readonly what?: string;
}

const { edit, pairs } = workerData as { edit?: SourceEdit; pairs: number };
if (edit) {
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (!url.endsWith(`/src/${edit.file}`)) return loaded;
      return { ...loaded, source: edited(new TextDecoder().decode(loaded.source as Uint8Array), edit) };
    },
  });
}
// Only now, so that the diff is read through the hook.
const { exact, exactCases } = await import("./exact.ts");
const [ofCase] = exactCases(2_000).failures;
if (ofCase) parentPort?.postMessage({ pairs: 0, what: `${ofCase.edits.join()}: ${ofCase.what}` } satisfies DiffVerdict);
const found = exact({
  pairs: ofCase ? 0 : pairs,
  seed: 3,
  from: 0,
  of: 1,
  sampled: 300,
  walked: 500,
  wasmEvery: 0,
  opaEvery: 0,
  enough: 1,
});
const [first] = found.failures;
if (!ofCase) parentPort?.postMessage({ pairs: found.pairs, ...(first && { what: first.what }) } satisfies DiffVerdict);
