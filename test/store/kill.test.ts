/** Threat D02, in short; `kill-run.ts` does it a thousand times. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FolderStore } from "../../src/store/index.ts";
import { killRounds } from "./kill.ts";

test("D02: a publisher killed at random under load loses nothing that it acknowledged", async () => {
  const { violations, acknowledged, heads } = await killRounds(20, 4_001);
  expect(violations).toEqual([]);
  expect(acknowledged).toBeGreaterThan(20);
  expect(heads).toBeGreaterThan(20);
}, 120_000);

test("D07: between real processes, the lock of a living one holds, and that of a dead one is taken over", async () => {
  const folder = await mkdtemp(join(tmpdir(), "writ-lock-"));
  const worker = join(import.meta.dirname, "kill-worker.ts");
  const child = spawn(process.execPath, ["--conditions=writ-source", worker, folder, "1"]);
  await new Promise((resolve) => child.stdout.once("data", resolve));
  await expect(FolderStore.open(folder)).rejects.toMatchObject({ code: "WRIT8002" });
  const other = spawnSync(process.execPath, ["--conditions=writ-source", worker, folder, "2"], { encoding: "utf8" });
  expect([other.status, other.stderr.includes("WRIT8002")]).toEqual([1, true]);
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("close", resolve));
  const store = await FolderStore.open(folder, { reserve: 4096 });
  expect((await readdir(folder)).filter((name) => name.endsWith(".lock"))).toHaveLength(1);
  expect(store.size).toBeGreaterThan(0);
  await store.close();
  expect((await readdir(folder)).filter((name) => name.endsWith(".lock"))).toEqual([]);
  await rm(folder, { recursive: true });
});
