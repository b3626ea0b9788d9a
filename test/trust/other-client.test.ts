/** Another implementation as the judge of what we publish: tuf-js follows our repository, through rotations too. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Updater } from "tuf-js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newSigner, Repository, strangers } from "./repository.ts";

/** It asks the clock of the machine. */
const farAhead = 4_000_000_000;

let repository: Repository;
let server: Server;
const folder = mkdtempSync(join(tmpdir(), "writ-trust-"));

beforeAll(async () => {
  repository = new Repository();
  for (const role of Object.keys(repository.expires) as (keyof Repository["expires"])[]) {
    repository.expires[role] = farAhead;
  }
  await repository.publishRoot();
  await repository.publish("targets", "revocations", "snapshot", "timestamp");
  writeFileSync(join(folder, "root.json"), repository.files.get("1.root.json")!);
  server = createServer((request, response) => {
    const name = (request.url ?? "").slice(1);
    const target = /^targets\/(.*)\/[0-9a-f]{64}\.(.*)$/.exec(name);
    const [, group = "", file = ""] = target ?? [];
    const bytes = target
      ? [...repository.targets, ...repository.revoked].find(({ path }) => path === `${group}/${file}`)?.bytes
      : repository.files.get(name);
    if (bytes instanceof Uint8Array) response.end(bytes);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

async function update(): Promise<Updater> {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = { metadataBaseUrl: url, targetBaseUrl: `${url}/targets` };
  const updater = new Updater({ ...options, metadataDir: folder, targetDir: folder });
  await updater.refresh();
  return updater;
}

const stored = (role: string) => JSON.parse(readFileSync(join(folder, `${role}.json`), "utf8")).signed.version;

test("it follows the metadata and fetches a policy and the delegated revocations", async () => {
  const updater = await update();
  for (const path of ["policy/bundle.tar.gz", "revocations/list.json"]) {
    const target = await updater.getTargetInfo(path);
    const file = await updater.downloadTarget(target!);
    const ours = [...repository.targets, ...repository.revoked].find((one) => one.path === path);
    expect(readFileSync(file)).toEqual(Buffer.from(ours!.bytes as Uint8Array));
  }
  expect(await updater.getTargetInfo("policy/other.tar.gz")).toBeUndefined();
});

test("it follows when every key is rotated, to ECDSA as well", async () => {
  const fresh = await newSigner("ecdsa-sha2-nistp256");
  repository.signers.root = [...repository.signers.root.slice(1), fresh];
  await repository.publishRoot();
  repository.signers.timestamp = [fresh];
  repository.signers.snapshot = [strangers[0]!, fresh];
  repository.thresholds.snapshot = 2;
  repository.signers.targets = [strangers[1]!];
  repository.signers.revocations = [fresh];
  await repository.publishRoot();
  await repository.publish("targets", "revocations", "snapshot", "timestamp");
  const updater = await update();
  expect(await updater.getTargetInfo("revocations/list.json")).toBeDefined();
  expect([stored("root"), stored("targets"), stored("timestamp")]).toEqual([3, 2, 2]);
});

test("it refuses what we refuse: a timestamp signed by nobody it knows", async () => {
  await repository.publishOne("timestamp", undefined, [strangers[2]!]);
  await expect(update()).rejects.toThrow();
  expect(stored("timestamp")).toBe(2);
});
