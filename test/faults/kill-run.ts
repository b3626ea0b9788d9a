/** Kills a server a thousand times. `node --conditions=writ-source test/faults/kill-run.ts [rounds] [seed]` */
import { killServer } from "./kill.ts";

const [rounds = "1000", seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
console.log(`seeds ${seed} to ${Number(seed) + Number(rounds) - 1}`);
const start = performance.now();
const { counts, violations } = await killServer(Number(rounds), Number(seed), (line) => console.log(line));
for (const violation of violations) console.log(violation);
for (const [what, count] of counts) console.log(`${String(count).padStart(8)}  ${what}`);
console.log(`${violations.length} violations, ${((performance.now() - start) / 1000).toFixed(0)} s`);
process.exitCode = violations.length === 0 ? 0 : 1;
