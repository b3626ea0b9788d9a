/**
 * From the moment a list of revocations is served to a stock OPA that waits for it, until its decisions say `revoked`. Run as a
 * program it measures 200 of them: `node --conditions=writ-source test/opa-client/effect.ts [updates] [entries]`.
 */
import type { Decision } from "../../src/model/index.ts";
import { asks, NOW, revocationsBundle } from "./estate.ts";
import { eventually } from "./stock-opa.ts";
import { REVOCATIONS, World } from "./world.ts";

export interface Effect {
  /** Milliseconds, ascending. */
  readonly times: readonly number[];
  /** How many decisions for another token were something else than `granted` meanwhile. */
  readonly others: number;
}

/** Updates that are not counted. */
const WARM_UP = 5;

/** @param entries tokens that are revoked already, of which OPA is told again with each update */
export async function measureEffect(world: World, updates: number, entries: number): Promise<Effect> {
  const corp: Record<string, number> = {};
  for (let index = 0; index < entries; index++) corp[`before-${index}`] = NOW + 600;
  const reasonFor = async (jti: string): Promise<string | undefined> => {
    const input = asks("own");
    const decision = await world.opa.query("writ/decision", { ...input, token: { ...(input.token as object), jti } });
    return (decision as Decision | undefined)?.reason;
  };
  const times: number[] = [];
  let others = 0;
  for (let update = -WARM_UP; update < updates; update++) {
    const jti = `now-${update}`;
    corp[jti] = NOW + 600;
    const bytes = await revocationsBundle({ at: NOW, floor: 1, tokens: { corp } });
    await eventually(
      () => world.server.holds(REVOCATIONS),
      (held) => held,
    );
    if ((await reasonFor(jti)) !== "granted") others++;
    const begun = performance.now();
    world.server.serve(REVOCATIONS, bytes);
    while ((await reasonFor(jti)) !== "revoked") if (performance.now() - begun > 10_000) break;
    if (update >= 0) times.push(performance.now() - begun);
    if ((await reasonFor("another")) !== "granted") others++;
  }
  return { times: times.sort((a, b) => a - b), others };
}

/** The smallest time within which that share of all came into force. */
export function percentile({ times }: Effect, share: number): number {
  return times[Math.max(0, Math.ceil(times.length * share) - 1)]!;
}

if (import.meta.main) {
  const [updates = 200, entries = 1000] = process.argv.slice(2).map(Number);
  const world = await World.begin();
  const effect = await measureEffect(world, updates, entries);
  const [p50, p99, most] = [0.5, 0.99, 1].map((share) => percentile(effect, share).toFixed(1));
  console.log(
    `${updates} updates of ${entries} entries: p50 ${p50} ms, p99 ${p99} ms, most ${most} ms; ${effect.others} other decisions changed`,
  );
  await world.end();
}
