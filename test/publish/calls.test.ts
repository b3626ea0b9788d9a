/** Calls that change something: who may, once for each key, all or nothing, and in the audit log where they are refused. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Caller } from "../../src/callers/index.ts";
import { WritError } from "../../src/diagnostics/index.ts";
import type { JsonObject } from "../../src/json/index.ts";
import type { NewRevocation } from "../../src/publish/index.ts";
import { alice, auditor, author, gateway, operator, revoker, World, type WorldOptions } from "./harness.ts";

async function open(options?: WorldOptions): Promise<World> {
  const world = await World.open(options);
  onTestFinished(() => world.close());
  return world;
}

/** Refused by that name; nothing is revoked or in force that was not, and the next good call goes through. */
async function expectRefused(world: World, reason: string, attempt: () => Promise<unknown>): Promise<void> {
  const { view, revocations } = world.publisher;
  const [before, revoked] = [view(), revocations()];
  const error = await attempt().then(
    () => expect.fail("was not refused"),
    (refusal: unknown) => refusal,
  );
  expect(error).toBeInstanceOf(WritError);
  expect((error as WritError).reason).toBe(reason);
  const after = view();
  expect(after.inForce).toEqual(before.inForce);
  expect(after.head.floor).toBe(before.head.floor);
  expect(after.head.audit).toEqual(before.head.audit);
  expect(revocations()).toEqual(revoked);
  await expect(world.revoke({ path: ["identities", "next"] })).resolves.toMatchObject({ sequence: expect.any(Number) });
}

async function refusals(world: World): Promise<readonly JsonObject[]> {
  await expect.poll(() => auditBodies(world, "refuse"), { timeout: 3000 }).not.toHaveLength(0);
  return auditBodies(world, "refuse");
}

async function auditBodies(world: World, kind: string): Promise<readonly JsonObject[]> {
  const lines: Uint8Array[] = [];
  for (;;) {
    const more = await world.publisher.auditLines(lines.length, 1000);
    if (more.length === 0) break;
    lines.push(...more);
  }
  const records = lines.map((line) => JSON.parse(Buffer.from(line).toString()) as JsonObject);
  return records.filter((record) => record.kind === kind).map(({ body }) => body as JsonObject);
}

describe("roles and scopes", () => {
  const entry: NewRevocation = { path: ["identities", "billing"] };

  test.each<[string, Caller]>([
    ["a gateway", gateway()],
    ["an author", author],
    ["an approver", alice],
    ["an operator", operator],
    ["an auditor", auditor],
  ])("P05 %s revokes nothing", async (_who, caller) => {
    const world = await open();
    await expectRefused(world, "api-forbidden", () => world.publisher.revoke(world.call(caller), [entry], "because"));
    expect(await refusals(world)).toMatchObject([
      { action: "revoke", code: "api-forbidden", by: { subject: caller.subject } },
    ]);
  });

  test("P05 a revoker gives nothing back, recalls nothing and changes no keys", async () => {
    const world = await open();
    await world.revoke(entry);
    const call = () => world.call(revoker());
    await expectRefused(world, "api-forbidden", () => world.publisher.restore(call(), [entry.path], "because"));
    await expectRefused(world, "api-forbidden", () => world.publisher.recall(call(), 1, "because"));
    await expectRefused(world, "api-forbidden", () => world.publisher.rotate(call()));
  });

  test("P05 a revoker revokes what is in its scope, by the policy in force, and nothing else", async () => {
    const world = await open();
    const { identities, grants, groups, issuers } = (await import("../decide/estate.ts")).estate;
    const owned = identities[0]!;
    const foreign = identities.find(({ owner }) => owner !== owned.owner)!;
    const mine = revoker({ owners: [owned.owner] });
    const revoke = (...paths: readonly NewRevocation["path"][]) =>
      world.publisher.revoke(
        world.call(mine),
        paths.map((path) => ({ path, value: world.clock.now() })),
        "because",
      );
    await revoke(["identities", owned.name], ["issuedBefore", owned.name], ["owners", owned.owner]);
    for (const path of [
      ["identities", foreign.name],
      ["identities", "nobody-knows"],
      ["owners", foreign.owner],
      ["tiers", owned.tier],
      ["issuers", issuers[0]!.name],
      ["tokens", issuers[0]!.name, "jti"],
      ["keys", "unknown-key"],
      ["grants", "unknown-grant"],
    ] as const)
      await expectRefused(world, "api-forbidden", () => revoke(path));
    // All or none.
    await expectRefused(world, "api-forbidden", () => revoke(["identities", owned.name], ["identities", foreign.name]));
    expect(grants.some(({ to }) => to.groups.length > 0)).toBe(true);
    for (const grant of grants) {
      const grouped = groups.filter(({ name }) => grant.to.groups.includes(name)).flatMap(({ members: all }) => all);
      const holders = [...grant.to.identities, ...grouped];
      const members = holders.map((name) => identities.find((identity) => identity.name === name)!);
      const attempt = revoke(["grants", grant.name]);
      const isMine = members.every(({ owner }) => owner === owned.owner);
      await (isMine ? attempt : expect(attempt).rejects.toMatchObject({ reason: "api-forbidden" }));
    }
    const ofIssuer = revoker({ issuers: [issuers[0]!.name] });
    const call = world.call(ofIssuer);
    const tokens = [{ path: ["tokens", issuers[0]!.name, "jti"], value: world.clock.now() + 60 }] as const;
    await expect(world.publisher.revoke(call, tokens, "because")).resolves.toBeDefined();
  });
});

describe("idempotency", () => {
  const entries: readonly NewRevocation[] = [{ path: ["owners", "acme"], value: 7 }];

  test("P06 the same key twice at once has one effect and one answer, also after a restart", async () => {
    const world = await open();
    const call = world.call(revoker());
    const revoke = () => world.publisher.revoke(call, entries, "because");
    const [one, other] = await Promise.all([revoke(), revoke()]);
    expect(one).toEqual(other);
    expect(await revoke()).toEqual(one);
    expect(await auditBodies(world, "revoke")).toHaveLength(1);
    await world.restart();
    expect((await revoke()).sequence).toBe(one.sequence);
    expect(await auditBodies(world, "revoke")).toHaveLength(1);
  });

  test("P06 the same key with another body, by another action, is refused, also after a restart", async () => {
    const world = await open();
    const call = world.call(revoker());
    await world.publisher.revoke(call, entries, "because");
    const other = () => world.publisher.revoke(call, [{ path: ["owners", "other"], value: 7 }], "because");
    await expectRefused(world, "idempotency-conflict", other);
    await expectRefused(world, "idempotency-conflict", () => world.publisher.revoke(call, entries, "another reason"));
    await world.restart();
    await expectRefused(world, "idempotency-conflict", other);
  });

  test("P06 a key is one caller's own, and a call that was refused may be made again", async () => {
    const world = await open();
    const key = "the-same-key";
    const [mine, theirs] = [revoker(), { ...revoker(), subject: "another" }];
    const one = await world.publisher.revoke(world.call(mine, key), entries, "because");
    const other = await world.publisher.revoke(world.call(theirs, key), entries, "because");
    expect(other.sequence).toBeGreaterThan(one.sequence);
    const call = world.call(mine, "later");
    await expect(world.publisher.revoke(call, [], "because")).rejects.toMatchObject({ reason: "revocation-refused" });
    await expect(world.publisher.revoke(call, [], "because")).rejects.toMatchObject({ reason: "revocation-refused" });
    await expect(world.publisher.revoke(call, entries, "because")).resolves.toBeDefined();
  });
});

describe("the head that a caller saw", () => {
  test("P07 of two releases at once exactly one wins; heartbeats and revocations move nothing", async () => {
    const world = await open({ gateways: [] });
    const [two, three] = [await world.candidate({ sequence: 2 }), await world.candidate({ sequence: 3 })];
    const seen = world.call(operator).ifMatch!;
    await world.revoke({ path: ["owners", "acme"] });
    const release = (digest: string) =>
      world.publisher.release({ ...world.call(operator), ifMatch: seen }, digest, "canary");
    const results = await Promise.allSettled([release(two), release(three)]);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(results.find(({ status }) => status === "rejected")).toMatchObject({ reason: { reason: "head-moved" } });
  });

  test("P07 a head from before a release, from before a restart, or from nowhere is stale", async () => {
    const world = await open({ gateways: [] });
    const seen = world.call(operator).ifMatch!;
    const digest = await world.release({ sequence: 2 });
    const republish = (ifMatch: number | undefined) => {
      const { ifMatch: _now, ...call } = world.call(operator);
      return world.publisher.republish({ ...call, ...(ifMatch !== undefined && { ifMatch }) }, digest);
    };
    for (const ifMatch of [seen, undefined, world.store.head.version + 1000])
      await expectRefused(world, "head-moved", () => republish(ifMatch));
    const current = world.store.head.version;
    await world.restart();
    await expectRefused(world, "head-moved", () => republish(current));
    await expect(republish(world.store.head.version)).resolves.toMatchObject({ digest: expect.any(String) });
  });
});

describe("what can't be revoked", () => {
  let world: World;
  beforeAll(async () => {
    world = await World.open({ released: false });
  });
  afterAll(() => world.close());
  const long = "x".repeat(1025);
  const now = 1_800_000_000;

  test.each<[string, readonly NewRevocation[]]>([
    ["nothing", []],
    ["1,001 entries", Array.from({ length: 1001 }, (_, index) => ({ path: ["owners", `o${index}`] }))],
    [
      "more text than a record holds",
      Array.from({ length: 200 }, (_, i) => ({ path: ["owners", `${i}${"y".repeat(900)}`] })),
    ],
    ["an empty name", [{ path: ["owners", ""] }]],
    ["a long name", [{ path: ["owners", long] }]],
    ["a name of 1 MiB", [{ path: ["owners", "x".repeat(1024 * 1024)] }]],
    ["a line end", [{ path: ["owners", "a\nb"] }]],
    ["an escape of a terminal", [{ path: ["owners", "a\u001b[31m"] }]],
    ["half a pair", [{ path: ["owners", "\ud800"] }]],
    ["an unknown list", [{ path: ["floors", "x"] as unknown as NewRevocation["path"] }]],
    ["a path that is too short", [{ path: ["tokens", "corp"] as unknown as NewRevocation["path"] }]],
    ["a path that is too long", [{ path: ["owners", "a", "b"] as unknown as NewRevocation["path"] }]],
    ["no path", [{ path: [] as unknown as NewRevocation["path"] }]],
    ["a token without its end", [{ path: ["tokens", "corp", "jti"] }]],
    ["half a second", [{ path: ["owners", "acme"], value: 1.5 }]],
    ["a time before all times", [{ path: ["owners", "acme"], value: -1 }]],
    ["a time beyond all times", [{ path: ["owners", "acme"], value: 2 ** 53 }]],
    ["one wrong among right ones", [{ path: ["owners", "acme"], value: now }, { path: ["owners", ""] }]],
  ])("P12 %s", async (_what, entries) => {
    const revoke = () => world.publisher.revoke(world.call(revoker()), entries, "because");
    await expectRefused(world, "revocation-refused", revoke);
  });

  test.each(["", "  ", "x".repeat(1025), "\udc00"])("P12 for the reason %j", async (reason) => {
    const call = world.call(revoker());
    await expectRefused(world, "revocation-refused", () =>
      world.publisher.revoke(call, [{ path: ["owners", "acme"] }], reason),
    );
  });

  test("names that mean something to a runtime are names", async () => {
    await world.revoke(
      { path: ["owners", "__proto__"] },
      { path: ["tokens", "constructor", "__proto__"], value: 2_000_000_000 },
    );
    expect(world.publisher.revocations().map(({ path }) => path)).toContainEqual(["owners", "__proto__"]);
    const signal = new AbortController().signal;
    const bundle = await world.publisher.opaBundle(gateway(), "revocations", undefined, 0, signal);
    const { unpackedData } = await import("./unpacked.ts");
    const data = unpackedData(bundle!.bytes);
    expect(JSON.stringify(data)).toContain('"__proto__":1');
    expect(JSON.stringify(data)).toContain('"constructor":{"__proto__":2000000000}');
  });
});

describe("the floor", () => {
  test("P08 recalls up to a sequence, and never falls, whatever is recalled later", async () => {
    const world = await open({ gateways: [] });
    await world.release({ sequence: 2 });
    await world.release({ sequence: 3 });
    await world.publisher.recall(world.call(operator), 2, "it grants too much");
    expect(world.publisher.view().head.floor).toBe(3);
    await world.publisher.recall(world.call(operator), 1, "so did this");
    expect(world.publisher.view().head.floor).toBe(3);
    await world.restart();
    expect(world.publisher.view().head.floor).toBe(3);
    const { set } = await (await world.client()).refresh();
    expect(set.timestamp.signed.writ!.floor).toBe(3);
  });

  test.each([0, -1, 4, 1.5, 2 ** 53 - 1, Number.NaN])("P08 %d is no sequence that was in force", async (sequence) => {
    const world = await open();
    await expectRefused(world, "recall-unknown", () =>
      world.publisher.recall(world.call(operator), sequence, "because"),
    );
  });
});

describe("the audit log of refusals", () => {
  test("P19 counts those past ten a second of one caller, and leaves others alone", async () => {
    const world = await open({ released: false });
    for (let index = 0; index < 500; index++) world.publisher.refused("poll", "api-unauthenticated", auditor);
    world.publisher.refused("revoke", "api-forbidden", gateway());
    const found = await refusals(world);
    expect(found).toHaveLength(12);
    expect(found.reduce((sum, { count }) => sum + (count as number), 0)).toBe(501);
    expect(found.filter(({ by }) => (by as JsonObject).subject === "edge-1")).toHaveLength(1);
  });

  test("P16 what strangers are refused second by second wakes gateways no more often than heartbeats do", async () => {
    const world = await open({ released: false });
    const { version } = world.publisher.view().head;
    const stranger = setInterval(() => world.publisher.refused("GET none", "api-unauthenticated"), 50);
    await new Promise((resolve) => setTimeout(resolve, 3500));
    clearInterval(stranger);
    expect(world.publisher.view().head.version).toBe(version + 1);
  });

  test("P18 cuts what a stranger sent, and keeps it on its line", async () => {
    const world = await open({ released: false });
    const subject = `a"\n\u001b[31m${"x".repeat(1024 * 1024)}`;
    world.publisher.refused("poll", "api-unauthenticated", { ...auditor, subject });
    await refusals(world);
    const lines = await world.publisher.auditLines(0, 1000);
    for (const line of lines) {
      expect(line.length).toBeLessThan(4096);
      expect(Buffer.from(line).toString()).not.toMatch(/\p{Cc}/u);
    }
  });

  test("a flood by ever new callers writes no more than a few hundred records", async () => {
    const world = await open({ released: false });
    for (let index = 0; index < 5000; index++)
      world.publisher.refused("poll", "api-unauthenticated", { ...auditor, subject: `stranger-${index}` });
    const found = await refusals(world);
    expect(found.length).toBeLessThanOrEqual(1001);
    expect(found.reduce((sum, { count }) => sum + (count as number), 0)).toBe(5000);
  });
});
