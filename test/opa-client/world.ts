/** One stock OPA in the documented configuration, or in a variation of it, with the server that it polls. */
import { join } from "node:path";
import { expect } from "vitest";
import { type OpaConfigOptions, opaConfig, readKeys } from "../../src/bundle/index.ts";
import type { Emission } from "../../src/compile.ts";
import type { Decision } from "../../src/model/index.ts";
import { OTHER, publicKeyFile, RELEASE } from "../bundle/forge.ts";
import { opa } from "../opa.ts";
import { BundleServer } from "./bundle-server.ts";
import { asks, emission, NOW, policyBundle, revocationsBundle } from "./estate.ts";
import { eventually, StockOpa, temporaryFolder } from "./stock-opa.ts";

export const [POLICY, REVOCATIONS] = ["bundles/policy.tar.gz", "bundles/revocations.tar.gz"];
export const keys = await readKeys(publicKeyFile(RELEASE, OTHER));

export interface Variation {
  readonly options?: Partial<OpaConfigOptions>;
  /** Of the text that `opaConfig` wrote: to show what the documented one is good for. */
  readonly config?: (text: string) => string;
  /** How a good policy is packed where the documented way is not taken. */
  readonly policy?: (emission: Emission) => Promise<Uint8Array>;
}

export class World {
  readonly server = new BundleServer();
  readonly folder = temporaryFolder();
  readonly #variation: Variation;
  #opa: StockOpa | undefined;
  #sequence = 10;

  constructor(variation: Variation = {}) {
    this.#variation = variation;
  }

  /** Serves a good policy and fresh revocations, and waits until OPA decides by them. */
  static async begin(variation?: Variation): Promise<World> {
    const world = new World(variation);
    await world.server.start();
    await world.startOpa();
    world.server.serve(REVOCATIONS, await revocationsBundle({ at: NOW, floor: 1 }));
    await world.recovers();
    return world;
  }

  get opa(): StockOpa {
    return this.#opa!;
  }

  async startOpa(): Promise<void> {
    this.#opa = StockOpa.start(opa!, await this.config(), this.folder.path);
  }

  async config(): Promise<string> {
    const { options, config = (text) => text } = this.#variation;
    const text = await opaConfig({
      url: this.server.url,
      policyKey: keys.get(RELEASE.kid)!,
      revocationsKey: keys.get(OTHER.kid)!,
      persistenceDirectory: join(this.folder.path, "persisted"),
      ...options,
    });
    return config(text);
  }

  /** @param time the clock of the gateway that asks: OPA has none of its own in a decision */
  async decide(tenant: "own" | "other", time = NOW): Promise<Decision | undefined> {
    return (await this.opa.query("writ/decision", asks(tenant, time))) as Decision | undefined;
  }

  async reason(tenant: "own" | "other" = "own", time = NOW): Promise<string | undefined> {
    return (await this.decide(tenant, time))?.reason;
  }

  /** The next good policy comes into force without a restart, and decides as it should. */
  async recovers(): Promise<void> {
    const sequence = ++this.#sequence;
    const { policy } = this.#variation;
    this.server.serve(POLICY, await (policy ? policy(emission(sequence)) : policyBundle(sequence)));
    const decision = await eventually(
      () => this.decide("own"),
      (decided) => decided?.revision?.startsWith(`${sequence}-`) === true && decided.reason === "granted",
    );
    expect(decision).toMatchObject({ allow: true, grants: ["shopWrites"] });
    expect(decision!.revision).toMatch(new RegExp(`^${sequence}-`));
    expect(await this.reason("other")).toBe("condition");
  }

  /** OPA takes nothing of these bytes, says why, decides as before, and takes the next good ones. */
  async refuses(bytes: Uint8Array, why: RegExp, path = POLICY): Promise<void> {
    const before = [await this.decide("own"), await this.decide("other")];
    expect(await this.server.serve(path, bytes)).toBe("refused");
    const name = path === POLICY ? "policy" : "revocations";
    const said = await eventually(
      () => this.server.said(name),
      (status) => why.test(status?.message ?? ""),
    );
    expect(said).toMatchObject({ code: "bundle_error", message: expect.stringMatching(why) });
    expect([await this.decide("own"), await this.decide("other")]).toEqual(before);
    if (path === REVOCATIONS) this.server.serve(path, await revocationsBundle({ at: NOW, floor: 1 }));
    await this.recovers();
  }

  async end(): Promise<void> {
    await this.#opa?.stop();
    await this.server.stop();
    this.folder.remove();
  }
}
