/** Holds thousands of idle polls, and looks at what that takes and how soon a heartbeat or a revocation has been told to all of them. */
import { setTimeout as sleep } from "node:timers/promises";
import { Scene } from "./scene.ts";

export interface Idle {
  readonly polls: number;
  readonly lost: number;
  /** Bytes of the publisher's memory: before any poll, while they are held and told of heartbeats, and once all were told of revocations. */
  readonly resident: { readonly before: number; readonly held: number; readonly most: number };
  /** Milliseconds from the first answer to the last one of a heartbeat, for each of several. */
  readonly heartbeats: readonly number[];
  /** Milliseconds from the acknowledgement of a revocation until the last one was told. */
  readonly revocations: readonly number[];
}

export interface IdleOptions {
  readonly polls: number;
  readonly processes: number;
  readonly rounds: number;
  /** Seconds. */
  readonly revocationDelay: number;
}

export async function measureIdle({ polls, processes, rounds, revocationDelay }: IdleOptions): Promise<Idle> {
  const scene = await Scene.start({ processes: 0, waiters: polls, revocationDelay });
  try {
    const memory = async () => (await scene.publisher.ask("usage", undefined)).resident;
    const before = await memory();
    await scene.addWaiters(0, polls, processes);
    await scene.mint(rounds);
    const heartbeats: number[] = [];
    const revocations: number[] = [];
    let held = 0;
    for (let round = 0; round < rounds; round++) {
      heartbeats.push((await scene.wave(polls, await scene.newest())).spread);
      await sleep(1000);
      held = Math.max(held, await memory());
    }
    let most = held;
    for (let round = 0; round < rounds; round++) {
      await scene.settle(polls);
      const newest = await scene.newest();
      const { at } = await scene.revoke(`idle-${round}`);
      revocations.push((await scene.wave(polls, newest)).last - at);
      most = Math.max(most, await memory());
    }
    return { polls, lost: await scene.lost(), resident: { before, held, most }, heartbeats, revocations };
  } finally {
    await scene.end();
  }
}
