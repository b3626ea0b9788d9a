/** Kills a publisher at random moments, and holds what it said to what is there afterwards: threat D02. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FolderStore } from "../../src/store/index.ts";
import { Random } from "../random.ts";
import { type History, newHistory, violationsIn } from "./history.ts";

/** Rounds on one store, so that it does not grow without end. */
const ROUNDS = 50;

export interface KillReport {
  readonly rounds: number;
  readonly acknowledged: number;
  readonly heads: number;
  /** With the seed of the round. */
  readonly violations: readonly string[];
}

/** @param seed of the first round; each next one has the next */
export async function killRounds(rounds: number, seed: number): Promise<KillReport> {
  const violations: string[] = [];
  let [acknowledged, heads] = [0, 0];
  for (let first = 0; first < rounds; first += ROUNDS) {
    const folder = await mkdtemp(join(tmpdir(), "writ-kill-"));
    const history = newHistory();
    const open = () => FolderStore.open(folder, { reserve: 64 * 1024 });
    try {
      for (let round = first; round < Math.min(rounds, first + ROUNDS); round++) {
        const complaint = await oneLife(folder, seed + round, history);
        if (complaint !== undefined) violations.push(`seed ${seed + round}: it ended by itself: ${complaint}`);
        for (const what of await violationsIn(open, history)) violations.push(`seed ${seed + round}: ${what}`);
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
