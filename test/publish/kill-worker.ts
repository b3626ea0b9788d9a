/** A publisher under load that waits to be killed: says on standard output what is asked for, what was acknowledged, and each head. */
import { writeSync } from "node:fs";
import { FolderStore, Ledger, type StoreRecord } from "../../src/publish/index.ts";
import { Random } from "../random.ts";
import { approve, bytesOf, digestOf, publish, revoke, signer } from "./signer.ts";

const [folder = "", seed = ""] = process.argv.slice(2);
const random = new Random(Number(seed));
const say = (...words: readonly (string | number)[]) => writeSync(1, `${words.join(" ")}\n`);

const store = await FolderStore.open(folder, { reserve: 64 * 1024 });
store.watch(({ version, records, root, floor }) => say("head", version, records, root, floor));
const ledger = await Ledger.open(store, signer(store));

let count = 0;

async function commit(name: string, record: StoreRecord, blobs: readonly Uint8Array[]): Promise<void> {
  say("asked", name);
  await ledger.commit({ records: [record], blobs });
  say("acknowledged", name);
}

async function client(): Promise<never> {
  for (;;) {
    const name = `${seed}-${count++}`;
    const choice = random.next();
    if (choice < 0.6) await commit(name, revoke(name), []);
    else if (choice < 0.7) await commit(name, approve(name), []);
    else if (choice < 0.9) {
      const bytes = bytesOf(`${name} `.repeat(random.int(1, 2000)));
      await commit(name, { ...publish(digestOf(bytes)), body: { name } }, [bytes]);
    } else await ledger.beat();
    if (random.chance(0.3)) await new Promise((resolve) => setTimeout(resolve, random.int(0, 5)));
  }
}

await Promise.all([client(), client(), client(), client(), client()]);
