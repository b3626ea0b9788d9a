/** Who is proved and who is not; a refusal says the same to all and tells the log why. */
import { generateKeyPair } from "jose";
import { describe, expect, test } from "vitest";
import { authenticate, SeenTokens, thumbprintOf } from "../../src/callers/index.ts";
import type { WritError } from "../../src/diagnostics/index.ts";
import {
  builds,
  callers,
  certificate,
  claimsOf,
  eddsa,
  edwards,
  events,
  gatewayToken,
  now,
  olga,
  people,
  pss,
  rawToken,
  rsa,
  stranger,
  type TestIssuer,
  token,
} from "./issuance.ts";
import { bearer, reasonOf, refused } from "./refused.ts";

describe("who is proved", () => {
  test.each<[string, TestIssuer, string]>([
    ["edward", edwards, "u-edward"],
    ["edda", eddsa, "u-edda"],
    ["rita", rsa, "u-rita"],
    ["paul", pss, "u-paul"],
    ["olga", people, "u-olga"],
    ["ci", builds, "repo:estate:main"],
  ])("%s by an access token", async (name, issuer, subject) => {
    const text = await token(issuer, claimsOf(issuer, subject));
    const caller = await authenticate(callers, bearer(text), { now });
    expect([caller.name, caller.person, caller.issuer, caller.subject]).toEqual([name, name, issuer.issuer, subject]);
    expect(caller.thumbprint).toBe(thumbprintOf(text));
    expect(Object.keys(caller)).not.toContain("proof");
  });

  test("an approver who signed in by more than one factor", async () => {
    const text = await token(people, claimsOf(people, "u-alice", { amr: ["pwd", "mfa"] }));
    const { name, roles } = await authenticate(callers, bearer(text), { now });
    expect([name, [...roles]]).toEqual(["alice", ["approver", "operator"]]);
  });

  test("a revoker by a client certificate, however its digest is written", async () => {
    const written = certificate.toUpperCase().match(/../g)!.join(":");
    for (const text of [certificate, written]) {
      const caller = await authenticate(callers, { certificate: text }, { now });
      expect(caller).toMatchObject({ name: "soc", issuer: "certificate", subject: "soc", thumbprint: certificate });
      expect(caller.scope).toEqual({ owners: ["team-a"], tiers: ["partner"] });
    }
  });

  test("a gateway by its token, with its ring", async () => {
    const caller = await authenticate(callers, { authorization: [`bearer ${gatewayToken}`] }, { now });
    expect(caller).toMatchObject({ name: "edge-1", ring: "canary", thumbprint: thumbprintOf(gatewayToken) });
    expect(callers.all.find(({ name }) => name === "edge-2")?.ring).toBe("stable");
  });

  test("a token whose issuer puts a thumbprint of its certificate into the header", async () => {
    const header = { alg: "RS256", kid: "k1", typ: "JWT", x5t: "abc", "x5t#S256": "abc" };
    const text = await rawToken(builds, header, claimsOf(builds, "repo:estate:main"));
    expect((await authenticate(callers, bearer(text), { now })).name).toBe("ci");
  });

  test("within 30 seconds of two clocks, and not beyond", async () => {
    const { exp, iat } = claimsOf(people, "u-olga") as { exp: number; iat: number };
    const text = await olga({ nbf: iat });
    for (const time of [iat - 30, exp + 29])
      expect((await authenticate(callers, bearer(text), { now: time })).name).toBe("olga");
    expect(await reasonOf(text, { now: iat - 31 })).toBe("not-yet");
    expect(await reasonOf(text, { now: exp + 30 })).toBe("expired");
  });
});

describe("P01: who is not proved", () => {
  test("P01: who brings nothing", async () => {
    expect(await refused({})).toEqual({ reason: "none" });
    expect(await refused({ authorization: [] })).toEqual({ reason: "none" });
  });

  test("P01: two headers, a token with a certificate, another scheme", async () => {
    const good = await olga();
    const header = `Bearer ${good}`;
    expect(await refused({ authorization: [header, header] })).toEqual({ reason: "several" });
    expect(await refused({ authorization: [header], certificate })).toEqual({ reason: "mixed" });
    expect(await refused({ authorization: [`Bearer ${gatewayToken}`], certificate: "0".repeat(64) })).toEqual({
      reason: "mixed",
    });
    for (const wrong of [
      "",
      "Bearer",
      "Bearer ",
      `DPoP ${good}`,
      `Basic ${good}`,
      `Bearer  ${good}`,
      `Bearer ${good} `,
    ])
      expect(await refused({ authorization: [wrong] })).toEqual({ reason: "scheme" });
    expect(await refused({ authorization: [`Bearer ${good}, Bearer ${good}`] })).toEqual({ reason: "scheme" });
  });

  test("P01: a gateway token or a certificate that nobody has", async () => {
    expect(await reasonOf(`${gatewayToken}x`)).toBe("token");
    expect(await reasonOf(thumbprintOf(gatewayToken))).toBe("token");
    for (const wrong of ["", "0".repeat(64), gatewayToken, thumbprintOf(gatewayToken), "x".repeat(1 << 20)])
      expect(await refused({ certificate: wrong })).toEqual({ reason: "certificate" });
  });

  test("P01: an expired one, one that lives too long, one from the future", async () => {
    expect(await reasonOf(await olga({ exp: now - 30, iat: now - 600 }))).toBe("expired");
    expect(await reasonOf(await olga({ iat: now - 60, exp: now - 60 + 3601 }))).toBe("lifetime");
    expect(await reasonOf(await olga({ iat: now, exp: now }))).toBe("lifetime");
    expect(await reasonOf(await olga({ iat: now + 31, exp: now + 90 }))).toBe("not-yet");
    expect(await reasonOf(await olga({ nbf: now + 31 }))).toBe("not-yet");
  });

  test("P01: one by an issuer that is none of ours, and one that says it was another", async () => {
    expect(await reasonOf(await token(stranger, claimsOf(stranger, "u-olga")))).toBe("issuer");
    expect(await reasonOf(await token(stranger, claimsOf(people, "u-olga")))).toBe("signature");
    expect(await reasonOf(await token(rsa, claimsOf(people, "u-olga")))).toBe("algorithm");
  });

  test("P01: one for another audience, for several, for none", async () => {
    const other = "https://other.example.com";
    for (const aud of [other, [callers.audience, other], [callers.audience], `${callers.audience}/`, undefined, 7])
      expect(await reasonOf(await olga({ aud }))).toBe("audience");
  });

  test("P01: an ID token, and an event, as an access token", async () => {
    const claims = claimsOf(people, "u-olga");
    for (const typ of ["JWT", "secevent+jwt", "AT+JWT", "application/at+jwt", "dpop+jwt"])
      expect(await reasonOf(await token(people, claims, { typ }))).toBe("type");
    expect(await reasonOf(await rawToken(people, { alg: "ES256", kid: "k1" }, claims))).toBe("header");
    expect(await reasonOf(await token(events, claims))).toBe("type");
    expect(await reasonOf(await token(events, claims, { typ: "at+jwt" }))).toBe("key");
  });

  test("P01: one without a claim that is needed, or with one of another type", async () => {
    for (const name of ["iss", "sub", "jti", "exp", "iat"])
      for (const value of [undefined, null, "", [], { a: 1 }, -1, 1.5, true])
        expect(await reasonOf(await olga({ [name]: value })), `${name} ${String(value)}`).toBe("claims");
    expect(await reasonOf(await olga({ nbf: "now" }))).toBe("claims");
    expect(await reasonOf(await olga({ jti: "x".repeat(257) }))).toBe("claims");
    const claims = JSON.stringify(claimsOf(people, "u-olga"));
    for (const exp of ["1e300", "9007199254740993", "-0", "01"])
      expect(await reasonOf(await token(people, claims.replace(/"exp":\d+/, `"exp":${exp}`))), exp).toBe("claims");
  });

  test("P01: claims with a key twice, and what is no object", async () => {
    const claims = JSON.stringify(claimsOf(people, "u-olga"));
    for (const wrong of [
      claims.replace("{", `{"sub":"u-alice",`),
      claims.replace("{", `{"s\\u0075b":"u-alice",`),
      claims.replace("{", `{"__proto__":{},`),
      `\u{feff}${claims}`,
      `${claims} x`,
      `[${claims}]`,
      "null",
      "",
    ]) {
      const text = await token(people, wrong);
      expect(await reasonOf(text)).toBe(wrong === "" ? "text" : "claims");
    }
  });

  test("P01: a subject that is no caller, or a caller's under another issuer", async () => {
    expect(await reasonOf(await token(people, claimsOf(people, "u-nobody")))).toBe("subject");
    expect(await reasonOf(await token(rsa, claimsOf(rsa, "u-olga")))).toBe("subject");
    expect(await reasonOf(await token(people, claimsOf(people, "directory")))).toBe("subject");
  });

  test("P01: an approver who signed in by one factor", async () => {
    for (const amr of [undefined, [], ["pwd"], "mfa", { 0: "mfa" }, ["MFA"]])
      expect(await reasonOf(await token(people, claimsOf(people, "u-alice", { amr })))).toBe("mfa");
  });

  test("P01: one that is bound to a key, without the proof", async () => {
    expect(await reasonOf(await olga({ cnf: { jkt: "x" } }))).toBe("bound");
  });
});

describe("a token that makes a change", () => {
  test("makes one, however often that one is sent", async () => {
    const seen = new SeenTokens();
    const text = await olga();
    const change = (key: string) => ({ now, change: { key, seen } });
    for (let round = 0; round < 2; round++)
      expect((await authenticate(callers, bearer(text), change("call-1"))).name).toBe("olga");
    expect(await reasonOf(text, change("call-2"))).toBe("replay");
    expect((await authenticate(callers, bearer(text), { now })).name).toBe("olga");
    const other = await olga({ jti: "another" });
    expect((await authenticate(callers, bearer(other), change("call-2"))).name).toBe("olga");
  });

  test("is known again in another spelling of its signature", async () => {
    const seen = new SeenTokens();
    const claims = claimsOf(people, "u-olga");
    const [first, second] = [await token(people, claims), await token(people, claims)];
    expect(first).not.toBe(second);
    await authenticate(callers, bearer(first), { now, change: { key: "call-1", seen } });
    expect(await reasonOf(second, { now, change: { key: "call-2", seen } })).toBe("replay");
  });

  test("is not remembered when it proved nobody", async () => {
    const seen = new SeenTokens();
    const forged = await token(stranger, claimsOf(people, "u-olga"));
    expect(await reasonOf(forged, { now, change: { key: "call-1", seen } })).toBe("signature");
    const text = await olga();
    expect((await authenticate(callers, bearer(text), { now, change: { key: "call-2", seen } })).name).toBe("olga");
  });

  test("is one of a bounded number of its caller, and of no other's", () => {
    const seen = new SeenTokens(2);
    const admit = (caller: string, id: string, at: number) => seen.admit(caller, ["i", id], at + 10, id, at);
    expect([admit("a", "1", 0), admit("a", "2", 0), admit("a", "3", 0), admit("b", "1", 0)]).toEqual([
      true,
      true,
      false,
      true,
    ]);
    expect([admit("a", "3", 11), seen.admit("a", ["i", "3"], 99, "another", 11)]).toEqual([true, false]);
  });
});

describe("what is told", () => {
  test("P19: of a genuine token that was refused the log learns whose it was, and of a forged one nothing", async () => {
    const text = await token(people, claimsOf(people, "u-alice"));
    expect(await refused(bearer(text))).toEqual({
      reason: "mfa",
      caller: { issuer: people.issuer, subject: "u-alice", thumbprint: thumbprintOf(text) },
    });
    expect(await refused(bearer(await token(stranger, claimsOf(people, "u-alice"))))).toEqual({ reason: "signature" });
  });

  test("P19: neither a token nor a part of one is in anything that is thrown", async () => {
    const texts = [await olga({ aud: "x" }), await token(stranger, claimsOf(people, "u-olga")), `${gatewayToken}x`];
    for (const text of texts) {
      const error = (await authenticate(callers, bearer(text), { now }).catch(
        (thrown: unknown) => thrown,
      )) as WritError;
      const told: string[] = [];
      for (let each: unknown = error; each instanceof Error; each = each.cause)
        told.push(String(each), each.stack ?? "", JSON.stringify(each));
      expect(told.length).toBeGreaterThan(3);
      for (const part of text.split(".")) expect(told.join().includes(part)).toBe(false);
    }
  });

  test("a key that is not in our file proves nobody, whatever its id", async () => {
    const { privateKey } = await generateKeyPair("ES256");
    expect(await reasonOf(await token({ ...people, privateKey }, claimsOf(people, "u-olga")))).toBe("signature");
    expect(await reasonOf(await token({ ...people, kid: "k2" }, claimsOf(people, "u-olga")))).toBe("key");
  });
});
