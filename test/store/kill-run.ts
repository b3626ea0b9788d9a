/** Kills a publisher a thousand times. `node --conditions=writ-source test/store/kill-run.ts [rounds] [seed]` */
import { killRounds } from "./kill.ts";

const [rounds = "1000", seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
console.log(`seeds ${seed} to ${Number(seed) + Number(rounds) - 1}`);
const start = performance.now();
const report = await killRounds(Number(rounds), Number(seed));
const seconds = ((performance.now() - start) / 1000).toFixed(0);
for (const violation of report.violations) console.log(violation);
console.log(
  `${report.rounds} kills, ${report.acknowledged} changes acknowledged, ${report.heads} heads seen, ${report.violations.length} violations, ${seconds} s`,
);
process.exitCode = report.violations.length === 0 ? 0 : 1;
