/** Gateways and their publisher in a world whose time is a test's: opened, and closed after it. */
import { afterEach } from "vitest";
import { type GatewayOptions, type LiveGateway, openGateway } from "../../src/client/index.ts";
import { engineBytes } from "../../src/wasm/index.ts";
import { bases } from "../decide/estate.ts";
import { now, type ReleaseOptions } from "../gateway/release.ts";
import { TestPublisher } from "./publisher.ts";
import { Simulation } from "./simulation.ts";

export const address = "https://policies.example.com";

const { WebAssembly } = globalThis as unknown as { WebAssembly: { compile(bytes: Uint8Array): Promise<object> } };
/** Compiled once for all gateways of a test. */
export const engine = await WebAssembly.compile(engineBytes());

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A request without its time. */
export function requestOf<Name extends keyof typeof bases>(name: Name): Omit<(typeof bases)[Name], "time"> {
  const { time, ...request } = bases[name];
  return time === now ? request : requestOf(name);
}

export interface World {
  readonly simulation: Simulation;
  readonly publisher: TestPublisher;
  /** Ends the heartbeats. */
  readonly silence: () => void;
  open(options?: Partial<GatewayOptions>): Promise<LiveGateway>;
}

export async function newWorld(first: ReleaseOptions | "none" = {}): Promise<World> {
  const simulation = new Simulation(now);
  const publisher = await TestPublisher.create(simulation, first);
  const silence = publisher.beat();
  ends.push(silence);
  return {
    simulation,
    publisher,
    silence,
    async open(options = {}) {
      const environment = {
        ...simulation.environment(TestPublisher.network({ [address]: publisher })),
        ...options.environment,
      };
      const gateway = await openGateway({ root: publisher.root, url: address, engine, ...options, environment });
      ends.push(async () => {
        const closing = gateway.close();
        await simulation.pass(3);
        await closing;
      });
      return gateway;
    },
  };
}
