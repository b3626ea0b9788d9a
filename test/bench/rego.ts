/**
 * What a decision costs in stock OPA as the estate grows, and how long the largest estate takes to emit.
 *
 *     node test/bench/rego.ts
 */
import { emitRego } from "../../src/rego/index.ts";
import { opa, runOpa, withFolder } from "../opa.ts";
import { processorTime } from "../processor-time.ts";
import { bigModel, type Size } from "./big-model.ts";

const repetitions = 7;
const limit = 1.3;

/** The median decision of the quietest of several runs, in microseconds. */
function decisionTime(size: Size): number {
  const { model, policy, revocations, input } = bigModel(size);
  const files: Record<string, string | Uint8Array> = {
    "revocations.json": JSON.stringify({ revocations }),
    "input.json": JSON.stringify(input),
  };
  for (const { path, bytes } of emitRego(model, { policy })) files[path] = bytes;
  const data = ["policy.rego", "data.json", "revocations.json"].flatMap((path) => ["--data", path]);
  return withFolder(files, (folder) => {
    const options = ["--input", "input.json", "--format", "json", "--count", String(repetitions), "data.writ.decision"];
    const { output } = runOpa(["bench", ...data, ...options], folder);
    const medians = [...output.matchAll(/"histogram_timer_rego_query_eval_ns_median": ([0-9.]+)/g)];
    return Math.min(...medians.map(([, nanoseconds]) => Number(nanoseconds))) / 1000;
  });
}

function row(name: string, small: Size, large: Size): boolean {
  const [before, after] = [decisionTime(small), decisionTime(large)];
  const ratio = after / before;
  const verdict = ratio <= limit ? "ok" : `more than ${limit}`;
  console.log(`${name.padEnd(42)} ${before.toFixed(0)} µs → ${after.toFixed(0)} µs, × ${ratio.toFixed(2)} ${verdict}`);
  return ratio <= limit;
}

function emission(size: Size): void {
  const { model, policy } = bigModel(size);
  const times = Array.from({ length: 3 }, () => {
    const started = processorTime();
    // Copies: the automata of lists that were seen before are known.
    emitRego({ ...model, apis: [...model.apis], identities: [...model.identities] }, { policy });
    return processorTime() - started;
  });
  console.log(`emit ${JSON.stringify(size)}: ${(Math.min(...times) / 1000).toFixed(2)} s of processor time`);
}

export function benchRego(): void {
  const large: Size = { identities: 100_000, operations: 10_000, grants: 20_000 };
  emission(large);
  if (opa === undefined) {
    console.log("skipped: no OPA; put it on the path or name it in WRIT_OPA");
    return;
  }
  const small: Size = { identities: 1_000, operations: 100, grants: 100 };
  const rows = [
    row("1,000 → 100,000 identities", small, { ...small, identities: 100_000 }),
    row("100 → 10,000 operations", small, { ...small, operations: 10_000 }),
    row("100 → 20,000 grants, each with a condition", { ...large, grants: 100 }, large),
    row("all of them", small, large),
  ];
  if (rows.includes(false)) process.exitCode = 1;
}

if (import.meta.main) benchRego();
