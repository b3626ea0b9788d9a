/** Tokens and the keys by which they are verified: what nobody known has signed is refused, and in time. */
import { generateKeyPair } from "jose";
import { describe, expect, test } from "vitest";
import { answerTo, KeySet, type SidecarOptions, type TokenIssuer } from "../../src/sidecar/index.ts";
import { bases } from "../decide/estate.ts";
import { answered, decide, question, reasonOf, token } from "./asked.ts";
import { issuer, keySet, optionsOf, tokenOf } from "./world.ts";

describe("a token", () => {
  const bearing = (text: string) => question("nginx", { authorization: `Bearer ${text}` });
  const claims = bases.bearer.token;
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

  test("of another key is refused", async () => {
    const { privateKey } = await generateKeyPair("ES256");
    expect(await reasonOf(bearing(await tokenOf(claims, {}, privateKey)))).toBe("401 token-unsigned");
    expect(await reasonOf(bearing(await tokenOf(claims, { kid: "k2" })))).toBe("401 token-unsigned");
  });

  test("of an issuer that is not configured is refused, and so is one of no issuer", async () => {
    expect(await reasonOf(bearing(await tokenOf({ ...claims, iss: "https://evil.example.com" })))).toBe(
      "401 issuer-unknown",
    );
    expect(await reasonOf(bearing(await tokenOf({ ...claims, iss: 7 })))).toBe("401 issuer-unknown");
  });

  test.each<[string, object]>([
    ["T11 none", { alg: "none" }],
    ["T11 HMAC", { alg: "HS256" }],
    ["T11 another of the same kind", { alg: "ES384" }],
    ["T11 in other case", { alg: "es256" }],
    ["T12 a key of its own", { alg: "ES256", jwk: JSON.parse(new TextDecoder().decode(keySet)).keys[0] }],
    ["T12 an address of keys", { alg: "ES256", jku: "https://evil.example.com/jwks" }],
    ["T13 critical parameters", { alg: "ES256", crit: ["b64"], b64: false }],
    ["T24 compression", { alg: "ES256", zip: "DEF" }],
  ])("%s in its header is refused before any key is looked at", async (_, header) => {
    let looked = 0;
    const load = async () => {
      looked++;
      return keySet;
    };
    const text = `${encode({ kid: "k1", ...header })}.${encode(claims)}.${token.split(".")[2]}`;
    expect(await reasonOf(bearing(text), { load })).toBe("401 token-malformed");
    expect(looked).toBe(0);
  });

  test.each<[string, (text: string) => string]>([
    ["T15 padding", (text) => `${text}=`],
    ["T15 another alphabet", (text) => `${text.slice(0, -1)}+`],
    ["T15 spare bits", (text) => `${text.slice(0, -1)}${String.fromCharCode(text.charCodeAt(text.length - 1) + 1)}`],
    ["T24 five parts", (text) => `${text}.a.b`],
    ["T24 two parts", (text) => text.split(".").slice(0, 2).join(".")],
    ["T24 a megabyte", (text) => `${text}${"A".repeat(1_000_000)}`],
    ["T14 no signature", (text) => `${text.split(".").slice(0, 2).join(".")}.`],
    ["T14 a signature of zeros", (text) => `${text.split(".").slice(0, 2).join(".")}.${"A".repeat(86)}`],
    ["Q08 a second token behind it", (text) => `${text}, Bearer ${text}`],
  ])("%s is refused", async (_, bend) => {
    expect(await reasonOf(bearing(bend(token)))).toMatch(/^401 token-(?:malformed|unsigned)$/);
  });

  test("T02 every bit of a signature counts", async () => {
    const parts = token.split(".");
    const bytes = Buffer.from(parts[2]!, "base64url");
    for (let bit = 0; bit < 512; bit += 7) {
      const bent = Buffer.from(bytes);
      bent[bit >> 3]! ^= 1 << (bit & 7);
      expect(await reasonOf(bearing(`${parts[0]}.${parts[1]}.${bent.toString("base64url")}`))).toBe(
        "401 token-unsigned",
      );
    }
  });

  test("B12 with a claim twice is none", async () => {
    const text = JSON.stringify(claims).replace("{", '{"sub":"auditor",');
    const bent = `${token.split(".")[0]}.${Buffer.from(text).toString("base64url")}.${token.split(".")[2]}`;
    expect(await reasonOf(bearing(bent))).toBe("401 token-malformed");
  });

  test("Q08 two headers, another scheme, none at all", async () => {
    const twice = [`Bearer ${token}`, `Bearer ${token}`];
    expect(await reasonOf(question("nginx", { authorization: twice }))).toBe("401 token-malformed");
    for (const scheme of [`Basic ${token}`, token, `Bearer  ${token}`, "Bearer", ""])
      expect(await reasonOf(question("nginx", { authorization: scheme }))).toBe("401 token-malformed");
    const none = await answered(question("nginx", { authorization: undefined }));
    expect(none).toEqual({
      status: 401,
      headers: { "x-writ-reason": "credential-missing", "www-authenticate": "Bearer" },
    });
  });

  test("Q09 for others, too old, not yet valid, too long alive", async () => {
    const { iat, exp } = claims;
    for (const [change, reason] of [
      [{ aud: "https://elsewhere.example.com" }, "audience"],
      [{ iat: iat - 1000, exp: iat - 900 }, "token-expired"],
      [{ nbf: exp }, "token-not-yet-valid"],
      [{ exp: exp + 1000 }, "token-lifetime"],
      [{ exp: undefined }, "claims-malformed"],
    ] as const)
      expect(await reasonOf(bearing(await tokenOf({ ...claims, ...change })))).toBe(`401 ${reason}`);
  });

  test("has the type that its issuer says, where it says one", async () => {
    const typed = (type: string, typ?: string) => async () => {
      const { issuers } = optionsOf("nginx", decide);
      const [[url, known]] = [...issuers] as [[string, TokenIssuer]];
      const one: SidecarOptions["issuers"] = new Map([[url, { ...known, type }]]);
      return (await answered(bearing(await tokenOf(claims, typ === undefined ? {} : { typ })), { issuers: one }))
        .status;
    };
    expect(await typed("at+jwt", "at+jwt")()).toBe(200);
    expect(await typed("at+jwt", "application/AT+JWT")()).toBe(200);
    expect(await typed("at+jwt", "JWT")()).toBe(401);
    expect(await typed("at+jwt")()).toBe(401);
  });
});

describe("the keys of an issuer", () => {
  const world = (load: () => Promise<Uint8Array | string>) => {
    let elapsed = 0;
    const problems: (string | undefined)[] = [];
    const keys = new KeySet({
      issuer,
      load,
      elapsed: () => elapsed,
      onProblem: (problem) => problems.push(problem?.code),
    });
    const issuers: SidecarOptions["issuers"] = new Map([[issuer, { algorithms: ["ES256"], keys }]]);
    return { problems, options: { issuers }, pass: (seconds: number) => (elapsed += seconds * 1000) };
  };

  test("are asked for again when a token names one that is not there, once in a while, whoever sends such tokens", async () => {
    let asked = 0;
    let served: Uint8Array = new TextEncoder().encode('{"keys":[]}');
    const { options, pass } = world(async () => {
      asked++;
      return served;
    });
    expect(await reasonOf(question("nginx"), options)).toBe("401 token-unsigned");
    for (let turn = 0; turn < 20; turn++) await reasonOf(question("nginx"), options);
    expect(asked).toBe(1);
    served = keySet;
    pass(31);
    expect((await answered(question("nginx"), options)).status).toBe(200);
    expect(asked).toBe(2);
  });

  test("go on to count while the issuer is silent, for a day", async () => {
    let answer: Uint8Array | string = keySet;
    const { options, pass, problems } = world(async () => answer);
    expect((await answered(question("nginx"), options)).status).toBe(200);
    answer = "nobody is there";
    pass(23 * 3600);
    expect((await answered(question("nginx"), options)).status).toBe(200);
    pass(3600);
    expect(await reasonOf(question("nginx"), options)).toBe("403 keys-missing");
    expect(problems).toContain("WRIT9403");
  });

  test.each<[string, unknown]>([
    ["T18 with a secret half", { keys: [{ ...JSON.parse(new TextDecoder().decode(keySet)).keys[0], d: "AAAA" }] }],
    ["T18 symmetric", { keys: [{ kty: "oct", k: "AAAA", kid: "k1" }] }],
    ["that are no list", { keys: {} }],
    ["by the hundred", { keys: Array.from({ length: 100 }, () => ({})) }],
    ["that are none", []],
  ])("%s are not used", async (_, served) => {
    const { options, problems } = world(async () => new TextEncoder().encode(JSON.stringify(served)));
    expect(await reasonOf(question("nginx"), options)).toBe("403 keys-missing");
    expect(problems).toEqual(["WRIT9403"]);
  });

  test("T18 one id for two keys is nobody's", async () => {
    const [key] = JSON.parse(new TextDecoder().decode(keySet)).keys;
    const { options } = world(async () => new TextEncoder().encode(JSON.stringify({ keys: [key, { ...key }] })));
    expect(await reasonOf(question("nginx"), options)).toBe("401 token-unsigned");
  });

  test("Q12 that do not come in time are a refusal in time", async () => {
    const { options } = world(() => new Promise(() => {}));
    const begun = performance.now();
    const { status, headers } = await answerTo(question("nginx"), optionsOf("nginx", decide, options));
    expect([status, headers]).toEqual([403, { "x-writ-reason": "sidecar-slow" }]);
    expect(performance.now() - begun).toBeLessThan(1500);
  });
});
