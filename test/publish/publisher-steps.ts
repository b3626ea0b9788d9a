/** What a publisher says to a few steps: the explain pages of the 830x codes hold them. */
import { WritError } from "../../src/diagnostics/index.ts";
import type { JsonObject } from "../../src/json/index.ts";
import type { RevocationPath } from "../../src/protocol/index.ts";
import { gateway, nothingHeld, operator, revoker, World } from "./harness.ts";

export interface PublisherStep {
  /** Paths, by a revoker. */
  readonly revoke?: readonly RevocationPath[];
  /** The idempotency key of that. */
  readonly key?: string;
  /** A policy of this sequence comes into force. */
  readonly release?: number;
  /** Policies up to this sequence, by an operator. */
  readonly recall?: number;
  /** An operator looks at the head; whatever that one does later is about what was seen. */
  readonly look?: true;
  readonly rotate?: true;
  /** Seconds by which the clock is set. */
  readonly clock?: number;
  readonly restart?: true;
  /** A gateway polls with a head that is so many versions ahead. */
  readonly ahead?: number;
  /** A gateway reports that it holds the head of now, with its own digest or with another one. */
  readonly head?: "ours" | "another";
  /** What a stock OPA reports. */
  readonly opa?: JsonObject;
}

/** The code by which it refuses, alarms, or shows what a gateway reports; or nothing. */
export async function publisherVerdict(steps: readonly PublisherStep[]): Promise<string | undefined> {
  const world = await World.open({ released: false, gateways: [] });
  try {
    let seen = world.store.head.version;
    for (const step of steps) {
      if (step.look) seen = world.store.head.version;
      await take(world, step, seen);
    }
    const { alarms, gateways } = world.publisher.view();
    return [...alarms, ...gateways.flatMap(({ problems }) => problems)][0]?.code;
  } catch (error) {
    if (error instanceof WritError) return error.code;
    throw error;
  } finally {
    await world.close();
  }
}

async function take(world: World, step: PublisherStep, seen: number): Promise<void> {
  const { publisher, store } = world;
  const { revoke, key, release, recall, rotate, clock, restart, ahead, head, opa } = step;
  const signal = new AbortController().signal;
  const entries = revoke?.map((path) => ({ path, value: 1 }));
  if (entries) await publisher.revoke(world.call(revoker(), key), entries, "because");
  if (release !== undefined) await world.release({ sequence: release });
  if (recall !== undefined) await publisher.recall(world.call(operator), recall, "because");
  if (rotate) await publisher.rotate({ ...world.call(operator), ifMatch: seen });
  if (clock !== undefined) world.clock.leap(clock);
  if (restart) await world.restart();
  if (ahead !== undefined) {
    const timestamp = store.head.version + ahead;
    await publisher.poll(gateway(), { ...nothingHeld, timestamp }, 0, signal);
  }
  if (head) {
    const { version, timestamp } = store.head;
    const bytes = Buffer.from(head === "ours" ? timestamp : "another");
    const digest = Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
    const decisions = { allowed: 0, denied: 0, dropped: 0 };
    const held = { version, at: world.clock.now(), digest };
    publisher.report(gateway(), { ring: "stable", head: held, problems: [], decisions });
  }
  if (opa) publisher.reportOpa(gateway(), opa);
}
