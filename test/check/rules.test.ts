/** Rules of the estate, each on one line added to an estate that is right. */
import { describe, expect, test } from "vitest";
import { decide } from "../../src/model/index.ts";
import { base, checkFiles, saidOf } from "./estate.ts";

describe("an estate that is right", () => {
  test("has nothing said of it", () => {
    expect(saidOf("")).toEqual([]);
  });
});

describe.each<readonly [what: string, line: string, said: readonly string[]]>([
  ["a scope that does not exist", "const x = grant({ to: payments, scopes: [orders.reed] });", ["WRIT2024 reed"]],
  ["a pattern without `:`", 'const x = grant({ to: payments, scopes: ["orders"] });', ['WRIT2116 "orders"']],
  ["a pattern inside a segment", 'const x = grant({ to: payments, scopes: ["orders:r*"] });', ['WRIT2116 "orders:r*"']],
  ["a pattern over nothing", 'const x = grant({ to: payments, scopes: ["refunds:**"] });', ['WRIT2117 "refunds:**"']],
  ["alternatives of which one is there", 'const x = grant({ to: payments, scopes: ["orders:{read,rad}"] });', []],
  [
    "a date that is none",
    'const x = grant({ to: payments, scopes: [orders.read], until: "2027-02-29" });',
    ['WRIT2112 "2027-02-29"'],
  ],
  ["a leap day", 'const x = grant({ to: payments, scopes: [orders.read], until: "2028-02-29" });', []],
  ["a second of a day", 'const x = grant({ to: payments, scopes: [orders.read], until: "2028-02-29T23:59:59Z" });', []],
  ["a wrong reference", "const x = grant({ to: corp, scopes: [orders.read] });", ["WRIT2104 corp"]],
  [
    "an unknown property with its nearest name",
    "const x = grant({ to: payments, scopes: [orders.read], untill: 1 });",
    ["WRIT2101 untill"],
  ],
  [
    "a grant without approval and end below a trust of 40",
    "const x = grant({ to: acme, scopes: [orders.read] });",
    ["WRIT3202 x", "WRIT3206 x"],
  ],
  [
    "a grant that is as long as allowed",
    'const x = grant({ to: acme, scopes: [orders.read], from: "2026-01-01", until: "2026-06-30", approved: { by: "s@example.com" } });',
    [],
  ],
  [
    "a grant that is a day longer",
    'const x = grant({ to: acme, scopes: [orders.read], from: "2026-01-01", until: "2026-07-01", approved: { by: "s@example.com" } });',
    ['WRIT3203 "2026-07-01"'],
  ],
  [
    "an emergency of four hours",
    'const x = emergency({ to: payments, scopes: [orders.read], from: "2026-01-01T08:00Z", until: "2026-01-01T12:00Z", approved: { by: ["a", "b"] }, reason: "r" });',
    [],
  ],
  [
    "an emergency of a second more",
    'const x = emergency({ to: payments, scopes: [orders.read], from: "2026-01-01T08:00Z", until: "2026-01-01T12:00:01Z", approved: { by: ["a", "b"] }, reason: "r" });',
    ['WRIT3204 "2026-01-01T12:00:01Z"'],
  ],
  [
    "a wildcard for a tier without",
    'const x = grant({ to: acme, scopes: ["orders:*"], until: "2026-06-30", approved: { by: "s@example.com" } });',
    ['WRIT3201 "orders:*"'],
  ],
  ["a wildcard that is denied", 'const x = deny({ to: acme, scopes: ["orders:*"] });', []],
  [
    "a wildcard in a group that reaches such a tier",
    'const g = group([payments, acme], (i) => i.owner === "team@example.com");\nconst x = deny({ to: g, scopes: ["**:read"] });',
    ['WRIT2116 "**:read"'],
  ],
  [
    "a parameter that is everywhere",
    'const x = grant({ to: payments, scopes: [orders.refund], when: (r) => r.params.tenant === "t" });',
    ["WRIT3208 r.params.tenant"],
  ],
  [
    "a parameter reached through what a scope implies",
    'const x = grant({ to: payments, scopes: [orders.write], when: (r) => r.params.tenant === "t" });',
    ["WRIT3208 r.params.tenant"],
  ],
  [
    "a deny of a scope, which is not one of what it implies",
    'const x = deny({ to: payments, scopes: [orders.write], when: (r) => r.params.tenant === "t" });',
    [],
  ],
  [
    "a header in a grant",
    'const x = grant({ to: payments, scopes: [orders.read], when: (r) => !(r.request.headers["x-a"] === "b") });',
    ['WRIT3209 r.request.headers["x-a"]'],
  ],
  [
    "a header in a named condition of a grant",
    'const c = condition((r) => r.request.headers["x-a"] === "b");\nconst x = grant({ to: payments, scopes: [orders.read], when: (r) => c(r) });',
    ["WRIT3209 (r) => c(r)"],
  ],
  [
    "a header in a deny",
    'const x = deny({ to: payments, scopes: [orders.read], when: (r) => r.request.headers["x-a"] === "b" });',
    [],
  ],
  [
    "an address in a grant",
    'const x = grant({ to: payments, scopes: [orders.read], when: (r) => cidr("10.0.0.0/8").contains(r.request.ip) });',
    ["WRIT3210 r.request.ip"],
  ],
  [
    "a subject twice in one issuer",
    'const x = identity({ tier: workload, issuer: other, subject: "acme", owner: "o" });',
    ['WRIT3023 "acme"'],
  ],
  [
    "a subject once in each issuer",
    'const x = identity({ tier: workload, issuer: corp, subject: "acme", owner: "o" });',
    [],
  ],
  [
    "a SPIFFE ID once in each issuer",
    'const x = identity({ tier: workload, issuer: other, subject: "spiffe://example.org/ns/payments/sa/*", owner: "o" });',
    ['WRIT3023 "spiffe://example.org/ns/payments/sa/*"'],
  ],
  [
    "a pattern that is narrower",
    'const x = identity({ tier: workload, issuer: other, subject: "spiffe://example.org/ns/payments/sa/worker", owner: "o" });',
    [],
  ],
  [
    "a pattern that overlaps",
    'const x = identity({ tier: workload, issuer: other, subject: "spiffe://example.org/ns/*/sa/worker", owner: "o" });',
    ['WRIT3024 "spiffe://example.org/ns/*/sa/worker"'],
  ],
  [
    "an issuer that signs with a secret",
    'const x = issuer("https://a.example.com", { audience: "a", algorithms: ["HS256"] });',
    ['WRIT2105 "HS256"'],
  ],
  [
    "an issuer without signatures",
    'const x = issuer("https://a.example.com", { audience: "a", algorithms: ["none"] });',
    ['WRIT2105 "none"'],
  ],
  [
    "a private key as a text",
    'const x = identity({ tier: workload, issuer: corp, subject: "-----BEGIN PRIVATE KEY-----", owner: "o" });',
    ['WRIT2129 "-----BEGIN PRIVATE KEY-----"', 'WRIT3022 "-----BEGIN PRIVATE KEY-----"'],
  ],
  [
    "a token as a tag",
    'const x = identity({ tier: workload, issuer: corp, subject: "x", owner: "o", tags: ["ghp_abcdefghijklmnopqrstuvwxyz0123456789"] });',
    ['WRIT3022 "ghp_abcdefghijklmnopqrstuvwxyz0123456789"'],
  ],
  [
    "an identity of a tier that ends, without an expiry",
    'const x = identity({ tier: legacy, owner: "o", keys: { k: "2026-01-01" } });',
    [],
  ],
  [
    "a trust that nobody has",
    'const x = api("x.example.com", { operations: { "GET /": { scopes: orders.read, minTrust: 41 } } });',
    ["WRIT3049 41"],
  ],
  [
    "an operation on the same host twice",
    'const x = api("orders.example.com", { operations: { "GET /v1/orders": orders.read } });',
    ['WRIT3040 "GET /v1/orders"'],
  ],
  [
    "an operation on another host",
    'const x = api("x.example.com", { operations: { "GET /v1/orders": orders.read } });',
    [],
  ],
  [
    "a host in upper case",
    'const x = api("X.example.com", { operations: { "GET /": orders.read } });',
    ['WRIT2121 "X.example.com"'],
  ],
  [
    "a host with a wildcard",
    'const x = api("*.example.com", { operations: { "GET /": orders.read } });',
    ['WRIT2121 "*.example.com"'],
  ],
  [
    "a rule for an API that needs none of its scopes",
    'const y = scopes("y", ["read"]);\nconst x = api("x.example.com", { operations: { "GET /": y.read } });\nconst z = grant({ to: payments, scopes: [orders.read], on: x });',
    ["WRIT3211 z"],
  ],
  [
    "a tier that takes access away",
    'const x = tier({ trust: 50, authentication: ["mtls"], tokenLifetime: { bound: "15m" } });',
    ['WRIT3006 ["mtls"]'],
  ],
])("%s", (_what, line, expected) => {
  test("is said on the author's own words", () => {
    expect(saidOf(line)).toEqual(expected);
  });
});

describe("related spans", () => {
  test("show the other half", () => {
    const line = 'const x = identity({ tier: workload, issuer: other, subject: "acme", owner: "o" });';
    const { diagnostics, texts } = checkFiles({ "x.policy.ts": `${base}${line}\n` });
    const related = diagnostics.find(({ code }) => code === "WRIT3023")?.related?.[0];
    expect(related?.span && texts.get(related.span.path)?.slice(related.span.start, related.span.end)).toBe('"acme"');
    expect(related?.span.start).toBeLessThan(base.length);
  });
});

describe("what is refused", () => {
  test("is refused although another path would match and the caller holds all there is", () => {
    const { model, diagnostics } = checkFiles({
      "x.policy.ts": `import { api, example, grant, identity, issuer, scopes, tier } from "writ";
const workload = tier({ trust: 40, authentication: ["mtls", "svid"], tokenLifetime: { bound: "15m" }, wildcards: true });
const corp = issuer("https://id.example.com", { audience: "a", algorithms: ["ES256"] });
const payments = identity({ tier: workload, issuer: corp, subject: "spiffe://example.org/payments", owner: "team@example.com" });
const o = scopes("o", ["r"]);
const a = api("h.example.com", { operations: { "GET /a/{id}": o.r, "GET /a/secret": "refused" } });
const all = grant({ to: payments, scopes: ["o:**"] });
example("another", { by: payments, call: "GET h.example.com/a/other", scopes: [o.r], expect: "allow" });
example("with a token", { by: payments, call: "GET h.example.com/a/secret", scopes: [o.r, "writ:refused"], expect: "scope-missing" });
example("with a certificate", { by: payments, credential: "svid", call: "GET h.example.com/a/secret", expect: "scope-not-granted" });
`,
    });
    expect(diagnostics.filter((d) => d.severity === "error")).toEqual([]);
    expect(model.examples).toHaveLength(3);
    for (const { name, policy, revocations, input, expect: expected } of model.examples)
      expect([name, decide({ model, policy, revocations }, input).reason]).toEqual([name, expected.reason]);
  });

  const api = (operations: string) => {
    const { model, diagnostics } = checkFiles({
      "x.policy.ts": `import { api, scopes } from "writ";\nconst o = scopes("o", ["r"]);\nexport const a = api("h.example.com", { operations: { ${operations} } });\n`,
    });
    expect(diagnostics).toEqual([]);
    return model.apis[0]?.operations.map(({ name, scopes }) => `${name} ${scopes.join()}`);
  };

  test("is left out where nothing else matches its requests", () => {
    expect(api('"GET /a": o.r, "GET /b": "refused", "GET /a/{x}/c": "refused", "POST /a": "refused"')).toEqual([
      "GET /a o:r",
    ]);
  });

  test("stays, with a scope that nobody can hold, where another path matches some of them", () => {
    expect(api('"GET /a/{id}": o.r, "GET /a/secret": "refused"')).toContain("GET /a/secret writ:refused");
    expect(api('"GET /a/{rest...}": o.r, "GET /a/{x}/secret": "refused"')).toContain("GET /a/{x}/secret writ:refused");
    expect(api('"GET /a/b/c": o.r, "GET /a/{rest...}": "refused"')).toContain("GET /a/{rest...} writ:refused");
  });
});
