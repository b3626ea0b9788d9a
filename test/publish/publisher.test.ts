/** The thin path: a publisher says what is in force and what is revoked, and a gateway that trusts its root alone learns it. */
import { expect, onTestFinished, test } from "vitest";
import { policyPath, readRevocations } from "../../src/protocol/index.ts";
import { delegatedRole } from "../../src/trust/index.ts";
import { gateway, World, type WorldOptions } from "./harness.ts";

async function open(options?: WorldOptions): Promise<World> {
  const world = await World.open(options);
  onTestFinished(() => world.close());
  return world;
}

test("a gateway learns of a release and of a revocation by polls that it verifies from its pinned root", async () => {
  const world = await open();
  const client = await world.client();
  const { set } = await client.refresh();
  expect(set.targets.signed.targets.get(policyPath("stable"))?.custom).toMatchObject({ sequence: 1 });
  const polled = world.poll(world.held(set));
  const accepted = await world.revoke({ path: ["tokens", "corp", "jti-1"], value: world.clock.now() + 600 });
  const files = await polled;
  const revocations = await delegatedRole(await refreshed(world), "revocations");
  const [target] = revocations.signed.targets.values();
  const digest = target!.hashes.get("sha256")!;
  expect([...files.keys()].toSorted()).toEqual([
    expect.stringMatching(/^[0-9]+\.revocations\.json$/),
    expect.stringMatching(/^[0-9]+\.snapshot\.json$/),
    `blobs/${digest}`,
    "timestamp.json",
  ]);
  const entries = readRevocations(files.get(`blobs/${digest}`)!);
  expect(entries).toMatchObject([{ path: ["tokens", "corp", "jti-1"], sequence: accepted.sequence }]);
  expect(await world.publisher.blob(gateway(), digest)).toEqual(files.get(`blobs/${digest}`));
});

async function refreshed(world: World) {
  const client = await world.client();
  await client.refresh();
  return client;
}
