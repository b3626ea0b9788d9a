/** A network between a gateway and its publisher that does what networks do, and what an attacker on them can: one TCP proxy per gateway. */

import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";

/**
 * `pass` carries bytes. `cut` resets what is open and lets nobody in. `half-open` takes bytes and carries none, so that nobody hears
 * that the other is gone. `slow` carries one piece after a pause. `freeze` lets requests through and holds back every answer.
 * `replay` answers each request with what an earlier request of the same kind was answered.
 */
export const weathers = ["pass", "cut", "half-open", "slow", "freeze", "replay"] as const;
export type Weather = (typeof weathers)[number];

export interface BadNetwork {
  readonly url: string;
  weather: Weather;
  /** Whether answers that froze are kept, to be given later as if they were new. */
  holdsBack: boolean;
  close(): Promise<void>;
}

const PAUSE = 400;
/** Of answers to each kind of request that are kept to be given again. */
const KEPT = 16;

/**
 * @param target the port of the publisher, asked anew for each connection: it may have been restarted elsewhere
 * @param from the address from which the publisher is asked: many from one are turned away as such (threat model §9)
 */
export async function badNetwork(target: () => number, from = "127.0.0.1"): Promise<BadNetwork> {
  const open = new Set<Socket>();
  const kept = new Map<string, Buffer[]>();
  let weather: Weather = "pass";
  let holdsBack = false;
  const server: Server = createServer({ allowHalfOpen: true }, (near) => {
    if (weather === "cut") {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ port: target(), host: "127.0.0.1", localAddress: from, allowHalfOpen: true });
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    let asked = "";
    near.on("data", (piece: Buffer) => {
      if (weather === "half-open") return;
      asked = requestLine(piece) ?? asked;
      const answers = weather === "replay" ? kept.get(kindOf(asked)) : undefined;
      const again = answers?.shift();
      if (answers && again) {
        answers.push(again);
        near.write(again);
      } else later(() => far.write(piece));
    });
    let answer: Buffer[] = [];
    far.on("data", (piece: Buffer) => {
      if (weather === "half-open") return;
      answer = piece.subarray(0, 5).toString("latin1") === "HTTP/" ? [piece] : [...answer, piece];
      const whole = Buffer.concat(answer);
      if (asked !== "" && isWhole(whole) && (holdsBack || weather !== "freeze")) {
        const answers = kept.get(kindOf(asked)) ?? [];
        kept.set(kindOf(asked), [...answers, whole].slice(-KEPT));
      }
      if (weather !== "freeze") later(() => near.write(piece));
    });
    near.on("end", () => far.end());
    far.on("end", () => near.end());
  });
  /** Keeps the order: every piece waits as long. */
  const later = (act: () => void) => {
    if (weather === "slow") setTimeout(act, PAUSE);
    else act();
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get holdsBack() {
      return holdsBack;
    },
    set holdsBack(next: boolean) {
      holdsBack = next;
    },
    get weather() {
      return weather;
    },
    set weather(next: Weather) {
      weather = next;
      if (next === "cut") for (const socket of open) socket.resetAndDestroy();
    },
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function requestLine(piece: Buffer): string | undefined {
  return /^(?:GET|POST) (\S+) HTTP/.exec(piece.subarray(0, 2048).toString("latin1"))?.[1];
}

/** A cache that knows no better takes all polls for one, whatever they say that they hold. */
function kindOf(target: string): string {
  return target.split("?")[0] ?? "";
}

function isWhole(answer: Buffer): boolean {
  const end = answer.indexOf("\r\n\r\n");
  const length = /content-length: (\d+)/i.exec(answer.subarray(0, Math.max(0, end)).toString("latin1"))?.[1];
  return end > 0 && length !== undefined && answer.length === end + 4 + Number(length);
}
