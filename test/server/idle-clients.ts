/** Gateways that only wait, thousands in one process, each a bare connection: `idle-clients.ts URL COUNT`, started by idle-polls.ts. */
import { connect, type Socket } from "node:net";
import { pollQuery } from "../../src/protocol/index.ts";
import { gatewayToken } from "./start.ts";

const [url = "", count = "0"] = process.argv.slice(2);
const { hostname, port } = new URL(url);
const held = { root: 1, timestamp: 7, snapshot: 3, targets: 2, revocations: 5, enforced: 40, policy: 12 };

/** Of one address there may be 256, so there are many of them. */
const EACH = 250;
/** Connections that are being made at once. */
const AT_ONCE = 200;

let answered = 0;
let lost = 0;
let first = 0;

function poll(socket: Socket, index: number, timestamp: number): void {
  const query = pollQuery({ ...held, timestamp });
  socket.write(
    `GET /v1/poll?${query} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${gatewayToken(`edge-${index}`)}\r\nPrefer: wait=60\r\n\r\n`,
  );
}

function begin(index: number): Promise<void> {
  return new Promise((resolve) => {
    const localAddress = `127.0.1.${1 + Math.floor(index / EACH)}`;
    const socket = connect({ port: Number(port), host: hostname, localAddress }, () => {
      poll(socket, index, 7);
      resolve();
    });
    socket.on("data", (bytes: Buffer) => {
      const [, status, version] = /^HTTP\/1\.1 (\d+)[\s\S]*head (\d+)$/.exec(bytes.toString("latin1")) ?? [];
      if (status !== "200") {
        // Nothing came in its minute; whoever is turned away is lost.
        if (!bytes.toString("latin1").startsWith("HTTP/1.1 204")) lost++;
        return poll(socket, index, 7);
      }
      if (answered === 0) first = performance.now();
      answered++;
      if (answered % Number(count) === 0) {
        process.send?.({ answered, lost, spread: performance.now() - first });
        answered = 0;
      }
      poll(socket, index, Number(version));
    });
    socket.on("error", () => lost++);
  });
}

let next = 0;
const work = async () => {
  while (next < Number(count)) await begin(next++);
};
await Promise.all(Array.from({ length: AT_ONCE }, work));
process.send?.({ connected: Number(count), lost });
process.on("disconnect", () => process.exit());
