/** Kills a publisher at random moments, and holds what it said to what is there afterwards: threat D02. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extendsLog, proveConsistency } from "../../src/audit/index.ts";
import { FolderStore, type StoreRecord } from "../../src/publish/index.ts";
import { Random } from "../random.ts";
import { withoutVersions } from "./crashes.ts";
import { allRecords, digestOf, leavesOf } from "./signer.ts";

/** Rounds on one store, so that it does not grow without end. */
const ROUNDS = 50;

export interface KillReport {
  readonly rounds: number;
  readonly acknowledged: number;
  readonly heads: number;
  /** With the seed of the round. */
  readonly violations: readonly string[];
}

/** What a store has told the world in all its lives. */
interface History {
  readonly asked: Set<string>;
  readonly acknowledged: Set<string>;
  readonly heads: {
    readonly version: number;
    readonly records: number;
    readonly root: string;
    readonly floor: number;
  }[];
}

/** @param seed of the first round; each next one has the next */
export async function killRounds(rounds: number, seed: number): Promise<KillReport> {
  const violations: string[] = [];
  let [acknowledged, heads] = [0, 0];
  for (let first = 0; first < rounds; first += ROUNDS) {
    const folder = await mkdtemp(join(tmpdir(), "writ-kill-"));
    const history: History = { asked: new Set(), acknowledged: new Set(), heads: [] };
    try {
      for (let round = first; round < Math.min(rounds, first + ROUNDS); round++) {
        const complaint = await oneLife(folder, seed + round, history);
        if (complaint !== undefined) violations.push(`seed ${seed + round}: it ended by itself: ${complaint}`);
        for (const what of await violationsIn(folder, history)) violations.push(`seed ${seed + round}: ${what}`);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
    acknowledged += history.acknowledged.size;
    heads += history.heads.length;
  }
  return { rounds, acknowledged, heads, violations };
}

/** Gives what the publisher complained of where it did not wait to be killed. */
async function oneLife(folder: string, seed: number, history: History): Promise<string | undefined> {
  const worker = join(import.meta.dirname, "kill-worker.ts");
  const child = spawn(process.execPath, ["--conditions=writ-source", worker, folder, String(seed)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const random = new Random(seed);
  let said = "";
  let complaints = "";
  let isCounting = false;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    // From the first word on: some are killed before they have opened the store for good.
    if (!isCounting) setTimeout(() => child.kill("SIGKILL"), random.int(0, 300));
    isCounting = true;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints += text;
  });
  const signal = await new Promise((resolve) => child.on("close", (_, by) => resolve(by)));
  // The last line may have been cut by the kill; nobody read it then.
  for (const line of said.split("\n").slice(0, -1)) {
    const [word, first = "", records, root = "", floor] = line.split(" ");
    if (word === "asked") history.asked.add(first);
    else if (word === "acknowledged") history.acknowledged.add(first);
    else history.heads.push({ version: Number(first), records: Number(records), root, floor: Number(floor) });
  }
  return signal === "SIGKILL" ? undefined : complaints.slice(0, 500);
}

async function violationsIn(folder: string, { asked, acknowledged, heads }: History): Promise<readonly string[]> {
  const found: string[] = [];
  const first = await FolderStore.open(folder, { reserve: 64 * 1024 });
  const before = [first.size, first.root, first.reserved, first.head.version];
  await first.close();
  const store = await FolderStore.open(folder, { reserve: 64 * 1024 });
  if (String(before) !== String([store.size, store.root, store.reserved, store.head.version])) found.push("I6");
  const all = await allRecords(store);
  const names = withoutVersions(all).map(nameOf);
  const there = new Set(names);
  for (const name of acknowledged) if (!there.has(name)) found.push(`I1: ${name} is gone`);
  for (const name of names) if (!asked.has(name)) found.push(`I4: nobody asked for ${name}`);
  if (there.size !== names.length) found.push("I4: something is there twice");
  for (const [index, head] of heads.entries()) {
    const held = heads[index - 1];
    if (held && (head.version <= held.version || head.records < held.records || head.floor < held.floor))
      found.push(`I2: head ${head.version} after ${held.version}`);
    if (head.version > store.reserved) found.push(`I2: version ${head.version} may be given again`);
  }
  for (const digest of new Set(all.flatMap(({ blobs }) => blobs))) {
    const bytes = await store.readBlob(digest);
    if (!bytes || digestOf(bytes) !== digest) found.push(`I3: blob ${digest}`);
  }
  const leaves = leavesOf(all);
  const now = Buffer.from(store.root, "hex");
  for (const { records, root } of new Map(heads.map((head) => [head.records, head])).values()) {
    const isShorter = records > leaves.length;
    if (
      isShorter ||
      !extendsLog(records, Buffer.from(root, "hex"), leaves.length, now, proveConsistency(leaves, records))
    )
      found.push(`I5: the log of ${records} records is not how this one began`);
  }
  await store.close();
  return found;
}

function nameOf({ body }: StoreRecord): string {
  return String(body.name ?? body.jti ?? body.digest);
}
