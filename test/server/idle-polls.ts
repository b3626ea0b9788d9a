/**
 * Holds 10,000 idle polls of a real publisher, with the limits as they are, and says how much memory it takes, heartbeats included,
 * and how soon all of them have a revocation: `node --conditions=writ-source test/server/idle-polls.ts [POLLS] [MEBIBYTES] [SECONDS]`.
 */
import { fork } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { serve } from "../../src/server/index.ts";
import { World } from "../publish/harness.ts";
import { callersOf, change } from "./start.ts";

const [polls = 10_000, most = 600, seconds = 30] = process.argv.slice(2).map(Number);
const names = Array.from({ length: polls }, (_, index) => `edge-${index}`);
const mebibytes = () => Math.round(process.memoryUsage().rss / 1024 / 1024);

interface Heard {
  readonly connected: number;
  readonly lost: number;
  readonly version: number;
  readonly there: number;
}

const world = await World.open({ revocationDelay: 60, gateways: names.map((name) => ({ name, ring: "stable" })) });
const served = await serve(world.publisher, await callersOf({ gateways: names }), {
  now: world.clock.now,
  log: () => {},
});
const before = mebibytes();
const clients = fork(fileURLToPath(new URL("./idle-clients.ts", import.meta.url)), [served.gatewayUrl, String(polls)], {
  execArgv: ["--conditions=writ-source"],
});
const ask = (version = 0) =>
  new Promise<Heard>((resolve) => {
    clients.once("message", (heard) => resolve(heard as Heard));
    clients.send(version);
  });
const held = async () => {
  const text = await (await fetch(`${served.adminUrl}/metrics`)).text();
  return Number(/^writ_polls_held (\d+)$/m.exec(text)?.[1]);
};

const begun = performance.now();
while ((await ask()).connected < polls || (await held()) < polls) await sleep(500);
console.log(
  `${polls} polls held after ${Math.round(performance.now() - begun)} ms: ${mebibytes()} MiB (${before} before)`,
);

let peak = mebibytes();
for (let second = 0; second < seconds; second++) {
  await sleep(1000);
  peak = Math.max(peak, mebibytes());
}
const rest = peak;
console.log(`at rest for ${seconds} s, a heartbeat every ${world.publisher.heartbeat / 1000} s: at most ${peak} MiB`);

for (let round = 1; round <= 3; round++) {
  const entries = [{ path: ["identities", `robot-${round}`] }];
  const asked = performance.now();
  const response = await change(`${served.adminUrl}/v1/revocations`, "soc", { entries, reason: "a measurement" });
  const { version } = (await response.json()) as { version: number };
  const acknowledged = performance.now();
  while ((await ask(version)).there < polls && (await ask()).version <= version) await sleep(20);
  const took = Math.round(performance.now() - acknowledged);
  console.log(
    `revocation ${round}: acknowledged after ${Math.round(acknowledged - asked)} ms, at all ${polls} ${took} ms later`,
  );
  while ((await held()) < polls) await sleep(50);
  peak = Math.max(peak, mebibytes());
}
const { lost } = await ask();
clients.disconnect();
await served.close();
await world.close();
console.log(
  `${lost} turned away; at rest ${rest} MiB of ${most}, and ${peak} at most while all were woken again and again`,
);
if (rest > most || lost > 0) process.exitCode = 1;
