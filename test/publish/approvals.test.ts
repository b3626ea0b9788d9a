/** Who approves what: never one's own, never something else, and as many as are needed. */
import { expect, test } from "vitest";
import type { Accepted } from "../../src/publish/index.ts";
import { ann, author, bob, call, caller, eve, expectRefused, openDesk, operator, shown } from "./desk.ts";
import "./no-heartbeats.ts";

test("P02 nobody approves what they wrote, co-wrote or submitted, by whichever credential they come", async () => {
  const desk = await openDesk();
  const { publisher } = desk;
  const { digest } = await publisher.submit(
    call(author),
    await desk.submission(await desk.bundle(1), { authors: ["ann", "carl"] }),
  );
  const self = [
    ann,
    caller("ci", ["author", "approver"]),
    caller("carl", ["approver"]),
    caller("ann at work", ["approver"], { person: "ann", issuer: "https://other.example.com", subject: "4711" }),
  ];
  for (const by of self) await expectRefused(desk, "approval-self", () => publisher.approve(call(by), digest, shown));
  await publisher.approve(call(bob), digest, shown);
  expect(publisher.view().candidates).toMatchObject([{ state: "approved", approvedBy: [{ name: "bob" }] }]);
});

test("P02 an author stays one however CI spells the name, or by whichever name of a credential it says it", async () => {
  const desk = await openDesk();
  const authors = [" Ann", "ＢＯＢ", "carl-laptop", "dora@example.com"];
  const { digest } = await desk.publisher.submit(
    call(author),
    await desk.submission(await desk.bundle(1), { authors }),
  );
  const self = [
    ann,
    bob,
    caller("carl-laptop", ["approver"], { person: "carl" }),
    caller("dora", ["approver"], { person: "dora", subject: "dora@example.com" }),
  ];
  for (const by of self)
    await expectRefused(desk, "approval-self", () => desk.publisher.approve(call(by), digest, shown));
  await desk.publisher.approve(call(eve), digest, shown);
});

test("P02 who submits again with fewer authors changes nothing", async () => {
  const desk = await openDesk();
  const submission = await desk.submission(await desk.bundle(1), { authors: ["ann"] });
  const { digest } = await desk.publisher.submit(call(author), submission);
  await expectRefused(
    desk,
    "candidate-unfit",
    () => desk.publisher.submit(call(author), { ...submission, authors: [] }),
    "known",
  );
  await expectRefused(desk, "approval-self", () => desk.publisher.approve(call(ann), digest, shown));
  await desk.publisher.approve(call(bob), digest, shown);
});

test("P03 an approval is of one digest: of no other candidate, of none that came later", async () => {
  const desk = await openDesk();
  const { publisher } = desk;
  const [first, other] = [await desk.submit(1), await desk.submit(2)];
  await publisher.approve(call(ann), first, shown);
  await expectRefused(desk, "approval-missing", () => publisher.release(desk.match(operator), other, "canary"));
  for (const digest of ["0".repeat(64), shown, ""])
    await expectRefused(desk, "approval-mismatch", () => publisher.approve(call(ann), digest, shown), "unknown");
  await expectRefused(
    desk,
    "approval-mismatch",
    () => publisher.release(desk.match(operator), "0".repeat(64), "canary"),
    "unknown",
  );
  await expectRefused(desk, "approval-mismatch", () => publisher.approve(call(ann), other, "looked at it"), "shown");
  await publisher.approve(call(ann), other, shown);
  await publisher.release(desk.match(operator), other, "canary");
  // A later one is in force: the approval of the first is of nothing that could be released.
  await expectRefused(desk, "approval-mismatch", () => publisher.approve(call(bob), first, shown), "superseded");
  await expectRefused(
    desk,
    "approval-mismatch",
    () => publisher.release(desk.match(operator), first, "canary"),
    "superseded",
  );
});

test("P03 an approval is of a difference from what is in force: once that is another policy, it is asked for again", async () => {
  const desk = await openDesk();
  const { publisher } = desk;
  await desk.released(1);
  const [two, three] = [await desk.submit(2), await desk.submit(3)];
  for (const digest of [two, three]) await publisher.approve(call(ann), digest, shown);
  await publisher.release(desk.match(operator), two, "canary");
  await expectRefused(desk, "approval-missing", () => publisher.release(desk.match(operator), three, "canary"));
  // What is in canary goes on to stable by the approval that it has.
  await publisher.release(desk.match(operator), two, "stable");
  await publisher.approve(call(ann), three, shown);
  await publisher.release(desk.match(operator), three, "canary");
  expect(publisher.view().inForce.canary).toMatchObject({ digest: three });
});

test("P04 an emergency needs a reason, an end within 72 hours, and two approvals", async () => {
  const desk = await openDesk();
  const { publisher, clock } = desk;
  const submit = async (reason: string, hours: number) =>
    publisher.submit(
      call(author),
      await desk.submission(await desk.bundle(1, { expires: clock.now + hours * 3600 }), { emergency: { reason } }),
    );
  for (const [reason, hours, fault] of [
    ["", 72, "emergency-reason"],
    [" \n", 72, "emergency-reason"],
    ["the login is open", 73, "emergency-life"],
  ] as const)
    await expectRefused(desk, "candidate-unfit", () => submit(reason, hours), fault);
  const { digest } = await submit("the login is open", 72);
  await expectRefused(desk, "approval-missing", () => publisher.release(desk.match(operator), digest, "canary"));
  await publisher.approve(call(ann), digest, shown);
  // The same person once more is the same approval.
  await publisher.approve(call(caller("ann too", ["approver"], { person: "ann" })), digest, shown);
  await expectRefused(desk, "approval-missing", () => publisher.release(desk.match(operator), digest, "canary"));
  await publisher.approve(call(bob), digest, shown);
  await publisher.release(desk.match(operator), digest, "canary");
  expect(publisher.view().inForce.canary).toMatchObject({ digest, approvedBy: [{ name: "ann" }, { name: "bob" }] });
});

test("P05 each does what its role may, and nothing else", async () => {
  const desk = await openDesk();
  const { publisher } = desk;
  const digest = await desk.submit(1);
  const submission = await desk.submission(await desk.bundle(2));
  const everyone = ["author", "approver", "operator", "revoker", "gateway", "auditor"] as const;
  const attempts = [
    ["author", (by) => publisher.submit(by, submission)],
    ["approver", (by) => publisher.approve(by, digest, shown)],
    ["operator", (by) => publisher.release(by, digest, "canary")],
    ["operator", (by) => publisher.republish(by, digest)],
    ["operator", (by) => publisher.halt(by, "to look")],
    ["operator", (by) => publisher.resume(by, "looked")],
    ["operator", (by) => publisher.restore(by, [["identities", "crawler"]], "it was a mistake")],
  ] as const satisfies readonly (readonly [string, (by: ReturnType<typeof call>) => Promise<Accepted>])[];
  for (const [role, attempt] of attempts) {
    const others = caller(
      "many hats",
      everyone.filter((each) => each !== role),
    );
    await expectRefused(desk, "api-forbidden", () => attempt(call(others, desk.store.head.version)));
  }
  await publisher.approve(call(eve), digest, shown);
  await publisher.release(desk.match(operator), digest, "canary");
});
