/** What stock OPA says when policy or revocations are old, recalled, malformed or not there (threat model F15, F16, F17, F25). */
import { describe, expect, test } from "vitest";
import type { Decision } from "../../src/model/index.ts";
import { emitRego } from "../../src/rego/index.ts";
import { opa, runOpa, withFolder, withOpa } from "../opa.ts";
import { policy, revocations, smallModel } from "./small-model.ts";

const input = {
  time: 5000,
  token: {
    iss: "https://id.example.com",
    sub: "spiffe://example.org/ns/payments/sa/w",
    aud: "https://apis.example.com",
    exp: 6000,
    iat: 4900,
    scope: "orders:write",
    cnf: { jkt: "print" },
    region: "eu",
    tenant: "t1",
  },
  proof: { jkt: "print" },
  request: { host: "orders.example.com", method: "POST", path: "/v1/tenants/t1/orders", ip: "198.51.100.1" },
};

interface Loaded {
  readonly policy?: object;
  readonly revocations?: unknown;
  readonly input?: unknown;
}

function ask(loaded: Loaded, query = "data.writ.decision"): unknown {
  const artefacts = emitRego(smallModel, { policy: { ...policy, ...loaded.policy } });
  const files: Record<string, string | Uint8Array> = Object.fromEntries(artefacts.map((a) => [a.path, a.bytes]));
  if (loaded.revocations !== undefined) files["revocations.json"] = JSON.stringify({ revocations: loaded.revocations });
  const options = ["eval", "--format", "json", "--data", "."];
  const asked = "input" in loaded ? loaded.input : input;
  if (asked !== undefined) options.push("--stdin-input");
  return withFolder(files, (folder) => {
    const run = runOpa([...options, query], folder, JSON.stringify(asked));
    expect(run.status, run.output + run.errors).toBe(0);
    const { result } = JSON.parse(run.output) as { result?: [{ expressions: [{ value: unknown }] }] };
    return result?.[0].expressions[0].value;
  });
}

const reasonOf = (loaded: Loaded): string => (ask(loaded) as Decision).reason;

describe.skipIf(opa === undefined)(withOpa("stock OPA"), () => {
  test("allows where everything is proved, by both entry points", () => {
    expect(ask({ revocations })).toMatchObject({ allow: true, grants: ["reads", "writes"], until: 5051 });
    expect(ask({ revocations }, "data.writ.allow")).toBe(true);
  });

  test("F15: refuses a policy below the floor", () => {
    expect(reasonOf({ revocations: { ...revocations, floor: policy.sequence } })).toBe("granted");
    expect(reasonOf({ revocations: { ...revocations, floor: policy.sequence + 1 } })).toBe("policy-below-floor");
  });

  test("F16: refuses a policy that is past its end or before its beginning", () => {
    expect(reasonOf({ revocations, policy: { notAfter: input.time } })).toBe("policy-expired");
    expect(reasonOf({ revocations, policy: { notAfter: input.time + 1 } })).toBe("granted");
    expect(reasonOf({ revocations, policy: { notBefore: input.time + 1 } })).toBe("policy-expired");
  });

  test("F17: refuses when both bundles are yesterday's", () => {
    expect(reasonOf({ revocations: { ...revocations, at: input.time - 61 } })).toBe("revocations-stale");
    expect(reasonOf({ revocations: { ...revocations, at: input.time - 60 } })).toBe("granted");
  });

  test.each([
    ["absent", undefined],
    ["no object", "fresh"],
    ["a list", [{ at: 5000, floor: 0 }]],
    ["empty", {}],
    ["without time", { floor: 5 }],
    ["without floor", { at: 4990 }],
    ["with a time in words", { at: "4990", floor: 5 }],
    ["with a negative time", { at: -1, floor: 5 }],
    ["with a negative floor", { at: 4990, floor: -1 }],
    ["with half a second", { at: 4990.5, floor: 5 }],
    ["with null", { at: 4990, floor: null }],
  ])("F25: refuses while revocations are %s", (_, value) => {
    expect(ask({ revocations: value })).toEqual({ allow: false, reason: "revocations-stale", revision: "r1" });
    expect(ask({ revocations: value }, "data.writ.allow")).toBe(false);
  });

  test.each([
    ["sequence", "7"],
    ["sequence", -1],
    ["notBefore", null],
    ["notAfter", "9000000"],
    ["revision", 1],
  ])("refuses while the policy's %s is %j", (name, value) => {
    expect(ask({ revocations, policy: { [name]: value } })).toEqual({ allow: false, reason: "policy-missing" });
  });

  test("answers without any input", () => {
    expect(ask({ revocations, input: undefined })).toMatchObject({ allow: false, reason: "input-malformed" });
    expect(ask({ revocations, input: undefined }, "data.writ.allow")).toBe(false);
  });

  test("counts an entry by its being there, whatever stands there", () => {
    for (const value of [0, false, null]) {
      expect(reasonOf({ revocations: { ...revocations, keys: { print: value } } })).toBe("revoked");
      expect(reasonOf({ revocations: { ...revocations, identities: { payments: value } } })).toBe("revoked");
    }
    expect(reasonOf({ revocations: { ...revocations, grants: { writes: false } } })).toBe("grant-inactive");
  });
});
