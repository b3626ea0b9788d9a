/** A small language for what happens to a live gateway: the explain pages of the 93xx codes are written in it. */
import { openGateway, type Store, WritError } from "../../src/client/index.ts";
import type { JsonObject } from "../../src/json/index.ts";
import { now } from "../gateway/release.ts";
import { mapStore } from "../trust/repository.ts";
import { TestPublisher } from "./publisher.ts";
import { Simulation } from "./simulation.ts";

/** One step; the member that is there says which. */
export interface ClientStep {
  /** So many seconds pass. */
  readonly pass?: number;
  /** Seconds by which the gateway's clock is ahead. */
  readonly ahead?: number;
  /** The publisher's heartbeat ends. */
  readonly silence?: true;
  /** Where the gateway keeps what it verified. */
  readonly store?: "full" | "empty";
  readonly address?: string;
  /** A new policy, and what the list of targets says of it where it is not so. */
  readonly release?: { readonly sequence: number; readonly said?: JsonObject };
}

const full: Store = {
  read: async () => undefined,
  write: () => Promise.reject(new TypeError("no space left")),
  remove: () => Promise.reject(new TypeError("no space left")),
};

/** The codes of what is wrong at the end, or of what is thrown; nothing when all is well. */
export async function clientVerdict(steps: readonly ClientStep[]): Promise<string | undefined> {
  const simulation = new Simulation(now);
  const publisher = await TestPublisher.create(simulation);
  const silence = publisher.beat();
  const said = Object.assign({}, ...steps) as ClientStep;
  const url = said.address ?? "https://policies.example.com";
  const store = said.store === "full" ? full : mapStore();
  const environment = simulation.environment(TestPublisher.network({ [new URL(url).origin]: publisher }));
  try {
    const gateway = await openGateway({ root: publisher.root, url, store, environment });
    for (const { pass, ahead, silence: ends, release } of steps) {
      if (release) await publisher.release({ sequence: release.sequence }, { said: release.said ?? {} });
      if (ahead !== undefined) simulation.ahead = ahead;
      if (ends) silence();
      if (pass !== undefined) await simulation.pass(pass);
    }
    const codes = gateway.health().problems.map(({ code }) => code);
    await gateway.close();
    return codes.length > 0 ? codes.join() : undefined;
  } catch (error) {
    if (error instanceof WritError) return error.code;
    throw error;
  }
}
