/** Ring by ring into force, one change at a time, and back to what was good. */
import { expect, test } from "vitest";
import { readKeys } from "../../src/bundle/index.ts";
import { Gateway } from "../../src/gateway/index.ts";
import { canonicalJsonBytes } from "../../src/json/index.ts";
import { policyPath, type Ring, readPolicyTarget } from "../../src/protocol/index.ts";
import { readMetadata } from "../../src/trust/index.ts";
import { ann, author, bob, call, caller, type Desk, expectRefused, openDesk, operator, shown } from "./desk.ts";
import "./no-heartbeats.ts";

/** As a gateway of a ring finds it: the target, and the bundle that it names, opened with the keys that it names. */
async function seenIn({ publisher, store }: Desk, ring: Ring) {
  const version = Math.max(
    ...[...store.head.files.keys()].flatMap((name) => /^(\d+)\.targets\.json$/.exec(name)?.[1] ?? []).map(Number),
  );
  const bytes = await publisher.metadata(`${version}.targets.json`);
  const targets = readMetadata("targets.json", "targets", bytes!);
  const target = targets.signed.targets.get(policyPath(ring));
  if (!target) return undefined;
  const custom = readPolicyTarget(target.path, target.custom);
  const digest = target.hashes.get("sha256")!;
  const gateway = new Gateway(await readKeys(canonicalJsonBytes([...custom.keys])));
  await gateway.load((await publisher.blob(caller("edge", ["gateway"], { ring }), digest))!);
  const { sequence, revision } = gateway.policy!;
  expect({ sequence, revision }).toEqual({ sequence: custom.sequence, revision: custom.revision });
  return { digest, sequence, keys: custom.keys.length };
}

test("R01 a release reaches canary first, and stable only what is in force there", async () => {
  const desk = await openDesk();
  const { publisher } = desk;
  const digest = await desk.submit(1);
  await publisher.approve(call(ann), digest, shown);
  await expectRefused(desk, "release-order", () => publisher.release(desk.match(operator), digest, "stable"), "canary");
  const canary = await publisher.release(desk.match(operator), digest, "canary");
  expect(canary).toEqual({ version: desk.store.head.version, sequence: desk.store.head.records });
  expect(await seenIn(desk, "canary")).toEqual({ digest, sequence: 1, keys: 1 });
  expect(await seenIn(desk, "stable")).toBeUndefined();
  await expectRefused(
    desk,
    "release-order",
    () => publisher.release(desk.match(operator), digest, "canary"),
    "in-force",
  );
  await publisher.release(desk.match(operator), digest, "stable");
  expect(await seenIn(desk, "stable")).toEqual({ digest, sequence: 1, keys: 1 });
  expect(publisher.view().inForce).toMatchObject({ canary: { digest }, stable: { digest, sequence: 1 } });

  const next = await desk.submit(2);
  await publisher.approve(call(bob), next, shown);
  await publisher.release(desk.match(operator), next, "canary");
  expect(await seenIn(desk, "canary")).toMatchObject({ digest: next });
  expect(await seenIn(desk, "stable")).toMatchObject({ digest });
});

test("P07 a release moves on from the head that was looked at, and of two at once one wins", async () => {
  const desk = await openDesk();
  const { publisher } = desk;
  const [first, second] = [await desk.submit(1), await desk.submit(2)];
  for (const digest of [first, second]) await publisher.approve(call(ann), digest, shown);
  const { version } = desk.store.head;
  await expectRefused(desk, "head-moved", () => publisher.release(call(operator), first, "canary"));
  await expectRefused(desk, "head-moved", () => publisher.release(call(operator, version + 1), first, "canary"));
  const both = await Promise.allSettled(
    [first, second].map((digest) => publisher.release(call(operator, version), digest, "canary")),
  );
  expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(both.find(({ status }) => status === "rejected")).toMatchObject({ reason: { reason: "head-moved" } });
  const won = both[0]!.status === "fulfilled" ? first : second;
  expect(await seenIn(desk, "canary")).toMatchObject({ digest: won });
  await expectRefused(desk, "head-moved", () => publisher.release(call(operator, version), won, "stable"));
  await publisher.release(desk.match(operator), won, "stable");
  expect(await seenIn(desk, "stable")).toMatchObject({ digest: won });
});

test("P07 revocations move no policy: who saw the head before one saw the policy in force", async () => {
  const desk = await openDesk();
  const digest = await desk.submit(1);
  await desk.publisher.approve(call(ann), digest, shown);
  const seen = desk.match(operator);
  await desk.publisher.revoke(call(caller("soc", ["revoker"])), [{ path: ["identities", "crawler"] }], "odd traffic");
  await desk.publisher.release(seen, digest, "canary");
  expect(await seenIn(desk, "canary")).toMatchObject({ digest });
});

test("P06 the same call twice at once releases once and has one answer", async () => {
  const desk = await openDesk();
  const digest = await desk.submit(1);
  await desk.publisher.approve(call(ann), digest, shown);
  const twice = desk.match(operator);
  const [one, other] = await Promise.all([1, 2].map(() => desk.publisher.release(twice, digest, "canary")));
  expect(one).toEqual(other);
  expect(await desk.publisher.release(twice, digest, "canary")).toEqual(one);
  await expectRefused(desk, "idempotency-conflict", () => desk.publisher.release(twice, digest, "stable"));
  expect(desk.publisher.view().changes).toHaveLength(1);
});

test("R04 what was good comes back under a higher sequence with the same content, everywhere at once", async () => {
  const desk = await openDesk();
  const { publisher } = desk;
  const good = await desk.released(1);
  const bad = await desk.released(5, { issued: desk.clock.now - 5 });
  await expectRefused(desk, "release-unknown", () => publisher.republish(desk.match(operator), shown));
  await expectRefused(desk, "head-moved", () => publisher.republish(call(operator), good));
  desk.clock.now += 3600;
  const asked = desk.match(operator);
  const { digest, sequence } = await publisher.republish(asked, good);
  expect(sequence).toBe(desk.store.head.records);
  for (const ring of ["canary", "stable"] as const)
    expect(await seenIn(desk, ring)).toEqual({ digest, sequence: 6, keys: 1 });
  const { inForce, changes } = publisher.view();
  expect(inForce.stable).toMatchObject({ digest, sequence: 6, expires: desk.clock.now + 7 * 86_400 });
  expect(inForce.stable!.revision).toMatch(/^6-/);
  expect(digest).not.toBe(good);
  expect(changes.slice(0, 2)).toMatchObject([{ kind: "publish" }, { kind: "publish" }]);
  // Asked again, it is the same one; and neither of those before can be released any more.
  expect(await publisher.republish(asked, good)).toMatchObject({ digest, sequence });
  await expectRefused(
    desk,
    "approval-mismatch",
    () => publisher.release(desk.match(operator), bad, "canary"),
    "superseded",
  );
  const next = await desk.released(7);
  expect(await seenIn(desk, "stable")).toMatchObject({ digest: next });
});

test("R04 the content digest of a republication is that of the release, and its record says whose content it is", async () => {
  const desk = await openDesk();
  const good = await desk.released(1);
  await desk.released(2);
  const before = desk.publisher.view().candidates;
  const { digest } = await desk.publisher.republish(desk.match(operator), good);
  const records = await desk.store.readRecords(0, 100);
  const submitted = records.filter(({ kind }) => kind === "submit").map(({ body }) => body);
  expect(submitted.at(-1)).toMatchObject({
    digest,
    republished: good,
    content: submitted[0]!.content,
    provenance: { digest: good },
  });
  expect(desk.publisher.view().candidates).toHaveLength(before.length + 1);
});

test("R04 a republication that gateways can't take is none", async () => {
  const desk = await openDesk();
  const good = await desk.released(1);
  await desk.released(2);
  desk.trial.problem = "the engine is too old";
  await expectRefused(desk, "activation-failed", () => desk.publisher.republish(desk.match(operator), good));
  desk.trial.problem = undefined;
  await desk.publisher.republish(desk.match(operator), good);
});

test("R04 P04 an emergency that comes back needs its approvals again, and ends soon again", async () => {
  const desk = await openDesk();
  const { publisher, clock } = desk;
  const made = await desk.submission(await desk.bundle(1, { expires: clock.now + 3600 }), {
    emergency: { reason: "open login" },
  });
  const { digest } = await publisher.submit(call(author), made);
  for (const by of [ann, bob]) await publisher.approve(call(by), digest, shown);
  for (const ring of ["canary", "stable"] as const) await publisher.release(desk.match(operator), digest, ring);
  await desk.released(2);
  clock.now += 7200;
  const again = await publisher.republish(desk.match(operator), digest);
  expect(publisher.view().inForce.stable).toMatchObject({ sequence: 2 });
  await expectRefused(desk, "approval-missing", () => publisher.release(desk.match(operator), again.digest, "canary"));
  await expectRefused(desk, "approval-self", () =>
    publisher.approve(call(caller("carl", ["approver"])), again.digest, shown),
  );
  for (const by of [ann, bob]) await publisher.approve(call(by), again.digest, shown);
  await publisher.release(desk.match(operator), again.digest, "canary");
  expect(publisher.view().inForce.canary).toMatchObject({ sequence: 3, expires: clock.now + 3600 });
});

test("nothing goes on while releases are halted, and a good release may come back", async () => {
  const desk = await openDesk();
  const { publisher } = desk;
  const good = await desk.released(1);
  const digest = await desk.submit(2);
  await publisher.approve(call(ann), digest, shown);
  await publisher.release(desk.match(operator), digest, "canary");
  await publisher.halt(call(operator), "it looks odd");
  expect(publisher.view().halted).toMatchObject({ reason: "it looks odd", by: { name: "olga" } });
  for (const ring of ["canary", "stable"] as const)
    await expectRefused(desk, "release-halted", () => publisher.release(desk.match(operator), digest, ring));
  const { digest: back } = await publisher.republish(desk.match(operator), good);
  expect(await seenIn(desk, "canary")).toMatchObject({ digest: back, sequence: 3 });
  await publisher.resume(call(operator), "it was");
  expect(publisher.view().halted).toBeUndefined();
  await desk.released(4);
});

test("P08 what is in force in stable does not go back to canary after something newer was there", async () => {
  const desk = await openDesk();
  const { publisher } = desk;
  const [stable, newer] = [await desk.released(1), await desk.submit(2)];
  await publisher.approve(call(ann), newer, shown);
  await publisher.release(desk.match(operator), newer, "canary");
  await expectRefused(
    desk,
    "approval-mismatch",
    () => publisher.release(desk.match(operator), stable, "canary"),
    "superseded",
  );
  await publisher.release(desk.match(operator), newer, "stable");
  expect(await seenIn(desk, "canary")).toMatchObject({ digest: newer });
});

test("R01 what was never in canary does not reach stable, nor come back, and what has ended reaches nobody", async () => {
  const desk = await openDesk();
  const { publisher, clock } = desk;
  await desk.released(1);
  const [next, short] = [await desk.submit(2), await desk.submit(3, { expires: clock.now + 60 })];
  for (const digest of [next, short]) await publisher.approve(call(ann), digest, shown);
  const release = (digest: string, ring: Ring) => () => publisher.release(desk.match(operator), digest, ring);
  await expectRefused(desk, "release-order", release(next, "stable"), "canary");
  await release(next, "canary")();
  await expectRefused(desk, "release-unknown", () => publisher.republish(desk.match(operator), next));
  await expectRefused(desk, "release-order", release(short, "stable"), "canary");
  clock.now += 60;
  await expectRefused(desk, "candidate-unfit", release(short, "canary"), "ended");
  await release(next, "stable")();
  expect(await seenIn(desk, "stable")).toMatchObject({ digest: next });
});

test("P08 a policy that begins later is released later, and no sequence is the last one", async () => {
  const desk = await openDesk();
  const { publisher, clock } = desk;
  await expectRefused(desk, "candidate-unfit", () => desk.submit(2 ** 53 - 1), "room");
  const digest = await desk.submit(2 ** 52, { issued: clock.now + 3600 });
  await publisher.approve(call(ann), digest, shown);
  await expectRefused(
    desk,
    "candidate-unfit",
    () => publisher.release(desk.match(operator), digest, "canary"),
    "begins",
  );
  clock.now += 3600;
  for (const ring of ["canary", "stable"] as const) await publisher.release(desk.match(operator), digest, ring);
  await publisher.republish(desk.match(operator), digest);
  expect(publisher.view().inForce.stable).toMatchObject({ sequence: 2 ** 52 + 1 });
});

test("P08 a lower sequence is never released: neither below a release nor below the floor", async () => {
  const desk = await openDesk();
  const { publisher } = desk;
  await desk.released(5);
  for (const sequence of [1, 4, 5])
    await expectRefused(
      desk,
      "candidate-unfit",
      () => desk.submit(sequence, { issued: desk.clock.now - 60 }),
      "sequence",
    );
  const waiting = await desk.submit(9);
  await publisher.approve(call(ann), waiting, shown);
  await publisher.recall(call(operator, desk.store.head.version), 9, "all of them let crawlers in");
  await expectRefused(desk, "candidate-unfit", () => desk.submit(9, { issued: desk.clock.now - 60 }), "sequence");
  await expectRefused(
    desk,
    "approval-mismatch",
    () => publisher.release(desk.match(operator), waiting, "canary"),
    "superseded",
  );
  const digest = await desk.released(10);
  expect(await seenIn(desk, "stable")).toMatchObject({ digest, sequence: 10 });
});

test("what is released stays released after a stop, with its approvals, halts and calls", async () => {
  const desk = await openDesk();
  const [good, next] = [await desk.released(1), await desk.submit(2)];
  await desk.publisher.approve(call(ann), next, shown);
  const asked = desk.match(operator);
  const accepted = await desk.publisher.release(asked, next, "canary");
  await desk.publisher.halt(call(operator), "for the night");
  const { inForce, candidates, halted } = desk.publisher.view();
  await desk.publisher.close();

  const again = await openDesk({ store: desk.store });
  expect(again.publisher.view()).toMatchObject({ inForce, candidates, halted });
  expect(await again.publisher.release(asked, next, "canary")).toMatchObject({ sequence: accepted.sequence });
  await again.publisher.resume(call(operator), "good morning");
  await again.publisher.release(again.match(operator), next, "stable");
  expect(await seenIn(again, "stable")).toMatchObject({ digest: next });
  const { digest } = await again.publisher.republish(again.match(operator), good);
  expect(await seenIn(again, "stable")).toMatchObject({ digest, sequence: 3 });
});
