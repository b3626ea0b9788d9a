/** Loses power at every call that a change makes of the disk, and opens the publisher again: what a gateway then follows from what it held. */
import { expect, test } from "vitest";
import { policyPath, readRevocations } from "../../src/protocol/index.ts";
import { FolderStore } from "../../src/store/index.ts";
import { delegatedRole, TrustClient } from "../../src/trust/index.ts";
import { Random } from "../random.ts";
import { type DiskState, ForgetfulDisk, keyOf } from "../store/forgetful-disk.ts";
import { Clock, gateway, operator, World } from "./harness.ts";

let processes = 0;

function openStore(disk: ForgetfulDisk): Promise<FolderStore> {
  const self = `p${++processes}`;
  return FolderStore.open("", { files: disk, processes: { self, isDead: () => true }, reserve: 1024 });
}

/** What a gateway finds that held these files, or none. */
async function found(world: World, held: ReadonlyMap<string, Uint8Array> = new Map()) {
  const files = new Map(held);
  const store = {
    read: async (name: string) => files.get(name),
    write: async (name: string, bytes: Uint8Array) => void files.set(name, bytes),
    remove: async (name: string) => void files.delete(name),
  };
  const root = world.trust.roots[0]!;
  const source = (name: string) => world.publisher.metadata(name);
  const client = await TrustClient.open({ root, source, store, now: world.clock.now });
  const { set } = await client.refresh();
  const list = await delegatedRole(client, "revocations");
  const revoked: string[] = [];
  for (const target of list.signed.targets.values()) {
    const bytes = await world.publisher.blob(gateway(), target.hashes.get("sha256")!);
    revoked.push(...readRevocations(bytes!).map(({ path }) => path.join(" ")));
  }
  const policy = set.targets.signed.targets.get(policyPath("canary"))?.custom.sequence;
  return {
    files,
    revoked: revoked.toSorted(),
    policy,
    root: set.root.signed.version,
    version: set.timestamp.signed.version,
  };
}

type Found = Omit<Awaited<ReturnType<typeof found>>, "files" | "version">;

interface Changing {
  readonly change: (world: World) => Promise<unknown>;
  readonly after: Partial<Found>;
}

const changes: Readonly<Record<string, Changing>> = {
  "a revocation": {
    change: (world) => world.revoke({ path: ["owners", "late"] }),
    after: { revoked: ["owners early", "owners late"] },
  },
  "a release": {
    change: async (world) => {
      const digest = [...world.publisher.view().candidates][0]!.digest;
      return world.publisher.release(world.call(operator), digest, "canary");
    },
    after: { policy: 2 },
  },
  "new keys": {
    change: async (world) => {
      await world.trust.add("timestamp");
      await world.trust.drop("timestamp");
      await world.publisher.rotate(world.call(operator));
    },
    after: { root: 3 },
  },
};

test.each(Object.keys(changes))("D01 %s is there wholly or not at all, and no gateway is led back", async (name) => {
  const { change, after } = changes[name]!;
  const clock = new Clock();
  const disk = new ForgetfulDisk();
  const world = await World.open({ store: await openStore(disk), clock, gateways: [] });
  await world.revoke({ path: ["owners", "early"] });
  await world.candidate({ sequence: 2 });
  const { files, version: _version, ...before } = await found(world);
  const random = new Random(7);
  const moments = new Map<string, { readonly state: DiskState; readonly isDone: boolean; readonly version: number }>();
  const look = (isDone: boolean) => {
    const { version } = world.store.head;
    for (let round = 0; round < 2; round++) {
      const state = disk.crashState(random);
      const key = keyOf(state);
      if (!moments.has(key) || isDone) moments.set(key, { state, isDone, version });
    }
  };
  disk.after = ({ operation }) => {
    if (operation !== "read" && operation !== "list") look(false);
  };
  await change(world);
  look(true);
  disk.after = () => {};
  expect(moments.size).toBeGreaterThan(10);
  const outcomes = new Set<string>();
  for (const { state, isDone, version } of moments.values()) {
    const store = await openStore(new ForgetfulDisk(state));
    const again = await World.open({ store, clock, trust: world.trust, gateways: [] });
    const { files: _files, version: next, ...seen } = await found(again, files);
    expect(next).toBeGreaterThan(version);
    const possible: readonly Found[] = isDone ? [{ ...before, ...after }] : [before, { ...before, ...after }];
    expect(possible).toContainEqual(seen);
    outcomes.add(JSON.stringify(seen));
    await again.revoke({ path: ["owners", "afterwards"] });
    expect((await found(again, files)).revoked).toContain("owners afterwards");
    await again.close();
  }
  expect(outcomes.size).toBe(name === "new keys" ? 1 : 2);
  await world.close();
});
