/** Thousands of gateways in one process that follow by the real protocol over bare sockets, and verify nothing: for effect.ts. */
import { connect, type Socket } from "node:net";
import { type Held, pollQuery, readPollAnswer } from "../../../src/protocol/index.ts";
import { gatewayToken } from "../../server/start.ts";
import { answerBy, clock } from "./messages.ts";
import type { Place } from "./publisher.ts";

export interface WaitersParameters extends Place {
  readonly from: number;
  readonly to: number;
}

export type WaitersQuestions = {
  /** Of the newest head that came: how many have it, and when the first and the last of them got it. */
  readonly wave: {
    readonly ask: undefined;
    readonly answer: {
      readonly version: number;
      readonly count: number;
      readonly first: number;
      readonly last: number;
    };
  };
  /** Connections that broke, and answers that were refusals. */
  readonly lost: { readonly ask: undefined; readonly answer: number };
};

const { gatewayUrl, from, to } = JSON.parse(process.argv[2]!) as WaitersParameters;
const { hostname, port } = new URL(gatewayUrl);
/** Connections that are being made at once. */
const AT_ONCE = 100;

let lost = 0;
let wave = { version: 0, count: 0, first: 0, last: 0 };

function follow(name: string): Promise<void> {
  return new Promise((resolve) => {
    let held: Held = { root: 1, timestamp: 0, snapshot: 0, targets: 0, revocations: 0, enforced: 0, policy: 1 };
    let rest: Buffer = Buffer.alloc(0);
    const socket = connect({ host: hostname, port: Number(port) }, () => poll(socket, name, held));
    socket.on("data", (bytes: Buffer) => {
      rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      const headers = rest.indexOf("\r\n\r\n");
      if (headers < 0) return;
      const text = rest.toString("latin1", 0, headers);
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (rest.length < headers + 4 + length) return;
      const body = rest.subarray(headers + 4, headers + 4 + length);
      rest = Buffer.alloc(0);
      if (text.startsWith("HTTP/1.1 200")) held = after(held, body);
      else if (!text.startsWith("HTTP/1.1 204")) lost++;
      resolve();
      poll(socket, name, held);
    });
    socket.on("error", () => lost++);
  });
}

function poll(socket: Socket, name: string, held: Held): void {
  socket.write(
    `GET /v1/poll?${pollQuery(held)} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${gatewayToken(name)}\r\nPrefer: wait=60\r\n\r\n`,
  );
}

function after(held: Held, answer: Uint8Array): Held {
  const next: Record<string, number> = { ...held };
  for (const [name, bytes] of readPollAnswer(answer)) {
    const [, version, role] = /^([0-9]+)\.([a-z]+)\.json$/.exec(name) ?? [];
    if (role !== undefined) next[role] = Number(version);
    if (name !== "timestamp.json") continue;
    const { signed } = JSON.parse(Buffer.from(bytes).toString());
    next.timestamp = signed.version;
    next.enforced = signed["x-writ"].audit.size;
  }
  const version = next.timestamp!;
  const at = clock();
  if (version > wave.version) wave = { version, count: 0, first: at, last: at };
  if (version === wave.version) wave = { ...wave, count: wave.count + 1, last: at };
  return next as unknown as Held;
}

let next = from;
const work = async () => {
  while (next < to) await follow(`edge-${next++}`);
};
await Promise.all(Array.from({ length: AT_ONCE }, work));

answerBy<WaitersQuestions>({
  wave: () => wave,
  lost: () => lost,
});
