/** A gateway of each ring follows the metadata through releases, a bad one, and the way back; one was away all the time. */
import { expect, test } from "vitest";
import { readKeys } from "../../src/bundle/index.ts";
import { Gateway } from "../../src/gateway/index.ts";
import { canonicalJsonBytes } from "../../src/json/index.ts";
import { policyPath, type Ring, readPolicyTarget } from "../../src/protocol/index.ts";
import { findTarget, TrustClient } from "../../src/trust/index.ts";
import { mapStore } from "../trust/repository.ts";
import { ann, call, caller, type Desk, openDesk, operator, shown } from "./desk.ts";
import "./no-heartbeats.ts";

/** Its policy is the last one that it took; what it refuses is thrown. */
async function follower({ publisher, clock }: Desk, ring: Ring) {
  const credential = caller(`edge in ${ring}`, ["gateway"], { ring });
  const root = (await publisher.metadata("1.root.json"))!;
  const source = (file: string) => publisher.metadata(file);
  const trust = await TrustClient.open({ root, source, store: mapStore(), now: () => clock.now });
  let gateway: Gateway | undefined;
  return async () => {
    await trust.refresh();
    const { path, custom, hashes } = await findTarget(trust, policyPath(ring));
    const { keys } = readPolicyTarget(path, custom);
    gateway ??= new Gateway(await readKeys(canonicalJsonBytes([...keys])));
    const bundle = await publisher.blob(credential, hashes.get("sha256")!);
    // Keys may be others with each release; one that came back is signed by the publisher.
    const trial = new Gateway(await readKeys(canonicalJsonBytes([...keys])));
    await trial.load(bundle!);
    expect(trial.policy!.sequence).toBeGreaterThanOrEqual(gateway.policy?.sequence ?? 0);
    gateway = trial;
    return trial.policy!.sequence;
  };
}

test("R01 R04 no gateway goes back, stable never sees the bad one, and who was away comes along", async () => {
  const desk = await openDesk({
    gateways: [{ name: "edge in canary", ring: "canary" }],
    rollout: { minutes: 0 },
  });
  const { publisher, clock } = desk;
  const confirm = (sequence: number) =>
    desk.report("edge in canary", { policy: { sequence, revision: `${sequence}-x` } });
  const good = await desk.submit(1);
  await publisher.approve(call(ann), good, shown);
  await publisher.release(desk.match(operator), good, "canary");
  const canary = await follower(desk, "canary");
  expect(await canary()).toBe(1);
  await confirm(1);
  await publisher.release(desk.match(operator), good, "stable");
  const [stable, away] = [await follower(desk, "stable"), await follower(desk, "stable")];
  expect([await stable(), await away()]).toEqual([1, 1]);

  clock.now += 100;
  const bad = await desk.submit(2);
  await publisher.approve(call(ann), bad, shown);
  await publisher.release(desk.match(operator), bad, "canary");
  expect([await canary(), await stable()]).toEqual([2, 1]);
  await desk.report("edge in canary", {
    policy: { sequence: 1, revision: "1-x" },
    problems: [{ code: "WRIT9001", message: "it has no memory left", digest: bad }],
  });
  expect(publisher.view().halted).toBeDefined();
  expect([await canary(), await stable()]).toEqual([2, 1]);

  clock.now += 100;
  await publisher.republish(desk.match(operator), good);
  expect([await canary(), await stable(), await away()]).toEqual([3, 3, 3]);
  const { inForce } = publisher.view();
  expect(inForce.stable!.content).toBe(
    (await desk.store.readRecords(0, 50)).find(({ kind }) => kind === "submit")!.body.content,
  );
  await publisher.resume(call(operator), "what was good is back");
  await confirm(3);
  clock.now += 100;
  const next = await desk.submit(4);
  await publisher.approve(call(ann), next, shown);
  await publisher.release(desk.match(operator), next, "canary");
  expect(await canary()).toBe(4);
  await confirm(4);
  await publisher.release(desk.match(operator), next, "stable");
  expect([await stable(), await away()]).toEqual([4, 4]);
});
