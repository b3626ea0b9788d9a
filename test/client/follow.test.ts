/** The whole circle of a live gateway: opened, polled, decided, revoked, denied. */
import { expect, test } from "vitest";
import { newWorld, requestOf } from "./world.ts";

const mtls = requestOf("mtls");

test("opens, polls, decides; a revocation is enforced, and the next poll confirms it", async () => {
  const { simulation, publisher, open } = await newWorld();
  const gateway = await open();
  expect(gateway.health()).toMatchObject({ ready: false, tiers: [], problems: [] });
  expect(gateway.decide(mtls)).toEqual({ allow: false, reason: "policy-missing" });
  await simulation.pass(3);
  expect(gateway.health()).toMatchObject({ ready: true, problems: [], policy: { sequence: 7, revision: "r7" } });
  expect(gateway.decide(mtls)).toMatchObject({ allow: true, revision: "r7" });
  const sequence = await publisher.revoke(["identities", "payments"]);
  await simulation.pass(0.1);
  expect(gateway.decide(mtls)).toMatchObject({ allow: false, reason: "revoked" });
  expect(publisher.polls.at(-1)?.held).toMatchObject({ enforced: sequence, policy: 7 });
  await publisher.omit(["identities", "payments"]);
  await simulation.pass(0.1);
  expect(gateway.decide(mtls)).toMatchObject({ allow: true });
});
