/** The history check of threat D12, for as long as asked. `node --conditions=writ-source test/faults/history-run.ts [seconds] [seed]` */
import { runWithFaults } from "./run.ts";

const [seconds = "120", seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
console.log(`seed ${seed}, ${seconds} s`);
const { history, recovered } = await runWithFaults(Number(seconds), Number(seed));
for (const [what, count] of [...history.counts].sort(([a], [b]) => (a < b ? -1 : 1)))
  console.log(`${String(count).padStart(8)}  ${what}`);
const { fast, slow } = history.latest;
console.log(
  `allowed after an acknowledgement for ${Math.round(fast)} ms of 2 s, ${Math.round(slow)} ms of 5 s at most`,
);
console.log(`all well ${Math.round(recovered)} ms after the last fault`);
for (const violation of history.violations) console.log(violation);
console.log(`${history.counts.get("violations") ?? 0} violations`);
process.exitCode = history.violations.length === 0 ? 0 : 1;
