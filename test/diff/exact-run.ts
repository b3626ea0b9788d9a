/**
 * The full form of the comparison with brute force.
 *
 *     node --conditions=writ-source test/diff/exact-run.ts --pairs 100000 --seed 1 --workers 2
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { kinds } from "../../src/diff/index.ts";
import { opa } from "../opa.ts";
import { type Findings, type Share, together } from "./exact.ts";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      pairs: { type: "string", default: "100000" },
      seed: { type: "string", default: "1" },
      sampled: { type: "string", default: "1000" },
      walked: { type: "string", default: "2000" },
      opa: { type: "string", default: "500" },
      wasm: { type: "string", default: "1" },
      around: { type: "string", default: "1" },
      size: { type: "string" },
      workers: { type: "string", default: String(Math.min(2, availableParallelism())) },
    },
  });
  const number = (name: keyof typeof values): number => Number(values[name]);
  const of = number("workers");
  const share = {
    pairs: number("pairs"),
    seed: number("seed"),
    of,
    sampled: number("sampled"),
    walked: number("walked"),
    wasmEvery: number("wasm"),
    aroundEvery: number("around"),
    ...(values.size !== undefined && { size: values.size as NonNullable<Share["size"]> }),
    opaEvery: opa === undefined ? 0 : number("opa"),
  };
  if (opa === undefined) console.log("without OPA: put it on the path or name it in WRIT_OPA");
  const started = performance.now();
  const found = together(await Promise.all(Array.from({ length: of }, (_, from) => inWorker({ ...share, from }))));
  for (const [edit, count] of [...found.edits].sort(([a], [b]) => (a < b ? -1 : 1)))
    console.log(`${String(count).padStart(7)} ${edit}`);
  for (const kind of kinds)
    console.log(`${kind.padEnd(8)} ${found.changed[kind]} requests, ${found.predicted[kind]} predicted`);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(
    `${found.pairs} pairs (${found.walkedPairs} in full, ${found.empty} without a change), ${found.requests} requests, ` +
      `${found.changes} changes; their witnesses: ${found.inWasm} through WebAssembly, ${found.inOpa} through stock OPA; ` +
      `${found.failures.length} failures in ${seconds} s`,
  );
  for (const failure of found.failures.slice(0, 3)) console.log(JSON.stringify(failure, null, 1));
  if (found.failures.length > 0) process.exitCode = 1;
}

function inWorker(share: Share): Promise<Findings> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./exact-worker.ts", import.meta.url), { workerData: share });
    worker.once("message", resolve).once("error", reject);
  });
}

if (import.meta.main) await main();
