/** The whole circle of a live gateway: opened, polled, decided, revoked, denied. */
import { expect, test } from "vitest";
import { openGateway } from "../../src/client/index.ts";
import { mapStore } from "../trust/repository.ts";
import { TestPublisher } from "./publisher.ts";
import { address, newWorld, requestOf } from "./world.ts";

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

test("the publisher is asked with the gateway's token, and never by way of a redirect", async () => {
  const { simulation, publisher, open } = await newWorld();
  const inits: RequestInit[] = [];
  const fetch = TestPublisher.network({
    [address]: (request) => {
      inits.push(request.init);
      return publisher.answer(request);
    },
  });
  await open({ token: "t0", environment: { fetch } });
  await simulation.pass(5);
  expect(publisher.reports.length).toBeGreaterThan(0);
  expect(inits.length).toBeGreaterThan(4);
  for (const { redirect, headers } of inits) {
    expect(redirect).toBe("error");
    expect(new Headers(headers).get("authorization")).toBe("Bearer t0");
  }
});

test("whoever listens is told of what comes into force and of what goes wrong, and of nothing else", async () => {
  const { simulation, publisher, silence, open } = await newWorld();
  const gateway = await open();
  const told: string[] = [];
  const stop = gateway.onChange(({ policy, head, problems }) =>
    told.push([policy?.sequence, head?.sequence, ...problems.map(({ code }) => code)].join(" ")),
  );
  gateway.onChange(() => {
    throw new TypeError("a listener's own mistake");
  });
  await simulation.pass(10);
  expect(told).toEqual([" 2", "7 2"]);
  await publisher.revoke(["owners", "a@example.com"]);
  await simulation.pass(1);
  expect(told.slice(2)).toEqual(["7 3"]);
  silence();
  await simulation.pass(8);
  expect(told.slice(3)).toEqual(["7 3 WRIT9303"]);
  stop();
  await publisher.revoke(["owners", "b@example.com"]);
  await simulation.pass(10);
  expect(told).toHaveLength(4);
});

test("is ready at once where what was kept is enough, and soon where only the policy was missing", async () => {
  const { simulation, publisher, open } = await newWorld();
  const store = mapStore();
  const first = await open({ store });
  const waiting = first.ready();
  await simulation.pass(3);
  expect(await waiting).toBe(true);
  await first.close();
  expect(await (await open({ store })).ready()).toBe(true);
  // The head comes last.
  const files = new Map(store.files);
  files.delete("timestamp");
  let isCut = true;
  const network = TestPublisher.network({ [address]: publisher });
  const fetch: typeof network = (...asked) => (isCut ? Promise.reject(new TypeError("cut")) : network(...asked));
  const second = await open({ store: mapStore(files), environment: { fetch } });
  const becomesReady = second.ready();
  await simulation.pass(3);
  expect(second.health().ready).toBe(false);
  isCut = false;
  await simulation.pass(10);
  expect(await becomesReady).toBe(true);
});

test("closed, it asks for nothing more and leaves no timer, and denies once what it holds is stale", async () => {
  const { simulation, publisher, silence, open } = await newWorld();
  silence();
  const before = simulation.timers;
  const gateway = await open();
  await simulation.pass(3);
  await gateway.close();
  await gateway.close();
  expect(simulation.timers).toBe(before);
  const { length } = publisher.asked;
  expect(gateway.decide(requestOf("svid"))).toMatchObject({ allow: true });
  await simulation.pass(62);
  expect(publisher.asked).toHaveLength(length);
  expect(gateway.decide(requestOf("svid"))).toMatchObject({ reason: "revocations-stale" });
  const closed = await open();
  await closed.close();
  expect(await closed.ready()).toBe(false);
});

test("decides as the gateway in it does, by its own time and never by the caller's", async () => {
  const { simulation, open } = await newWorld();
  const gateway = await open();
  await simulation.pass(3);
  const late = { ...mtls, time: simulation.seconds + 86_400 };
  expect(gateway.decide(late)).toEqual(gateway.decide(mtls));
  const long = { ...late, request: { ...mtls.request, path: `${mtls.request.path}?é` } };
  expect(gateway.decide(long)).toMatchObject({ reason: "path-not-canonical" });
  for (const request of [null, undefined, 7, "", [], {}, { request: null }, Object.assign([], mtls)])
    expect(gateway.decide(request as never)).toMatchObject({ allow: false, reason: "input-malformed" });
});

test.each([
  ["", "malformed"],
  ["policies.example.com", "malformed"],
  ["ftp://policies.example.com", "malformed"],
  ["https://user:secret@policies.example.com", "malformed"],
  ["https://policies.example.com/?a=b", "malformed"],
  ["http://policies.example.com", "insecure"],
  ["http://localhost.example.com", "insecure"],
])("the address %j is refused as %s", async (url, fault) => {
  const { publisher } = await newWorld();
  await expect(openGateway({ root: publisher.root, url })).rejects.toMatchObject({
    code: "WRIT9305",
    parameters: { fault },
  });
  await expect(openGateway({ root: publisher.root, url: [] })).rejects.toMatchObject({
    parameters: { fault: "missing" },
  });
});
