/** Every gateway is a witness of its publisher: threat model §13, D09 and D13, and keys that change. */
import { expect, test } from "vitest";
import { digestOf } from "../../src/client/digest.ts";
import { mapStore, strangers } from "../trust/repository.ts";
import { newWorld, requestOf } from "./world.ts";

const workload = requestOf("svid");

test("D09 a publisher whose log was cut: `audit-rollback` at the next head, also after a restart", async () => {
  for (const restarts of [false, true]) {
    const { simulation, publisher, silence, open } = await newWorld();
    const store = mapStore();
    let gateway = await open({ store });
    await simulation.pass(3);
    await publisher.revoke(["owners", "a@example.com"]);
    await publisher.revoke(["owners", "b@example.com"]);
    await simulation.pass(0.1);
    const { head } = gateway.health();
    silence();
    if (restarts) {
      await gateway.close();
      gateway = await open({ store });
      await simulation.pass(2);
    }
    publisher.size--;
    await publisher.head();
    await simulation.pass(1);
    expect(gateway.health()).toMatchObject({ head, problems: [{ code: "WRIT9115" }] });
    expect(publisher.reports.at(-1)?.problems).toMatchObject([{ code: "WRIT9115" }]);
    // The same size again with another root is no better.
    publisher.size++;
    publisher.root32 = "ab".repeat(32);
    await publisher.head();
    await simulation.pass(10);
    expect(gateway.health()).toMatchObject({ head, problems: [{ code: "WRIT9302" }, { code: "WRIT9115" }] });
    publisher.size++;
    publisher.beat();
    await simulation.pass(12);
    expect(gateway.health()).toMatchObject({ head: { sequence: publisher.size }, problems: [] });
    expect(gateway.decide(workload)).toMatchObject({ allow: true });
  }
});

test("D13 two heads of one version: the second is refused and reported, with the digest of the first", async () => {
  const { simulation, publisher, silence, open } = await newWorld();
  const gateway = await open();
  await simulation.pass(3);
  silence();
  const digest = await digestOf(publisher.timestamp);
  expect(gateway.health().head?.digest).toBe(digest);
  publisher.floor = 1;
  await publisher.repository.replace("timestamp", (draft) => {
    draft["x-writ"] = { ...(draft["x-writ"] as object), floor: 1 };
  });
  publisher.show();
  publisher.insists = true;
  await simulation.pass(6);
  publisher.insists = false;
  await simulation.pass(2);
  expect(gateway.health().problems.map(({ code }) => code)).toContain("WRIT9104");
  expect(publisher.reports.at(-1)).toMatchObject({ head: { digest } });
  expect(publisher.reports.at(-1)?.problems.map(({ code }) => code)).toContain("WRIT9104");
  await publisher.head();
  await simulation.pass(1);
  expect(gateway.health()).toMatchObject({ problems: [{ code: "WRIT9104" }] });
  expect(gateway.health().head?.digest).toBe(await digestOf(publisher.timestamp));
});

test("R05 every role's key and the bundle's change while a gateway runs: no request is denied", async () => {
  const { simulation, publisher, open } = await newWorld();
  const gateway = await open();
  await simulation.pass(3);
  const { repository } = publisher;
  const check = async () => {
    for (let tenth = 0; tenth < 30; tenth++) {
      await simulation.pass(0.1);
      expect(gateway.decide(workload)).toMatchObject({ allow: true });
    }
    expect(gateway.health().problems).toEqual([]);
  };
  for (const [index, role] of (["timestamp", "snapshot", "targets"] as const).entries()) {
    repository.signers[role] = [strangers[index]!];
    await repository.publishRoot();
    await publisher.release({ sequence: 8 + index });
    await check();
  }
  repository.signers.root = strangers.slice(2, 5);
  await repository.publishRoot();
  await publisher.head();
  await check();
  repository.signers.revocations = [strangers[3]!];
  await publisher.release({ sequence: 12 });
  await check();
  await check();
  expect(gateway.health().policy?.sequence).toBe(12);
});

test("F07 what a stolen key said is forgotten with the key: lower times are right again", async () => {
  const { simulation, publisher, open } = await newWorld();
  const gateway = await open();
  await simulation.pass(3);
  const { repository } = publisher;
  await repository.publishOne("timestamp", (draft) => {
    draft["x-writ"] = {
      at: publisher.seconds + 1_000_000,
      floor: 9000,
      audit: { size: 2 ** 40, root: "cd".repeat(32) },
    };
  });
  publisher.show();
  await simulation.pass(0.5);
  expect(gateway.decide(workload)).toMatchObject({ allow: false });
  expect(gateway.health().head).toMatchObject({ sequence: 2 ** 40 });
  repository.signers.timestamp = [strangers[0]!];
  await repository.publishRoot();
  await publisher.head();
  await simulation.pass(20);
  expect(gateway.health()).toMatchObject({ ready: true, problems: [], policy: { sequence: 7 } });
  expect(gateway.decide(workload)).toMatchObject({ allow: true });
});
