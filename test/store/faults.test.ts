/** Disks that fail, lie, fill up and are shared: threats D03 to D07. */
import { describe, expect, test } from "vitest";
import { WritError } from "../../src/diagnostics/index.ts";
import { FolderStore, type Head, Ledger } from "../../src/store/index.ts";
import { violationsAt, World, withoutVersions } from "./crashes.ts";
import { type DiskState, ForgetfulDisk, problem } from "./forgetful-disk.ts";
import { allRecords, approve, bytesOf, digestOf, publish, revoke, signer } from "./signer.ts";
import { processCalled } from "./steps.ts";

const everyoneElseIsDead = { self: "p", isDead: () => true };

async function codeOf(action: Promise<unknown>): Promise<string | undefined> {
  try {
    await action;
    return undefined;
  } catch (error) {
    if (error instanceof WritError) return error.reason;
    throw error;
  }
}

/** A disk on which something was published, and its world. */
async function used(): Promise<World> {
  const world = await World.on(new ForgetfulDisk()).start();
  const bytes = bytesOf("policy ".repeat(100));
  await world.commit([publish(digestOf(bytes))], [bytes]);
  await world.commit([revoke("token-1")]);
  await world.commit([approve(digestOf(bytes))]);
  return world;
}

function openOn(disk: ForgetfulDisk): Promise<FolderStore> {
  return FolderStore.open("", { files: disk, processes: everyoneElseIsDead, reserve: 1024 });
}

function withoutLocks(state: DiskState): DiskState {
  return new Map([...state].filter(([name]) => !name.endsWith(".lock")));
}

describe("D03: a failed sync", () => {
  const syncs = async () => {
    const world = await used();
    const before = world.disk.calls.length;
    const bytes = bytesOf("next");
    await world.commit([publish(digestOf(bytes))], [bytes]);
    return world.disk.calls.slice(before).filter(({ operation }) => operation.startsWith("sync")).length;
  };

  test("is the last thing that is tried; after a restart, and a loss of power after that, all is as acknowledged", async () => {
    const count = await syncs();
    expect(count).toBeGreaterThan(8);
    for (let failing = 0; failing < count; failing++) {
      const world = await used();
      const { disk } = world;
      let passed = 0;
      disk.before = ({ operation }) => {
        if (operation.startsWith("sync") && passed++ === failing) throw problem("EIO");
      };
      const bytes = bytesOf("next");
      expect(await codeOf(world.commit([publish(digestOf(bytes))], [bytes]))).toBe("store-failed");
      disk.before = () => {};
      const calls = disk.calls.length;
      expect(await codeOf(world.commit([revoke("token-2")]))).toBe("store-failed");
      expect(await codeOf(world.store.putBlob(bytesOf("other")))).toBe("store-failed");
      expect(disk.calls.length).toBe(calls);
      // The power goes at once.
      const known = { ...world.known, asked: [publish(digestOf(bytes))] };
      for (const state of disk.crashStates()) expect(await violationsAt({ point: "D03", state, known })).toEqual([]);
      // Or the process starts again on what is in memory, goes on, and the power goes then.
      const next = World.on(disk, known);
      await next.start();
      await next.commit([publish(digestOf(bytes))], [bytes]);
      for (const state of disk.crashStates())
        expect(await violationsAt({ point: "D03", state, known: next.known })).toEqual([]);
    }
  });

  test("is told to the process once", async () => {
    const disk = new ForgetfulDisk();
    const failures: WritError[] = [];
    const failed = (failure: WritError) => failures.push(failure);
    const store = await FolderStore.open("", { files: disk, processes: everyoneElseIsDead, reserve: 1024, failed });
    const ledger = await Ledger.open(store, signer(store));
    disk.before = ({ operation }) => {
      if (operation === "sync") throw problem("EIO");
    };
    const outcomes = await Promise.allSettled(["a", "b", "c"].map((jti) => ledger.commit({ records: [revoke(jti)] })));
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(await codeOf(ledger.commit({ records: [revoke("d")] }))).toBe("store-failed");
    expect(failures.map(({ code, parameters }) => [code, parameters])).toEqual([
      ["WRIT8004", { operation: "sync", name: "journal" }],
    ]);
  });

  test("of which the reason is a full disk is one all the same", async () => {
    const world = await used();
    world.disk.before = ({ operation, name }) => {
      if (operation === "sync" && name === "journal") throw problem("ENOSPC");
    };
    expect(await codeOf(world.commit([revoke("a")]))).toBe("store-failed");
    world.disk.before = () => {};
    expect(await codeOf(world.commit([revoke("b")]))).toBe("store-failed");
  });
});

describe("D04: a torn end of the journal", () => {
  test("is dropped at each byte, and the service starts", async () => {
    const world = await used();
    const before = world.disk.state;
    // Power goes with the journal written, and nothing signed.
    let torn: DiskState | undefined;
    world.disk.after = ({ operation, name }) => {
      if (operation === "write" && name === "journal") torn = world.disk.state;
    };
    await world.commit([revoke("token-2")]);
    const whole = torn!.get("journal")!;
    const start = before.get("journal")!.length;
    expect(whole.length).toBeGreaterThan(start + 100);
    const { acknowledged } = world.known;
    for (let end = start; end <= whole.length; end++)
      for (const rest of [0, 700]) {
        const bytes = Buffer.concat([whole.subarray(0, end), Buffer.alloc(end === whole.length ? 0 : rest)]);
        const disk = new ForgetfulDisk(new Map([...before, ["journal", bytes]]));
        const { store } = await World.on(disk).start();
        const expected = end === whole.length ? acknowledged : acknowledged.slice(0, -1);
        expect(withoutVersions(await allRecords(store))).toEqual(expected);
        await store.close();
      }
  });

  test("is damage where a signed head counts what is torn", async () => {
    const world = await used();
    await world.store.close();
    const { state } = world.disk;
    const journal = state.get("journal")!;
    for (let end = 0; end < journal.length; end += 7) {
      const disk = new ForgetfulDisk(new Map([...state, ["journal", journal.slice(0, end)]]));
      expect(await codeOf(openOn(disk))).toBe("store-corrupt");
      expect(disk.state.get("journal")!.length).toBe(end);
    }
  });

  test("is damage where a sound record follows it", async () => {
    const world = await used();
    const { records } = world.store.head;
    const journal = world.disk.state.get("journal")!.length;
    for (const jti of ["a", "b"]) await world.store.append([revoke(jti)]);
    expect(world.store.head.records).toBe(records);
    const bytes = world.disk.state.get("journal")!;
    const disk = new ForgetfulDisk(new Map([...world.disk.state, ["journal", bytes.with(journal + 30, 0)]]));
    expect(await codeOf(openOn(disk))).toBe("store-corrupt");
    expect(disk.state.get("journal")).toEqual(bytes.with(journal + 30, 0));
  });

  test("is damage where more is left over than one write can leave", async () => {
    const world = await used();
    await world.store.close();
    const journal = Buffer.concat([world.disk.state.get("journal")!, Buffer.alloc(5 * 1024 * 1024)]);
    const disk = new ForgetfulDisk(new Map([...world.disk.state, ["journal", journal]]));
    expect(await codeOf(openOn(disk))).toBe("store-corrupt");
  });
});

describe("D05: one bit turned", () => {
  test("at each byte of the journal, the head and the metadata: refuses to start, and leaves everything as it is", async () => {
    const world = await used();
    await world.store.close();
    const { state } = world.disk;
    const named = [...state].filter(([name]) => name === "journal" || name === "head" || name.startsWith("metadata/"));
    expect(named.length).toBeGreaterThan(4);
    let count = 0;
    for (const [name, bytes] of named)
      for (let at = 0; at < bytes.length; at++) {
        const changed = new Map([...state, [name, bytes.with(at, bytes[at]! ^ (1 << (at % 8)))]]);
        const disk = new ForgetfulDisk(changed);
        expect([name, at, await codeOf(openOn(disk))]).toEqual([name, at, "store-corrupt"]);
        expect([...withoutLocks(disk.state)]).toEqual([...withoutLocks(changed)]);
        count++;
      }
    expect(count).toBeGreaterThan(2000);
  });

  test("at each byte of a blob that is in force: refuses to start", async () => {
    const world = await used();
    await world.store.close();
    const { state } = world.disk;
    for (const digest of world.store.head.blobs) {
      const bytes = state.get(`blobs/${digest}`)!;
      for (let at = 0; at < bytes.length; at++) {
        const disk = new ForgetfulDisk(new Map([...state, [`blobs/${digest}`, bytes.with(at, bytes[at]! ^ 1)]]));
        expect(await codeOf(openOn(disk))).toBe("store-corrupt");
      }
    }
  });

  test("in a blob that is kept only: refuses to give it, and deletes nothing", async () => {
    const world = await used();
    const first = world.store.head.blobs[0]!;
    const bytes = bytesOf("another policy");
    await world.commit([publish(digestOf(bytes))], [bytes]);
    await world.store.close();
    const { state } = world.disk;
    const kept = state.get(`blobs/${first}`)!;
    expect(world.store.head.blobs).not.toContain(first);
    for (let at = 0; at < kept.length; at += 11) {
      const disk = new ForgetfulDisk(new Map([...state, [`blobs/${first}`, kept.with(at, kept[at]! ^ 1)]]));
      const store = await openOn(disk);
      expect(await codeOf(store.readBlob(first))).toBe("store-corrupt");
      expect(await store.readBlob(digestOf(bytes))).toEqual(bytes);
      await store.close();
      expect(disk.state.get(`blobs/${first}`)).toEqual(kept.with(at, kept[at]! ^ 1));
    }
  });

  test("files that are gone are damage too", async () => {
    const world = await used();
    await world.store.close();
    const { state } = world.disk;
    for (const name of state.keys()) {
      const disk = new ForgetfulDisk(new Map([...state].filter(([other]) => other !== name)));
      expect([name, await codeOf(openOn(disk))]).toEqual([
        name,
        name.startsWith("reserve") ? undefined : "store-corrupt",
      ]);
    }
  });
});

describe("D06: a full disk", () => {
  test("at each write: a publication is refused as a whole or comes to its end, and the next one succeeds when there is room", async () => {
    const bytes = bytesOf("another policy ".repeat(100));
    for (let room = 0; room < 6000; room += 311) {
      const world = await used();
      const { disk, store } = world;
      const before: Head = store.head;
      disk.room = disk.used + room;
      const code = await codeOf(world.commit([publish(digestOf(bytes))], [bytes]));
      expect([undefined, "store-full"]).toContain(code);
      if (code) expect(store.head).toEqual(before);
      disk.room = Number.POSITIVE_INFINITY;
      await world.beat(1);
      await world.commit([approve("b")]);
      for (const state of disk.crashStates())
        expect(
          await violationsAt({
            point: "D06",
            state,
            known: { ...world.known, acknowledged: withoutVersions(await allRecords(store)) },
          }),
        ).toEqual([]);
    }
  });

  test("revocations get the reserve, then 507; heartbeats go on; all recovers when there is room", async () => {
    const disk = new ForgetfulDisk();
    const store = await FolderStore.open("", { files: disk, processes: everyoneElseIsDead, reserve: 24 * 1024 });
    const ledger = await Ledger.open(store, signer(store));
    disk.room = disk.used;
    expect(await codeOf(ledger.commit({ records: [approve("a")] }))).toBe("store-full");
    let revoked = 0;
    let code: string | undefined;
    while (code === undefined) {
      code = await codeOf(ledger.commit({ records: [revoke(`token-${revoked}`)] }));
      if (code === undefined) revoked++;
    }
    expect(code).toBe("store-full");
    expect(revoked).toBeGreaterThan(20);
    expect(disk.used).toBeLessThanOrEqual(disk.room);
    const { version } = store.head;
    expect(store.size).toBe(store.head.records);
    expect((await ledger.beat()).version).toBe(version + 1);
    expect(await codeOf(ledger.commit({ records: [approve("b")] }))).toBe("store-full");
    disk.room = Number.POSITIVE_INFINITY;
    await ledger.commit({ records: [revoke("last")] });
    await ledger.commit({ records: [approve("c")] });
    expect(disk.state.get("reserve")?.length).toBe(18 * 1024);
    expect(disk.state.get("reserve-ending")?.length).toBe(6 * 1024);
    const said = JSON.parse(store.head.timestamp) as { readonly revoked: readonly string[] };
    expect(said.revoked.slice(0, revoked)).toEqual(Array.from({ length: revoked }, (_, index) => `token-${index}`));
    expect(said.revoked.at(-1)).toBe("last");
  });

  test("is no reason not to start: a publisher that was stopped comes back, and revokes", async () => {
    const disk = new ForgetfulDisk();
    const start = async (jti: string) => {
      const store = await FolderStore.open("", { files: disk, processes: everyoneElseIsDead, reserve: 64 * 1024 });
      const ledger = await Ledger.open(store, signer(store));
      await ledger.commit({ records: [revoke(jti)] });
      const records = withoutVersions(await allRecords(store));
      await store.close();
      return records;
    };
    await start("a");
    disk.room = disk.used;
    await start("b");
    expect(await start("c")).toEqual(["a", "b", "c"].map(revoke));
    expect(disk.used).toBeLessThanOrEqual(disk.room);
  });

  test("from the beginning: opens what is there, and refuses to make a store without room", async () => {
    const world = await used();
    await world.store.close();
    const state = new Map([...world.disk.state].filter(([name]) => !name.startsWith("reserve")));
    const full = new ForgetfulDisk(state);
    full.room = full.used + 900;
    const store = await openOn(full);
    expect(await codeOf(store.putBlob(bytesOf("x")))).toBe("store-full");
    expect(store.head.version).toBe(world.store.head.version);
    const none = new ForgetfulDisk();
    none.room = 10;
    expect(await codeOf(openOn(none))).toBe("store-full");
    none.room = Number.POSITIVE_INFINITY;
    expect(await codeOf(openOn(none))).toBeUndefined();
  });
});

describe("D07: two on one store", () => {
  test("the second is refused, and the first goes on", async () => {
    const disk = new ForgetfulDisk();
    const open = (self: string, dead: readonly string[] = []) =>
      FolderStore.open("", { files: disk, processes: processCalled(self, new Set(dead)), reserve: 1024 });
    const first = await open("a");
    const ledger = await Ledger.open(first, signer(first));
    const before = disk.state;
    expect(await codeOf(open("b"))).toBe("store-locked");
    expect(await codeOf(open("a"))).toBe("store-locked");
    expect([...disk.state]).toEqual([...before]);
    await ledger.commit({ records: [revoke("t")] });
    const second = await open("b", ["a"]);
    expect(withoutVersions(await allRecords(second))).toEqual([revoke("t")]);
    expect([...disk.state.keys()].filter((name) => name.endsWith(".lock"))).toEqual(["writer.b.lock"]);
    await second.close();
    expect([...disk.state.keys()].filter((name) => name.endsWith(".lock"))).toEqual([]);
  });

  test("of many who find a dead one's lock at the same moment, at most one gets in", async () => {
    for (let count = 2; count <= 6; count++) {
      const disk = new ForgetfulDisk(new Map([["writer.dead.lock", new Uint8Array()]]));
      const outcomes = await Promise.allSettled(
        Array.from({ length: count }, (_, index) =>
          FolderStore.open("", {
            files: disk,
            processes: processCalled(`p${index}`, new Set(["dead"])),
            reserve: 1024,
          }),
        ),
      );
      expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBeLessThanOrEqual(1);
      const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason.reason] : []));
      expect(new Set(refused)).toEqual(new Set(["store-locked"]));
    }
  });
});
