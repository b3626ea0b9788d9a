/** What a real disk adds to the one in memory: links, rights, and folders that are made. */
import { mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FolderStore } from "../../src/store/index.ts";
import { bytesOf, digestOf, publish } from "./signer.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "writ-disk-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("makes the folders that lead to a store, and lets nobody else in", async () => {
  const place = join(folder, "a/b/store");
  const store = await FolderStore.open(place, { reserve: 4096 });
  expect((await stat(place)).mode & 0o777).toBe(0o700);
  expect((await stat(join(place, "journal"))).mode & 0o777).toBe(0o600);
  expect((await stat(join(place, "reserve"))).size + (await stat(join(place, "reserve-ending"))).size).toBe(4096);
  await store.close();
});

test("P14: follows no link out of the store", async () => {
  const place = join(folder, "linked");
  const store = await FolderStore.open(place, { reserve: 4096 });
  const digest = await store.putBlob(bytesOf("a policy"));
  await store.append([publish(digest)]);
  const [inside, outside] = [join(place, "blobs", digest), join(folder, "outside")];
  await rename(inside, outside);
  await symlink(outside, inside);
  await expect(store.readBlob(digest)).rejects.toMatchObject({ reason: "store-failed" });
  await rm(inside);
  await expect(store.readBlob(digest)).rejects.toMatchObject({ reason: "store-corrupt" });
  await writeFile(inside, "a policy");
  expect(await store.readBlob(digest)).toEqual(bytesOf("a policy"));
  // What is written goes through no link either.
  await writeFile(outside, "not ours");
  const other = digestOf(bytesOf("another"));
  await symlink(outside, join(place, "blobs", `${other}.2.writing`));
  await expect(store.putBlob(bytesOf("another"))).rejects.toMatchObject({ reason: "store-failed" });
  expect(await readFile(outside, "utf8")).toBe("not ours");
});
