/** Each way in which a file of callers can be wrong is named by its place; a sound one is read to its last member. */
import { describe, expect, test } from "vitest";
import { newGateway, readCallers, thumbprintOf } from "../../src/callers/index.ts";
import { WritError } from "../../src/diagnostics/index.ts";
import { audience, bytesOf, callers, certificate, file, people, rsa } from "./issuance.ts";

async function problemOf(bytes: Uint8Array): Promise<readonly [unknown, unknown]> {
  const error = await readCallers(bytes).then(
    () => expect.fail("it was read"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof WritError)) throw error;
  expect([error.code, error.reason]).toEqual(["WRIT8204", "callers-malformed"]);
  return [error.parameters.place, error.parameters.fault];
}

/** What is said of the file with one value of it changed. */
function problemAfter(where: string, value: unknown): Promise<readonly [unknown, unknown]> {
  const draft: unknown = structuredClone(file);
  const names = where.split(".");
  const last = names.pop()!;
  const at = names.reduce((part, name) => (part as Record<string, unknown>)[name], draft) as Record<string, unknown>;
  if (value === gone) delete at[last];
  else at[last] = value;
  return problemOf(bytesOf(draft));
}

/** In the file: 0 people, 1 edwards, 3 rsa; callers 0 ci, 1 alice, 2 olga, 3 edward, 7 soc, 8 directory, 9 and 10 gateways. */
const { callers: listed } = file;

/** Place and fault, and what puts them into the file: where, and which value; `gone` takes away what is there. */
const gone = Symbol("gone");
const wrong: readonly (readonly [string, string, string, unknown])[] = [
  ["the file", "object", "toJSON", () => []],
  ["audience", "missing", "audience", gone],
  ["audience", "text", "audience", [audience]],
  ["audience", "text", "audience", "two\nlines"],
  ["hints", "unknown", "hints", {}],
  ["callers", "missing", "callers", gone],
  ["callers", "list", "callers", []],
  ["callers", "list", "callers", {}],
  ["callers", "list", "callers", Array(40_001).fill(0)],
  ["callers.3", "object", "callers.3", "edward"],
  ["callers.0.name", "name", "callers.0.name", "c i"],
  ["callers.0.name", "name", "callers.0.name", "x".repeat(129)],
  ["callers.2.name", "twice", "callers.2.name", "alice"],
  ["callers.0.roles", "list", "callers.0.roles", []],
  ["callers.0.roles.0", "role", "callers.0.roles", ["admin"]],
  ["callers.0.roles.0", "role", "callers.0.roles", ["Author"]],
  ["callers.2.roles.1", "twice", "callers.2.roles", ["operator", "operator"]],
  ["callers.1.roles", "roles-apart", "callers.1.roles", ["author", "approver"]],
  ["callers.2.roles", "roles-apart", "callers.2.roles", ["operator", "author"]],
  ["callers.9.roles", "roles-apart", "callers.9.roles", ["gateway", "revoker"]],
  ["callers.1.person", "missing", "callers.1.person", gone],
  ["callers.1.person", "text", "callers.1.person", ""],
  ["callers.0", "proof", "callers.0.issuer", gone],
  ["callers.7", "proof", "callers.7.certificate", gone],
  ["callers.7", "proof", "callers.7.subject", "soc"],
  ["callers.7", "proof", "callers.7.issuer", "https://people.example.com"],
  ["callers.7", "proof", "callers.7.token", "0".repeat(64)],
  [
    "callers.2.token",
    "proof-token",
    "callers.2",
    { name: "olga", person: "olga", roles: ["operator"], token: "0".repeat(64) },
  ],
  [
    "callers.1.certificate",
    "proof-approver",
    "callers.1",
    { name: "a", person: "a", roles: ["approver"], certificate },
  ],
  ["callers.9.token", "digest", "callers.9.token", "F".repeat(64)],
  ["callers.7.certificate", "digest", "callers.7.certificate", "c0:".repeat(32)],
  ["callers.10.token", "twice", "callers.10.token", listed[9].token],
  ["callers.2.subject", "twice", "callers.2.subject", "u-alice"],
  ["callers.2.subject", "text", "callers.2.subject", "u-\u{202e}olga"],
  ["callers.2.issuer", "issuer", "callers.2.issuer", "https://people.example.com/"],
  ["callers.2.issuer", "issuer-url", "callers.2.issuer", "people"],
  ["callers.8.issuer", "issuer", "callers.8.issuer", "https://rsa.example.com"],
  ["callers.8.issuer", "proof-events", "callers.8.roles", ["revoker", "operator"]],
  ["callers.8.issuer", "twice", "callers.3", { ...listed[8], name: "another" }],
  ["callers.0.issuer", "proof-type", "callers.0.roles", ["operator"]],
  ["callers.9.ring", "ring", "callers.9.ring", "all"],
  ["callers.7.ring", "ring", "callers.7.ring", "stable"],
  ["callers.2.scope", "scope", "callers.2.scope", { owners: ["a"] }],
  ["callers.7.scope", "missing", "callers.7.scope", {}],
  ["callers.7.scope", "object", "callers.7.scope", null],
  ["callers.7.scope.owners", "list", "callers.7.scope", { owners: [] }],
  ["callers.7.scope.tiers.1", "twice", "callers.7.scope", { tiers: ["a", "a"] }],
  ["callers.7.scope.grants", "unknown", "callers.7.scope", { grants: ["a"] }],
  ["callers.7.role", "unknown", "callers.7.role", "operator"],
  ["issuers.0.issuer", "issuer-url", "issuers.0.issuer", "http://people.example.com"],
  ["issuers.0.issuer", "issuer-url", "issuers.0.issuer", "https://people.example.com?x"],
  ["issuers.1.issuer", "twice", "issuers.1.issuer", "https://people.example.com"],
  ["issuers.0.algorithm", "algorithm", "issuers.0.algorithm", "HS256"],
  ["issuers.0.algorithm", "algorithm", "issuers.0.algorithm", ["ES256", "RS256"]],
  ["issuers.0.algorithm", "algorithm", "issuers.0.algorithm", "none"],
  ["issuers.0.type", "type", "issuers.0.type", "id+jwt"],
  ["issuers.0.keys.keys", "list", "issuers.0.keys", { keys: [] }],
];

/** T18, and what else a key must not be. */
const ofPeople = "issuers.0.keys.keys.0";
const ofRsa = "issuers.3.keys.keys.0";
const { x } = people.jwk as { readonly x: string };
const { n } = rsa.jwk as { readonly n: string };
const wrongKeys: readonly (readonly [string, string, string, unknown])[] = [
  ["issuers.0.keys.keys.1.kid", "twice", "issuers.0.keys.keys.1", people.jwk],
  [`${ofPeople}.kid`, "missing", `${ofPeople}.kid`, gone],
  [`${ofPeople}.kid`, "key-id", `${ofPeople}.kid`, ""],
  [`${ofPeople}.d`, "private", `${ofPeople}.d`, x],
  [`${ofRsa}.qi`, "private", `${ofRsa}.qi`, n],
  [`${ofPeople}.k`, "private", `${ofPeople}.k`, "c2VjcmV0"],
  [`${ofPeople}.x5c`, "unknown", `${ofPeople}.x5c`, ["MII="]],
  [`${ofPeople}.alg`, "algorithm", `${ofPeople}.alg`, "ES384"],
  [`${ofPeople}.use`, "key-use", `${ofPeople}.use`, "enc"],
  [`${ofPeople}.key_ops`, "key-use", `${ofPeople}.key_ops`, ["verify", "sign"]],
  [ofPeople, "key-type", `${ofPeople}.crv`, "P-384"],
  ["issuers.1.keys.keys.0", "key-type", "issuers.1.keys.keys.0.crv", "X25519"],
  [ofPeople, "key-value", `${ofPeople}.y`, x],
  [ofPeople, "key-value", `${ofPeople}.x`, `${x}=`],
  [ofPeople, "key-value", `${ofPeople}.x`, x.slice(0, 42)],
  [ofPeople, "key-value", `${ofPeople}.x`, 7],
  [ofRsa, "key-value", `${ofRsa}.e`, "Aw"],
  [ofRsa, "key-value", `${ofRsa}.n`, ""],
  [ofRsa, "key-value", `${ofRsa}.n`, Buffer.from(`00${toHex(n)}`, "hex").toString("base64url")],
  [ofRsa, "rsa-size", `${ofRsa}.n`, Buffer.alloc(128, 0xc5).toString("base64url")],
  [ofRsa, "rsa-size", `${ofRsa}.n`, Buffer.alloc(1025, 0xc5).toString("base64url")],
];

function toHex(text: string): string {
  return Buffer.from(text, "base64url").toString("hex");
}

describe("a file of callers", () => {
  test("is read whole", () => {
    expect(callers.audience).toBe(audience);
    expect(callers.all.map(({ name }) => name)).toEqual(file.callers.map(({ name }) => name));
    expect([...callers.tokenIssuers.keys()]).toHaveLength(6);
    expect([...callers.eventIssuers.keys()]).toEqual(["https://people.example.com"]);
    expect(callers.all.map(({ proof }) => proof.kind).toSorted()).toEqual(
      ["certificate", "events", "fixed-token", "fixed-token", ...Array(7).fill("token")].toSorted(),
    );
  });

  test("needs no issuer where nobody comes by a token of one", async () => {
    const { all } = await readCallers(bytesOf({ audience, callers: [newGateway("edge-3", "stable").entry] }));
    expect(all).toMatchObject([{ name: "edge-3", person: "edge-3", ring: "stable", issuer: "fixed-token" }]);
  });

  test("may state of a key what is true anyway", async () => {
    const issuer = {
      ...file.issuers[0]!,
      keys: { keys: [{ ...people.jwk, alg: "ES256", use: "sig", key_ops: ["verify"] }] },
    };
    expect((await readCallers(bytesOf({ ...file, issuers: file.issuers.with(0, issuer) }))).all).toHaveLength(11);
  });

  test.each(wrong)("is refused for %s: %s", async (place, fault, where, value) => {
    expect(await problemAfter(where, value)).toEqual([place, fault]);
  });

  test.each(wrongKeys)("T16, T18: is refused for %s: %s", async (place, fault, where, value) => {
    expect(await problemAfter(where, value)).toEqual([place, fault]);
  });

  test("T16: is refused for an Ed25519 key of small order, or in another spelling", async () => {
    const prime = (1n << 255n) - 19n;
    const bytes = (y: bigint) => Buffer.from(y.toString(16).padStart(64, "0"), "hex").reverse().toString("base64url");
    for (const y of [0n, 1n, prime - 1n, prime, prime + 1n, (1n << 255n) | 1n]) {
      const problem = await problemAfter("issuers.1.keys.keys.0.x", bytes(y));
      expect(problem).toEqual(["issuers.1.keys.keys.0", "key-value"]);
    }
  });

  test("is refused when it is no JSON in one reading", async () => {
    const text = JSON.stringify(file);
    expect(await problemOf(new TextEncoder().encode("callers"))).toEqual(["offset 0", "syntax"]);
    const twice = text.replace("{", `{"audience":"x",`);
    expect((await problemOf(new TextEncoder().encode(twice)))[1]).toBe("duplicate-key");
    expect((await problemOf(new Uint8Array(9 * 1024 * 1024)))[1]).toBe("too-large");
    expect((await problemOf(new TextEncoder().encode("[".repeat(20))))[1]).toBe("too-deep");
    expect((await problemOf(Uint8Array.of(0xff)))[1]).toBe("not-utf-8");
  });

  test("with 10,000 gateways is read within two seconds", async () => {
    const gateways = Array.from({ length: 10_000 }, (_, index) => ({
      name: `gateway-${index}`,
      roles: ["gateway"],
      token: thumbprintOf(String(index)),
    }));
    const before = performance.now();
    expect((await readCallers(bytesOf({ audience, callers: gateways }))).byProof.size).toBe(10_000);
    expect(performance.now() - before).toBeLessThan(2000);
  });
});

test("a new gateway has a token of its own, of which the file holds the digest", () => {
  const [first, second] = [newGateway("edge", "canary"), newGateway("edge", "canary")];
  expect(first.token).toMatch(/^writ_[A-Za-z0-9_-]{43}$/);
  expect(first.token).not.toBe(second.token);
  expect(first.entry).toEqual({ name: "edge", roles: ["gateway"], ring: "canary", token: thumbprintOf(first.token) });
});
