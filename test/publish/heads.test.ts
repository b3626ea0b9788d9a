/** Heads over time: clocks that go back, stores that were put back, keys that change, other lives; and who polls meanwhile. */
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { joinLines, readCheckpoint, verifyLog } from "../../src/audit/index.ts";
import { WritError } from "../../src/diagnostics/index.ts";
import { readRevocations } from "../../src/protocol/index.ts";
import { memoryStore } from "../../src/store/index.ts";
import { delegatedRole } from "../../src/trust/index.ts";
import { alice, bob, Clock, gateway, nothingHeld, operator, revoker, World, type WorldOptions } from "./harness.ts";

async function open(options?: WorldOptions): Promise<World> {
  const world = await World.open(options);
  onTestFinished(() => world.close());
  return world;
}

const never = () => new AbortController().signal;
const atOf = ({ store }: World): number => JSON.parse(store.head.timestamp).signed["x-writ"].at as number;

/** What a gateway that trusts the root alone finds revoked. */
async function revokedFor(world: World): Promise<readonly string[]> {
  const client = await world.client();
  await client.refresh();
  const role = await delegatedRole(client, "revocations");
  const found: string[] = [];
  for (const target of role.signed.targets.values()) {
    const bytes = await world.publisher.blob(gateway(), target.hashes.get("sha256")!);
    found.push(...readRevocations(bytes!).map(({ path }) => path.join(" ")));
  }
  return found.toSorted();
}

describe("time", () => {
  test("heartbeats follow the smallest delay of the policy in force", async () => {
    const world = await open({ released: false, gateways: [] });
    expect(world.publisher.heartbeat).toBe(15_000);
    await world.release({ sequence: 1, revocationDelay: 40 });
    await expect.poll(() => world.publisher.heartbeat).toBe(8000);
    await world.release({ sequence: 2, revocationDelay: 2 });
    await expect.poll(() => world.publisher.heartbeat).toBe(1000);
    const { version } = world.store.head;
    const at = atOf(world);
    await expect.poll(() => world.store.head.version, { timeout: 4000 }).toBeGreaterThan(version + 1);
    expect(atOf(world)).toBeGreaterThan(at);
    expect(world.store.head.records).toBe(world.store.size);
  });

  test("F24 a clock set back by an hour: versions go up, no time goes back, heartbeats wait, an alarm shows", async () => {
    const clock = new Clock();
    const world = await open({ clock, revocationDelay: 5 });
    await expect.poll(() => world.publisher.heartbeat).toBe(1000);
    const [at, { version }] = [atOf(world), world.store.head];
    clock.leap(-3600);
    await world.restart();
    expect(world.store.head.version).toBeGreaterThan(version);
    expect(atOf(world)).toBe(at);
    await expect.poll(() => world.publisher.view().alarms, { timeout: 4000 }).toMatchObject([{ code: "WRIT8304" }]);
    const waiting = world.store.head.version;
    // A revocation waits for no clock.
    await world.revoke({ path: ["owners", "acme"] });
    expect(world.store.head.version).toBe(waiting + 1);
    expect(atOf(world)).toBe(at);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(world.store.head.version).toBe(waiting + 1);
    clock.leap(3600);
    await expect.poll(() => world.store.head.version, { timeout: 4000 }).toBeGreaterThan(waiting + 1);
    expect(world.publisher.view().alarms).toEqual([]);
  });

  test("F24 a heartbeat of the last minute is on the disk, whatever was changed since", async () => {
    const clock = new Clock();
    const world = await open({ clock, revocationDelay: 5 });
    await expect.poll(() => world.publisher.heartbeat).toBe(1000);
    const { version } = world.store.head;
    const moved = vi.spyOn(world.store, "moveHead");
    clock.leap(90);
    await expect.poll(() => world.store.head.version, { timeout: 4000 }).toBeGreaterThan(version + 1);
    expect(moved).toHaveBeenCalledTimes(1);
    expect(moved.mock.calls[0]![0].files.size).toBeGreaterThan(4);
  });
});

describe("another life", () => {
  test("a store that is opened again gives the same view under higher versions", async () => {
    const world = await open();
    await world.revoke({ path: ["tokens", "corp", "jti-1"], value: world.clock.now() + 3600 });
    await world.revoke({ path: ["identities", "crawler"] }, { path: ["keys", "k1"] });
    await world.publisher.halt(world.call(operator), "something is wrong");
    const facts = () => {
      const { inForce, candidates, halted, revoked, changes, head } = world.publisher.view();
      const said = changes.map(({ took: _took, reach: _reach, ...change }) => change);
      return structuredClone({ inForce, candidates, halted, revoked, said, floor: head.floor });
    };
    const [before, { version, files }] = [facts(), world.store.head];
    await world.restart();
    expect(facts()).toEqual(before);
    expect(world.store.head.version).toBeGreaterThan(version);
    expect([...world.store.head.files.keys()]).toEqual(expect.arrayContaining([...files.keys()]));
    expect(await revokedFor(world)).toEqual(["identities crawler", "keys k1", "tokens corp jti-1"]);
  });

  test("a record that no head counts yet comes into force with the next life", async () => {
    const world = await open();
    const failing = vi.spyOn(world.store, "moveHead").mockRejectedValueOnce(WritError.of("WRIT8003", {}));
    const call = world.call(revoker());
    const revoke = () => world.publisher.revoke(call, [{ path: ["owners", "acme"], value: 7 }], "because");
    await expect(revoke()).rejects.toMatchObject({ reason: "store-full" });
    failing.mockRestore();
    await world.restart();
    expect(await revokedFor(world)).toEqual(["owners acme"]);
    // The same call again is known: it was done.
    const { sequence } = await revoke();
    expect(world.publisher.revocations()).toMatchObject([{ sequence }]);
  });

  test("D11 a store put back from a backup gives no version that a gateway has seen", async () => {
    const store = memoryStore();
    const world = await open({ store });
    const ahead = store.head.version + 5000;
    const polled = world.publisher.poll(gateway(), { ...nothingHeld, timestamp: ahead }, 3000, never());
    expect((await polled)!.version).toBeGreaterThan(ahead);
    expect(world.publisher.view().alarms).toMatchObject([{ code: "WRIT8307" }]);
    await world.revoke({ path: ["owners", "acme"] });
    expect(store.head.version).toBeGreaterThan(ahead + 1);
  });

  test("D11 who claims a version beyond all reason moves nothing, and who climbs gets one leap a second", async () => {
    const world = await open();
    const { version } = world.store.head;
    await world.publisher.poll(gateway(), { ...nothingHeld, timestamp: 2 ** 53 - 2 }, 0, never());
    expect(world.store.head.version).toBeLessThan(version + 10);
    for (let step = 0; step < 5; step++) {
      const timestamp = world.store.head.version + 9_000_000;
      await world.publisher.poll(gateway(), { ...nothingHeld, timestamp }, 0, never());
      await world.revoke({ path: ["owners", `acme-${step}`] });
    }
    expect(world.store.head.version).toBeLessThan(version + 10_000_000);
  });
});

describe("two heads of one version", () => {
  const report = (version: number, digest: string) => ({
    ring: "stable" as const,
    head: { version, at: 1_800_000_000, digest },
    problems: [],
    decisions: { allowed: 0, denied: 0, dropped: 0 },
  });

  test("D13 a gateway that holds another head than was signed raises an alarm; one that holds ours does not", async () => {
    const world = await open();
    const { version, timestamp } = world.store.head;
    const digest = Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(timestamp))).toString("hex");
    world.publisher.report(gateway(), report(version, digest));
    expect(world.publisher.view().alarms).toEqual([]);
    world.publisher.report(gateway("edge-2"), report(version, "e".repeat(64)));
    expect(world.publisher.view().alarms).toMatchObject([
      { code: "WRIT8303", message: expect.stringContaining("edge-2") },
    ]);
  });

  test("D13 of a head from before a restart, two gateways are held to each other", async () => {
    const world = await open();
    const { version } = world.store.head;
    await world.restart();
    world.publisher.report(gateway("edge-1"), report(version, "a".repeat(64)));
    world.publisher.report(gateway("edge-2"), report(version, "a".repeat(64)));
    expect(world.publisher.view().alarms).toEqual([]);
    world.publisher.report(gateway("edge-3"), report(version, "b".repeat(64)));
    expect(world.publisher.view().alarms).toMatchObject([{ code: "WRIT8303" }]);
  });
});

describe("what was revoked", () => {
  test("F18 a restoration, however many agree, leaves a revoked token where it is", async () => {
    const world = await open();
    await world.revoke(
      { path: ["tokens", "corp", "jti-1"], value: world.clock.now() + 3600 },
      { path: ["owners", "acme"] },
    );
    const token = ["tokens", "corp", "jti-1"] as const;
    await expect(world.publisher.restore(world.call(operator), [token], "it was a mistake")).rejects.toThrow();
    const { digest } = await world.publisher.restore(world.call(operator), [["owners", "acme"]], "it was a mistake");
    for (const by of [alice, bob]) await world.publisher.approve(world.call(by), digest, "d".repeat(64));
    expect(await revokedFor(world)).toEqual(["tokens corp jti-1"]);
  });

  test("F18 a token revoked again with an earlier end keeps the later one; after its end it leaves", async () => {
    const clock = new Clock();
    const world = await open({ clock, released: false });
    const path = ["tokens", "corp", "jti-1"] as const;
    await world.revoke({ path, value: clock.now() + 3600 });
    await world.revoke({ path, value: clock.now() + 1 });
    clock.leap(3000);
    await world.revoke({ path: ["owners", "acme"] });
    expect(await revokedFor(world)).toEqual(["owners acme", "tokens corp jti-1"]);
    clock.leap(700);
    await world.restart();
    await world.revoke({ path: ["owners", "other"] });
    expect(await revokedFor(world)).toEqual(["owners acme", "owners other"]);
  });
});

describe("keys", () => {
  test.each(["timestamp", "snapshot", "revocations", "targets", "root"] as const)(
    "R05 a new key of %s, then the old one away: a gateway follows each step",
    async (role) => {
      const world = await open({ gateways: [] });
      await world.revoke({ path: ["owners", "acme"] });
      const client = await world.client();
      await client.refresh();
      for (const change of ["add", "drop"] as const) {
        await world.trust[change](role);
        const polled = world.poll(world.held(client.current));
        await world.publisher.rotate(world.call(operator));
        expect([...(await polled).keys()].some((name) => name.endsWith(".root.json"))).toBe(role !== "revocations");
        await world.revoke({ path: ["owners", `after-${change}`] });
        await client.refresh();
        await delegatedRole(client, "revocations");
        expect(await revokedFor(world)).toContain(`owners after-${change}`);
      }
      await world.release({ sequence: 2 });
      await client.refresh();
      await world.restart();
      await client.refresh();
      expect(await revokedFor(world)).toHaveLength(3);
    },
  );

  test("T06 a root that the old keys did not sign is not taken, and the old keys go on", async () => {
    const world = await open();
    const other = await open();
    await other.trust.add("root");
    await other.trust.add("timestamp");
    world.trust.roots.push(other.trust.roots.at(-1)!);
    await expect(world.publisher.rotate(world.call(operator))).rejects.toBeInstanceOf(WritError);
    await world.revoke({ path: ["owners", "acme"] });
    expect(await revokedFor(world)).toEqual(["owners acme"]);
  });

  test("T19 a folder without the key of a role is not taken: the keys of before go on, and so do revocations", async () => {
    const world = await open();
    const { timestamp } = world.trust.signers;
    world.trust.signers.timestamp = [];
    await expect(world.publisher.rotate(world.call(operator))).rejects.toBeInstanceOf(WritError);
    await world.revoke({ path: ["owners", "acme"] });
    expect(await revokedFor(world)).toEqual(["owners acme"]);
    world.trust.signers.timestamp = timestamp;
    await world.publisher.rotate(world.call(operator));
  });
});

describe("the disk", () => {
  test("D03 once nothing is known of it any more, the process is told to end", async () => {
    const world = await open();
    const ended = vi.fn();
    world.publisher.failed.catch(ended);
    vi.spyOn(world.store, "append").mockRejectedValue(WritError.of("WRIT8004", { operation: "sync", name: "journal" }));
    await expect(world.revoke({ path: ["owners", "acme"] })).rejects.toMatchObject({ reason: "store-failed" });
    expect(ended).toHaveBeenCalledTimes(1);
    expect(await revokedFor(world)).toEqual([]);
  });

  test("D06 a full one is an alarm until something has been written again", async () => {
    const world = await open();
    const full = vi.spyOn(world.store, "append").mockRejectedValue(WritError.of("WRIT8003", {}));
    await expect(world.revoke({ path: ["owners", "acme"] })).rejects.toMatchObject({ reason: "store-full" });
    expect(world.publisher.view().alarms).toMatchObject([{ code: "WRIT8003" }]);
    full.mockRestore();
    await world.revoke({ path: ["owners", "acme"] });
    expect(world.publisher.view().alarms).toEqual([]);
    expect(await revokedFor(world)).toEqual(["owners acme"]);
  });

  test("T19 a key that signs nothing leaves the head as it was; what was asked for comes into force with the next one", async () => {
    const world = await open({ revocationDelay: 5 });
    await expect.poll(() => world.publisher.heartbeat).toBe(1000);
    const [signer] = world.trust.signers.timestamp;
    const { timestamp } = world.store.head;
    const broken = vi.spyOn(signer!, "sign").mockResolvedValue(new Uint8Array());
    onTestFinished(() => broken.mockRestore());
    await expect(world.revoke({ path: ["owners", "acme"] })).rejects.toMatchObject({ reason: "signer-invalid" });
    expect(world.store.head.timestamp).toBe(timestamp);
    await expect.poll(() => world.publisher.view().alarms, { timeout: 4000 }).toMatchObject([{ code: "WRIT9120" }]);
    broken.mockRestore();
    await expect.poll(() => world.publisher.view().alarms, { timeout: 4000 }).toEqual([]);
    expect(await revokedFor(world)).toEqual(["owners acme"]);
  });
});

describe("what grows old", () => {
  test("targets are signed anew once a week, and everything that is signed online when half of its time is over", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    const clock = new Clock();
    const world = await open({ clock });
    const client = await world.client();
    const before = (await client.refresh()).set;
    clock.leap(6 * 86_400);
    await vi.advanceTimersByTimeAsync(10_000);
    await world.revoke({ path: ["owners", "acme"] });
    const { targets } = (await client.refresh()).set;
    expect(targets.signed.version).toBe(before.targets.signed.version);
    clock.leap(2 * 86_400);
    await vi.advanceTimersByTimeAsync(10_000);
    await expect.poll(async () => (await client.refresh()).set.targets.signed.version).toBe(targets.signed.version + 1);
    const after = client.current!.targets.signed;
    expect(after.expires).toBeGreaterThan(targets.signed.expires + 7 * 86_400);
    expect(after.targets).toEqual(targets.signed.targets);
    expect(client.current!.snapshot.signed.expires).toBeGreaterThan(clock.now() + 43_200);
  });

  test("a token that has ended leaves the estate by itself", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    onTestFinished(() => void vi.useRealTimers());
    const clock = new Clock();
    const world = await open({ clock, released: false });
    await world.revoke({ path: ["tokens", "corp", "jti-1"], value: clock.now() + 100 });
    clock.leap(150);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(world.publisher.view().revoked).toBe(1);
    clock.leap(20);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(world.publisher.view().revoked).toBe(0);
  });
});

describe("who waits", () => {
  test("a poll that holds everything is answered when something comes, and with nothing when its time is over", async () => {
    const world = await open();
    const client = await world.client();
    const { set } = await client.refresh();
    const began = performance.now();
    expect(await world.publisher.poll(gateway(), world.held(set), 300, never())).toBeUndefined();
    expect(performance.now() - began).toBeGreaterThan(250);
    const gone = new AbortController();
    const given = world.publisher.poll(gateway(), world.held(set), 60_000, gone.signal);
    gone.abort();
    expect(await given).toBeUndefined();
    const waiting = world.publisher.poll(gateway(), world.held(set), 60_000, never());
    await world.publisher.close();
    expect(await waiting).toBeUndefined();
  });

  test("5,000 polls are answered by one head, in batches and with the same bytes", async () => {
    const world = await open();
    const { set } = await (await world.client()).refresh();
    const held = world.held(set);
    const polls = Array.from({ length: 5000 }, (_, index) =>
      world.publisher.poll(gateway(`edge-${index}`), held, 30_000, never()),
    );
    await world.revoke({ path: ["owners", "acme"] });
    const answers = await Promise.all(polls);
    expect(new Set(answers.map((answer) => answer!.bytes)).size).toBe(1);
  });

  test("a piece of the list that is held is not sent again; a list beyond 64 KiB is left to be fetched", async () => {
    const world = await open({ released: false });
    const clock = world.clock.now();
    for (let round = 0; round < 3; round++)
      await world.revoke(
        ...Array.from({ length: 500 }, (_, index) => ({
          path: ["tokens", "corp", `${round}-${index}-${"x".repeat(60)}`] as const,
          value: clock + 3600,
        })),
      );
    const fresh = await world.poll(nothingHeld);
    const bytes = [...fresh].reduce((sum, [name, file]) => sum + (name.startsWith("blobs/") ? file.length : 0), 0);
    expect(bytes).toBeLessThanOrEqual(64 * 1024);
    const { set } = await (await world.client()).refresh();
    const polled = world.poll(world.held(set));
    await world.revoke({ path: ["owners", "acme"] });
    const files = await polled;
    expect([...files.keys()].filter((name) => name.startsWith("blobs/"))).toHaveLength(1);
  });

  test("files of the head before stay for whoever is in the middle of it", async () => {
    const world = await open();
    const before = [...world.store.head.files.keys()];
    const digests = world.store.head.blobs;
    for (let round = 0; round < 5; round++) await world.revoke({ path: ["owners", `acme-${round}`] });
    for (const name of before) expect(await world.publisher.metadata(name), name).toBeDefined();
    for (const digest of digests) expect(await world.publisher.blob(gateway(), digest)).toBeDefined();
    for (let round = 0; round < 30; round++) await world.revoke({ path: ["owners", `later-${round}`] });
    expect(world.store.head.files.size).toBeLessThan(45);
    for (const name of ["../head", "1.other.json", "timestamp.json/", "", "0.root.json", "99.root.json"])
      expect(await world.publisher.metadata(name)).toBeUndefined();
  });

  test("R03 a gateway reads the policy of its ring, and no other", async () => {
    const world = await open({ gateways: [] });
    const digest = await world.candidate({ sequence: 2 });
    const [stable, canary] = [gateway("edge-1"), gateway("canary-1", "canary")];
    expect(await world.publisher.blob(canary, digest)).toBeUndefined();
    expect(await world.publisher.blob(alice, digest)).toBeDefined();
    expect(await world.publisher.blob(revoker(), digest)).toBeUndefined();
    await world.publisher.release(world.call(operator), digest, "canary");
    expect(await world.publisher.blob(canary, digest)).toBeDefined();
    expect(await world.publisher.blob(stable, digest)).toBeUndefined();
    await expect(world.publisher.poll(operator, nothingHeld, 0, never())).rejects.toMatchObject({
      reason: "api-forbidden",
    });
  });
});

describe("reach", () => {
  test("counts live gateways, names those that have not confirmed, and those that are silent", async () => {
    const clock = new Clock();
    const gateways = ["edge-1", "edge-2", "edge-3"].map((name) => ({ name, ring: "stable" as const }));
    const world = await open({ clock, gateways, revocationDelay: 60 });
    const poll = (name: string, enforced: number) =>
      world.publisher.poll(gateway(name), { ...nothingHeld, enforced, policy: 1 }, 0, never());
    await poll("edge-1", 0);
    await poll("edge-2", 0);
    const { sequence } = await world.revoke({ path: ["owners", "acme"] });
    const reached = world.publisher.reached(sequence, 5000, never());
    await poll("edge-1", sequence);
    expect(world.publisher.reach(sequence)).toEqual({
      sequence,
      live: 2,
      enforced: 1,
      missing: ["edge-2"],
      silent: ["edge-3"],
      complete: false,
    });
    expect(world.publisher.view().changes[0]!.reach).toEqual({ live: 2, enforced: 1 });
    await poll("edge-2", sequence);
    expect(await reached).toMatchObject({ complete: true, enforced: 2 });
    await expect.poll(() => world.publisher.view().changes[0]?.took).toEqual(expect.any(Number));
    // Nobody enforces what does not exist yet.
    await poll("edge-1", sequence + 1000);
    expect(world.publisher.reach(sequence + 1)).toMatchObject({ enforced: 0 });
    clock.leap(61);
    expect(world.publisher.reach(sequence)).toMatchObject({ live: 0, silent: ["edge-1", "edge-2", "edge-3"] });
  });

  test("of a release is that of its ring, by the policy that gateways decide by", async () => {
    const world = await open({ gateways: [] });
    const digest = await world.candidate({ sequence: 2 });
    const { sequence } = await world.publisher.release(world.call(operator), digest, "canary");
    const poll = (name: string, ring: "stable" | "canary", policy: number) =>
      world.publisher.poll(gateway(name, ring), { ...nothingHeld, enforced: sequence, policy }, 0, never());
    await poll("edge-1", "stable", 1);
    await poll("canary-1", "canary", 1);
    expect(world.publisher.reach(sequence)).toMatchObject({ live: 1, missing: ["canary-1"] });
    expect(world.publisher.view().changes[0]!.reach).toEqual({ live: 1, enforced: 0 });
    await poll("canary-1", "canary", 2);
    expect(world.publisher.reach(sequence)).toMatchObject({ live: 1, enforced: 1, complete: true });
  });
});

test("the audit log is held to the checkpoint that the timestamp key signs", async () => {
  const world = await open();
  await world.revoke({ path: ["owners", "acme"] });
  const note = await world.publisher.checkpoint();
  const [signer] = world.trust.signers.timestamp;
  const key = { name: world.options.origin, publicKey: Buffer.from(signer!.key.public, "hex") };
  const checkpoint = await readCheckpoint(note, key);
  expect(checkpoint).toMatchObject({ size: world.store.head.records, root: world.store.head.root });
  const lines = await world.publisher.auditLines(0, 1000);
  expect(verifyLog(joinLines(lines), [checkpoint])).toHaveLength(checkpoint.size);
  expect(await world.publisher.auditLines(2, 3)).toEqual(lines.slice(2, 5));
  expect(await world.publisher.auditLines(10_000, 5)).toEqual([]);
});

test("whoever watches is told of changes, not of each, until it does not want to be", async () => {
  const world = await open();
  const told = vi.fn();
  const unwatch = world.publisher.watch(told);
  for (let round = 0; round < 20; round++) await world.revoke({ path: ["owners", `acme-${round}`] });
  await expect.poll(() => told.mock.calls.length).toBeGreaterThan(0);
  expect(told.mock.calls.length).toBeLessThan(20);
  unwatch();
  await new Promise((resolve) => setTimeout(resolve, 60));
  told.mockClear();
  await world.revoke({ path: ["owners", "last"] });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(told).not.toHaveBeenCalled();
});
