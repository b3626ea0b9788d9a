/** What was revoked comes back when two others agree, and a token never does. */
import { expect, test } from "vitest";
import { Estate } from "../../src/publish/estate.ts";
import { recordOf } from "../../src/publish/records.ts";
import { ann, bob, call, caller, eve, expectRefused, openDesk, operator, shown } from "./desk.ts";
import "./no-heartbeats.ts";

const soc = caller("soc", ["revoker"]);
const crawler = ["identities", "crawler"] as const;

test("P04 P05 an operator proposes, two others approve, and only then it is given back", async () => {
  const desk = await openDesk();
  const { publisher } = desk;
  await desk.released(1);
  await publisher.revoke(call(soc), [{ path: crawler }, { path: ["keys", "k1"] }], "odd traffic");
  for (const by of [soc, ann, caller("edge", ["gateway"])])
    await expectRefused(desk, "api-forbidden", () => publisher.restore(call(by), [crawler], "cleaned"));
  const hands = caller("olga", ["operator", "approver"]);
  const { digest } = await publisher.restore(call(hands), [crawler], "cleaned");
  expect(publisher.revocations()).toHaveLength(2);
  await expectRefused(desk, "approval-self", () => publisher.approve(call(hands), digest, shown));
  await publisher.approve(call(ann), digest, shown);
  await publisher.approve(call(ann), digest, shown);
  expect(publisher.revocations()).toHaveLength(2);
  const { sequence } = await publisher.approve(call(bob), digest, shown);
  expect(publisher.revocations()).toMatchObject([{ path: ["keys", "k1"] }]);
  expect(publisher.view().changes[0]).toMatchObject({ sequence, kind: "restore", reason: "cleaned" });
  await expectRefused(desk, "approval-mismatch", () => publisher.approve(call(eve), digest, shown), "unknown");
});

test("P05 a token is never given back, nor what is not revoked, and nothing of a call that asks for either", async () => {
  const desk = await openDesk();
  const { publisher, clock } = desk;
  const token = ["tokens", "https://id.example.com", "j1"] as const;
  await publisher.revoke(call(soc), [{ path: crawler }, { path: token, value: clock.now + 600 }], "stolen");
  await expectRefused(
    desk,
    "restoration-refused",
    () => publisher.restore(call(operator), [crawler, token], "found"),
    "token",
  );
  await expectRefused(
    desk,
    "restoration-refused",
    () => publisher.restore(call(operator), [["keys", "k1"]], "found"),
    "absent",
  );
  await expectRefused(desk, "restoration-refused", () => publisher.restore(call(operator), [], "found"), "absent");
  expect(publisher.revocations()).toHaveLength(2);
});

test("what was revoked again after it was proposed does not come back by an approval of the time before", async () => {
  const desk = await openDesk();
  const { publisher, clock } = desk;
  await publisher.revoke(call(soc), [{ path: crawler }], "odd traffic");
  const { digest } = await publisher.restore(call(operator), [crawler], "cleaned");
  await publisher.approve(call(ann), digest, shown);
  clock.now += 60;
  await publisher.revoke(call(soc), [{ path: crawler }], "it is back");
  await expectRefused(desk, "approval-mismatch", () => publisher.approve(call(bob), digest, shown), "superseded");
  expect(publisher.revocations()).toMatchObject([{ path: crawler }]);
  const { digest: next } = await publisher.restore(call(operator), [crawler], "cleaned again");
  for (const by of [ann, bob]) await publisher.approve(call(by), next, shown);
  expect(publisher.revocations()).toEqual([]);
});

test("nor by one that comes to the disk behind the revocation that it did not see", () => {
  const estate = new Estate();
  const asked = (index: number) => ({
    at: index,
    by: { issuer: "i", subject: "s", name: "n", thumbprint: "" },
    call: { key: String(index), request: "r" },
  });
  const digest = "d".repeat(64);
  const revocation = (index: number) =>
    recordOf("revoke", { ...asked(index), reason: "odd", entries: [{ path: crawler, value: index }] });
  const approval = (index: number, person: string) =>
    recordOf("approve", { ...asked(index), digest, person, shown: digest });
  estate.apply(revocation(1));
  estate.apply(recordOf("restore", { ...asked(2), reason: "cleaned", digest, person: "olga", paths: [crawler] }));
  estate.apply(approval(3, "ann"));
  estate.apply(revocation(4));
  estate.apply(approval(5, "bob"));
  expect([...estate.revocations.values()]).toEqual([{ sequence: 4, path: crawler, value: 4 }]);
});

test("P06 the same proposal twice is one, and two proposals of the same are two", async () => {
  const desk = await openDesk();
  await desk.publisher.revoke(call(soc), [{ path: crawler }], "odd traffic");
  const asked = call(operator);
  const one = await desk.publisher.restore(asked, [crawler], "cleaned");
  expect(await desk.publisher.restore(asked, [crawler], "cleaned")).toMatchObject({ digest: one.digest });
  await expectRefused(desk, "idempotency-conflict", () => desk.publisher.restore(asked, [["keys", "k1"]], "cleaned"));
  const other = await desk.publisher.restore(call(operator), [crawler], "cleaned");
  expect(other.digest).not.toBe(one.digest);
});
