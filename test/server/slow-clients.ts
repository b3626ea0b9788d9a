/**
 * Threat P16 in full: 5,000 slow connections with the limits as they are, while an honest caller is timed. A third of them drip
 * headers, a third drip a body, a third ask for a large answer and do not read: `node --conditions=writ-source
 * test/server/slow-clients.ts [CONNECTIONS]`.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { open, type RawConnection } from "./raw.ts";
import { bearer, gatewayToken, start } from "./start.ts";

const [count = 5000] = process.argv.slice(2).map(Number);
const digest = "a".repeat(64);
const authorization = `Authorization: Bearer ${gatewayToken("edge-1")}\r\n`;
const server = await start();
server.publisher.files.set(digest, randomBytes(16 * 1024 * 1024));
server.publisher.files.set("timestamp.json", Buffer.from("{}"));

/** Milliseconds within which 99 of 100 are answered. */
async function honest(rounds: number): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now();
    await (
      await fetch(`${server.gatewayUrl}/metadata/timestamp.json`, { headers: bearer(gatewayToken("edge-1")) })
    ).text();
    times.push(performance.now() - begun);
    await sleep(10);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(rounds * 0.99)]!;
}

const kinds = [
  () => "GET / HTTP/1.1\r\nHost: x\r\n",
  () =>
    `POST /v1/status HTTP/1.1\r\nHost: x\r\n${authorization}Content-Type: application/json\r\nContent-Length: 9000\r\n\r\n`,
  () => `GET /blobs/${digest} HTTP/1.1\r\nHost: x\r\n${authorization}\r\n`,
];

async function attack(index: number): Promise<RawConnection> {
  const connection = await open(server.gatewayUrl, kinds[index % 3]!(), `127.0.2.${1 + Math.floor(index / 250)}`);
  if (index % 3 === 2) connection.socket.pause();
  else drip(connection, index % 3 === 0 ? "X-A: b\r\n" : " ");
  return connection;
}

function drip(connection: RawConnection, text: string): void {
  const timer = setInterval(() => connection.write(text), 1000);
  void connection.closed.then(() => clearInterval(timer));
}

await honest(100);
const baseline = await honest(300);
const begun = performance.now();
const slow = await Promise.all(Array.from({ length: count }, (_, index) => attack(index)));
const during = await honest(300);
await sleep(20_000);
// Those who do not read see the end once they look.
for (const { socket } of slow) socket.resume();
await Promise.all(slow.map(({ closed }) => closed));
const after = await honest(300);
const seconds = Math.round((performance.now() - begun) / 1000);
const say = (milliseconds: number) => `${milliseconds.toFixed(1)} ms`;
console.log(`honest p99: ${say(baseline)} before, ${say(during)} during, ${say(after)} after`);
console.log(`${count} slow connections closed within ${seconds} s`);
await server.close();
if (during > 2 * baseline) process.exitCode = 1;
