/** The rehearsal of threat R05. `node --conditions=writ-source test/faults/rotation-run.ts [gateways]` */
import { rehearse } from "./rotation.ts";

const [gateways = "100"] = process.argv.slice(2);
const { decisions, denials, passing, roots, retired, publisherStarts, problems, seconds } = await rehearse(
  Number(gateways),
);
for (const problem of problems) console.log(problem);
for (const problem of passing) console.log(`on the way: ${problem}`);
for (const denial of new Set(denials)) console.log(denial);
console.log(`${gateways} gateways, ${decisions} decisions, ${denials.length} denied`);
console.log(`${retired} keys retired, ${roots} roots, ${publisherStarts} start of the publisher, ${seconds} s`);
process.exitCode = denials.length + problems.length === 0 ? 0 : 1;
