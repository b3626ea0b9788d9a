/** One run of everybody at once under every fault there is, and what came of it: threat D12. */
import { Random } from "../random.ts";
import { FaultyGateway, reader, releaser, revokers } from "./actors.ts";
import { gatewayFaults, publisherFaults } from "./faults.ts";
import { History } from "./history.ts";
import { PublisherProcess } from "./publisher.ts";
import { checkStore } from "./store-check.ts";

const GATEWAYS = 8;
/** Milliseconds within which all has to be well once the last fault is over. */
const RECOVERY = 20_000;

export interface RunReport {
  readonly history: History;
  /** Milliseconds from the end of the faults until every gateway was well. */
  readonly recovered: number;
}

export async function runWithFaults(seconds: number, seed: number): Promise<RunReport> {
  const random = new Random(seed);
  const own = () => new Random(random.int(0, 2 ** 31));
  const history = new History();
  const names = Array.from({ length: GATEWAYS }, (_, number) => `edge-${number}`);
  const publisher = await PublisherProcess.create([...names, "reader"]);
  const gateways: FaultyGateway[] = [];
  try {
    await publisher.start();
    const first = await publisher.release(1);
    // Without a policy no gateway is ever ready.
    if (first.is !== "done") throw new TypeError(`nothing could be released: ${JSON.stringify(first)}`);
    for (const name of names) gateways.push(await FaultyGateway.open(publisher, name, history, own()));
    await Promise.all(gateways.map(({ live }) => live.ready()));
    const over = performance.now() + seconds * 1000;
    const half = performance.now() + seconds * 500;
    const isOver = () => performance.now() > over;
    let areFaultsOver = false;
    const faults = [
      publisherFaults(publisher, history, own(), half),
      ...gateways.map((gateway, number) => gatewayFaults(gateway, history, own(), number % 2 === 0 ? half : 0)),
    ].map((fault) => fault.run(isOver));
    const users = [...revokers(publisher, history, own(), 3), releaser(publisher, history, own())].map((actor) =>
      actor.run(isOver),
    );
    const watchers = [
      reader(publisher, history, "auditor"),
      reader(publisher, history, "client", await publisher.tokenOf("reader")),
      ...gateways,
    ].map((actor) => actor.run(() => areFaultsOver));
    await Promise.all(faults);
    const ended = performance.now();
    await Promise.all(users);
    const recovered = await recovery(gateways, history, ended);
    areFaultsOver = true;
    await Promise.all(watchers);
    for (const gateway of gateways)
      for (const { revoked } of history.due)
        if (gateway.decide(revoked).reason !== "revoked")
          history.violated(`in the end ${gateway.name} does not know that ${revoked.path.join(" ")} is revoked`);
    await publisher.kill("SIGTERM");
    for (const complaint of publisher.complaints)
      if (!isExpected(complaint)) history.violated(`the publisher ${complaint}`);
    await checkStore(publisher.folder, history);
    return { history, recovered };
  } finally {
    for (const gateway of gateways) await gateway.close();
    await publisher.remove();
  }
}

async function recovery(gateways: readonly FaultyGateway[], history: History, since: number): Promise<number> {
  while (!gateways.every((gateway) => gateway.isWell(history))) {
    if (performance.now() - since > RECOVERY) {
      for (const gateway of gateways)
        if (!gateway.isWell(history))
          history.violated(`${gateway.name} did not recover: ${JSON.stringify(gateway.live.health())}`);
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return performance.now() - since;
}

/** It ended when it was told to, or because its disk failed, and said so. */
function isExpected(complaint: string): boolean {
  return complaint === "ended with 0: " || complaint.includes("store-failed") || complaint.includes("WRIT8004");
}
