/** What a stock OPA is served and what it says: signed bundles of its ring, as fresh as the tiers ask, confirmed by the tags that come back. */
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { readKeys, verify } from "../../src/bundle/index.ts";
import type { JsonObject, JsonValue } from "../../src/json/index.ts";
import type { OpaBundle, OpaResource } from "../../src/publish/index.ts";
import { Clock, gateway, operator, World, type WorldOptions } from "./harness.ts";

const signal = () => new AbortController().signal;
const opa = gateway("opa-1");

async function open(options?: WorldOptions): Promise<World> {
  const world = await World.open(options);
  onTestFinished(() => world.close());
  return world;
}

async function ask(
  world: World,
  resource: OpaResource,
  tag?: string,
  wait = 0,
  by = opa,
): Promise<OpaBundle | undefined> {
  return world.publisher.opaBundle(by, resource, tag, wait, signal());
}

/** Verified as an OPA does it, with the key that its configuration pins. */
async function read(world: World, bundle: OpaBundle | undefined, root: string): Promise<JsonObject> {
  const { files, manifest } = await verify(bundle!.bytes, await readKeys(world.options.bundleKeys), { roots: [root] });
  expect(manifest.metadata.sequence).toBeGreaterThan(0);
  const data = JSON.parse(Buffer.from(files.get("data.json")!).toString()) as JsonObject;
  return (root === "writ" ? data : data[root]) as JsonObject;
}

test("the bundle of revocations holds all that is revoked, signed, with its time and its floor", async () => {
  const world = await open();
  await world.revoke(
    { path: ["tokens", "corp", "jti-1"], value: 2_000_000_000 },
    { path: ["owners", "acme"], value: 7 },
  );
  await world.publisher.recall(world.call(operator), 1, "it grants too much");
  const { head } = world.publisher.view();
  expect(await read(world, await ask(world, "revocations"), "revocations")).toEqual({
    at: head.at,
    floor: 2,
    sequence: head.audit.size,
    grants: {},
    identities: {},
    issuedBefore: {},
    issuers: {},
    keys: {},
    owners: { acme: 7 },
    tiers: {},
    tokens: { corp: { "jti-1": 2_000_000_000 } },
  });
});

test("whoever has it waits for the next change, and all get the same one", async () => {
  const world = await open();
  const [one, other] = await Promise.all([ask(world, "revocations"), ask(world, "revocations")]);
  expect(one!.tag).toBe(other!.tag);
  expect(await ask(world, "revocations", one!.tag)).toBeUndefined();
  const waiting = [0, 1, 2].map(() => ask(world, "revocations", one!.tag, 5000));
  await world.revoke({ path: ["owners", "acme"], value: 7 });
  const next = await Promise.all(waiting);
  expect(new Set(next.map((bundle) => bundle!.tag)).size).toBe(1);
  expect(await read(world, next[0], "revocations")).toMatchObject({ owners: { acme: 7 } });
});

test("it is issued anew three times within the smallest delay, and no sooner", async () => {
  const clock = new Clock();
  const world = await open({ clock, revocationDelay: 30 });
  await expect.poll(() => world.publisher.heartbeat).toBe(6000);
  const first = await ask(world, "revocations");
  const refreshed = async (seconds: number) => {
    clock.leap(seconds);
    // Makes a head, and moves nothing that an OPA is told of.
    await world.publisher.halt(world.call(operator), "a test");
    return ask(world, "revocations", first!.tag);
  };
  expect(await refreshed(5)).toBeUndefined();
  const next = await refreshed(6);
  const [before, after] = [await read(world, first, "revocations"), await read(world, next, "revocations")];
  expect((after.at as number) - (before.at as number)).toBeGreaterThanOrEqual(11);
  expect(await ask(world, "revocations", next!.tag)).toBeUndefined();
});

test("a tag that comes back confirms what was activated", async () => {
  const world = await open({ gateways: [{ name: "opa-1", ring: "stable" }] });
  const { sequence } = await world.revoke({ path: ["owners", "acme"] });
  const bundle = await ask(world, "revocations");
  expect(world.publisher.reach(sequence)).toMatchObject({ live: 1, missing: ["opa-1"] });
  const reached = world.publisher.reached(sequence, 3000, signal());
  await ask(world, "revocations", bundle!.tag);
  expect(await reached).toMatchObject({ complete: true, enforced: 1 });
  await ask(world, "policy", (await ask(world, "policy"))!.tag);
  expect(world.publisher.view().gateways).toMatchObject([
    { name: "opa-1", kind: "opa", live: true, enforced: sequence, policy: { sequence: 1 } },
  ]);
  // Of a tag that was never given, nothing is believed.
  await ask(world, "revocations", "f".repeat(64));
  expect(world.publisher.reach(sequence)).toMatchObject({ complete: true });
});

test("the policy is that of the ring, by its digest; before the first release there is none", async () => {
  const world = await open({ released: false, gateways: [] });
  expect(await ask(world, "policy")).toBeUndefined();
  const waiting = ask(world, "policy", undefined, 5000);
  const stable = await world.release({ sequence: 1 });
  expect((await waiting)!.tag).toBe(stable);
  const canary = await world.candidate({ sequence: 2 });
  await world.publisher.release(world.call(operator), canary, "canary");
  expect((await ask(world, "policy"))!.tag).toBe(stable);
  const bundle = await ask(world, "policy", stable, 0, gateway("canary-1", "canary"));
  expect(bundle!.tag).toBe(canary);
  await read(world, bundle, "writ");
  await expect(ask(world, "policy", undefined, 0, operator)).rejects.toMatchObject({ reason: "api-forbidden" });
});

test("discovery pins the keys of both bundles, and stays what it is", async () => {
  const world = await open();
  const bundle = await ask(world, "discovery");
  const { bundles, status } = (await read(world, bundle, "discovery")) as Record<string, JsonObject>;
  expect(bundles).toMatchObject({
    policy: { persist: true, signing: { keyid: "release", scope: "writ" } },
    revocations: { persist: true, signing: { keyid: "release", scope: "writ" } },
  });
  expect(status).toEqual({ service: "writ" });
  await world.revoke({ path: ["owners", "acme"] });
  expect((await ask(world, "discovery"))!.tag).toBe(bundle!.tag);
});

test("a report of a stock OPA shows what it decides by and what it could not use", async () => {
  const world = await open({ gateways: [] });
  const { sequence } = await world.revoke({ path: ["owners", "acme"] });
  const { version } = world.store.head;
  world.publisher.reportOpa(opa, {
    labels: { id: "x" },
    bundles: {
      policy: { active_revision: "1-0123456789abcdef" },
      revocations: { active_revision: `${sequence}@${version}`, code: "bundle_error", message: "scope mismatch" },
    },
  });
  expect(world.publisher.view().gateways).toMatchObject([
    {
      kind: "opa",
      version,
      enforced: sequence,
      policy: { sequence: 1, revision: "1-0123456789abcdef" },
      problems: [{ code: "WRIT8308", message: "OPA reports of `revocations`: scope mismatch" }],
    },
  ]);
  world.publisher.reportOpa(opa, { bundles: { revocations: { active_revision: "999999999@999" } } });
  expect(world.publisher.view().gateways[0]!.enforced).toBe(world.store.head.records);
});

test("R03 whatever else it says changes nothing but what is shown of it", async () => {
  const world = await open({ gateways: [] });
  const inForce = world.publisher.view().inForce;
  const value = fc.jsonValue() as fc.Arbitrary<JsonValue>;
  const bundle = fc.record({ active_revision: value, code: value, message: value }, { requiredKeys: [] });
  const report = fc.record({
    bundles: fc.oneof(value, fc.record({ policy: fc.oneof(value, bundle), revocations: bundle })),
  });
  fc.assert(fc.property(report, (said) => world.publisher.reportOpa(opa, said as unknown as JsonObject)));
  expect(world.publisher.view().inForce).toEqual(inForce);
  expect(world.publisher.view().alarms).toEqual([]);
});
