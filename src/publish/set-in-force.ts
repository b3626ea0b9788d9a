/** What is in force when a publisher starts: as the store's head names it, or, before the first head, as the trust folder has it. */
import { WritError } from "../diagnostics/index.ts";
import { type ListedRevocation, readRevocations } from "../protocol/index.ts";
import type { Store } from "../store/index.ts";
import {
  type Metadata,
  type PublishedSet,
  type Root,
  readMetadata,
  readPinnedRoot,
  updateRoot,
} from "../trust/index.ts";
import type { TrustFiles } from "./options.ts";

interface SetInForce {
  /** Every root from the first one on, so that a gateway that was away for long follows. */
  readonly roots: readonly Metadata<Root>[];
  readonly set: PublishedSet;
  readonly pieces: readonly { readonly first: number; readonly entries: readonly ListedRevocation[] }[];
}

export async function loadInForce(store: Store, trust: TrustFiles): Promise<SetInForce> {
  const { head } = store;
  const stored = head.version === 0 ? [] : await storedRoots(store);
  // Whoever changed keys while this was not running changed them in the folder; what is in force stays a beginning of that.
  const roots = await followRoots(stored.length > trust.roots.length ? stored : trust.roots, stored);
  const root = roots.at(-1)!;
  if (head.version === 0)
    return { roots, set: { root, targets: readMetadata("targets.json", "targets", trust.targets) }, pieces: [] };
  const newest = async (role: string) => {
    const name = `${Math.max(...versionsOf(store, role))}.${role}.json`;
    return (await store.readFile(name)) ?? damaged(name);
  };
  const revocations = readMetadata("revocations.json", "targets", await newest("revocations"));
  const set = {
    root,
    targets: readMetadata("targets.json", "targets", await newest("targets")),
    revocations,
    snapshot: readMetadata("snapshot.json", "snapshot", await newest("snapshot")),
    timestamp: readMetadata("timestamp.json", "timestamp", Buffer.from(head.timestamp)),
  };
  const pieces = [];
  for (const [path, { hashes }] of revocations.signed.targets) {
    const digest = hashes.get("sha256") ?? "";
    const bytes = (await store.readBlob(digest)) ?? damaged(`blobs/${digest}`);
    pieces.push({ first: Number(/\d+/.exec(path)?.[0]), entries: readRevocations(bytes) });
  }
  return { roots, set, pieces };
}

/** Each handed over by the one before (TUF §5.3). @param held what the first ones have to be, byte for byte */
export async function followRoots(
  files: readonly Uint8Array[],
  held: readonly Uint8Array[],
): Promise<readonly Metadata<Root>[]> {
  for (const [index, bytes] of held.entries())
    if (!Buffer.from(bytes).equals(files[index] ?? new Uint8Array()))
      throw WritError.of("WRIT9104", { file: `${index + 1}.root.json`, fault: "content" });
  const roots: Metadata<Root>[] = [];
  for (const bytes of files) {
    const before = roots.at(-1);
    roots.push(await (before ? updateRoot(before, bytes) : readPinnedRoot(bytes)));
  }
  if (roots.length === 0) throw WritError.of("WRIT9107", { file: "root.json" });
  // Gateways ask for them by their numbers, from the one that they were shipped with.
  const found = roots[0]!.signed.version;
  if (found !== 1) throw WritError.of("WRIT9109", { expected: 1, found });
  return roots;
}

async function storedRoots(store: Store): Promise<readonly Uint8Array[]> {
  const roots = [];
  for (const version of versionsOf(store, "root").toSorted((a, b) => a - b)) {
    const name = `${version}.root.json`;
    roots.push((await store.readFile(name)) ?? damaged(name));
  }
  return roots;
}

function versionsOf({ head }: Store, role: string): readonly number[] {
  const pattern = new RegExp(`^([0-9]+)\\.${role}\\.json$`);
  return [...head.files.keys()].flatMap((name) => {
    const version = pattern.exec(name)?.[1];
    return version === undefined ? [] : [Number(version)];
  });
}

/** INVARIANT: a store opens only where what its head names is there. */
function damaged(file: string): never {
  throw WritError.of("WRIT8001", { file });
}
