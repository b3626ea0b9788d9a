/** Every store there is, held to the one contract. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe } from "vitest";
import { FolderStore, memoryStore } from "../../src/store/index.ts";
import { storeCases } from "./store.cases.ts";

describe("a store in memory", () => {
  storeCases(async () => memoryStore());
});

describe("a store in a folder", () => {
  const folders: string[] = [];
  afterAll(async () => {
    for (const folder of folders) await rm(folder, { recursive: true });
  });
  storeCases(async () => {
    const folder = await mkdtemp(join(tmpdir(), "writ-store-"));
    folders.push(folder);
    return FolderStore.open(folder, { reserve: 4096 });
  });
});
