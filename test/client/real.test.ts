/** A live gateway with the real publisher behind the real server, over sockets: the whole circle, and how long a revocation takes. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type GatewayOptions, type LiveGateway, openGateway } from "../../src/client/index.ts";
import { folderStore } from "../../src/client/node.ts";
import { serve } from "../../src/server/index.ts";
import { begin, operator, World } from "../publish/harness.ts";
import { callersOf, gatewayToken } from "../server/start.ts";
import { requestOf } from "./world.ts";

const workload = requestOf("svid");

async function opened() {
  const world = await World.open();
  const started = performance.now();
  const wall = () => begin * 1000 + performance.now() - started;
  const start = async (port = 0) =>
    serve(world.publisher, await callersOf(), { now: world.clock.now, log: () => {}, gateway: { port } });
  let served = await start();
  const url = served.gatewayUrl;
  const gateways: LiveGateway[] = [];
  return {
    world,
    async open(options: Partial<GatewayOptions> = {}) {
      const gateway = await openGateway({
        root: world.trust.roots[0]!,
        url,
        id: "edge-1",
        token: gatewayToken("edge-1"),
        environment: { wall, random: () => 0.01 },
        ...options,
      });
      gateways.push(gateway);
      return gateway;
    },
    async restart() {
      await served.close();
      await world.restart();
      served = await start(Number(new URL(url).port));
    },
    async [Symbol.asyncDispose]() {
      for (const gateway of gateways) await gateway.close();
      await served.close();
      await world.close();
    },
  };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; !isSo(); turn++) {
    expect(turn).toBeLessThan(2000);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test("opened, revoked, released and recalled over sockets, and the publisher knows of every step", async () => {
  await using circle = await opened();
  const { world, open } = circle;
  const gateway = await open();
  expect(await gateway.ready()).toBe(true);
  expect(gateway.decide(workload)).toMatchObject({ allow: true });
  expect(gateway.health()).toMatchObject({ policy: { sequence: 1 }, problems: [] });
  const { sequence } = await world.revoke({ path: ["identities", "auditor"] });
  expect(await world.publisher.reached(sequence, 5000, new AbortController().signal)).toMatchObject({ enforced: 1 });
  expect(gateway.decide(workload)).toMatchObject({ reason: "revoked" });
  await world.release({ sequence: 2 });
  await until(() => gateway.health().policy?.sequence === 2);
  await world.publisher.recall(world.call(operator), 2, "a test recalls it");
  await until(() => gateway.decide(workload).reason === "policy-below-floor");
  await circle.restart();
  await world.release({ sequence: 3 });
  await until(() => gateway.decide(workload).reason === "revoked");
  expect(gateway.health().policy).toMatchObject({ sequence: 3 });
  await until(() => gateway.health().problems.length === 0);
});

test("a revocation is enforced within a round trip of its acknowledgement", async () => {
  await using circle = await opened();
  const gateway = await circle.open();
  await gateway.ready();
  const times: number[] = [];
  for (let count = 0; count < 20; count++) {
    const { sequence } = await circle.world.revoke({ path: ["owners", `somebody-${count}@example.com`] });
    const acknowledged = performance.now();
    await until(() => (gateway.health().head?.sequence ?? 0) >= sequence);
    times.push(performance.now() - acknowledged);
  }
  // Mostly some milliseconds; on a machine that does ten other things it may be more.
  expect(times.sort((a, b) => a - b)[10]).toBeLessThan(500);
});

test("F14 a gateway starts offline by the folder in which it kept what it verified", async () => {
  await using circle = await opened();
  const folder = await mkdtemp(join(tmpdir(), "writ-client-"));
  try {
    const store = folderStore(folder);
    const gateway = await circle.open({ store });
    await gateway.ready();
    await circle.world.revoke({ path: ["identities", "payments"] });
    await until(() => gateway.decide(requestOf("mtls")).reason === "revoked");
    await gateway.close();
    expect((await readdir(folder)).toSorted()).toContain("timestamp.json");
    const again = await circle.open({ store, url: "http://127.0.0.1:1" });
    expect(again.health()).toMatchObject({ ready: true, policy: { sequence: 1 } });
    expect(again.decide(workload)).toMatchObject({ allow: true });
    expect(again.decide(requestOf("mtls"))).toMatchObject({ reason: "revoked" });
  } finally {
    await rm(folder, { recursive: true });
  }
});
