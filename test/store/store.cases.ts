/** The whole contract of a `Store`, for any that claims to be one. */
import { expect, test } from "vitest";
import { extendsLog, joinLines, proveConsistency, rootOf, verifyLog } from "../../src/audit/index.ts";
import { firstHead, type Head, Ledger, type Store, type StoreRecord } from "../../src/store/index.ts";
import { approve, bytesOf, digestOf, leavesOf, publish, revoke, signer } from "./signer.ts";

/** @param make an empty store; each call makes another one */
export function storeCases(make: () => Promise<Store>): void {
  const ledgerOn = async (store: Store) => Ledger.open(store, signer(store));
  const headOver = (store: Store, changes: Partial<Head> = {}): Head => ({
    ...store.head,
    version: store.head.version + 1,
    records: store.size,
    root: store.root,
    ...changes,
  });
  const reserve: StoreRecord = { kind: "versions", blobs: [], body: { until: 1000 } };

  test("begins with nothing", async () => {
    const store = await make();
    expect(store.head).toEqual(firstHead);
    expect([store.size, store.reserved]).toEqual([0, 0]);
    expect(await store.readRecords(0, 10)).toEqual([]);
    expect(await store.readBlob("0".repeat(64))).toBeUndefined();
    expect(await store.readFile("1.snapshot.json")).toBeUndefined();
    await store.close();
  });

  test("keeps a blob under its digest, once", async () => {
    const store = await make();
    const bytes = bytesOf("a bundle");
    const digest = await store.putBlob(bytes);
    expect(digest).toBe(digestOf(bytes));
    expect(await store.putBlob(bytes)).toBe(digest);
    expect(await store.readBlob(digest)).toEqual(bytes);
    const [one, other] = await Promise.all([store.putBlob(bytesOf("x")), store.putBlob(bytesOf("x"))]);
    expect(one).toBe(other);
    await store.close();
  });

  test.each(["", "..", "../head", "a".repeat(63), "A".repeat(64), `${"a".repeat(64)}/`, "__proto__", "\0"])(
    "P14: has no blob and no file called %j",
    async (name) => {
      const store = await make();
      await ledgerOn(store);
      expect(await store.readBlob(name)).toBeUndefined();
      expect(await store.readFile(name)).toBeUndefined();
      await store.close();
    },
  );

  test("gives records back in their order, from any on", async () => {
    const store = await make();
    const records = Array.from({ length: 9 }, (_, index) => revoke(`t${index}`));
    expect(await store.append(records.slice(0, 1))).toBe(1);
    expect(await store.append(records.slice(1, 6))).toBe(6);
    expect(await store.append(records.slice(6))).toBe(9);
    for (let since = 0; since <= 10; since++)
      for (const limit of [0, 1, 3, 100])
        expect(await store.readRecords(since, limit)).toEqual(records.slice(since, since + limit));
    await store.close();
  });

  test("says the root of the hash tree over its records", async () => {
    const store = await make();
    const records = [revoke("a"), approve("b"), revoke("c")];
    await store.append(records);
    const leaves = leavesOf(records);
    expect(store.root).toBe(Buffer.from(rootOf(leaves)).toString("hex"));
    await store.close();
  });

  test("gives its records as the lines of an audit log, which the head vouches for", async () => {
    const store = await make();
    const ledger = await ledgerOn(store);
    for (const jti of ["a", "b", "c"]) await ledger.commit({ records: [revoke(jti), approve(jti)] });
    const { records: size, root } = store.head;
    const lines = await store.readLines(0, 100);
    expect(verifyLog(joinLines(lines), [{ size, root }])).toEqual(await store.readRecords(0, 100));
    expect(await store.readLines(2, 3)).toEqual(lines.slice(2, 5));
    await store.close();
  });

  test("refuses a record of which a blob is not there, and changes nothing", async () => {
    const store = await make();
    await expect(store.append([revoke("a"), publish("0".repeat(64))])).rejects.toThrow("a blob that is not there");
    expect(store.size).toBe(0);
    expect(await store.append([revoke("b")])).toBe(1);
    expect(await store.readRecords(0, 10)).toEqual([revoke("b")]);
    await store.close();
  });

  test("moves the head, and with it all that it names", async () => {
    const store = await make();
    await store.append([reserve]);
    const seven = bytesOf("seven");
    const blob = await store.putBlob(bytesOf("list"));
    const head = headOver(store, {
      timestamp: "t",
      floor: 3,
      blobs: [blob],
      files: new Map([["7.snapshot.json", digestOf(seven)]]),
    });
    const seen: Head[] = [];
    const stop = store.watch((next) => seen.push(next));
    await store.moveHead(head, new Map([["7.snapshot.json", seven]]));
    expect(store.head).toEqual(head);
    expect(await store.readFile("7.snapshot.json")).toEqual(seven);
    const eight = bytesOf("eight");
    const next = headOver(store, { files: new Map([["8.snapshot.json", digestOf(eight)]]), blobs: [] });
    await store.moveHead(next, new Map([["8.snapshot.json", eight]]));
    expect(await store.readFile("7.snapshot.json")).toBeUndefined();
    expect(await store.readFile("8.snapshot.json")).toEqual(eight);
    expect(await store.readBlob(blob)).toBeUndefined();
    stop();
    store.beat(store.head.version + 1, "later");
    expect(seen).toEqual([head, next]);
    await store.close();
  });

  test("keeps a blob that a record counts on, though no head names it any more", async () => {
    const store = await make();
    const blob = await store.putBlob(bytesOf("policy"));
    await store.append([reserve, publish(blob)]);
    await store.moveHead(headOver(store, { blobs: [blob] }), new Map());
    await store.moveHead(headOver(store, { blobs: [] }), new Map());
    expect(await store.readBlob(blob)).toEqual(bytesOf("policy"));
    await store.close();
  });

  test("I2, I3: refuses a head that goes back or names what is not there, and changes nothing", async () => {
    const store = await make();
    await store.append([reserve]);
    const file = bytesOf("file");
    const files = new Map([["7.snapshot.json", digestOf(file)]]);
    const good = headOver(store, { version: 5, floor: 3, files });
    await store.moveHead(good, new Map([["7.snapshot.json", file]]));
    const other = bytesOf("other");
    const bad: readonly (readonly [Partial<Head>, ReadonlyMap<string, Uint8Array>?])[] = [
      [{ version: 5 }],
      [{ version: 1001 }],
      [{ floor: 2 }],
      [{ records: 0, root: firstHead.root }],
      [{ root: firstHead.root }],
      [{ blobs: ["0".repeat(64)] }],
      [{ files: new Map([["8.snapshot.json", digestOf(file)]]) }],
      [{ files: new Map([["../head", digestOf(file)]]) }, new Map([["../head", file]])],
      [{ files: new Map([["7.snapshot.json", digestOf(other)]]) }, new Map([["7.snapshot.json", other]])],
      [{ files: new Map([["8.snapshot.json", digestOf(file)]]) }, new Map([["8.snapshot.json", other]])],
      [{}, new Map([["9.snapshot.json", file]])],
    ];
    for (const [changes, newFiles] of bad)
      await expect(store.moveHead(headOver(store, changes), newFiles ?? new Map())).rejects.toThrow("this is a bug");
    expect(() => store.beat(5, "t")).toThrow("a version is given twice");
    expect(() => store.beat(1001, "t")).toThrow("a version is given that is not reserved");
    expect(store.head).toEqual(good);
    expect(await store.readFile("7.snapshot.json")).toEqual(file);
    await store.moveHead(headOver(store), new Map());
    await store.close();
  });

  test("a heartbeat changes the timestamp alone", async () => {
    const store = await make();
    const ledger = await ledgerOn(store);
    const before = store.head;
    const after = await ledger.beat();
    expect(after).toEqual({ ...before, version: before.version + 1, timestamp: after.timestamp });
    expect(after.timestamp).not.toBe(before.timestamp);
    await store.close();
  });

  test("read your write: what was acknowledged is in force for whoever reads next, and watchers knew before", async () => {
    const store = await make();
    const ledger = await ledgerOn(store);
    const told: number[] = [];
    store.watch((head) => told.push(head.records));
    const head = await ledger.commit({ records: [revoke("a")] });
    expect(store.head).toEqual(head);
    expect(told.at(-1)).toBe(head.records);
    expect(await store.readRecords(head.records - 1, 1)).toEqual([revoke("a")]);
    expect(head.timestamp).toContain('"revoked":["a"]');
    await store.close();
  });

  test("no reader sees a head go back, nor half of one, while many write", async () => {
    const store = await make();
    const ledger = await ledgerOn(store);
    const heads: Head[] = [store.head];
    store.watch((head) => heads.push(head));
    let writing = true;
    const reading = (async () => {
      while (writing) {
        const { files, blobs } = store.head;
        for (const [name, digest] of files)
          expect(digestOf((await store.readFile(name)) ?? bytesOf("")) === digest || !store.head.files.has(name)).toBe(
            true,
          );
        for (const digest of blobs) await store.readBlob(digest);
        await new Promise(setImmediate);
      }
    })();
    const names = Array.from({ length: 40 }, (_, index) => `t${index}`);
    await Promise.all(
      names.map((name, index) =>
        index % 5 === 0
          ? ledger.commit({ records: [publish(digestOf(bytesOf(name)))], blobs: [bytesOf(name)] })
          : index % 7 === 0
            ? ledger.beat()
            : ledger.commit({ records: [revoke(name)] }),
      ),
    );
    writing = false;
    await reading;
    for (const [index, head] of heads.slice(1).entries()) {
      const before = heads[index]!;
      expect(head.version).toBeGreaterThan(before.version);
      expect(head.records).toBeGreaterThanOrEqual(before.records);
      expect(head.floor).toBeGreaterThanOrEqual(before.floor);
    }
    // I5: each root says that the log only grew.
    const records = await store.readRecords(0, 1000);
    const leaves = leavesOf(records);
    const final = Buffer.from(store.root, "hex");
    for (const { records: size, root } of heads)
      expect(extendsLog(size, Buffer.from(root, "hex"), leaves.length, final, proveConsistency(leaves, size))).toBe(
        true,
      );
    await store.close();
  });

  test("what refuses a change at its turn lets exactly one of two through", async () => {
    const store = await make();
    const ledger = await ledgerOn(store);
    const { records } = store.head;
    const check = (head: Head) => {
      if (head.records !== records) throw new TypeError("the head has moved");
    };
    const outcomes = await Promise.allSettled([
      ledger.commit({ records: [approve("a")], check }),
      ledger.commit({ records: [approve("b")], check }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(store.size).toBe(records + 1);
    await store.close();
  });

  test("revocations go before what came earlier, and together", async () => {
    const store = await make();
    const ledger = await ledgerOn(store);
    const order: string[] = [];
    let heads = 0;
    store.watch(() => heads++);
    const slow = Array.from({ length: 3 }, (_, index) =>
      ledger.commit({ records: [approve(`p${index}`)] }).then(() => order.push(`p${index}`)),
    );
    const fast = Array.from({ length: 50 }, (_, index) =>
      ledger.commit({ records: [revoke(`t${index}`)] }).then(() => order.push("t")),
    );
    await Promise.all([...slow, ...fast]);
    expect(order.slice(0, 50)).toEqual(Array(50).fill("t"));
    expect(order.slice(50)).toEqual(["p0", "p1", "p2"]);
    expect(heads).toBe(4);
    await store.close();
  });

  test("a signer that fails refuses the change; what is in the journal comes into force with the next head", async () => {
    const store = await make();
    let works = true;
    const sign = signer(store);
    const ledger = await Ledger.open(store, (draft) =>
      works ? sign(draft) : Promise.reject(new TypeError("no signature")),
    );
    const before = store.head;
    works = false;
    await expect(ledger.commit({ records: [revoke("a")] })).rejects.toThrow("no signature");
    expect(store.head).toEqual(before);
    works = true;
    const after = await ledger.beat();
    expect(after.timestamp).toContain('"revoked":["a"]');
    expect(after.version).toBeGreaterThan(before.version + 1);
    await store.close();
  });

  test("D11: goes on above a version that was seen outside, and reserves what it gives", async () => {
    const store = await make();
    const ledger = await ledgerOn(store);
    ledger.passVersion(0);
    expect((await ledger.beat()).version).toBe(2);
    ledger.passVersion(500);
    expect((await ledger.beat()).version).toBe(501);
    ledger.passVersion(7_300);
    expect((await ledger.commit({ records: [revoke("a")] })).version).toBe(7_301);
    expect(store.reserved).toBe(8_300);
    expect((await ledger.beat()).version).toBe(7_302);
    await store.close();
  });

  test("versions are reserved a thousand at a time", async () => {
    const store = await make();
    const ledger = await ledgerOn(store);
    const size = store.size;
    for (let beat = 0; beat < 998; beat++) await ledger.beat();
    expect([store.size, store.head.version, store.reserved]).toEqual([size, 999, 1000]);
    await ledger.beat();
    await ledger.beat();
    expect([store.size, store.head.version, store.reserved]).toEqual([size + 1, 1001, 2000]);
    await store.close();
  });
}
