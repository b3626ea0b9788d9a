/** What a publisher does to a store, one thing at a time, each on a disk on which something was published before. */
import type { FileSystem } from "../../src/store/index.ts";
import { type Known, type Moment, momentsOf, World } from "./crashes.ts";
import { type DiskState, ForgetfulDisk } from "./forgetful-disk.ts";
import { approve, bytesOf, digestOf, publish, revoke, rotate } from "./signer.ts";

type Doing = (world: World) => Promise<void>;

const policy = (name: string) => bytesOf(`${name} `.repeat(150));

async function release(world: World, name: string): Promise<void> {
  await world.commit([publish(digestOf(policy(name)))], [policy(name)]);
}

const doings: Readonly<Record<string, Doing>> = {
  publish: (world) => release(world, "policy-3"),
  approve: (world) => world.commit([approve(digestOf(policy("policy-3")))]),
  revoke: (world) => world.commit([revoke("token-2")]),
  "revoke many": (world) =>
    world.commit(Array.from({ length: 20 }, (_, index) => revoke(`token-${index}-${"x".repeat(30)}`))),
  rotate: (world) => world.commit([rotate("snapshot")]),
  "heartbeat block": (world) => world.beat(4),
};

export const operationNames = ["create", "restart", ...Object.keys(doings)];

/** Each state in which a loss of power may leave the disk during the operation. */
export async function momentsDuring(
  name: string,
  between?: (files: FileSystem) => FileSystem,
): Promise<readonly Moment[]> {
  const prepared = name === "create" ? undefined : await prepare();
  return momentsOf(
    prepared,
    async ({ world, files, signed, begin }) => {
      const doing = doings[name];
      if (!doing) begin();
      await world.start(signed, files);
      // So many that the block of versions ends while we watch.
      if (name === "heartbeat block") await world.beat(997);
      begin();
      await doing?.(world);
    },
    between,
  );
}

async function prepare(): Promise<{ readonly state: DiskState; readonly known: Known }> {
  const disk = new ForgetfulDisk();
  const world = await World.on(disk).start();
  await release(world, "policy-1");
  await world.commit([revoke("token-1")]);
  await release(world, "policy-2");
  await world.store.close();
  return { state: disk.state, known: world.known };
}
