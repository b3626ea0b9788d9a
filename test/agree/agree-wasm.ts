/**
 * The full comparison of the reference evaluator with policy.wasm: through the stock npm SDK, straight through its own exports, and
 * through a gateway; and with stock OPA on the Rego of the same estates.
 *
 *     node --conditions=writ-source test/agree/agree-wasm.ts --pairs 1000000 --opa 100000 --seed 1 --workers 2
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import type { Model, Reason } from "../../src/model/index.ts";
import { opa } from "../opa.ts";
import { Random } from "../random.ts";
import { frequencies } from "./agree.ts";
import { engineOf, type Maker, type WasmDifference, WasmEstate } from "./ask-wasm.ts";
import { compare, minimise, type Question } from "./compare.ts";
import { maker } from "./maker.ts";
import { randomBatch } from "./random-batch.ts";
import { randomModel } from "./random-model.ts";
import { randomWorlds } from "./random-worlds.ts";

/** Questions per small estate, and how often a larger one is asked instead. */
const perModel = 250;
const largeEvery = 200;
const perLarge = 5_000;
const sizes = [
  { identities: 10_000, operations: 2_000 },
  { identities: 100, operations: 50 },
  { identities: 1_000, operations: 400 },
];

export interface WasmAgreement {
  readonly pairs: number;
  askedOfOpa: number;
  readonly reached: Map<Reason, number>;
  readonly largest: { identities: number; operations: number };
  readonly differences: WasmDifference[];
}

/** What one worker does of a run: every `of`-th estate from `from` on. */
export interface WasmShare {
  readonly pairs: number;
  readonly seed: number;
  readonly from: number;
  readonly of: number;
  /** The small estates among the first so many are asked of stock OPA, too. */
  readonly askedOfOpa?: number;
  /** After so many differences there is nothing new to learn. */
  readonly enough?: number;
}

export function agreeWasm(
  make: Maker,
  { pairs, seed, from, of, enough = 20, askedOfOpa = 0 }: WasmShare,
): WasmAgreement {
  const found: WasmAgreement = {
    pairs,
    askedOfOpa: 0,
    reached: new Map(),
    largest: { identities: 0, operations: 0 },
    differences: [],
  };
  const engine = engineOf(make);
  for (let done = 0, n = 0; done < pairs && found.differences.length < enough; n++) {
    const random = new Random(seed * 1_000_003 + n);
    const size =
      n % largeEvery === 1 && pairs > 10 * perLarge ? sizes[Math.floor(n / largeEvery) % sizes.length] : undefined;
    const count = Math.min(size ? perLarge : perModel, pairs - done);
    done += count;
    if (n % of !== from) continue;
    const { model, worlds } = size ? randomWorlds(random, size.identities, size.operations) : small(random);
    found.largest.identities = Math.max(found.largest.identities, model.identities.length);
    found.largest.operations = Math.max(found.largest.operations, model.apis.flatMap((api) => api.operations).length);
    const estate = new WasmEstate(make, model, engine);
    const scenarios = randomBatch(random, worlds, count);
    for (const scenario of scenarios) {
      const { reference, differences } = estate.ask(scenario, random);
      found.reached.set(reference.reason, (found.reached.get(reference.reason) ?? 0) + 1);
      found.differences.push(...differences);
      if (found.differences.length >= enough) break;
    }
    if (size || done > askedOfOpa) continue;
    found.askedOfOpa += count;
    for (const { opa: answer, ...difference } of compare(model, scenarios, random).differences)
      found.differences.push({ ...difference, way: "stock OPA", answer });
  }
  return found;
}

function small(random: Random): { model: Model; worlds: readonly Model[] } {
  const model = randomModel(random);
  return { model, worlds: [model] };
}

/** Where any way of asking says something else than the reference. */
export function differsFrom(make: Maker): (question: Question) => WasmDifference | undefined {
  const engine = engineOf(make);
  return ({ model, scenario }) => new WasmEstate(make, model, engine).ask(scenario).differences[0];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      pairs: { type: "string", default: "1000000" },
      seed: { type: "string", default: "1" },
      opa: { type: "string", default: "0" },
      workers: { type: "string", default: String(Math.min(2, availableParallelism())) },
    },
  });
  const [pairs, seed, workers] = [Number(values.pairs), Number(values.seed), Number(values.workers)];
  const askedOfOpa = opa === undefined ? 0 : Number(values.opa);
  if (askedOfOpa < Number(values.opa)) console.log("without OPA: put it on the path or name it in WRIT_OPA");
  const started = performance.now();
  const parts = await Promise.all(
    Array.from({ length: workers }, (_, from) => inWorker({ pairs, seed, from, of: workers, askedOfOpa })),
  );
  const reached = new Map<Reason, number>();
  for (const part of parts)
    for (const [reason, count] of part.reached) reached.set(reason, (reached.get(reason) ?? 0) + count);
  const lines = frequencies({ pairs, reached, differences: [] });
  const total = [...reached.values()].reduce((sum, count) => sum + count, 0);
  const rare = lines.length - [...reached.values()].filter((count) => count >= total * 0.005).length;
  const differences = parts.flatMap((part) => part.differences);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const largest = (name: "identities" | "operations") => Math.max(...parts.map((part) => part.largest[name]));
  console.log(lines.join("\n"));
  console.log(`the largest policy: ${largest("identities")} identities, ${largest("operations")} operations`);
  const ofOpa = parts.reduce((sum, part) => sum + part.askedOfOpa, 0);
  console.log(
    `${total} pairs, ${ofOpa} of them through stock OPA, in ${seconds} s: ${rare} reasons below 0.5 %, ${differences.length} differences`,
  );
  for (const [way, count] of Object.entries(Object.groupBy(differences, (difference) => difference.way)))
    console.log(`${way}: ${count?.length} differences`);
  const [first] = differences;
  if (first) console.log(JSON.stringify(minimise(first, differsFrom(maker)), null, 2));
  if (first || rare > 0) process.exitCode = 1;
}

function inWorker(share: WasmShare): Promise<WasmAgreement> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./agree-wasm-worker.ts", import.meta.url), { workerData: share });
    worker.once("message", resolve).once("error", reject);
  });
}

if (import.meta.main) await main();
