/** What a gateway knows of revocations: whole and by entries, in the engine as in the reference, never malformed, never older. */
import { describe, expect, test } from "vitest";
import { type Input, openPolicy, type Revocations } from "../../src/gateway/index.ts";
import { decide } from "../../src/model/index.ts";
import { bases, estate } from "../decide/estate.ts";
import { Random } from "../random.ts";
import { keys, now, policyOf, release } from "./release.ts";

const bytes = await release();
const opened = () => openPolicy(bytes, keys);
const fresh: Revocations = { sequence: 1, at: now, floor: 0 };
const caseOf = (revocations: unknown, input: Input) =>
  decide({ model: estate, policy: policyOf({}), revocations }, input);

describe("a whole document", () => {
  test("counts from the next request on", async () => {
    const policy = await opened();
    expect(policy.decide(bases.mtls)).toMatchObject({ reason: "revocations-stale" });
    policy.setRevocations(fresh);
    expect(policy.decide(bases.mtls)).toMatchObject({ reason: "granted" });
    policy.setRevocations({ ...fresh, identities: { payments: now } });
    expect(policy.decide(bases.mtls)).toMatchObject({ reason: "revoked", identity: "payments" });
    policy.setRevocations({ ...fresh, sequence: 2, floor: 8 });
    expect(policy.decide(bases.mtls)).toMatchObject({ reason: "policy-below-floor" });
  });

  test.each([
    ["revocations", undefined],
    ["revocations", []],
    ["at", { sequence: 1, floor: 0 }],
    ["floor", { sequence: 1, at: now }],
    ["at", { ...fresh, at: -1 }],
    ["floor", { ...fresh, floor: 1.5 }],
    ["sequence", { ...fresh, sequence: "1" }],
    ["identities", { ...fresh, identities: ["payments"] }],
    ["identities.payments", { ...fresh, identities: { payments: true } }],
    ["keys.k", { ...fresh, keys: { k: 2 ** 53 } }],
    ["tokens", { ...fresh, tokens: [] }],
    ["tokens.corp", { ...fresh, tokens: { corp: 1 } }],
    ["tokens.corp.a", { ...fresh, tokens: { corp: { a: null } } }],
    ["identities", { ...fresh, identities: { "\ud800": 1 } }],
    ["accounts", { ...fresh, accounts: {} }],
  ])("is refused where `%s` is malformed, and what is held stays", async (place, document) => {
    const policy = await opened();
    policy.setRevocations({ ...fresh, at: now - 1, identities: { payments: now } });
    expect(() => policy.setRevocations(document as never)).toThrow(
      expect.objectContaining({ code: "WRIT9004", parameters: { place } }),
    );
    expect(policy.decide(bases.mtls)).toMatchObject({ reason: "revoked" });
  });

  test.each(["sequence", "at", "floor"])("is refused where its `%s` goes back", async (member) => {
    const policy = await opened();
    policy.setRevocations({ sequence: 9, at: now, floor: 3, identities: { payments: now } });
    const older = { sequence: 9, at: now, floor: 3, [member]: 2 };
    expect(() => policy.setRevocations(older)).toThrow(expect.objectContaining({ code: "WRIT9005" }));
    expect(() => policy.patchRevocations({ [member]: 2 })).toThrow(expect.objectContaining({ code: "WRIT9005" }));
    expect(policy.decide(bases.mtls)).toMatchObject({ reason: "revoked" });
    expect(() => policy.setRevocations({ at: now, floor: 3 })).toThrow(expect.objectContaining({ code: "WRIT9004" }));
  });
});

describe("a patch", () => {
  test("adds and removes entries, and renews what the publisher says, at one moment", async () => {
    const policy = await opened();
    policy.setRevocations({ ...fresh, at: now - 50 });
    policy.patchRevocations({ add: [{ path: ["identities", "payments"], value: now }] });
    expect(policy.decide(bases.mtls)).toMatchObject({ reason: "revoked" });
    policy.patchRevocations({ sequence: 2, at: now, remove: [["identities", "payments"]] });
    expect(policy.decide(bases.mtls)).toMatchObject({ reason: "granted", until: now + 61 });
    policy.patchRevocations({ add: [{ path: ["tokens", "corp", "t1"], value: now }] });
    policy.patchRevocations({
      remove: [
        ["keys", "is not there"],
        ["tokens", "nobody", "t1"],
      ],
    });
    const document = { ...fresh, tokens: { corp: { t1: now } } };
    for (const base of Object.values(bases)) expect(policy.decide(base)).toEqual(caseOf(document, base));
  });

  test.each([
    ["add", { add: [{ path: ["accounts", "a"], value: 1 }] }],
    ["add", { add: [{ path: ["tokens", "a"], value: 1 }] }],
    ["add", { add: [{ path: ["identities", "a", "b"], value: 1 }] }],
    ["add", { add: [{ path: ["identities", "\ud800"], value: 1 }] }],
    ["add", { add: [{ path: ["identities", "a"], value: "1" }] }],
    ["add", { add: { path: ["identities", "a"], value: 1 } }],
    ["remove", { add: [{ path: ["identities", "a"], value: 1 }], remove: [["at"]] }],
    ["at", { at: -1, add: [{ path: ["identities", "a"], value: 1 }] }],
    ["set", { set: fresh }],
  ])("is refused whole where `%s` is malformed", async (place, patch) => {
    const policy = await opened();
    policy.setRevocations({ ...fresh, identities: { payments: now } });
    expect(() => policy.patchRevocations(patch as never)).toThrow(
      expect.objectContaining({ code: "WRIT9004", parameters: { place } }),
    );
    expect(policy.decide(bases.mtls)).toMatchObject({ reason: "revoked" });
  });

  test("needs something to change", async () => {
    const policy = await opened();
    expect(() => policy.patchRevocations({ at: now })).toThrow(expect.objectContaining({ code: "WRIT9004" }));
  });
});

test("thousands of patches leave what the reference would have", async () => {
  const policy = await opened();
  policy.setRevocations(fresh);
  const random = new Random(7);
  const lists = ["identities", "issuedBefore", "keys", "issuers", "tiers", "owners", "grants"] as const;
  const names = ["payments", "corp", "workload", "cert", "paymentsRefund", "j1", "r1", "é", "__proto__", 'a"b\\c'];
  const document: Record<string, Record<string, number>> = Object.fromEntries(lists.map((list) => [list, {}]));
  const corp: Record<string, number> = {};
  for (let turn = 0; turn < 3000; turn++) {
    const [list, name] = [random.pick(lists), random.pick(names)];
    const ofTokens = random.chance(0.25);
    const entries = ofTokens ? corp : document[list]!;
    const value = random.int(0, 1_000_000);
    const adds = random.chance(0.5);
    if (adds) Object.defineProperty(entries, name, { value, enumerable: true, configurable: true, writable: true });
    else delete entries[name];
    const path = ofTokens ? (["tokens", "corp", name] as const) : ([list, name] as const);
    policy.patchRevocations(adds ? { add: [{ path, value }] } : { remove: [path] });
    const base = Object.values(bases)[turn % Object.keys(bases).length]!;
    expect(policy.decide(base)).toEqual(caseOf({ ...fresh, ...document, tokens: { corp } }, base));
  }
});
