/** Threats F01 to F03 and F05 to F08, D09, D13: nothing old, mixed or expired is trusted. */
import { describe, expect, test } from "vitest";
import type { JsonValue } from "../../src/json/index.ts";
import { delegatedRole } from "../../src/trust/index.ts";
import { expectRecovered, expectRefused, type Followed, reasonOf } from "./refused.ts";
import { day, edited, mapStore, now, Repository, strangers, utf8 } from "./repository.ts";

async function followed(): Promise<Followed> {
  const repository = await Repository.create();
  const store = mapStore();
  const client = await repository.client(store);
  await client.refresh();
  await repository.publish("targets", "revocations", "snapshot", "timestamp");
  await client.refresh();
  return { repository, client, store };
}

const files = (draft: Record<string, JsonValue>) => draft.meta as Record<string, Record<string, JsonValue>>;

describe("rollback", () => {
  test("F01 an older timestamp, validly signed", async () => {
    const all = await followed();
    const old = all.repository.latest("timestamp");
    await expectRecovered(all);
    all.repository.files.set("timestamp.json", old);
    await expectRefused(all, "metadata-rollback");
    await expectRecovered(all);
  });

  test("F01 a new timestamp with an older snapshot", async () => {
    const all = await followed();
    all.repository.versions.snapshot = 1;
    await all.repository.publish("timestamp");
    await expectRefused(all, "metadata-rollback");
    all.repository.versions.snapshot = 2;
    await expectRecovered(all);
  });

  test.each(["targets", "revocations"] as const)("F01 a new snapshot with older %s", async (role) => {
    const all = await followed();
    all.repository.versions[role] = 1;
    await all.repository.publish("snapshot", "timestamp");
    await expectRefused(all, "metadata-rollback", ["timestamp"]);
    all.repository.versions[role] = 2;
    await expectRecovered(all);
  });

  test.each([
    ["at", { at: now - 1 }],
    ["floor", { floor: 0 }],
  ])("F01 a new timestamp whose `%s` goes back", async (_member, change) => {
    const all = await followed();
    const { head } = all.repository;
    all.repository.head = { ...head, ...change };
    await all.repository.publish("timestamp");
    await expectRefused(all, "metadata-rollback");
    all.repository.head = head;
    await expectRecovered(all);
  });

  test("D09 the audit log is shorter, or as long with another root", async () => {
    const all = await followed();
    const { head } = all.repository;
    for (const audit of [
      { ...head.audit, size: 9 },
      { ...head.audit, root: "cd".repeat(32) },
    ]) {
      all.repository.head = { ...head, audit };
      await all.repository.publish("timestamp");
      await expectRefused(all, "audit-rollback");
    }
    all.repository.head = { ...head, audit: { size: 11, root: "cd".repeat(32) } };
    await expectRecovered(all);
  });

  test("F06 a role disappears from the snapshot", async () => {
    const all = await followed();
    await all.repository.publishOne("snapshot", (draft) => delete files(draft)["revocations.json"]);
    await all.repository.publish("timestamp");
    await expectRefused(all, "metadata-rollback", ["timestamp"]);
    await expectRecovered(all);
  });

  test("F07 the largest version from a stolen key, then the root rotates the key", async () => {
    const all = await followed();
    const { repository, client, store } = all;
    const largest = Number.MAX_SAFE_INTEGER;
    await repository.publishOne("timestamp", (draft) => {
      draft.version = largest;
    });
    expect((await client.refresh()).set.timestamp.signed.version).toBe(largest);
    await repository.publish("timestamp");
    await expectRefused(all, "metadata-rollback");

    repository.signers.timestamp = [strangers[0]!];
    await repository.publishRoot();
    repository.versions.timestamp = 0;
    await repository.publish("timestamp");
    expect((await client.refresh()).set.timestamp.signed.version).toBe(1);
    expect(store.files.get("timestamp")).toEqual(repository.latest("timestamp"));
    await expectRecovered(all);
  });

  test("a key that is only added forgets nothing", async () => {
    const all = await followed();
    const { repository } = all;
    repository.signers.timestamp = [...repository.signers.timestamp, strangers[0]!];
    await repository.publishRoot();
    repository.versions.timestamp = 0;
    await repository.publish("timestamp");
    await expectRefused(all, "metadata-rollback", ["2.root"]);
  });
});

describe("mix and match", () => {
  test("F02 D13 two heads of one version: the second is refused and reported, the first stays", async () => {
    const all = await followed();
    const { repository, client, store } = all;
    const [set, stored] = [client.current, store.files.get("timestamp")];
    repository.head = { ...repository.head, at: now + 1 };
    await repository.replace("timestamp");
    const { conflict } = await client.refresh();
    expect(conflict?.reason).toBe("metadata-mismatch");
    expect(client.current?.timestamp).toBe(set?.timestamp);
    expect(store.files.get("timestamp")).toBe(stored);
    await expectRecovered(all);
  });

  test.each(["snapshot", "targets"] as const)("F02 the same version of %s with other content", async (role) => {
    const all = await followed();
    const { repository } = all;
    if (role === "targets") await repository.publish("targets");
    await repository.publish("snapshot", "timestamp");
    await repository.replace(role, (draft) => {
      draft.note = "other content of the same version";
    });
    await expectRefused(all, "metadata-mismatch", role === "targets" ? ["snapshot", "timestamp"] : ["timestamp"]);
    await expectRecovered(all);
  });

  test("F05 the snapshot of revision 3 with targets of 2, where no digest is stated", async () => {
    const all = await followed();
    const { repository } = all;
    const second = repository.latest("targets");
    await repository.publish("targets");
    await repository.publishOne("snapshot", (draft) => {
      files(draft)["targets.json"] = { version: 3 };
    });
    await repository.publish("timestamp");
    repository.files.set("3.targets.json", second);
    await expectRefused(all, "metadata-mismatch", ["snapshot", "timestamp"]);
    await expectRecovered(all);
  });

  test("F05 a file that the rest counts on is not there", async () => {
    const all = await followed();
    await all.repository.publish("targets", "snapshot", "timestamp");
    all.repository.files.delete(`${all.repository.versions.targets}.targets.json`);
    await expectRefused(all, "metadata-missing", ["snapshot", "timestamp"]);
    await expectRecovered(all);
  });
});

describe("expiry", () => {
  test.each([
    ["root", ["2.root"]],
    ["timestamp", []],
    ["snapshot", ["timestamp"]],
    ["targets", ["snapshot", "timestamp"]],
  ] as const)("F03 an expired %s", async (role, stored) => {
    const all = await followed();
    const { repository } = all;
    const { expires } = repository;
    const before = expires[role];
    expires[role] = now - 1;
    if (role === "root") await repository.publishRoot();
    else await repository.publish("targets", "snapshot", "timestamp");
    await expectRefused(all, "metadata-expired", stored);
    expires[role] = before;
    if (role === "root") await repository.publishRoot();
    await expectRecovered(all);
  });

  test("F03 an expired delegated role", async () => {
    const { repository, client } = await followed();
    repository.expires.revocations = now - 1;
    await repository.publish("revocations", "snapshot", "timestamp");
    await client.refresh();
    expect(await reasonOf(delegatedRole(client, "revocations"))).toBe("metadata-expired");
  });

  test("F03 what is held expires too: a frozen head is refused once its time is over", async () => {
    const all = await followed();
    all.repository.time = now + 299;
    expect(await reasonOf(all.client.refresh())).toBe("accepted");
    all.repository.time = now + 300;
    await expectRefused(all, "metadata-expired");
    all.repository.time = now;
    await expectRecovered(all);
    all.repository.time = now + 400 * day;
    await expectRefused(all, "metadata-expired");
  });
});

describe("numbers and sizes", () => {
  test.each(["1.0", '"7"', "1e3", "9007199254740992", "-1", "0", "null", "[1]"])(
    "F08 the version %s",
    async (version) => {
      const all = await followed();
      const { repository } = all;
      for (const role of ["timestamp", "root"] as const) {
        const good = new TextDecoder().decode(repository.latest(role));
        const text = good.replace(/(?<="spec_version":"1.0.34","version":)[0-9]+/, version);
        expect(text).toContain(`"version":${version}`);
        const name = role === "root" ? "2.root.json" : "timestamp.json";
        const before = repository.files.get(name);
        repository.files.set(name, utf8(text));
        await expectRefused(all, "metadata-malformed");
        if (before) repository.files.set(name, before);
        else repository.files.delete(name);
      }
      await expectRecovered(all);
    },
  );

  test("F08 the version of a file in a snapshot", async () => {
    const all = await followed();
    await all.repository.publishOne("snapshot", (draft) => {
      files(draft)["targets.json"]!.version = 0;
    });
    await all.repository.publish("timestamp");
    await expectRefused(all, "metadata-malformed", ["timestamp"]);
    await expectRecovered(all);
  });

  test("files larger than the caps are not even read", async () => {
    const all = await followed();
    const { repository } = all;
    const padded = (bytes: Uint8Array, size: number) => utf8(new TextDecoder().decode(bytes).padEnd(size));
    const good = repository.latest("timestamp");
    repository.files.set("timestamp.json", padded(good, 256 * 1024 + 1));
    await expectRefused(all, "metadata-too-large");
    repository.files.set("2.root.json", padded(await repository.publishRoot(), 64 * 1024 + 1));
    await expectRefused(all, "metadata-too-large");
    repository.versions.root = 1;
    await repository.publishRoot();
    await repository.publish("targets", "snapshot", "timestamp");
    const snapshot = repository.latest("snapshot");
    repository.files.set(`${repository.versions.snapshot}.snapshot.json`, padded(snapshot, snapshot.length + 1));
    await expectRefused(all, "metadata-mismatch", ["2.root", "timestamp"]);
    await expectRecovered(all);
  });

  test("a file of the largest size that is taken is read in no time, and a pattern of it is refused", async () => {
    const all = await followed();
    const meta = Object.fromEntries(Array.from({ length: 7000 }, (_, index) => [`role${index}.json`, { version: 1 }]));
    await all.repository.publishOne("snapshot", (draft) => Object.assign(files(draft), meta));
    await all.repository.publish("timestamp");
    const started = performance.now();
    await all.client.refresh();
    expect(performance.now() - started).toBeLessThan(5000);
    all.repository.paths = [`*${"a".repeat(100_000)}b`];
    await all.repository.publish("targets");
    await all.repository.publishOne("snapshot", (draft) => Object.assign(files(draft), meta));
    await all.repository.publish("timestamp");
    await expectRefused(all, "metadata-malformed", ["snapshot", "timestamp"]);
  });

  test.each([
    ["a key twice", (text: string) => text.replace('"signed":{', '"signed":{"version":1,')],
    ["deep nesting", (text: string) => text.replace('"signed":{', `"signed":{"a":${"[".repeat(30)}${"]".repeat(30)},`)],
    ["`__proto__`", (text: string) => text.replace('"signed":{', '"signed":{"__proto__":{},')],
    ["something behind it", (text: string) => `${text}{}`],
  ])("strict JSON comes first: %s", async (_name, change) => {
    const all = await followed();
    await all.repository.publish("timestamp");
    all.repository.files.set(
      "timestamp.json",
      utf8(change(new TextDecoder().decode(all.repository.latest("timestamp")))),
    );
    await expectRefused(all, "json-malformed");
    await expectRecovered(all);
  });

  test.each(["2026-02-30T00:00:00Z", "2099-01-01", "2099-01-01T00:00:00+00:00", "+99999-01-01T00:00:00Z"])(
    "the expiry %s is no time",
    async (expires) => {
      const all = await followed();
      await all.repository.publish("timestamp");
      const change = edited(all.repository.latest("timestamp"), ({ signed }) => {
        signed.expires = expires;
      });
      all.repository.files.set("timestamp.json", change);
      await expectRefused(all, "metadata-malformed");
    },
  );
});
