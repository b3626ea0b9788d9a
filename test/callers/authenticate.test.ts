/** Who is proved and who is not; a refusal says the same to all and tells the log why. */
import { generateKeyPair } from "jose";
import { describe, expect, test } from "vitest";
import { authenticate, type Occasion, refusalOf, SeenTokens, thumbprintOf } from "../../src/callers/index.ts";
import { WritError } from "../../src/diagnostics/index.ts";
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

const bearer = (text: string) => ({ authorization: [`Bearer ${text}`] });

async function refused(credentials: Parameters<typeof authenticate>[1], occasion: Occasion = { now }) {
  const error = await authenticate(callers, credentials, occasion).then(
    (caller) => expect.fail(`${caller.name} was proved`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof WritError)) throw error;
  // Nothing of it but the cause depends on what was wrong.
  expect([error.code, error.reason, error.message, error.parameters]).toEqual([
    "WRIT8201",
    "api-unauthenticated",
    "who asks is not proved",
    {},
  ]);
  return refusalOf(error)!;
}

async function reasonOf(text: string, occasion?: Occasion): Promise<string> {
  const { reason } = await refused(bearer(text), occasion);
  // The next good one works.
  expect((await authenticate(callers, bearer(await olga()), { now })).name).toBe("olga");
  return reason;
}

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

describe("forged texts of tokens", () => {
  test("T11: no algorithm, a secret that everybody knows, another algorithm, another case", async () => {
    const claims = claimsOf(people, "u-olga");
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    for (const alg of ["none", "None", "HS256", "RS256", "es256", "ES256 ", " ES256", "EdDSA", "ES384"]) {
      const header = { alg, kid: "k1", typ: "at+jwt" };
      expect(await reasonOf(await rawToken(people, header, claims)), alg).toBe("algorithm");
      expect(await reasonOf(`${part(header)}.${part(claims)}.`), alg).toBe("text");
    }
    const key = await crypto.subtle.importKey(
      "raw",
      Buffer.from(JSON.stringify(people.jwk)),
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["sign"],
    );
    const hmac = { ...people, privateKey: key };
    expect(await reasonOf(await rawToken(hmac, { alg: "HS256", kid: "k1", typ: "at+jwt" }, claims))).toBe("algorithm");
    expect(await reasonOf(await rawToken(hmac, { alg: "ES256", kid: "k1", typ: "at+jwt" }, claims))).toBe("signature");
  });

  test("T12, T13: a key or its address in the header, ids of keys that are paths or queries, critical members", async () => {
    const claims = claimsOf(people, "u-olga");
    const header = { alg: "ES256", kid: "k1", typ: "at+jwt" };
    const others: readonly Readonly<Record<string, unknown>>[] = [
      { jwk: stranger.jwk },
      { jku: "https://stranger.example.com/keys" },
      { x5u: "https://stranger.example.com/chain" },
      { x5c: ["MII="] },
      { crit: ["x"], x: 1 },
      { crit: [] },
      { b64: false, crit: ["b64"] },
      { b64: true },
      { zip: "DEF" },
      { cty: "JWT" },
      { constructor: {} },
    ];
    for (const other of others)
      expect(await reasonOf(await rawToken(people, { ...header, ...other }, claims))).toBe("header");
    for (const kid of ["../../etc/passwd", "' or 1=1", "__proto__", "constructor", "events", "K1"])
      expect(await reasonOf(await rawToken(people, { ...header, kid }, claims))).toBe("key");
    for (const kid of ["x".repeat(257), "", undefined, 1, ["k1"]])
      expect(await reasonOf(await rawToken(people, { ...header, kid }, claims))).toBe("header");
    const twice = JSON.stringify(header).replace("{", `{"alg":"none",`);
    expect(await reasonOf(await rawToken(people, twice, claims))).toBe("header");
  });

  test("T14: signatures of zeros, cut ones, in DER, with a number that is zero or the order of the curve", async () => {
    const text = await olga();
    const signed = text.slice(0, text.lastIndexOf("."));
    const signature = Buffer.from(text.slice(signed.length + 1), "base64url");
    const order = Buffer.from("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", "hex");
    const [r, s] = [signature.subarray(0, 32), signature.subarray(32)];
    const zero = Buffer.alloc(32);
    const der = Buffer.concat([Buffer.from([0x30, 68, 2, 32]), r, Buffer.from([2, 32]), s]);
    const wrong = [
      [zero, zero],
      [r, zero],
      [zero, s],
      [order, s],
      [r, order],
      [r],
      [r, s, Buffer.alloc(1)],
      [s, r],
      [der],
    ].map((parts) => Buffer.concat(parts));
    for (const bytes of wrong) expect(await reasonOf(`${signed}.${bytes.toString("base64url")}`)).toBe("signature");
    const rsaText = await token(rsa, claimsOf(rsa, "u-rita"));
    const rsaSigned = rsaText.slice(0, rsaText.lastIndexOf("."));
    for (const length of [1, 255, 256, 257])
      expect(await reasonOf(`${rsaSigned}.${Buffer.alloc(length).toString("base64url")}`)).toBe("signature");
  });

  test("T15: spaces, line ends, padding, the other alphabet, spare bits", async () => {
    const text = await olga();
    for (const wrong of [
      `${text}=`,
      `${text}==`,
      text.replace(".", ".="),
      `.${text}`,
      `${text}.`,
      text.replace(".", ".."),
    ])
      expect(await reasonOf(wrong)).toBe("text");
    for (const wrong of [`${text}\n`, `\n${text}`, text.replace(".", ". "), `${text}\t`, `${text}\0`, `${text}é`])
      expect(await refused(bearer(wrong))).toEqual({ reason: "scheme" });
    // 64 bytes leave four spare bits in the last of 86 letters.
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const last = alphabet.indexOf(text.at(-1)!);
    for (let spare = 1; spare < 16; spare++)
      expect(await reasonOf(text.slice(0, -1) + alphabet[last + spare])).toBe("text");
    const slashed = text.replace(/[-_]/, (letter) => (letter === "-" ? "+" : "/"));
    if (slashed !== text) expect(await reasonOf(slashed)).toBe("text");
  });

  test("T16: an Ed25519 signature whose point is of small order", async () => {
    const text = await token(edwards, claimsOf(edwards, "u-edward"));
    const signed = text.slice(0, text.lastIndexOf("."));
    for (const first of [0, 1]) {
      const signature = Buffer.alloc(64);
      signature[0] = first;
      expect(await reasonOf(`${signed}.${signature.toString("base64url")}`)).toBe("signature");
    }
  });

  test("T24: five parts, and a megabyte, before any cryptography and within 5 ms", async () => {
    const part = "eyJhbGciOiJkaXIiLCJwMmMiOjEwMDAwMDAwMDB9";
    const attempts = [
      `${part}.${part}.${part}.${part}.${part}`,
      "x".repeat(1 << 20),
      `${part}.${"A".repeat(1 << 20)}.x`,
    ];
    for (const text of attempts) {
      await refused(bearer(text));
      const before = performance.now();
      expect(await refused(bearer(text))).toEqual({ reason: "text" });
      expect(performance.now() - before).toBeLessThan(5);
    }
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
