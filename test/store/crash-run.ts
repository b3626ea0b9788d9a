/** Every state of every operation, and of every recovery from it; prints how many there were. `node --conditions=writ-source test/store/crash-run.ts` */
import { momentsAfter, type Violation, violationsAt } from "./crashes.ts";
import { keyOf } from "./forgetful-disk.ts";
import { momentsDuring, operationNames } from "./operations.ts";

const violations: Violation[] = [];
const seen = new Set<string>();
for (const name of operationNames) {
  const start = performance.now();
  let second = 0;
  const moments = await momentsDuring(name);
  for (const moment of moments) {
    violations.push(...(await violationsAt(moment)));
    for (const next of await momentsAfter(moment)) {
      const key = `${next.known.issued} ${next.known.acknowledged.length} ${keyOf(next.state)}`;
      if (seen.has(key)) continue;
      seen.add(key);
      second++;
      violations.push(...(await violationsAt(next)));
    }
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${name}: ${moments.length} states, ${second} of recovering from them, ${seconds} s`);
}
for (const { invariant, point, what } of violations.slice(0, 20)) console.log(`${invariant} at ${point}: ${what}`);
console.log(violations.length === 0 ? "no violation" : `${violations.length} violations`);
process.exitCode = violations.length === 0 ? 0 : 1;
