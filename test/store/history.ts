/** What a publisher said in all its lives, and whether a store still agrees with it. */
import { extendsLog, proveConsistency } from "../../src/audit/index.ts";
import type { FolderStore, Ledger, StoreRecord } from "../../src/store/index.ts";
import type { Random } from "../random.ts";
import { withoutVersions } from "./crashes.ts";
import { allRecords, approve, bytesOf, digestOf, leavesOf, publish, revoke } from "./signer.ts";

/** What a store has told the world in all its lives. */
export interface History {
  readonly asked: Set<string>;
  readonly acknowledged: Set<string>;
  readonly heads: {
    readonly version: number;
    readonly records: number;
    readonly root: string;
    readonly floor: number;
  }[];
}

export function newHistory(): History {
  return { asked: new Set(), acknowledged: new Set(), heads: [] };
}

export interface Said {
  readonly asked: (name: string) => void;
  readonly acknowledged: (name: string) => void;
}

/** One thing that somebody does to a publisher. */
export async function doAnything(ledger: Ledger, random: Random, name: string, said: Said): Promise<void> {
  const commit = async (record: StoreRecord, blobs: readonly Uint8Array[]) => {
    said.asked(name);
    await ledger.commit({ records: [record], blobs });
    said.acknowledged(name);
  };
  const choice = random.next();
  if (choice < 0.6) await commit(revoke(name), []);
  else if (choice < 0.7) await commit(approve(name), []);
  else if (choice < 0.9) {
    const bytes = bytesOf(`${name} `.repeat(random.int(1, 2000)));
    await commit({ ...publish(digestOf(bytes)), body: { name } }, [bytes]);
  } else await ledger.beat();
}

/** What is there after a stop, held to all that was said before it. */
export async function violationsIn(
  open: () => Promise<FolderStore>,
  { asked, acknowledged, heads }: History,
): Promise<readonly string[]> {
  const found: string[] = [];
  const first = await open();
  const before = [first.size, first.root, first.reserved, first.head.version];
  await first.close();
  const store = await open();
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
