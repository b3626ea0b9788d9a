/** A publisher under load that waits to be killed: says on standard output what is asked for, what was acknowledged, and each head. */
import { writeSync } from "node:fs";
import { FolderStore, Ledger } from "../../src/store/index.ts";
import { Random } from "../random.ts";
import { doAnything } from "./history.ts";
import { signer } from "./signer.ts";

const [folder = "", seed = ""] = process.argv.slice(2);
const random = new Random(Number(seed));
const say = (...words: readonly (string | number)[]) => writeSync(1, `${words.join(" ")}\n`);

const store = await FolderStore.open(folder, { reserve: 64 * 1024 });
store.watch(({ version, records, root, floor }) => say("head", version, records, root, floor));
const ledger = await Ledger.open(store, signer(store));

let count = 0;

async function client(): Promise<never> {
  for (;;) {
    const name = `${seed}-${count++}`;
    await doAnything(ledger, random, name, {
      asked: (what) => say("asked", what),
      acknowledged: (what) => say("acknowledged", what),
    });
    if (random.chance(0.3)) await new Promise((resolve) => setTimeout(resolve, random.int(0, 5)));
  }
}

await Promise.all([client(), client(), client(), client(), client()]);
