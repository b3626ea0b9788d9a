/** Examples fill in what their authors leave out, and a wrong one says which row of the procedure decided. */
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import type { Diagnostic } from "../../src/diagnostics/index.ts";
import { compareWithExpected, type ExampleRun, runExamples } from "../../src/model/index.ts";

const estate = `import { api, example, grant, identity, issuer, scopes, tier } from "writ";
const workload = tier({ trust: 40, authentication: ["svid", "mtls", "dpop"], tokenLifetime: { bound: "60m" } });
const keyed = tier({ trust: 50, authentication: ["key"], keyRotation: "90d" });
const corp = issuer("https://id.example.com", { audience: "https://apis.example.com", algorithms: ["ES256"], claims: { tenant: "string?" } });
const acme = identity({ tier: workload, issuer: corp, subject: "acme", owner: "p@example.com" });
const payments = identity({ tier: workload, issuer: corp, subject: "spiffe://example.org/ns/payments/sa/*", owner: "p@example.com" });
const printer = identity({ tier: keyed, keys: { "printer-1": "2025-11-01", "printer-2": "2025-12-01" }, owner: "p@example.com" });
const orders = scopes("orders", ["read", "write"]);
const ordersApi = api("orders.example.com", {
  operations: { "GET /v1/orders": orders.read, "POST /v1/orders": [orders.read, orders.write] },
  headers: { "x-caller": "{identity}" },
});
const acmeReads = grant({ to: [acme, payments, printer], scopes: [orders.read] });
const acmeWrites = grant({ to: acme, scopes: [orders.write], when: (r) => r.claims.tenant === "t1" });
`;

const time = 1_767_225_600;

function runOne(properties: string): {
  readonly run: ExampleRun | undefined;
  readonly diagnostics: readonly Diagnostic[];
} {
  const bytes = new TextEncoder().encode(`${estate}example("one", ${properties});\n`);
  const { value, diagnostics } = compile(
    { policies: [{ path: "a.policy.ts", bytes }], data: () => undefined },
    { emit: false },
  );
  return { run: value.runs[0], diagnostics };
}

const call = 'call: "GET orders.example.com/v1/orders"';
const request = { host: "orders.example.com", method: "GET", path: "/v1/orders" };
const token = {
  iss: "https://id.example.com",
  sub: "acme",
  aud: "https://apis.example.com",
  iat: time,
  jti: "example",
};
const certificate = { "x5t#S256": "example" };

describe("what is filled in", () => {
  const cases: readonly [string, unknown][] = [
    [
      `{ by: acme, scopes: [orders.read], ${call}, expect: "allow" }`,
      {
        time,
        request,
        peer: certificate,
        token: { ...token, exp: time + 3600, scope: "orders:read", cnf: certificate },
      },
    ],
    [
      `{ by: acme, presented: "dpop", ${call}, expect: "scope-missing" }`,
      {
        time,
        request,
        proof: { jkt: "example" },
        token: { ...token, exp: time + 3600, cnf: { jkt: "example" } },
      },
    ],
    [
      `{ by: acme, presented: "bearer", ${call}, expect: "token-lifetime" }`,
      { time, request, token: { ...token, exp: time + 300 } },
    ],
    [
      `{ by: acme, at: "2026-02-01T10:30Z", claims: { tenant: "t" }, token: { jti: "x", aud: undefined }, ${call}, expect: "claims-malformed" }`,
      {
        time: 1_769_941_800,
        request,
        peer: certificate,
        token: {
          iss: token.iss,
          sub: "acme",
          iat: 1_769_941_800,
          exp: 1_769_945_400,
          jti: "x",
          cnf: certificate,
          tenant: "t",
        },
      },
    ],
    [
      `{ by: payments, subject: "spiffe://example.org/ns/payments/sa/a", credential: "svid", ${call}, expect: "allow" }`,
      {
        time,
        request,
        peer: { spiffe: "spiffe://example.org/ns/payments/sa/a", ...certificate },
      },
    ],
    [`{ by: printer, ${call}, expect: "allow" }`, { time, request, key: { id: "printer-2" } }],
    [`{ by: printer, key: "printer-1", ${call}, expect: "allow" }`, { time, request, key: { id: "printer-1" } }],
    [
      `{ by: "nobody", ip: "::1", headers: { "x-a": ["b", "c"] }, ${call}, expect: "credential-missing" }`,
      {
        time,
        request: { ...request, ip: "::1", headers: { "x-a": ["b", "c"] } },
      },
    ],
    [
      `{ by: "nobody", input: { time: "soon", request: undefined }, ${call}, expect: "input-malformed" }`,
      { time: "soon" },
    ],
  ];
  for (const [properties, input] of cases) {
    test(properties, () => {
      const { run, diagnostics } = runOne(properties);
      expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
      expect(run?.example.input).toEqual(input);
      expect(run?.passed).toBe(true);
    });
  }

  test("policy and revocations", () => {
    const { run } = runOne(`{ by: "nobody", ${call}, expect: "credential-missing" }`);
    expect(run?.example.policy).toEqual({ revision: "example", sequence: 1, notBefore: 0, notAfter: 253_402_300_800 });
    expect(run?.example.revocations).toEqual({ sequence: 1, at: time, floor: 0 });
    const said = runOne(
      `{ by: acme, ${call}, policy: { sequence: 7, until: "2026-06-01" }, revocations: { age: "5s", floor: 3, tokens: { corp: ["a"] }, identities: ["acme"], issuedBefore: { printer: "2026-01-02" } }, expect: "revoked" }`,
    );
    expect(said.run?.example.policy).toMatchObject({ sequence: 7, notAfter: 1_780_272_000 });
    expect(said.run?.example.revocations).toEqual({
      sequence: 1,
      at: time - 5,
      floor: 3,
      tokens: { corp: { a: time } },
      identities: { acme: time },
      issuedBefore: { printer: 1_767_312_000 },
    });
    const absent = runOne(`{ by: acme, ${call}, policy: "absent", revocations: "absent", expect: "policy-missing" }`);
    expect(absent.run?.example).not.toHaveProperty("policy");
    expect(absent.run?.example).not.toHaveProperty("revocations");
  });
});

describe("a wrong example", () => {
  test("is reported where it stands, with the row that refused", () => {
    const { run, diagnostics } = runOne(
      `{ by: acme, scopes: [orders.read, orders.write], claims: { tenant: "t2" }, call: "POST orders.example.com/v1/orders", expect: "allow" }`,
    );
    expect(run).toMatchObject({
      passed: false,
      differences: [{ about: "reason", expected: "granted", actual: "condition" }],
      ended: { row: { step: 8 } },
    });
    expect(diagnostics).toMatchObject([
      { code: "WRIT4001", severity: "error", help: expect.stringContaining("condition holds") },
    ]);
    const [{ span } = {}] = diagnostics;
    expect(`${estate}example("one"`.slice(span?.start, span?.end)).toBe('"one"');
  });

  test("may be wrong about grants and about headers at once", () => {
    const { run, diagnostics } = runOne(
      `{ by: acme, scopes: [orders.read], ${call}, expect: { allow: true, grants: ["acmeWrites"], headers: { "x-caller": "printer" } } }`,
    );
    expect(run?.differences).toEqual([
      { about: "grants", expected: "acmeWrites", actual: "acmeReads" },
      { about: "headers", expected: "x-caller: printer", actual: "x-caller: acme" },
    ]);
    expect(diagnostics.map((d) => d.code)).toEqual(["WRIT4001", "WRIT4001"]);
  });

  test("is found in whatever a back end decides", () => {
    const { run } = runOne(
      `{ by: acme, scopes: [orders.read], ${call}, expect: { allow: true, grants: ["acmeReads"] } }`,
    );
    expect(run?.passed).toBe(true);
    const refused = { allow: false, reason: "denied" } as const;
    expect(compareWithExpected(run!.example, refused)).toEqual([
      { about: "reason", expected: "granted", actual: "denied" },
    ]);
    expect(compareWithExpected(run!.example, { ...run!.decision, grants: [] } as never)).toEqual([
      { about: "grants", expected: "acmeReads", actual: "none" },
    ]);
  });

  test("of another release can be run against this one", () => {
    const bytes = new TextEncoder().encode(estate);
    const { value } = compile({ policies: [{ path: "a.policy.ts", bytes }], data: () => undefined }, { emit: false });
    const { run } = runOne(`{ by: acme, scopes: [orders.read], ${call}, expect: "allow" }`);
    expect(runExamples(value.model!, [run!.example])).toMatchObject([{ passed: true }]);
  });
});

describe("warnings", () => {
  test("a call of nothing, where the reason would hide it", () => {
    const { diagnostics } = runOne(
      `{ by: acme, call: "GET orders.example.com/v1/order", revocations: { identities: ["acme"] }, expect: "revoked" }`,
    );
    expect(diagnostics.map((d) => [d.code, d.severity])).toEqual([["WRIT4009", "warning"]]);
    expect(
      runOne(`{ by: acme, call: "GET orders.example.com/v1/order", expect: "operation-unknown" }`).diagnostics,
    ).toEqual([]);
  });
});
