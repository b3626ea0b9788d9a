/** A refusal as the threat model means it: the code, nothing changed, and the next good input succeeds without a restart. */
import { expect } from "vitest";
import { WritError } from "../../src/diagnostics/index.ts";
import type { TrustClient } from "../../src/trust/index.ts";
import type { MapStore, Repository } from "./repository.ts";

export async function reasonOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return "accepted";
  } catch (error) {
    if (error instanceof WritError) return error.reason;
    throw error;
  }
}

export interface Followed {
  readonly repository: Repository;
  readonly client: TrustClient;
  readonly store: MapStore;
}

/**
 * Refreshes once and expects the refusal. What TUF stores before the refused file is named in `stored`; all else is byte for byte
 * what it was.
 */
export async function expectRefused({ client, store }: Followed, reason: string, stored: readonly string[] = []) {
  const [set, files] = [client.current, new Map(store.files)];
  expect(await reasonOf(client.refresh())).toBe(reason);
  expect(client.current).toBe(set);
  const changed = [...new Set([...files.keys(), ...store.files.keys()])].filter(
    (name) => store.files.get(name) !== files.get(name),
  );
  expect(changed.sort()).toEqual(stored.toSorted());
}

/** The next good head is taken by the same client. */
export async function expectRecovered({ client, repository }: Followed) {
  await repository.publish("targets", "revocations", "snapshot", "timestamp");
  const { set } = await client.refresh();
  expect(set.timestamp.signed.version).toBe(repository.versions.timestamp);
  expect(set.targets.signed.version).toBe(repository.versions.targets);
}
