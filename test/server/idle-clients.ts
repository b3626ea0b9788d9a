/** Gateways that only wait, thousands in one process, each a bare connection: `idle-clients.ts URL COUNT`, started by idle-polls.ts. */
import { connect, type Socket } from "node:net";
import { type Held, pollQuery } from "../../src/protocol/index.ts";
import { gatewayToken } from "./start.ts";

const [url = "", count = "0"] = process.argv.slice(2);
const { hostname, port } = new URL(url);

/** Of one address there may be 256, so there are many of them. */
const EACH = 250;
/** Connections that are being made at once. */
const AT_ONCE = 100;

let held: Held = { root: 1, timestamp: 0, snapshot: 0, targets: 0, revocations: 0, enforced: 0, policy: 1 };
let connected = 0;
let lost = 0;
/** By version of the timestamp: how many have it, and when the first of them got it. */
const reached = new Map<number, { count: number; first: number }>();

function poll(socket: Socket, index: number): void {
  const authorization = `Authorization: Bearer ${gatewayToken(`edge-${index}`)}`;
  socket.write(`GET /v1/poll?${pollQuery(held)} HTTP/1.1\r\nHost: x\r\n${authorization}\r\nPrefer: wait=60\r\n\r\n`);
}

/** The versions in an answer, without verifying anything: that is what gateways are for. */
function follow(answer: string): void {
  const timestamp = /"_type":"timestamp"[^\0]*?"spec_version":"[^"]*","version":(\d+)/.exec(answer)?.[1];
  const enforced = /"audit":\{[^}]*"size":(\d+)/.exec(answer)?.[1];
  const version = (role: "snapshot" | "targets" | "revocations") =>
    Number(new RegExp(`(\\d+)\\.${role}\\.json\0`).exec(answer)?.[1] ?? held[role]);
  held = {
    ...held,
    timestamp: Math.max(held.timestamp, Number(timestamp)),
    enforced: Number(enforced),
    snapshot: version("snapshot"),
    targets: version("targets"),
    revocations: version("revocations"),
  };
  const before = reached.get(Number(timestamp)) ?? { count: 0, first: performance.now() };
  reached.set(Number(timestamp), { ...before, count: before.count + 1 });
  for (const old of reached.keys()) if (reached.size > 16) reached.delete(old);
}

function begin(index: number): Promise<void> {
  return new Promise((resolve) => {
    let buffered = "";
    const localAddress = `127.0.1.${1 + Math.floor(index / EACH)}`;
    const socket = connect({ port: Number(port), host: hostname, localAddress }, () => {
      poll(socket, index);
      resolve();
    });
    socket.setEncoding("latin1");
    socket.on("data", (piece: string) => {
      buffered += piece;
      const end = buffered.indexOf("\r\n\r\n");
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(buffered.slice(0, end + 2))?.[1] ?? 0);
      if (end < 0 || buffered.length < end + 4 + length) return;
      // Nothing came in its minute, or something did; whoever is turned away is lost.
      if (buffered.startsWith("HTTP/1.1 200 ")) follow(buffered);
      else if (!buffered.startsWith("HTTP/1.1 204 ")) lost++;
      buffered = "";
      poll(socket, index);
    });
    socket.on("error", () => lost++);
  });
}

process.on("message", (version: number) => {
  const { count: there = 0 } = reached.get(version) ?? {};
  process.send?.({ connected, lost, version: held.timestamp, there });
});
process.on("disconnect", () => process.exit());

let next = 0;
const work = async () => {
  while (next < Number(count)) {
    await begin(next++);
    connected++;
  }
};
await Promise.all(Array.from({ length: AT_ONCE }, work));
