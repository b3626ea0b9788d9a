/**
 * From the moment something is revoked until the decisions of a stock OPA, which waits for it, say `revoked`. Run as a program it
 * measures 200 of them: `node --conditions=writ-source test/opa-client/effect.ts [updates] [entries]`. First a list is only served,
 * then our publisher is asked to revoke, so that the second holds its log, its signatures and its server too.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { opaConfig, readKeys } from "../../src/bundle/index.ts";
import type { JsonObject } from "../../src/json/index.ts";
import type { Decision } from "../../src/model/index.ts";
import { bases } from "../decide/estate.ts";
import { opa } from "../opa.ts";
import { begin, World as Publishing } from "../publish/harness.ts";
import { gatewayToken, startWith } from "../server/start.ts";
import { asks, NOW, revocationsBundle } from "./estate.ts";
import { eventually, StockOpa, temporaryFolder } from "./stock-opa.ts";
import { REVOCATIONS, World } from "./world.ts";

export interface Effect {
  /** Milliseconds, ascending. */
  readonly times: readonly number[];
  /** The same from the acknowledgement on. */
  readonly acknowledged: readonly number[];
  /** How many decisions for other tokens were something else than `granted` meanwhile. */
  readonly others: number;
}

/** What is measured: how a token is revoked, and what is decided for one. */
export interface Measured {
  /** Makes ready to revoke one; what that gives does it. */
  prepare(jti: string): Promise<() => unknown>;
  reason(jti: string): Promise<string | undefined>;
}

/** Updates that are not counted. */
const WARM_UP = 5;

export async function measureEffect({ prepare, reason }: Measured, updates: number): Promise<Effect> {
  const times: number[] = [];
  const acknowledged: number[] = [];
  let others = 0;
  for (let update = -WARM_UP; update < updates; update++) {
    const jti = `now-${update}`;
    const revoke = await prepare(jti);
    if ((await reason(jti)) !== "granted") others++;
    const begun = performance.now();
    const done = Promise.resolve(revoke()).then(() => performance.now());
    while ((await reason(jti)) !== "revoked") if (performance.now() - begun > 10_000) break;
    const enforced = performance.now();
    if ((await reason("another")) !== "granted") others++;
    const at = await done;
    if (update < 0) continue;
    times.push(enforced - begun);
    acknowledged.push(enforced - at);
  }
  const ascending = (values: number[]) => values.sort((a, b) => a - b);
  return { times: ascending(times), acknowledged: ascending(acknowledged), others };
}

/** @param entries tokens that are revoked already, of which OPA is told again with each update */
export function servedLists(world: World, entries: number): Measured {
  const corp: Record<string, number> = {};
  for (let index = 0; index < entries; index++) corp[`before-${index}`] = NOW + 600;
  return {
    async prepare(jti) {
      corp[jti] = NOW + 600;
      const bytes = await revocationsBundle({ at: NOW, floor: 1, tokens: { corp } });
      await eventually(
        () => world.server.holds(REVOCATIONS),
        (held) => held,
      );
      return () => void world.server.serve(REVOCATIONS, bytes);
    },
    reason: (jti) => reasonOf(world.opa, asks("own"), jti),
  };
}

async function reasonOf(running: StockOpa, input: JsonObject, jti: string): Promise<string | undefined> {
  const asked = { ...input, token: { ...(input.token as JsonObject), jti } };
  return ((await running.query("writ/decision", asked)) as Decision | undefined)?.reason;
}

/** The smallest time within which that share of all came into force. */
export function percentile({ times }: Pick<Effect, "times">, share: number): number {
  return times[Math.max(0, Math.ceil(times.length * share) - 1)]!;
}

async function measureServed(updates: number, entries: number): Promise<void> {
  const world = await World.begin();
  print("served lists", entries, await measureEffect(servedLists(world, entries), updates));
  await world.end();
}

/** Through our publisher: its log, its signatures and its server too. */
export async function measurePublished(updates: number, entries: number): Promise<Effect> {
  const publishing = await Publishing.open();
  const served = await startWith(publishing.publisher);
  const folder = temporaryFolder();
  const tokenPath = join(folder.path, "token");
  writeFileSync(tokenPath, gatewayToken("edge-1"));
  const [key] = (await readKeys(publishing.options.bundleKeys)).values();
  const options = { tokenPath, persistenceDirectory: folder.path, policyKey: key!, revocationsKey: key! };
  const running = StockOpa.start(opa!, await opaConfig({ url: `${served.gatewayUrl}/opa`, ...options }), folder.path);
  const value = begin + 290;
  const revoke = (...names: readonly string[]) =>
    publishing.revoke(...names.map((name) => ({ path: ["tokens", "corp", name] as const, value })));
  const before = Array.from({ length: entries }, (_, index) => `before-${index}`);
  for (let at = 0; at < entries; at += 500) await revoke(...before.slice(at, at + 500));
  const reason = (jti: string) => reasonOf(running, { ...bases.mtls, time: publishing.clock.now() }, jti);
  await eventually(
    () => reason("another"),
    (found) => found === "granted",
  );
  const measured = { prepare: async (jti: string) => () => revoke(jti), reason };
  const effect = await measureEffect(measured, updates);
  await running.stop();
  await served.close();
  await publishing.close();
  folder.remove();
  return effect;
}

function print(what: string, entries: number, effect: Effect): void {
  const [p50, p99, most] = [0.5, 0.99, 1].map((share) => percentile(effect, share).toFixed(1));
  console.log(
    `${what}, ${effect.times.length} updates of ${entries} entries: p50 ${p50} ms, p99 ${p99} ms, most ${most} ms; ` +
      `${effect.others} other decisions changed`,
  );
}

if (import.meta.main) {
  const [updates = 200, entries = 1000] = process.argv.slice(2).map(Number);
  await measureServed(updates, entries);
  print("our publisher", entries, await measurePublished(updates, entries));
}
