/** What a gateway does when it hears nothing, or its clock is wrong: threat model §13, freshness. */
import { expect, test } from "vitest";
import { mapStore } from "../trust/repository.ts";
import { newWorld, requestOf } from "./world.ts";

/** Of tiers whose revocations have to be known within 10, 30 and 60 seconds; the last has no end. */
const [legacy, partner, workload] = [requestOf("key"), requestOf("partner"), requestOf("svid")];

test("F04 the newest head replayed for ever: stale tier by tier, in the order of their delays", async () => {
  const { simulation, silence, open } = await newWorld();
  const gateway = await open();
  const reasons = () => [legacy, partner, workload].map((request) => gateway.decide(request).reason);
  await simulation.pass(3);
  expect(reasons()).toEqual(["granted", "granted", "granted"]);
  silence();
  await simulation.pass(9);
  expect(reasons()).toEqual(["granted", "granted", "granted"]);
  await simulation.pass(3);
  expect(reasons()).toEqual(["revocations-stale", "granted", "granted"]);
  expect(gateway.health().tiers.map(({ name, fresh }) => [name, fresh])).toEqual([
    ["legacy", false],
    ["partner", true],
    ["workload", true],
  ]);
  await simulation.pass(20);
  expect(reasons()).toEqual(["revocations-stale", "revocations-stale", "granted"]);
  await simulation.pass(30);
  expect(reasons()).toEqual(["revocations-stale", "revocations-stale", "revocations-stale"]);
  expect(codesOf(gateway)).toEqual(["WRIT9302", "WRIT9303"]);
});

test("F09 the clock set back an hour, the publisher cut off: still stale after the delay", async () => {
  const { simulation, silence, open } = await newWorld();
  const gateway = await open();
  await simulation.pass(3);
  silence();
  simulation.ahead = -3600;
  expect(gateway.decide(legacy)).toMatchObject({ allow: true });
  await simulation.pass(13);
  expect(gateway.decide(legacy)).toMatchObject({ reason: "revocations-stale" });
  expect(gateway.decide(workload)).toMatchObject({ allow: true });
  await simulation.pass(50);
  expect(gateway.decide(workload)).toMatchObject({ reason: "revocations-stale" });
  expect(codesOf(gateway)).toContain("WRIT9301");
});

test("F10 a clock 10 minutes behind a fresh head: alarmed, and tokens are judged at the publisher's time", async () => {
  const { simulation, publisher, open } = await newWorld();
  simulation.ahead = -600;
  const gateway = await open();
  await simulation.pass(3);
  // By the wall clock alone this token, which was issued now, would be from the future.
  expect(gateway.decide(partner)).toMatchObject({ allow: true });
  expect(gateway.health().problems).toMatchObject([
    { code: "WRIT9301", message: expect.stringMatching(/60[0-5] seconds/) },
  ]);
  await simulation.pass(300);
  expect(gateway.decide(partner)).toMatchObject({ reason: "token-expired" });
  expect(publisher.reports.at(-1)?.problems).toMatchObject([{ code: "WRIT9301" }]);
  simulation.ahead = 0;
  await simulation.pass(3);
  expect(gateway.health().problems).toEqual([]);
});

test("F11 a clock a day ahead: stale, health says why, and all is well when the clock is", async () => {
  const { simulation, open } = await newWorld({ lifetime: 10 * 86_400 });
  const gateway = await open();
  await simulation.pass(3);
  simulation.ahead = 86_400;
  expect(gateway.decide(workload)).toMatchObject({ reason: "revocations-stale" });
  await simulation.pass(3);
  expect(gateway.decide(workload)).toMatchObject({ reason: "revocations-stale" });
  expect(codesOf(gateway)).toEqual(["WRIT9105", "WRIT9302"]);
  expect(gateway.health().problems[0]).toMatchObject({ message: expect.stringMatching(/8640\d seconds old/) });
  simulation.ahead = 0;
  await simulation.pass(20);
  expect(gateway.decide(workload)).toMatchObject({ allow: true });
  expect(codesOf(gateway)).toEqual([]);
});

test("F12 a machine that slept past the delay denies at once when it wakes", async () => {
  const { simulation, open } = await newWorld();
  const gateway = await open();
  await simulation.pass(3);
  simulation.sleep(61);
  expect(gateway.decide(workload)).toMatchObject({ reason: "revocations-stale" });
});

test("F13 stored state replaced by an older copy, the network cut: its age counts from its own time", async () => {
  const { simulation, publisher, silence, open } = await newWorld();
  const store = mapStore();
  const gateway = await open({ store });
  await simulation.pass(3);
  const copy = new Map(store.files);
  await simulation.pass(90);
  await publisher.revoke(["identities", "payments"]);
  await simulation.pass(1);
  await gateway.close();
  silence();
  const offline = { fetch: () => Promise.reject(new TypeError("fetch failed")) };
  const old = await open({ store: mapStore(copy), environment: offline });
  expect(old.health()).toMatchObject({ ready: true, policy: { sequence: 7 } });
  for (const request of [legacy, partner, workload])
    expect(old.decide(request)).toMatchObject({ allow: false, reason: "revocations-stale" });
  // The same with a clock that was set back to when the copy was new is not to be told apart; set back further it is.
  simulation.ahead = -3600;
  const older = await open({ store: mapStore(copy), environment: offline });
  expect(older.decide(workload)).toMatchObject({ allow: false, reason: "revocations-stale" });
  expect(older.health()).toMatchObject({ ready: false });
});

test("a gateway starts offline by what it kept, and decides while that is fresh", async () => {
  const { simulation, publisher, open } = await newWorld();
  const store = mapStore();
  const gateway = await open({ store });
  await simulation.pass(3);
  await publisher.revoke(["identities", "payments"]);
  await simulation.pass(1);
  await gateway.close();
  const again = await open({ store, environment: { fetch: () => Promise.reject(new TypeError("fetch failed")) } });
  expect(again.health()).toMatchObject({ ready: true, policy: { sequence: 7 }, problems: [] });
  expect(again.decide(workload)).toMatchObject({ allow: true });
  expect(again.decide(requestOf("mtls"))).toMatchObject({ reason: "revoked" });
  await simulation.pass(62);
  expect(again.decide(workload)).toMatchObject({ reason: "revocations-stale" });
  expect(codesOf(again)).toEqual(["WRIT9116", "WRIT9302"]);
});

const damages: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  truncated: (bytes) => bytes.subarray(0, bytes.length / 2),
  "with a bit flipped": (bytes) => bytes.map((byte, index) => (index === 200 ? byte ^ 1 : byte)),
  empty: () => new Uint8Array(0),
};

test.each(Object.keys(damages))(
  "F14 stored state %s counts as none, and comes anew from the publisher",
  async (damage) => {
    const { simulation, open } = await newWorld();
    const store = mapStore();
    const gateway = await open({ store });
    await simulation.pass(3);
    await gateway.close();
    const sound = new Map(store.files);
    for (const [name, bytes] of sound) {
      const damaged = new Map(sound).set(name, damages[damage]!(bytes));
      const again = await open({ store: mapStore(damaged) });
      const isMetadata = !name.includes("/");
      if (isMetadata && name !== "role.revocations") expect(codesOf(again)).toEqual(["WRIT9114"]);
      if (name === "timestamp") expect(again.decide(workload)).toMatchObject({ allow: false });
      await simulation.pass(10);
      expect(again.decide(workload)).toMatchObject({ allow: true });
      expect(again.health()).toMatchObject({ ready: true, problems: [] });
      await again.close();
    }
    expect(sound.size).toBeGreaterThan(4);
  },
);

test("F14 the state of another estate counts as none", async () => {
  const [one, other] = [await newWorld(), await newWorld()];
  const store = mapStore();
  const gateway = await one.open({ store });
  await one.simulation.pass(3);
  await gateway.close();
  const { repository } = other.publisher;
  const { strangers } = await import("../trust/repository.ts");
  // Another estate: other keys, other root.
  for (const [index, role] of (["timestamp", "snapshot", "targets"] as const).entries())
    repository.signers[role] = [strangers[index]!];
  repository.signers.root = strangers.slice(2, 5);
  repository.versions.root = 0;
  const root = await repository.publishRoot();
  await other.publisher.release();
  const again = await other.open({ store, root });
  expect(codesOf(again)).toEqual(["WRIT9114"]);
  expect(again.decide(workload)).toEqual({ allow: false, reason: "policy-missing" });
  await other.simulation.pass(5);
  expect(again.health()).toMatchObject({ ready: true, problems: [] });
});

test("F18 a later list omits a revoked token: it stays revoked until it expires, also across a restart", async () => {
  const { simulation, publisher, open } = await newWorld();
  const store = mapStore();
  const gateway = await open({ store });
  await simulation.pass(3);
  const mtls = requestOf("mtls");
  const jti = mtls.token.jti;
  const end = publisher.seconds + 100;
  await publisher.revokeUntil(end, ["tokens", "corp", jti]);
  await publisher.revoke(["owners", "somebody@example.com"]);
  await simulation.pass(0.1);
  expect(gateway.decide(mtls)).toMatchObject({ reason: "revoked" });
  await publisher.omit(["tokens", "corp", jti]);
  await simulation.pass(0.1);
  expect(gateway.decide(mtls)).toMatchObject({ reason: "revoked" });
  await gateway.close();
  const again = await open({ store });
  await simulation.pass(5);
  expect(again.decide(mtls)).toMatchObject({ reason: "revoked" });
  await simulation.pass(100 + 60 + 5);
  expect(again.decide(mtls)).toMatchObject({ allow: true });
  expect([...store.files.keys()]).not.toContain("omitted");
});

test("F18 one that is omitted in the moment in which another one expires is remembered across a restart too", async () => {
  const { simulation, publisher, silence, open } = await newWorld();
  const store = mapStore();
  const gateway = await open({ store });
  await simulation.pass(3);
  const mtls = requestOf("mtls");
  const [first, second] = [
    ["tokens", "corp", "another"],
    ["tokens", "corp", mtls.token.jti],
  ] as const;
  await publisher.revokeUntil(publisher.seconds + 20, first);
  await publisher.revokeUntil(publisher.seconds + 1000, second);
  await simulation.pass(0.1);
  await publisher.omit(first);
  await simulation.pass(70);
  silence();
  await simulation.pass(15);
  await publisher.omit(second);
  await simulation.pass(10);
  expect(gateway.decide(mtls)).toMatchObject({ reason: "revoked" });
  await gateway.close();
  const again = await open({ store });
  await simulation.pass(5);
  expect(again.decide(mtls)).toMatchObject({ reason: "revoked" });
});

test("F20 another issuer's token of the same id is not denied for it", async () => {
  const { simulation, publisher, open } = await newWorld();
  const gateway = await open();
  await simulation.pass(3);
  const mtls = requestOf("mtls");
  const jti = mtls.token.jti;
  const end = publisher.seconds + 100;
  await publisher.revokeUntil(end, ["tokens", "hub", jti], ["tokens", "corp", "r1"]);
  await simulation.pass(0.1);
  expect(gateway.decide(mtls)).toMatchObject({ allow: true });
  expect(gateway.decide(requestOf("robot"))).toMatchObject({ allow: true });
  await publisher.revokeUntil(end, ["tokens", "corp", jti]);
  await simulation.pass(0.1);
  expect(gateway.decide(mtls)).toMatchObject({ reason: "revoked" });
  expect(gateway.decide(requestOf("robot"))).toMatchObject({ allow: true });
});

test("F23 a cold start without publisher and state: not ready, and everything denied", async () => {
  const { simulation, open } = await newWorld();
  const fetch = () => Promise.reject(new TypeError("fetch failed"));
  const gateway = await open({ environment: { fetch } });
  await simulation.pass(120);
  expect(gateway.health()).toMatchObject({ ready: false, problems: [{ code: "WRIT9116" }] });
  expect(gateway.health()).not.toHaveProperty("age");
  for (const request of [legacy, partner, workload, requestOf("public")])
    expect(gateway.decide(request)).toEqual({ allow: false, reason: "policy-missing" });
});

test("F26 a head from the future of a right clock: alarmed, and never fresher than now", async () => {
  const { simulation, publisher, silence, open } = await newWorld();
  const gateway = await open();
  await simulation.pass(3);
  publisher.ahead = 300;
  await publisher.head();
  await simulation.pass(0.1);
  silence();
  expect(codesOf(gateway)).toEqual(["WRIT9301"]);
  // A clock that is so far behind does not show how long the answer was on its way, so it may be as old as the question.
  expect([1, 2, 3]).toContain(gateway.health().age);
  expect(gateway.decide(legacy)).toMatchObject({ allow: true });
  // Were it fresh until the wall clock has reached it, it would be for five minutes more.
  await simulation.pass(12);
  expect(gateway.decide(legacy)).toMatchObject({ reason: "revocations-stale" });
});

function codesOf(gateway: { health(): { problems: readonly { code: string }[] } }): readonly string[] {
  return gateway
    .health()
    .problems.map(({ code }) => code)
    .sort();
}
