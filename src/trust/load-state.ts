/** The stored state at a cold start: verified again from the pinned root, since not even our own disk is trusted. */
import { WritError } from "../diagnostics/index.ts";
import type { TrustedSet, TrustState } from "./client.ts";
import type { Metadata, Root } from "./metadata.ts";
import type { Store } from "./ports.ts";
import { delegatorOf, updateRoot } from "./update-root.ts";
import { readSnapshotFile } from "./update-snapshot.ts";
import { readTargetsFile, versionIn } from "./update-targets.ts";
import { readTimestampFile } from "./update-timestamp.ts";

export interface Loaded {
  readonly state: TrustState;
  readonly problems: readonly WritError[];
}

/** What does not verify counts as not there (threat F14). Expiry is not looked at: an old file still forbids older ones. */
export async function loadState(pinned: Metadata<Root>, store: Store): Promise<Loaded> {
  const problems: WritError[] = [];
  const load = async <T>(name: string, read: (bytes: Uint8Array) => Promise<T>): Promise<T | undefined> => {
    const bytes = await store.read(name);
    if (!bytes) return undefined;
    const found = await soundOr(read(bytes));
    if (found instanceof WritError) problems.push(WritError.of("WRIT9114", { file: `${name}.json` }, found));
    return found instanceof WritError ? undefined : found;
  };

  let root = pinned;
  for (;;) {
    const trusted: Metadata<Root> = root;
    const next = await load(`${trusted.signed.version + 1}.root`, (bytes) => updateRoot(trusted, bytes));
    if (!next) break;
    root = next;
  }
  const timestamp = await load("timestamp", (bytes) => readTimestampFile(root, bytes));
  const snapshot = await load("snapshot", (bytes) => readSnapshotFile(root, bytes));
  const targets =
    snapshot &&
    (await load("targets", (bytes) =>
      readTargetsFile("targets", delegatorOf(root, "targets"), versionIn(snapshot, "targets"), bytes),
    ));
  return {
    state: { root, ...(timestamp && { timestamp }), ...(snapshot && { snapshot }), ...(targets && { targets }) },
    problems,
  };
}

/** The value, or the refusal; a bug goes on as what it is. */
export async function soundOr<T>(attempt: Promise<T>): Promise<T | WritError> {
  try {
    return await attempt;
  } catch (error) {
    if (error instanceof WritError) return error;
    throw error;
  }
}

/** A set only where its files name each other; a stop between two of them leaves none. */
export function setOf(state: TrustState, refreshed?: number): TrustedSet | undefined {
  const { root, timestamp, snapshot, targets } = state;
  if (!timestamp || !snapshot || !targets) return undefined;
  if (snapshot.signed.version !== timestamp.signed.snapshot.version) return undefined;
  if (targets.signed.version !== snapshot.signed.files.get("targets.json")?.version) return undefined;
  return { root, timestamp, snapshot, targets, ...(refreshed !== undefined && { refreshed }) };
}
