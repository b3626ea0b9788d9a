/**
 * Holds 10,000 idle polls, with the limits as they are, and says how much memory the server takes and how soon all of them are
 * answered when something changes: `node --conditions=writ-source test/server/idle-polls.ts [POLLS] [MEBIBYTES]`.
 */
import { fork } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { start } from "./start.ts";

const [polls = 10_000, most = 600] = process.argv.slice(2).map(Number);
const gateways = Array.from({ length: polls }, (_, index) => `edge-${index}`);
const mebibytes = () => Math.round(process.memoryUsage().rss / 1024 / 1024);

const server = await start({}, { gateways });
const before = mebibytes();
const clients = fork(fileURLToPath(new URL("./idle-clients.ts", import.meta.url)), [server.gatewayUrl, String(polls)], {
  execArgv: ["--conditions=writ-source"],
});
const heard = () => new Promise<Record<string, number>>((resolve) => clients.once("message", resolve as () => void));

const begun = performance.now();
const connected = await heard();
while (server.publisher.waiting < polls) await sleep(20);
const ready = performance.now() - begun;
server.publisher.asked.length = 0;
await sleep(3000);
const idle = mebibytes();
console.log(
  `${polls} polls held after ${Math.round(ready)} ms, ${connected.lost} lost: ${idle} MiB (${before} before)`,
);

let peak = idle;
for (let round = 1; round <= 3; round++) {
  const answered = heard();
  const woken = performance.now();
  server.publisher.version++;
  server.publisher.wake();
  const { lost = 0 } = await answered;
  const took = Math.round(performance.now() - woken);
  while (server.publisher.waiting < polls) await sleep(5);
  server.publisher.asked.length = 0;
  server.lines.length = 0;
  peak = Math.max(peak, mebibytes());
  console.log(`change ${round}: all answered after ${took} ms, ${lost} lost; ${mebibytes()} MiB`);
  if (lost > 0) process.exitCode = 1;
}
clients.disconnect();
while (server.publisher.waiting > 0) await sleep(20);
await server.close();
console.log(`at most ${peak} MiB of ${most}`);
if (peak > most) process.exitCode = 1;
