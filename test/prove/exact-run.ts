/** `node --conditions=writ-source test/prove/exact-run.ts ESTATES SEED REQUESTS`: the test of the same name on as many random estates as one likes. */
import { exact } from "./exact.ts";

const [estates = 1_000, seed = 1, requests = 100] = process.argv.slice(2).map(Number);
const { failures, ...tally } = exact(estates, seed, requests);
console.log(JSON.stringify({ ...tally, failures: failures.length }));
for (const failure of failures.slice(0, 20)) console.log(failure);
process.exitCode = failures.length > 0 ? 1 : 0;
