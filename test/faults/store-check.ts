/** What lies in the store of a publisher that has ended, held to all that it said while it lived: invariants I1 to I6. */
import { hash } from "node:crypto";
import { join } from "node:path";
import { extendsLog, proveConsistency } from "../../src/audit/index.ts";
import { FolderStore } from "../../src/store/index.ts";
import { allRecords, leavesOf } from "../store/signer.ts";
import type { History } from "./history.ts";

interface Body {
  readonly call?: { readonly key: string };
  readonly entries?: readonly { readonly path: readonly string[] }[];
}

/** Adds what is wrong to the history. @param folder of the publisher */
export async function checkStore(folder: string, history: History): Promise<void> {
  const open = () => FolderStore.open(join(folder, "store"), { reserve: 256 * 1024 });
  const first = await open();
  const before = [first.size, first.root, first.reserved, first.head.version];
  await first.close();
  const store = await open();
  try {
    if (String(before) !== String([store.size, store.root, store.reserved, store.head.version]))
      history.violated("I6: it recovered to something else the second time");
    const records = await allRecords(store);
    const bodies = records.map(({ body }) => body as unknown as Body);
    const keys = bodies.flatMap(({ call }) => call?.key ?? []);
    if (new Set(keys).size !== keys.length) history.violated("I4: a call is there twice");
    const revoked = new Map(
      bodies.flatMap(({ entries }, index) => (entries?.length ? [[textOf(entries), index + 1] as const] : [])),
    );
    for (const { entries, acknowledged } of history.revocations) {
      const sequence = revoked.get(textOf(entries));
      revoked.delete(textOf(entries));
      if (acknowledged && sequence !== acknowledged.sequence)
        history.violated(`I1: change ${acknowledged.sequence} is ${sequence ?? "not there"}`);
    }
    for (const [entries, sequence] of revoked) history.violated(`I4: nobody asked for change ${sequence}: ${entries}`);
    if (store.head.records < history.acknowledgedSize)
      history.violated("I1: the head is of less than was acknowledged");
    for (const digest of new Set(records.flatMap(({ blobs }) => blobs))) {
      const bytes = await store.readBlob(digest);
      if (!bytes || hash("sha256", bytes, "hex") !== digest) history.violated(`I3: blob ${digest}`);
    }
    const leaves = leavesOf(records);
    const now = Buffer.from(store.root, "hex");
    for (const [size, root] of history.roots) {
      const isBeginning =
        size <= leaves.length &&
        extendsLog(size, Buffer.from(root, "hex"), leaves.length, now, proveConsistency(leaves, size));
      if (!isBeginning) history.violated(`I5: the log of ${size} records that was seen is not how this one began`);
    }
    history.count("records checked", records.length);
  } finally {
    await store.close();
  }
}

function textOf(entries: readonly { readonly path: readonly string[] }[]): string {
  return JSON.stringify(entries.map(({ path }) => path));
}
