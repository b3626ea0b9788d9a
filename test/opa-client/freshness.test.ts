/**
 * OPA looks at no time and at no order: what it loads must prove by itself that it is current. Rows F15, F16, F17 and F25 of the threat
 * model and the six points of the cure, against a real OPA that polls a server.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { OTHER } from "../bundle/forge.ts";
import { opa, withOpa } from "../opa.ts";
import { DAY, forgeDelta, NOW, policyBundle, revocationsBundle } from "./estate.ts";
import { eventually } from "./stock-opa.ts";
import { POLICY, REVOCATIONS, World } from "./world.ts";

/** As long as the tier of the shop lets pass between two lists of revocations. */
const DELAY = 60;

describe.skipIf(opa === undefined)(withOpa("a stock OPA, and what is current"), () => {
  let world: World;
  beforeAll(async () => {
    world = await World.begin();
  });
  afterAll(() => world.end());
  afterEach(async () => {
    await world.server.serve(REVOCATIONS, await revocationsBundle({ at: NOW, floor: 1 }));
    await world.recovers();
  });

  test("cure 1, F15: an old policy under current revocations is `policy-below-floor`", async () => {
    await activated(REVOCATIONS, await revocationsBundle({ at: NOW, floor: 8 }));
    await activated(POLICY, await policyBundle(7));
    expect([await world.reason("own"), await world.reason("other")]).toEqual(Array(2).fill("policy-below-floor"));
    await activated(POLICY, await policyBundle(8));
    expect(await world.reason()).toBe("granted");
  });

  test("cure 2, F17: yesterday's policy with yesterday's revocations is loaded, and everything is `revocations-stale`", async () => {
    await activated(REVOCATIONS, await revocationsBundle({ at: NOW - DAY, floor: 1 }));
    await activated(POLICY, await policyBundle(7, { issued: NOW - 2 * DAY, open: true }));
    expect([await world.reason("own"), await world.reason("other")]).toEqual(Array(2).fill("revocations-stale"));
    // To the clock of yesterday it was right.
    expect(await world.reason("own", NOW - DAY)).toBe("granted");
  });

  test("cure 3: revocations that are frozen are `revocations-stale` after the delay of the tier, and not before", async () => {
    expect(await world.reason("own", NOW + DELAY)).toBe("granted");
    expect(await world.reason("own", NOW + DELAY + 1)).toBe("revocations-stale");
    await activated(REVOCATIONS, await revocationsBundle({ at: NOW + DELAY, floor: 1 }));
    expect(await world.reason("own", NOW + DELAY + 1)).toBe("granted");
  });

  test("cure 4: an unsigned delta that moves the time of the revocations is not applied", async () => {
    const delta = forgeDelta("revocations", [{ op: "replace", path: "/revocations/at", value: NOW + DAY }]);
    await world.refuses(delta, /delta/, REVOCATIONS);
    expect(await world.reason("own", NOW + DAY)).toBe("revocations-stale");
  });

  test("cure 5, F16: a policy past its end is `policy-expired`, and so is one before its beginning", async () => {
    await activated(POLICY, await policyBundle(20, { issued: NOW, expires: NOW + 10 }));
    expect(await world.reason("own", NOW - 1)).toBe("policy-expired");
    expect(await world.reason("own", NOW)).toBe("granted");
    expect(await world.reason("own", NOW + 9)).toBe("granted");
    expect(await world.reason("own", NOW + 10)).toBe("policy-expired");
  });

  test.each([
    ["of nothing", undefined],
    ["of a text", "fresh"],
    ["without a time", { floor: 1 }],
    ["without a floor", { at: NOW }],
    ["with a time in words", { at: String(NOW), floor: 1 }],
    ["with a floor in words", { at: NOW, floor: "1" }],
    ["with a negative time", { at: -1, floor: 1 }],
    ["with a negative floor", { at: NOW, floor: -1 }],
    ["with a time that never comes", { at: null, floor: 1 }],
    ["from the future", { at: NOW + DAY, floor: 1 }],
  ])("F25: revocations %s are `revocations-stale`", async (_, value) => {
    const bundle = await revocationsBundle(value);
    expect(await world.server.serve(REVOCATIONS, bundle)).toBe("activated");
    expect([await world.reason("own"), await world.reason("other")]).toEqual(Array(2).fill("revocations-stale"));
    expect(await world.opa.query("writ/allow", {})).toBe(false);
  });

  test("F25: fresh ones whose lists are no lists revoke nothing more than they say", async () => {
    await activated(REVOCATIONS, await revocationsBundle({ at: NOW, floor: 1, tokens: "all", keys: [] }));
    expect(await world.reason()).toBe("granted");
    await activated(REVOCATIONS, await revocationsBundle({ at: NOW, floor: 1, identities: { shop: NOW } }));
    expect(await world.reason()).toBe("revoked");
  });

  async function activated(path: string, bytes: Uint8Array): Promise<void> {
    expect(await world.server.serve(path, bytes)).toBe("activated");
  }
});

describe.skipIf(opa === undefined)(withOpa("a stock OPA that starts"), () => {
  let world: World;
  beforeEach(async () => {
    world = new World();
    await world.server.start();
  });
  afterEach(() => world.end());

  test("F25: without any revocations everything is `revocations-stale`, until they come", async () => {
    const loaded = world.server.serve(POLICY, await policyBundle(7));
    await world.startOpa();
    expect(await loaded).toBe("activated");
    expect(await world.reason()).toBe("revocations-stale");
    expect(await world.opa.isReady()).toBe(false);
    world.server.serve(REVOCATIONS, await revocationsBundle({ at: NOW, floor: 1 }));
    await world.recovers();
    expect(await world.opa.isReady()).toBe(true);
  });

  test("cure 6: an hour later, with nobody to ask, what it kept is `revocations-stale`, and it recovers without a restart", async () => {
    const loaded = world.server.serve(POLICY, await policyBundle(7));
    world.server.serve(REVOCATIONS, await revocationsBundle({ at: NOW, floor: 1 }));
    await world.startOpa();
    expect(await loaded).toBe("activated");
    await world.recovers();
    await world.opa.stop();
    await world.server.stop();

    await world.startOpa();
    // It decides by what it kept: to the clock of that time it is right.
    expect(
      await eventually(
        () => world.reason(),
        (reason) => reason === "granted",
      ),
    ).toBe("granted");
    expect(await world.reason("own", NOW + 3600)).toBe("revocations-stale");
    expect(await world.reason("other", NOW + 3600)).toBe("revocations-stale");

    await world.server.start();
    world.server.serve(REVOCATIONS, await revocationsBundle({ at: NOW + 3600, floor: 1 }));
    expect(
      await eventually(
        () => world.reason("own", NOW + 3600),
        (reason) => reason === "granted",
      ),
    ).toBe("granted");
  });

  test("what it kept is verified again: a file that somebody put there is not loaded", async () => {
    const loaded = world.server.serve(POLICY, await policyBundle(7));
    world.server.serve(REVOCATIONS, await revocationsBundle({ at: NOW, floor: 1 }));
    await world.startOpa();
    expect(await loaded).toBe("activated");
    await world.recovers();
    await world.opa.stop();
    await world.server.stop();
    const kept = join(world.folder.path, "persisted", "bundles", "policy", "bundle.tar.gz");
    expect(existsSync(kept)).toBe(true);
    writeFileSync(kept, await policyBundle(900, { open: true, key: OTHER }));
    await world.startOpa();
    const version = await eventually(
      () => world.opa.query("system/version"),
      (found) => found !== undefined,
    );
    expect(version).toBeDefined();
    expect(await world.decide("other")).toBeUndefined();
    await world.server.start();
    await world.recovers();
  });
});
