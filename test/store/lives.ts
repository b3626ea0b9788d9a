/** Many short lives of a publisher that many use at once, each ended by a loss of power at some call, in some state of the disk. */
import { FolderStore, Ledger } from "../../src/store/index.ts";
import { Random } from "../random.ts";
import { type DiskState, ForgetfulDisk, problem } from "./forgetful-disk.ts";
import { doAnything, type History, newHistory, violationsIn } from "./history.ts";
import { signer } from "./signer.ts";

const everyoneElseIsDead = { self: "p", isDead: () => true };

export interface LivesReport {
  readonly acknowledged: number;
  /** With the seed of the store. */
  readonly violations: readonly string[];
}

/** @param seed of the first store; each next one has the next */
export async function liveAndDie(stores: number, lives: number, seed: number): Promise<LivesReport> {
  const violations: string[] = [];
  let acknowledged = 0;
  for (let own = seed; own < seed + stores; own++) {
    const random = new Random(own);
    const history = newHistory();
    let state: DiskState = new Map();
    for (let life = 0; life < lives; life++) {
      state = await oneLife(state, random, history, `${own}-${life}`);
      const open = () => openOn(new ForgetfulDisk(new Map([...state].filter(([name]) => !name.endsWith(".lock")))));
      for (const what of await violationsIn(open, history)) violations.push(`seed ${own}: ${what}`);
    }
    acknowledged += history.acknowledged.size;
  }
  return { acknowledged, violations };
}

function openOn(disk: ForgetfulDisk): Promise<FolderStore> {
  return FolderStore.open("", { files: disk, processes: everyoneElseIsDead, reserve: 1024 });
}

/** What the disk holds after the power went. */
async function oneLife(before: DiskState, random: Random, history: History, name: string): Promise<DiskState> {
  // The lock of the life before names this process, which in the world would have another number.
  const disk = new ForgetfulDisk(new Map([...before].filter(([file]) => !file.endsWith(".lock"))));
  const end = random.int(1, 400);
  let calls = 0;
  let left: DiskState | undefined;
  disk.before = () => {
    if (++calls < end) return;
    left ??= disk.crashState(random);
    throw problem("EIO");
  };
  const isAlive = () => left === undefined;
  const said = {
    asked: (what: string) => isAlive() && history.asked.add(what),
    acknowledged: (what: string) => isAlive() && history.acknowledged.add(what),
  };
  try {
    const store = await openOn(disk);
    store.watch((head) => isAlive() && history.heads.push(head));
    const ledger = await Ledger.open(store, signer(store));
    let count = 0;
    const client = async () => {
      while (isAlive()) await doAnything(ledger, random, `${name}-${count++}`, said);
    };
    await Promise.all([client(), client(), client(), client()]);
  } catch (error) {
    if (isAlive()) throw error;
  }
  return left!;
}
