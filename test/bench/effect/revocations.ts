/** Revokes one token after the other, and says when each gateway refused it. */

import type { Usage } from "./messages.ts";
import { Scene } from "./scene.ts";

export interface Wave {
  readonly gateways: number;
  /** Milliseconds from the acknowledgement until a decision of a gateway refuses the token, for each revocation and gateway. */
  readonly enforced: readonly number[];
  /** Milliseconds from the call to its acknowledgement. */
  readonly acknowledged: readonly number[];
  /** Milliseconds of processor time that one revocation takes on one gateway, and on the publisher for each gateway. */
  readonly perGateway: number;
  readonly perAnswer: number;
  /** Gateways that refused before it was revoked: there should be none. */
  readonly early: number;
  /** Milliseconds from the acknowledgement of a release until a gateway decides by it. */
  readonly released: readonly number[];
  readonly publisher: Usage;
}

export interface WaveOptions {
  readonly gateways: number;
  readonly processes: number;
  readonly rounds: number;
  readonly releases?: boolean;
  /** How many more are connected, which follow and verify nothing. */
  readonly waiters?: number;
}

export async function measureWave(options: WaveOptions): Promise<Wave> {
  const { gateways, processes, rounds, releases = true, waiters = 0 } = options;
  const all = gateways + waiters;
  const scene = await Scene.start({ gateways, processes, waiters });
  try {
    if (waiters > 0) await scene.addWaiters(gateways, all, 1);
    const warmUp = Math.min(3, rounds);
    await scene.mint(rounds + warmUp);
    const enforced: number[] = [];
    const acknowledged: number[] = [];
    const [processor, answering]: [number[], number[]] = [[], []];
    let early = 0;
    for (let round = -warmUp; round < rounds; round++) {
      const jti = `now-${round}`;
      const allowed = await Promise.all(scene.groups.map((group) => group.ask("watch", { jti })));
      await scene.settle(all);
      const before = await scene.usage();
      const { asked, at } = await scene.revoke(jti);
      const times = (await Promise.all(scene.groups.map((group) => group.ask("enforced", undefined)))).flat();
      await scene.settle(all);
      const after = await scene.usage();
      if (round < 0) continue;
      early += gateways - allowed.reduce((sum, count) => sum + count, 0);
      acknowledged.push(at - asked);
      enforced.push(...times.map((time) => time - at));
      processor.push((after.gateways.processor - before.gateways.processor) / gateways);
      answering.push((after.publisher.processor - before.publisher.processor) / all);
    }
    const middle = (values: readonly number[]) =>
      values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
    let released: readonly number[] = [];
    if (releases) {
      const waiting = scene.groups.map((group) => group.ask("released", { sequence: 2 }));
      const at = await scene.publisher.ask("release", { sequence: 2 });
      released = (await Promise.all(waiting)).flat().map((time) => time - at);
    }
    const { publisher } = await scene.usage();
    return {
      gateways,
      enforced,
      acknowledged,
      early,
      released,
      publisher,
      perGateway: middle(processor),
      perAnswer: middle(answering),
    };
  } finally {
    await scene.end();
  }
}
