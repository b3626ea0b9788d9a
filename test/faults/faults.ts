/** The faults of a run, one after the other by chance: those of the publisher, and those of the way to it. */
import { connect, type Socket } from "node:net";
import type { Random } from "../random.ts";
import type { Actor, FaultyGateway } from "./actors.ts";
import { weathers } from "./bad-network.ts";
import type { History } from "./history.ts";
import type { PublisherProcess } from "./publisher.ts";

const HOUR = 3600;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A fault that is there for so many milliseconds, and then is no more. */
type Fault = (milliseconds: number) => Promise<void>;

/**
 * @param base of the publisher's clock, in seconds; it leaps ahead for good where a run is half over: what gateways have heard by
 * then is never unheard, so a clock that comes back from there is one that is set back
 */
export function publisherFaults(publisher: PublisherProcess, history: History, random: Random, half: number): Actor {
  let base = 0;
  const restart = async () => {
    await publisher.start();
    history.count("starts");
  };
  const disk = (state: "full" | "slow"): Fault => {
    return async (milliseconds) => {
      await publisher.change({ disk: state });
      await pause(milliseconds);
      await publisher.change({ disk: "good" });
    };
  };
  const faults: Readonly<Record<string, Fault>> = {
    async SIGKILL() {
      await publisher.kill();
      await restart();
    },
    async "SIGKILL, and a moment of nobody"(milliseconds) {
      await publisher.kill();
      await pause(milliseconds);
      await restart();
    },
    async SIGSTOP(milliseconds) {
      publisher.pause();
      await pause(milliseconds);
      publisher.goOn();
    },
    async "clock 1 h back"(milliseconds) {
      await publisher.change({ clock: base - HOUR });
      await pause(milliseconds);
      await publisher.change({ clock: base });
    },
    "full disk": disk("full"),
    "slow disk": disk("slow"),
    async "failed fsync"() {
      await publisher.change({ disk: "failing" });
      await publisher.ended();
      await restart();
    },
    async "half requests"(milliseconds) {
      const slow = [publisher.gatewayPort, publisher.adminPort].flatMap((port) => halfRequests(port, 150));
      await pause(milliseconds);
      for (const socket of slow) socket.destroy();
    },
  };
  return {
    async run(end) {
      while (!end()) {
        await pause(random.int(300, 1500));
        if (base === 0 && performance.now() > half) {
          base = HOUR;
          await publisher.change({ clock: base });
          history.count("fault: clock 1 h ahead");
        }
        const name = random.pick(Object.keys(faults));
        history.count(`fault: ${name}`);
        await faults[name]!(random.int(500, 3500));
      }
    },
  };
}

/**
 * Of one gateway: its network, and its wall clock.
 *
 * @param agree until when its clock and the publisher's agree, by the monotonic clock. Until then its network also gives answers later
 * that it held back; how old those are, no gateway can know whose clock is an hour behind (threat model §5.3), unless TLS does not let
 * anybody hold back anything.
 */
export function gatewayFaults(gateway: FaultyGateway, history: History, random: Random, agree: number): Actor {
  const doAgree = () => performance.now() < agree;
  return {
    async run(end) {
      while (!end()) {
        await pause(random.int(500, 3000));
        const milliseconds = random.int(500, 4000);
        gateway.network.holdsBack = doAgree();
        if (!doAgree() && random.chance(0.3)) {
          gateway.wall.ahead = random.pick([HOUR, -HOUR]);
          history.count("fault: wall clock of a gateway ± 1 h");
        } else {
          const weather = random.pick(weathers.slice(1));
          gateway.network.weather = weather;
          history.count(`fault: network ${weather}`);
        }
        await pause(milliseconds);
        gateway.wall.ahead = 0;
        gateway.network.weather = "pass";
      }
    },
  };
}

/** From an address of their own: many from one are turned away as such (threat model §9). */
function halfRequests(port: number, count: number): readonly Socket[] {
  return Array.from({ length: count }, () => {
    const socket = connect({ port, host: "127.0.0.1", localAddress: "127.0.0.9" });
    socket.on("error", () => {});
    socket.write("POST /v1/status HTTP/1.1\r\nhost: localhost\r\ncontent-le");
    return socket;
  });
}
