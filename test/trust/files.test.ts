/** Targets, downloads and the stored state: threats B02, B03, F05, F13, F14, and what a stop may leave behind. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import {
  delegatedRole,
  fetchTarget,
  findTarget,
  folderStore,
  httpSource,
  type Source,
  TrustClient,
} from "../../src/trust/index.ts";
import { matches } from "../../src/trust/path-pattern.ts";
import { reasonOf } from "./refused.ts";
import { mapStore, now, Repository, utf8 } from "./repository.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "writ-trust-"));
  cleanups.push(() => rmSync(path, { recursive: true }));
  return path;
}

async function refreshed(): Promise<{ repository: Repository; client: TrustClient }> {
  const repository = await Repository.create();
  const client = await repository.client();
  await client.refresh();
  return { repository, client };
}

describe("targets", () => {
  const good = utf8("policy 1");

  async function fetched(bytes: Uint8Array | undefined, cache = mapStore()) {
    const { client } = await refreshed();
    const asked: string[] = [];
    const source: Source = async (file, limit) => {
      asked.push(file);
      return bytes?.subarray(0, limit + 1);
    };
    const target = await findTarget(client, "policy/bundle.tar.gz");
    const result = () => fetchTarget(target, { source, cache, consistentSnapshot: true });
    return { result, asked, cache };
  }

  test("a target is fetched once, under its digest, and then comes from the cache", async () => {
    const { result, asked, cache } = await fetched(good);
    expect(await result()).toEqual(good);
    expect(await result()).toEqual(good);
    expect(asked).toEqual([expect.stringMatching(/^policy\/[0-9a-f]{64}\.bundle\.tar\.gz$/)]);
    cache.files.set("policy/bundle.tar.gz", utf8("policy 2"));
    expect(await result()).toEqual(good);
    expect(asked).toHaveLength(2);
  });

  test.each([
    ["B02 longer than it should be", utf8("policy 1 and more"), "bundle-length"],
    ["B02 shorter than it should be", utf8("policy"), "bundle-length"],
    ["F05 old bytes under a new head", utf8("policy 0"), "bundle-digest"],
    ["not there", undefined, "target-missing"],
  ])("%s", async (_name, bytes, reason) => {
    const { result, cache } = await fetched(bytes);
    expect(await reasonOf(result())).toBe(reason);
    expect(cache.files.size).toBe(0);
  });

  test("a target with hashes that we do not know, or with none, is never taken", async () => {
    const { repository, client } = await refreshed();
    await repository.publishOne("targets", (draft) => {
      const files = draft.targets as Record<string, { hashes: unknown }>;
      files["policy/bundle.tar.gz"]!.hashes = { md5: "ab".repeat(16) };
    });
    await repository.publish("snapshot", "timestamp");
    await client.refresh();
    const target = await findTarget(client, "policy/bundle.tar.gz");
    const options = { source: async () => good, cache: mapStore(), consistentSnapshot: true };
    expect(await reasonOf(fetchTarget(target, options))).toBe("bundle-digest");
  });

  test.each(["../../x", "policy/../x", "/x", "a//b", "./x", ""])("the target %j leads nowhere", async (path) => {
    const { repository, client } = await refreshed();
    repository.targets = [{ path, bytes: good }];
    await repository.publish("targets", "snapshot", "timestamp");
    await client.refresh();
    let asked = 0;
    const source: Source = async () => {
      asked++;
      return good;
    };
    const target = await findTarget(client, path);
    expect(await reasonOf(fetchTarget(target, { source, cache: mapStore(), consistentSnapshot: true }))).toBe(
      "target-missing",
    );
    expect(asked).toBe(0);
  });

  test("patterns: `*` and `?` do not cross a slash, nothing else has a meaning, and no pattern takes long", () => {
    const cases: [string, string, boolean][] = [
      ["revocations/*", "revocations/list.json", true],
      ["revocations/*", "revocations/a/b", false],
      ["*", "a/b", false],
      ["a?c", "abc", true],
      ["a?c", "a/c", false],
      ["*.js*n", "x.jsxxn", true],
      ["[a]", "a", false],
      ["{a,b}", "a", false],
      ["**", "", true],
      ["a.c", "abc", false],
    ];
    for (const [pattern, path, is] of cases)
      expect([pattern, path, matches(pattern, path)]).toEqual([pattern, path, is]);
    const started = performance.now();
    expect(matches(`${"*a".repeat(500)}b`, "a".repeat(1024))).toBe(false);
    expect(matches(`*${"a".repeat(512)}b`, "a".repeat(1024))).toBe(false);
    expect(matches("*", "a".repeat(1025))).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe("downloads", () => {
  test("a whole repository by HTTP", async () => {
    const repository = await Repository.create();
    const url = await serve((request, response) => {
      const bytes = repository.files.get(decodeURIComponent((request.url ?? "").slice(1)));
      if (bytes) response.end(bytes);
      else response.writeHead(404).end();
    });
    const root = repository.files.get("1.root.json")!;
    const client = await TrustClient.open({ root, source: httpSource(url), store: mapStore(), now: () => now });
    expect((await client.refresh()).set.timestamp.signed.writ).toEqual(repository.head);
    expect((await delegatedRole(client, "revocations")).signed.version).toBe(1);
  });

  test("B02 an endless body is cut; B03 a trickle ends soon", async () => {
    let sent = 0;
    const endless = await serve((_request, response) => {
      const more = () => {
        while (sent < 1e9 && response.write(Buffer.alloc(65_536))) sent += 65_536;
      };
      response.on("drain", more);
      more();
    });
    expect((await httpSource(endless)("x", 1000))?.length).toBeGreaterThan(1000);
    expect(sent).toBeLessThan(64 * 1024 * 1024);
    const trickle = await serve((_request, response) => {
      const drip = setInterval(() => response.write("x"), 20);
      response.on("close", () => clearInterval(drip));
    });
    expect(await reasonOf(httpSource(trickle, { grace: 100 })("x", 1_000_000))).toBe("download-too-slow");
    const silent = await serve(() => {});
    expect(await reasonOf(httpSource(silent, { grace: 100 })("x", 1_000_000))).toBe("download-too-slow");
  });

  test("redirects are refused; 404 and 403 mean that there is nothing", async () => {
    const url = await serve((request, response) => {
      if (request.url === "/moved") response.writeHead(302, { location: "/there" }).end();
      else response.writeHead(Number((request.url ?? "").slice(1))).end();
    });
    const source = httpSource(url);
    expect(await reasonOf(source("moved", 10))).toBe("download-failed");
    expect(await reasonOf(source("500", 10))).toBe("download-failed");
    expect(await source("404", 10)).toBeUndefined();
    expect(await source("403", 10)).toBeUndefined();
  });
});

describe("the stored state", () => {
  test("a gateway starts without a network from what it stored, through every root since the pinned one", async () => {
    const repository = await Repository.create();
    const store = folderStore(folder());
    const first = await repository.client(store);
    await repository.publishRoot();
    await repository.publishRoot();
    await first.refresh();
    await delegatedRole(first, "revocations");
    repository.asked.length = 0;

    const second = await repository.client(store);
    expect(second.problems).toEqual([]);
    expect(second.current?.root.signed.version).toBe(3);
    expect(second.current?.timestamp.payload).toEqual(first.current?.timestamp.payload);
    expect(second.current?.refreshed).toBeUndefined();
    expect((await delegatedRole(second, "revocations")).signed.version).toBe(1);
    expect(repository.asked).toEqual([]);
  });

  test("F13 an older copy of the stored state: its own time is told, and it is followed from there", async () => {
    const { repository, client } = await refreshed();
    const copy = mapStore();
    await (await repository.client(copy)).refresh();
    repository.head = { ...repository.head, at: now + 60 };
    await repository.publish("timestamp");
    await client.refresh();
    const restored = await repository.client(copy);
    expect(restored.current?.timestamp.signed.writ?.at).toBe(now);
    expect((await restored.refresh()).set.timestamp.signed.writ?.at).toBe(now + 60);
  });

  test.each(["timestamp", "snapshot", "targets", "2.root"])("F14 a damaged %s counts as not there", async (name) => {
    const repository = await Repository.create();
    const path = folder();
    await repository.publishRoot();
    await (await repository.client(folderStore(path))).refresh();
    const file = join(path, `${name}.json`);
    const good = readFileSync(file);
    const flipped = Buffer.from(good);
    flipped[good.length - 20]! ^= 1;
    const foreign = (await Repository.create()).files.get("1.targets.json")!;
    for (const bytes of [good.subarray(0, good.length / 2), flipped, foreign, new Uint8Array()]) {
      writeFileSync(file, bytes);
      const client = await repository.client(folderStore(path));
      if (name !== "targets" || bytes !== foreign) {
        expect(client.problems.map(({ reason }) => reason)).toContain("state-corrupt");
        expect(name === "2.root" ? client.current?.root.signed.version : client.current).not.toBe(2);
      }
      expect((await client.refresh()).set.root.signed.version).toBe(2);
      expect(readFileSync(file)).toEqual(good);
    }
  });

  test("F14 a stored state of another estate, and a pinned root of another", async () => {
    const [repository, other] = [await Repository.create(), await Repository.create()];
    other.signers.root = other.signers.timestamp;
    other.thresholds.root = 1;
    other.signers.timestamp = other.signers.snapshot;
    other.signers.targets = other.signers.snapshot;
    other.versions.root = 0;
    const root = await other.publishRoot();
    const store = mapStore();
    await (await repository.client(store)).refresh();
    const client = await repository.client(store, root);
    expect(client.problems.map(({ reason }) => reason)).toEqual(["state-corrupt", "state-corrupt"]);
    expect(client.current).toBeUndefined();
  });

  test("a stop between any two writes leaves a state from which the next refresh goes on", async () => {
    for (let writes = 0; writes < 6; writes++) {
      const repository = await Repository.create();
      const store = mapStore();
      await (await repository.client(store)).refresh();
      repository.signers.timestamp = repository.signers.snapshot;
      await repository.publishRoot();
      repository.versions.timestamp = 0;
      await repository.publish("targets", "snapshot", "timestamp");
      let left = writes;
      const stop = () => {
        if (left-- === 0) throw new RangeError("stopped");
      };
      const dying = {
        read: store.read,
        write: async (name: string, bytes: Uint8Array) => {
          stop();
          await store.write(name, bytes);
        },
        remove: async (name: string) => {
          stop();
          await store.remove(name);
        },
      };
      await (await repository.client(dying)).refresh().catch((error) => expect(error).toBeInstanceOf(RangeError));
      const next = await repository.client(store);
      expect((await next.refresh()).set.timestamp.signed.version).toBe(1);
    }
  });

  test("refreshes that are asked for at once come one after the other", async () => {
    const repository = await Repository.create();
    const client = await repository.client();
    await repository.publishRoot();
    const all = await Promise.all([client.refresh(), client.refresh(), client.refresh()]);
    expect(all.map(({ set }) => set.timestamp)).toEqual(Array(3).fill(client.current?.timestamp));
    expect(repository.asked.filter((file) => file === "2.root.json")).toHaveLength(1);
    repository.files.delete("timestamp.json");
    const failed = await Promise.all([client.refresh(), client.refresh()].map(reasonOf));
    expect(failed).toEqual(["metadata-missing", "metadata-missing"]);
    await repository.publish("timestamp");
    expect(await reasonOf(client.refresh())).toBe("accepted");
  });

  test("files are replaced wholly, under names that lead nowhere else", async () => {
    const path = folder();
    const store = folderStore(path);
    await store.write("role.../../x", utf8("1"));
    await store.write("role.../../x", utf8("2"));
    expect(readdirSync(path)).toEqual(["role...%2F..%2Fx.json"]);
    expect(await store.read("role.../../x")).toEqual(Buffer.from("2"));
    await store.remove("role.../../x");
    await store.remove("role.../../x");
    expect(await store.read("role.../../x")).toBeUndefined();
  });
});
