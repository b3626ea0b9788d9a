/** A release that goes wrong stops by itself, on canary gateways alone; and no gateway moves one on alone. */
import { expect, test } from "vitest";
import type { JsonObject } from "../../src/json/index.ts";
import type { KnownGateway } from "../../src/publish/index.ts";
import { estate } from "../decide/estate.ts";
import { ann, bob, call, caller, type Desk, expectRefused, openDesk, operator, shown } from "./desk.ts";
import "./no-heartbeats.ts";

const canaries: readonly KnownGateway[] = [
  { name: "c1", ring: "canary" },
  { name: "c2", ring: "canary" },
  { name: "s1", ring: "stable" },
];

/** One in force in both rings, and the next one in canary. */
async function inCanary(desk: Desk, model = estate) {
  const stable = await desk.submit(1);
  const digest = await desk.submit(2, { model });
  await desk.publisher.approve(call(ann), stable, shown);
  await desk.publisher.release(desk.match(operator), stable, "canary");
  for (const name of ["c1", "c2"]) await decides(desk, name, 1);
  await desk.publisher.release(desk.match(operator), stable, "stable");
  await desk.publisher.approve(call(ann), digest, shown);
  return { stable, digest, release: () => desk.publisher.release(desk.match(operator), digest, "canary") };
}

async function decides(desk: Desk, name: string, sequence: number, decisions = { allowed: 0, denied: 0 }) {
  await desk.report(name, { policy: { sequence, revision: `${sequence}-x` }, decisions: { ...decisions, dropped: 0 } });
}

function rollout(more: { minutes?: number; decisions?: number } = {}) {
  return openDesk({ gateways: canaries, rollout: { minutes: 0, ...more } });
}

test("R01 the first canary gateway that can't take a release halts it, and stable never sees it", async () => {
  const desk = await rollout();
  const { stable, digest, release } = await inCanary(desk);
  await release();
  const problem = { code: "WRIT9002", message: "the tables are of another policy", digest };
  await desk.report("c1", { policy: { sequence: 1, revision: "1-x" }, problems: [problem] });
  const { halted, inForce } = desk.publisher.view();
  expect(halted).toMatchObject({
    by: { subject: "halt" },
    reason: expect.stringContaining("WRIT9002: the tables are of another policy"),
  });
  expect(halted!.reason).toContain("`c1`");
  expect(inForce).toMatchObject({ canary: { digest }, stable: { digest: stable } });
  await decides(desk, "c2", 2);
  await expectRefused(desk, "release-halted", () => desk.publisher.release(desk.match(operator), digest, "stable"));
  // Whoever resumes has seen it: it halts no more for this one, and still a gateway has not taken it.
  await desk.publisher.resume(call(operator), "c1 has an old version");
  await desk.report("c1", { policy: { sequence: 1, revision: "1-x" }, problems: [problem] });
  expect(desk.publisher.view().halted).toBeUndefined();
  await expectRefused(
    desk,
    "release-order",
    () => desk.publisher.release(desk.match(operator), digest, "stable"),
    "troubled",
  );
  for (const name of ["c1", "c2"]) await decides(desk, name, 2);
  await desk.publisher.release(desk.match(operator), digest, "stable");
});

test("R01 trouble is halted once, also by many at the same time and after a stop", async () => {
  const desk = await rollout();
  const { digest, release } = await inCanary(desk);
  await release();
  const problems = [{ code: "WRIT9002", message: "damaged", digest }];
  await Promise.all(["c1", "c2", "c1", "c2"].map((name) => desk.report(name, { problems })));
  const halts = async (of: Desk) => (await of.store.readRecords(0, 1000)).filter(({ kind }) => kind === "halt");
  expect(await halts(desk)).toHaveLength(1);
  await desk.publisher.resume(call(operator), "seen");
  await desk.publisher.close();
  const again = await openDesk({ store: desk.store, gateways: canaries });
  await again.report("c1", { problems });
  expect(await halts(again)).toHaveLength(1);
  expect(again.publisher.view().halted).toBeUndefined();
});

test("R01 trouble with anything but what is in force in canary halts nothing", async () => {
  const desk = await rollout();
  const { stable, release } = await inCanary(desk);
  await release();
  await desk.report("c1", { problems: [{ code: "WRIT9002", message: "damaged", digest: stable }] });
  await desk.report("c1", { problems: [{ code: "WRIT9105", message: "the head has expired" }] });
  expect(desk.publisher.view().halted).toBeUndefined();
});

test("R01 a stock OPA that got a release and does not decide by it halts it; a download that failed does not", async () => {
  const desk = await rollout();
  const { digest, release } = await inCanary(desk);
  desk.clock.now += 60;
  await release();
  const at = (seconds: number) => new Date((desk.clock.now + seconds) * 1000).toISOString();
  const status = (policy: JsonObject) => ({
    bundles: {
      policy: { active_revision: "1-x", code: "bundle_error", message: "1 error occurred:\u001b[2J", ...policy },
    },
  });
  const quiet = [
    status({}),
    status({ last_successful_download: at(-1) }),
    status({ last_successful_download: at(1), active_revision: "2-x" }),
    status({ last_successful_download: at(1), code: "" }),
  ];
  for (const report of quiet) await desk.reportOpa("c1", report);
  await desk.reportOpa("s1", status({ last_successful_download: at(1) }), "stable");
  expect(desk.publisher.view().halted).toBeUndefined();
  await desk.reportOpa("c1", status({ last_successful_download: at(1) }));
  const { halted, inForce } = desk.publisher.view();
  expect(halted!.reason).toContain("`c1`: WRIT8308: OPA reports of `policy`: 1 error occurred:\\u{1b}[2J");
  expect(inForce.canary).toMatchObject({ digest });
});

test("a halt and a resumption say why", async () => {
  const desk = await rollout();
  for (const reason of ["", " \n", "x".repeat(1025), "\ud800"]) {
    await expectRefused(desk, "reason-missing", () => desk.publisher.halt(call(operator), reason));
    await expectRefused(desk, "reason-missing", () => desk.publisher.resume(call(operator), reason));
    await expectRefused(desk, "reason-missing", () => desk.publisher.restore(call(operator), [["keys", "k1"]], reason));
  }
  await desk.publisher.halt(call(operator), "x".repeat(1024));
});

test("R02 when canary gateways deny more than before, it halts and says which grants changed", async () => {
  const desk = await rollout({ decisions: 50 });
  const [lost, ...kept] = estate.grants;
  const { release } = await inCanary(desk, { ...estate, grants: kept });
  for (const name of ["c1", "c2"]) await decides(desk, name, 1, { allowed: 95, denied: 5 });
  await release();
  // The first report is of both policies, so of neither.
  for (const name of ["c1", "c2"]) await decides(desk, name, 2, { allowed: 0, denied: 500 });
  expect(desk.publisher.view().halted).toBeUndefined();
  await decides(desk, "c1", 2, { allowed: 40, denied: 3 });
  await decides(desk, "c2", 2, { allowed: 40, denied: 5 });
  expect(desk.publisher.view().halted).toBeUndefined();
  await decides(desk, "c2", 2, { allowed: 10, denied: 30 });
  const { halted } = desk.publisher.view();
  expect(halted!.reason).toContain("the canary gateway `c2` denies 41.2 % of the requests, and before it was 5.0 %");
  expect(halted!.reason).toContain(`grants that changed: \`${lost!.name}\``);
});

test("R02 what stable gateways deny, and a share of few decisions, halts nothing", async () => {
  const desk = await rollout();
  const { release } = await inCanary(desk);
  for (const name of ["c1", "c2"]) await decides(desk, name, 1, { allowed: 100, denied: 0 });
  await release();
  for (const name of ["c1", "c2"]) await decides(desk, name, 2);
  await decides(desk, "c1", 2, { allowed: 0, denied: 99 });
  const policy = { sequence: 2, revision: "2-x" };
  for (let turn = 0; turn < 3; turn++)
    await desk.report("s1", { policy, decisions: { allowed: 0, denied: 1000, dropped: 0 } }, { ring: "stable" });
  expect(desk.publisher.view().halted).toBeUndefined();
  await decides(desk, "c1", 2, { allowed: 0, denied: 1 });
  expect(desk.publisher.view().halted).toBeDefined();
});

test("R03 a gateway counts for the ring of its credential, whatever it says of itself", async () => {
  const desk = await rollout();
  const { digest, release } = await inCanary(desk);
  await release();
  const problems = [{ code: "WRIT9002", message: "damaged", digest }];
  // It says canary, and is not.
  await desk.report("s1", { ring: "canary", problems, policy: { sequence: 2, revision: "2-x" } }, { ring: "stable" });
  await desk.report("nobody", { ring: "canary", problems }, { ring: "stable" });
  expect(desk.publisher.view().halted).toBeUndefined();
  // It says stable, and is a canary: it does not get out of the way by that.
  await desk.report("c1", { ring: "stable", policy: { sequence: 1, revision: "1-x" } });
  await decides(desk, "c2", 2);
  await expectRefused(
    desk,
    "release-order",
    () => desk.publisher.release(desk.match(operator), digest, "stable"),
    "unconfirmed",
  );
});

test("R03 one gateway moves no release on alone: all that are live have to decide by it, and one at least", async () => {
  const desk = await rollout({ minutes: 10 });
  const { publisher, clock } = desk;
  const digest = await desk.submit(1);
  await publisher.approve(call(bob), digest, shown);
  await publisher.release(desk.match(operator), digest, "canary");
  const stable = () => publisher.release(desk.match(operator), digest, "stable");
  await expectRefused(desk, "release-order", stable, "unconfirmed");
  await decides(desk, "c1", 0);
  await decides(desk, "c2", 1);
  clock.now += 1;
  await expectRefused(desk, "release-order", stable, "unconfirmed");
  // A later or an earlier policy is another one.
  await decides(desk, "c1", 9);
  await expectRefused(desk, "release-order", stable, "unconfirmed");
  await decides(desk, "c1", 1);
  await expectRefused(desk, "release-order", stable, "early");
  clock.now += 600;
  // Nobody was heard of for ten minutes.
  await expectRefused(desk, "release-order", stable, "unconfirmed");
  await decides(desk, "c2", 1);
  await stable();
  expect(publisher.view().inForce.stable).toMatchObject({ digest });
});

test("R03 R02 one that claims a billion decisions, or policies that never were, hides nothing of what another one sees", async () => {
  const desk = await rollout();
  const { release } = await inCanary(desk);
  for (const name of ["c1", "c2"]) await decides(desk, name, 1, { allowed: 1000, denied: 10 });
  await release();
  for (let sequence = 100; sequence < 120; sequence++) {
    await decides(desk, "c1", sequence);
    await decides(desk, "c1", sequence, { allowed: 1000, denied: 0 });
  }
  for (const name of ["c1", "c2"]) await decides(desk, name, 2);
  await decides(desk, "c1", 2, { allowed: 1_000_000_000, denied: 0 });
  expect(desk.publisher.view().halted).toBeUndefined();
  await decides(desk, "c2", 2, { allowed: 60, denied: 40 });
  expect(desk.publisher.view().halted!.reason).toContain(
    "the canary gateway `c2` denies 40.0 % of the requests, and before it was 1.0 %",
  );
});

test("R03 a gateway reads the ring of its credential", async () => {
  const desk = await rollout();
  const { stable, digest, release } = await inCanary(desk);
  await release();
  const gateway = (ring: "canary" | "stable") => caller("edge", ["gateway"], { ring });
  expect(await desk.publisher.blob(gateway("canary"), digest)).toBeDefined();
  expect(await desk.publisher.blob(gateway("stable"), stable)).toBeDefined();
  expect(await desk.publisher.blob(gateway("stable"), digest)).toBeUndefined();
});
