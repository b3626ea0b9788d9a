/** Revokes one token after the other, many each second, while gateways follow; and looks whether anything was lost. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Acknowledged } from "./gateways.ts";
import { clock } from "./messages.ts";
import { Scene } from "./scene.ts";

export interface Sustained {
  readonly acknowledged: readonly number[];
  /** A thousandth each, ascending, of the times from acknowledgement until it was enforced, over all gateways. */
  readonly enforced: readonly number[];
  /** Revocations that were refused, or are acknowledged and not in the journal, or not in force on some gateway. */
  readonly refused: number;
  readonly missing: { readonly journal: number; readonly gateways: number };
  /** Bytes of the publisher's memory, each second. */
  readonly resident: readonly number[];
  /** Bytes that one gateway got. */
  readonly received: number;
  /** How many heads there were. */
  readonly heads: number;
}

export interface SustainedOptions {
  readonly gateways: number;
  readonly processes: number;
  readonly perSecond: number;
  readonly seconds: number;
}

export async function measureSustained({
  gateways,
  processes,
  perSecond,
  seconds,
}: SustainedOptions): Promise<Sustained> {
  const scene = await Scene.start({ gateways, processes });
  try {
    const count = perSecond * seconds;
    await scene.mint(count);
    await scene.settle(gateways);
    await Promise.all(scene.groups.map((group) => group.ask("record", undefined)));
    const [before, first] = [await scene.usage(), await scene.publisher.ask("head", undefined)];
    const resident: number[] = [];
    const answers: (Acknowledged & { asked: number })[] = [];
    const begun = clock();
    const calls: Promise<unknown>[] = [];
    let refused = 0;
    for (let index = 0; index < count; index++) {
      await sleep(Math.max(0, begun + (index * 1000) / perSecond - clock()));
      calls.push(
        scene.revoke(`sustained-${index}`).then(
          (answer) => answers.push(answer),
          () => refused++,
        ),
      );
      if (index % perSecond === 0)
        calls.push(scene.publisher.ask("usage", undefined).then((now) => resident.push(now.resident)));
    }
    await Promise.all(calls);
    await scene.settle(gateways);
    const [after, last] = [await scene.usage(), await scene.publisher.ask("head", undefined)];
    const acknowledged = answers.toSorted((a, b) => a.sequence - b.sequence);
    const recorded = await Promise.all(scene.groups.map((group) => group.ask("recorded", acknowledged)));
    const journal = new Set(await scene.publisher.ask("journal", undefined));
    return {
      acknowledged: acknowledged.map(({ asked, at }) => at - asked),
      enforced: recorded.flatMap(({ times }) => times).toSorted((a, b) => a - b),
      refused,
      missing: {
        journal: acknowledged.filter(({ jti }) => !journal.has(jti)).length,
        gateways: recorded.reduce((sum, { missing }) => sum + missing, 0),
      },
      resident,
      received: (after.gateways.received - before.gateways.received) / gateways,
      heads: last.version - first.version,
    };
  } finally {
    await scene.end();
  }
}
