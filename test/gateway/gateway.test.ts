/** Policies that come and go while requests are decided, and engines that stop. */
import { describe, expect, test } from "vitest";
import { Gateway, openPolicy } from "../../src/gateway/index.ts";
import { bases, estate } from "../decide/estate.ts";
import { keys, now, release } from "./release.ts";
import { harmfulMethod, stoppingEngine } from "./stopping-engine.ts";

const fresh = { sequence: 1, at: now, floor: 0 };
const withoutGrants = { ...estate, grants: [] };

describe("a gateway", () => {
  test("refuses everything until it has a policy, and keeps what it was told before", async () => {
    const gateway = new Gateway(keys);
    expect(gateway.policy).toBeUndefined();
    expect(gateway.decide(bases.mtls)).toEqual({ allow: false, reason: "policy-missing" });
    expect(gateway.decideJson("{}")).toEqual({ allow: false, reason: "policy-missing" });
    gateway.setRevocations(fresh);
    gateway.patchRevocations({ add: [{ path: ["owners", "team-payments@example.com"], value: now }] });
    await gateway.load(await release());
    expect(gateway.decide(bases.mtls)).toMatchObject({ reason: "revoked" });
    gateway.patchRevocations({ remove: [["owners", "team-payments@example.com"]] });
    expect(gateway.decide(bases.mtls)).toMatchObject({ allow: true, revision: "r7" });
  });

  test("decides by the old policy until the new one is in place, and carries revocations over", async () => {
    const gateway = new Gateway(keys);
    gateway.setRevocations(fresh);
    await gateway.load(await release());
    const [next, after] = [await release({ sequence: 8, model: withoutGrants }), await release({ sequence: 9 })];
    const loading = gateway.load(next);
    let asked = 0;
    let done = false;
    void loading.finally(() => {
      done = true;
    });
    while (!done) {
      const decision = gateway.decide(bases.mtls);
      expect(decision).toMatchObject({ allow: true, revision: "r7" });
      asked++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await loading;
    expect(asked).toBeGreaterThan(1);
    expect(gateway.decide(bases.mtls)).toMatchObject({ reason: "scope-not-granted", revision: "r8" });
    gateway.patchRevocations({ add: [{ path: ["identities", "payments"], value: now }] });
    await gateway.load(after);
    expect(gateway.decide(bases.mtls)).toMatchObject({ reason: "revoked", revision: "r9" });
  });

  test("knows what another policy was told that was in place before, whole or by entries", async () => {
    const gateway = new Gateway(keys);
    await gateway.load(await release());
    gateway.setRevocations(fresh);
    const [before] = [gateway.policy!, await gateway.load(await release({ sequence: 8 }))];
    before.patchRevocations({ add: [{ path: ["identities", "payments"], value: now }] });
    expect(before.decide(bases.mtls)).toMatchObject({ reason: "revoked", revision: "r7" });
    expect(gateway.decide(bases.mtls)).toMatchObject({ reason: "revoked", revision: "r8" });
    before.patchRevocations({ add: [{ path: ["tokens", "corp", "t1"], value: now }] });
    gateway.patchRevocations({ sequence: 2, add: [{ path: ["tokens", "corp", "t2"], value: now }] });
    expect(gateway.decideJson(JSON.stringify(bases.mtls))).toMatchObject({ reason: "revoked", revision: "r8" });
    before.setRevocations({ ...fresh, sequence: 3 });
    expect(gateway.decide(bases.mtls)).toMatchObject({ allow: true, revision: "r8" });
    before.setRevocations({ ...fresh, sequence: 4, owners: { "team-payments@example.com": now } });
    expect(gateway.decide(bases.mtls)).toMatchObject({ reason: "revoked", revision: "r8" });
  });

  test("never goes back to a lower sequence, in whatever order bundles come", async () => {
    const gateway = new Gateway(keys);
    const [seven, eight] = [await release(), await release({ sequence: 8 })];
    const loads = await Promise.allSettled([gateway.load(eight), gateway.load(seven), gateway.load(eight)]);
    expect(loads.at(0)).toMatchObject({ status: "fulfilled" });
    expect(gateway.policy?.sequence).toBe(8);
    await expect(gateway.load(seven)).rejects.toMatchObject({
      code: "WRIT9003",
      parameters: { sequence: 7, held: 8 },
    });
    await expect(gateway.load(await release({ sequence: 8, revision: "r8-other" }))).rejects.toMatchObject({
      code: "WRIT9003",
      parameters: { sequence: 8, held: 8 },
    });
    await expect(gateway.load(seven.subarray(1))).rejects.toMatchObject({ code: "WRIT7002" });
    expect(gateway.policy?.sequence).toBe(8);
  });
});

test("an engine that stops refuses the request, and the next one is decided by a fresh engine", async () => {
  const faults: unknown[] = [];
  const onFault = (fault: unknown) => faults.push(fault);
  const policy = await openPolicy(await release(), keys, { engine: await stoppingEngine(), onFault });
  policy.setRevocations(fresh);
  policy.patchRevocations({ add: [{ path: ["owners", "nobody@example.com"], value: now }] });
  const before = policy.decide(bases.mtls);
  expect(before).toMatchObject({ allow: true });
  const harmful = { ...bases.mtls, request: { ...bases.mtls.request, method: harmfulMethod } };
  for (let turn = 0; turn < 3; turn++) {
    expect(policy.decide(harmful)).toEqual({ allow: false, reason: "engine-fault", revision: "r7" });
    expect(policy.decide(bases.mtls)).toEqual(before);
    expect(policy.decideJson(JSON.stringify(harmful))).toMatchObject({ reason: "engine-fault" });
    // What is told to a stopped engine is told to the next one.
    policy.patchRevocations({ add: [{ path: ["identities", "payments"], value: now }] });
    expect(policy.decide(bases.mtls)).toMatchObject({ reason: "revoked" });
    policy.patchRevocations({ remove: [["identities", "payments"]] });
    expect(policy.decide(bases.mtls)).toEqual(before);
  }
  expect(faults).toHaveLength(6);
  expect(faults[0]).toMatchObject({ code: "WRIT9006", parameters: { problem: "unreachable" } });
}, 60_000);

test("a listener that fails changes no decision", async () => {
  const onFault = () => {
    throw undefined;
  };
  const policy = await openPolicy(await release(), keys, { engine: await stoppingEngine(), onFault });
  policy.setRevocations(fresh);
  const harmful = { ...bases.mtls, request: { ...bases.mtls.request, method: harmfulMethod } };
  expect(policy.decide(harmful)).toMatchObject({ allow: false, reason: "engine-fault" });
  expect(policy.decide(bases.mtls)).toMatchObject({ allow: true });
}, 60_000);

test("what is neither text nor bytes is no JSON", async () => {
  const policy = await openPolicy(await release(), keys);
  for (const value of [null, undefined, 1, {}, { length: 3 }, [123, 125]])
    expect(policy.decideJson(value as never)).toEqual({ allow: false, reason: "input-malformed", revision: "r7" });
});
