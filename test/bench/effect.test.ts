/** The measurement of time to effect in short: everybody follows, nothing is lost, and no figure is asked for. */
import { expect, test } from "vitest";
import { measureIdle } from "./effect/idle.ts";
import { measureWave } from "./effect/revocations.ts";
import { measureSustained } from "./effect/sustained.ts";

test("gateways in other processes enforce what is revoked, and decide by what is released", async () => {
  const wave = await measureWave({ gateways: 6, processes: 2, rounds: 2, waiters: 10 });
  expect(wave).toMatchObject({ gateways: 6, early: 0 });
  expect(wave.enforced).toHaveLength(12);
  expect(wave.released).toHaveLength(6);
});

test("of revocations that come all the time none is lost on the way to the disk and to any gateway", async () => {
  const sustained = await measureSustained({ gateways: 4, processes: 1, perSecond: 50, seconds: 2 });
  expect(sustained).toMatchObject({ refused: 0, missing: { journal: 0, gateways: 0 } });
  expect(sustained.acknowledged).toHaveLength(100);
  expect(sustained.heads).toBeGreaterThan(1);
});

test("idle polls are all told of heartbeats and revocations", async () => {
  const idle = await measureIdle({ polls: 100, processes: 2, rounds: 1, revocationDelay: 5 });
  expect(idle.lost).toBe(0);
  expect([idle.heartbeats, idle.revocations]).toMatchObject([[expect.any(Number)], [expect.any(Number)]]);
});
