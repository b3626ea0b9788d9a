/** The admin port: who may change what, and how a change is asked for. */
import { createHash, generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { WritError } from "../../src/diagnostics/index.ts";
import { bearer, change, gatewayToken, jws, now, refusalIn, start, tokenOf } from "./start.ts";
import { raw } from "./verdict.ts";

const digest = "c".repeat(64);
const revocation = { entries: [{ path: ["identities", "ci-runner"] }], reason: "its key leaked" };

describe("P01 a credential that is none", () => {
  const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const none = jws({ alg: "none", kid: "k1", typ: "at+jwt" }, { iss: "https://ci.example.com", sub: "soc" }, other);
  test.each([
    ["no token", ""],
    ["an expired one", `Bearer ${tokenOf("soc", { iat: now - 4000, exp: now - 400 })}`],
    ["one of another issuer", `Bearer ${tokenOf("soc", { iss: "https://elsewhere.example.com" })}`],
    ["one for another audience", `Bearer ${tokenOf("soc", { aud: "https://other.example.com" })}`],
    ["one that is signed by nobody", `Bearer ${none.split(".").slice(0, 2).join(".")}.`],
    ["one that is signed by another key", `Bearer ${tokenOf("soc", {}, {}, other)}`],
    ["an ID token", `Bearer ${tokenOf("soc", {}, { typ: "JWT" })}`],
    ["a gateway's token that nobody has", `Bearer ${gatewayToken("edge-9")}`],
    ["another scheme", "Basic c29jOnNlY3JldA=="],
  ])("P01 %s: 401, nothing changed, audited, and the next good one works", async (_what, authorization) => {
    await using server = await start();
    const url = `${server.adminUrl}/v1/revocations`;
    const before = server.publisher.version;
    const response = await change(url, "soc", revocation, { authorization });
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
    expect(await refusalIn(response)).toEqual([401, "api-unauthenticated"]);
    expect(server.publisher.asked).toEqual([]);
    expect(server.publisher.version).toBe(before);
    expect(server.publisher.refusals.map(([action, code]) => [action, code])).toEqual([
      ["POST /v1/revocations", "api-unauthenticated"],
    ]);
    expect((await change(url, "soc", revocation)).status).toBe(200);
  });

  test("P01 two credentials are none", async () => {
    await using server = await start();
    const headers: [string, string][] = [
      ["authorization", `Bearer ${tokenOf("audrey")}`],
      ["authorization", `Bearer ${tokenOf("oscar")}`],
    ];
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    const answer = await raw(`GET /v1/view HTTP/1.1\r\nHost: x\r\n${lines}\r\n`, server.adminUrl);
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  });
});

describe("P05 what a role may not", () => {
  test.each([
    ["a revoker restores", "soc", "/v1/restorations", { paths: [["identities", "ci-runner"]], reason: "a mistake" }],
    ["an author approves", "ci", "/v1/approvals", { digest, shown: digest }],
    ["an approver releases", "alice", "/v1/releases", { digest, ring: "stable" }],
    ["an operator revokes", "oscar", "/v1/revocations", revocation],
    ["an auditor halts", "audrey", "/v1/halt", { reason: "a look" }],
  ])("P05 %s: 403, audited with the actor", async (_what, name, path, body) => {
    await using server = await start();
    expect(await refusalIn(await change(server.adminUrl + path, name, body))).toEqual([403, "api-forbidden"]);
    expect(server.publisher.asked).toEqual([]);
    expect(server.publisher.refusals).toEqual([[`POST ${path}`, "api-forbidden", name]]);
  });

  test("P05 a gateway's credential revokes nothing", async () => {
    await using server = await start();
    const url = `${server.adminUrl}/v1/revocations`;
    const response = await change(url, "", revocation, bearer(gatewayToken("edge-1")));
    expect(await refusalIn(response)).toEqual([403, "api-forbidden"]);
    expect(server.publisher.asked).toEqual([]);
  });
});

describe("P06 the same call again", () => {
  test("P06 twice at once: one effect, one answer", async () => {
    await using server = await start();
    const url = `${server.adminUrl}/v1/revocations`;
    const headers = { "idempotency-key": "the-same" };
    const answers = await Promise.all([
      change(url, "soc", revocation, headers),
      change(url, "soc", revocation, headers),
    ]);
    const [first, second] = await Promise.all(answers.map((answer) => answer.json()));
    expect(first).toEqual({ version: 8, sequence: 41 });
    expect(second).toEqual(first);
    expect(server.publisher.asked).toEqual([["revoke", revocation.entries, revocation.reason]]);
  });

  test("P06 with another body: 409", async () => {
    await using server = await start();
    const url = `${server.adminUrl}/v1/revocations`;
    const headers = { "idempotency-key": "the-same" };
    expect((await change(url, "soc", revocation, headers)).status).toBe(200);
    const other = { ...revocation, reason: "another one" };
    expect(await refusalIn(await change(url, "soc", other, headers))).toEqual([409, "idempotency-conflict"]);
    expect(server.publisher.version).toBe(8);
  });

  test("P06 a change without a key, or with one that is none, is refused", async () => {
    await using server = await start();
    const url = `${server.adminUrl}/v1/revocations`;
    const ask = (key: string) => change(url, "soc", revocation, { "idempotency-key": key });
    expect(await refusalIn(await ask(""))).toEqual([400, "idempotency-key-missing"]);
    expect(await refusalIn(await ask("with a space"))).toEqual([422, "request-malformed"]);
    expect(await refusalIn(await ask("x".repeat(129)))).toEqual([422, "request-malformed"]);
    expect(server.publisher.asked).toEqual([]);
    expect((await ask("x".repeat(128))).status).toBe(200);
  });
});

describe("P07 who moves policy says what they saw", () => {
  const release = { digest, ring: "canary" };
  test("P07 a head that moved on: 412; of two at once one wins", async () => {
    await using server = await start();
    const url = `${server.adminUrl}/v1/releases`;
    const ask = (tag: string) => change(url, "oscar", release, { "if-match": tag });
    expect(await refusalIn(await ask('"6"'))).toEqual([412, "head-moved"]);
    expect(await refusalIn(await change(url, "oscar", release))).toEqual([412, "head-moved"]);
    expect(server.publisher.version).toBe(7);
    const statuses = (await Promise.all([ask('"7"'), ask('"7"')])).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 412]);
    expect(server.publisher.asked).toEqual([["release", digest, "canary"]]);
  });

  test.each(["7", 'W/"7"', '"07"', "*", '"7", "8"', '"-1"'])("P07 If-Match: %s is none", async (tag) => {
    await using server = await start();
    const response = await change(`${server.adminUrl}/v1/releases`, "oscar", release, { "if-match": tag });
    expect(await refusalIn(response)).toEqual([422, "request-malformed"]);
    expect(server.publisher.asked).toEqual([]);
  });

  test("P07 the head says which version it is", async () => {
    await using server = await start();
    const response = await fetch(`${server.adminUrl}/v1/head`, { headers: bearer(tokenOf("oscar")) });
    expect(response.headers.get("etag")).toBe('"7"');
    expect(await response.json()).toMatchObject({ version: 7 });
  });
});

describe("P08 what nobody may name", () => {
  test.each([
    ["an older version", "/v1/releases", "oscar", { digest, ring: "stable", version: 3 }],
    ["a lower floor", "/v1/recall", "oscar", { sequence: 3, reason: "so", floor: 1 }],
    ["a time", "/v1/revocations", "soc", { ...revocation, at: now }],
    ["a time in an entry", "/v1/revocations", "soc", { ...revocation, entries: [{ path: ["keys", "k"], at: 1 }] }],
    ["a sequence to go back to", "/v1/republications", "oscar", { digest, sequence: 3 }],
    ["a sequence that is text", "/v1/recall", "oscar", { sequence: "3", reason: "so" }],
    ["a sequence below the first", "/v1/recall", "oscar", { sequence: 0, reason: "so" }],
    ["no object", "/v1/halt", "oscar", "[]"],
    ["the same member twice", "/v1/halt", "oscar", '{"reason":"a","reason":"b"}'],
    ["a prototype", "/v1/halt", "oscar", '{"reason":"a","__proto__":{"x":1}}'],
    ["half a document", "/v1/halt", "oscar", '{"reason":'],
    ["nothing", "/v1/halt", "oscar", ""],
  ])("P08 %s: 422, nothing changed", async (_what, path, name, body) => {
    await using server = await start();
    const response = await change(server.adminUrl + path, name, body, { "if-match": '"7"' });
    expect(await refusalIn(response)).toEqual([422, "request-malformed"]);
    expect(server.publisher.asked).toEqual([]);
    expect(server.publisher.refusals).toEqual([[`POST ${path}`, "request-malformed", name]]);
  });

  test("P08 what is wrong is named, cut and made visible", async () => {
    await using server = await start();
    const body = { reason: "so", [`at\u001b[31m${"x".repeat(1000)}`]: 1 };
    const response = await change(`${server.adminUrl}/v1/halt`, "oscar", body);
    const { message } = (await response.json()) as { message: string };
    expect(message).toContain("`at\\u{1b}[31mxxx");
    expect(message.length).toBeLessThan(200);
  });
});

describe("P12 revocations that are too many or none", () => {
  const entries = (count: number, name = "ci-runner") =>
    Array.from({ length: count }, (_, index) => ({ path: ["identities", `${name}-${index}`] }));
  test.each([
    ["a million names", 413, "body-too-large", { entries: entries(1_000_000, "x"), reason: "so" }],
    [
      "a name of 1 MiB",
      413,
      "body-too-large",
      { entries: [{ path: ["keys", "x".repeat(1024 * 1024)] }], reason: "so" },
    ],
    ["1,001 names", 422, "request-malformed", { entries: entries(1001, "x"), reason: "so" }],
    ["a name with a newline", 422, "request-malformed", { entries: [{ path: ["keys", "a\nb"] }], reason: "so" }],
    [
      "a good one and an empty one",
      422,
      "request-malformed",
      { entries: [...entries(1), { path: ["keys", ""] }], reason: "so" },
    ],
    ["no name", 422, "request-malformed", { entries: [], reason: "so" }],
    ["a list that is none", 422, "request-malformed", { entries: [{ path: ["everything", "x"] }], reason: "so" }],
    ["a token without its issuer", 422, "request-malformed", { entries: [{ path: ["tokens", "jti"] }], reason: "so" }],
    ["no reason", 422, "request-malformed", { entries: entries(1) }],
    ["a reason of two lines", 422, "request-malformed", { entries: entries(1), reason: "one\r\ntwo" }],
  ])("P12 %s: nothing of it is done", async (_what, status, code, body) => {
    await using server = await start();
    const url = `${server.adminUrl}/v1/revocations`;
    expect(await refusalIn(await change(url, "soc", body))).toEqual([status, code]);
    expect(server.publisher.asked).toEqual([]);
    expect((await change(url, "soc", revocation)).status).toBe(200);
  });

  test("P12 a body that says no size is counted as it comes", async () => {
    await using server = await start();
    const piece = Buffer.alloc(16 * 1024, 0x20);
    const response = await fetch(`${server.adminUrl}/v1/revocations`, {
      method: "POST",
      headers: { ...bearer(tokenOf("soc")), "content-type": "application/json", "idempotency-key": "k" },
      body: new ReadableStream({
        start(controller) {
          for (let index = 0; index < 5; index++) controller.enqueue(piece);
          controller.close();
        },
      }),
      duplex: "half",
    } as RequestInit);
    expect(await refusalIn(response)).toEqual([413, "body-too-large"]);
  });

  test("P12 1,000 at once are taken", async () => {
    await using server = await start();
    const response = await change(`${server.adminUrl}/v1/revocations`, "soc", {
      entries: entries(1000, "x"),
      reason: "so",
    });
    expect(response.status).toBe(200);
    expect(server.publisher.asked[0]?.[1]).toHaveLength(1000);
  });
});

test("P13 a flood of revocations by one is refused with the time to wait, and others are not touched", async () => {
  await using server = await start();
  const url = `${server.adminUrl}/v1/revocations`;
  const begun = performance.now();
  const flood: Response[] = [];
  const ask = async () => {
    for (let times = 0; times < 20; times++) flood.push(await change(url, "soc", revocation));
  };
  await Promise.all(Array.from({ length: 50 }, ask));
  const seconds = (performance.now() - begun) / 1000;
  const taken = flood.filter(({ status }) => status === 200).length;
  expect(taken).toBeGreaterThanOrEqual(500);
  expect(taken).toBeLessThanOrEqual(500 + 50 * seconds + 1);
  const refused = flood.filter(({ status }) => status === 429);
  expect(taken + refused.length).toBe(1000);
  for (const response of refused) expect(response.headers.get("retry-after")).toBe("1");
  expect(await refusalIn(refused[0]!)).toEqual([429, "rate-exceeded"]);
  expect((await change(url, "soc-2", revocation)).status).toBe(200);
  expect(server.publisher.asked).toHaveLength(taken + 1);
});

describe("a candidate", () => {
  const bundle = Buffer.from("bytes of a bundle");
  const name = createHash("sha256").update(bundle).digest("hex");
  const upload = (url: string, as: string, bytes: Uint8Array, at = createHash("sha256").update(bytes).digest("hex")) =>
    fetch(`${url}/v1/bundles/${at}`, {
      method: "PUT",
      headers: { ...bearer(tokenOf(as)), "content-type": "application/gzip" },
      body: bytes as Uint8Array<ArrayBuffer>,
    });
  const candidate = { digest: name, provenance: { payload: "…" }, authors: ["bob"], emergency: { reason: "a leak" } };

  test("is uploaded, then submitted with the statement as it came", async () => {
    await using server = await start();
    const url = `${server.adminUrl}/v1/candidates`;
    expect(await refusalIn(await change(url, "ci", candidate))).toEqual([409, "bundle-not-uploaded"]);
    expect((await upload(server.adminUrl, "ci", bundle)).status).toBe(200);
    const response = await change(url, "ci", candidate);
    expect(await response.json()).toEqual({ version: 8, sequence: 41, digest: "d".repeat(64) });
    const { digest: _digest, ...rest } = candidate;
    expect(server.publisher.asked).toEqual([["submit", { ...rest, bundle: bundle.length }]]);
  });

  test("is what its name says, and not larger than a bundle may be", async () => {
    await using server = await start({ limits: { bundleBody: 100 } });
    const wrong = await upload(server.adminUrl, "ci", bundle, "a".repeat(64));
    expect(await refusalIn(wrong)).toEqual([422, "request-malformed"]);
    expect(await refusalIn(await upload(server.adminUrl, "ci", Buffer.alloc(101)))).toEqual([413, "body-too-large"]);
    expect(await refusalIn(await upload(server.adminUrl, "oscar", bundle))).toEqual([403, "api-forbidden"]);
  });

  test("waits behind a few others and not behind any number of them", async () => {
    await using server = await start();
    const url = `${server.adminUrl}/v1/candidates`;
    expect((await upload(server.adminUrl, "ci", bundle)).status).toBe(200);
    const { submit } = server.publisher;
    const turn = Promise.withResolvers<void>();
    let waiting = 0;
    server.publisher.submit = async (...asked) => {
      waiting++;
      await turn.promise;
      return submit(...asked);
    };
    const first = Array.from({ length: 8 }, () => change(url, "ci", candidate));
    await expect.poll(() => waiting).toBe(8);
    const refused = await change(url, "ci", candidate);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(await refusalIn(refused)).toEqual([503, "server-busy"]);
    turn.resolve();
    for (const response of await Promise.all(first)) expect(response.status).toBe(200);
    expect((await change(url, "ci", candidate)).status).toBe(200);
  });

  test("takes the place of older ones of its author, and no more than half of the room", async () => {
    await using server = await start();
    const bundles = ["one", "two", "three"].map((text) => Buffer.from(text));
    for (const bytes of bundles) expect((await upload(server.adminUrl, "ci", bytes)).status).toBe(200);
    const submit = (bytes: Uint8Array) =>
      change(`${server.adminUrl}/v1/candidates`, "ci", {
        ...candidate,
        digest: createHash("sha256").update(bytes).digest("hex"),
      });
    expect((await submit(bundles[0]!)).status).toBe(409);
    expect((await submit(bundles[1]!)).status).toBe(200);
    expect((await submit(bundles[2]!)).status).toBe(200);
  });
});

test("what the publisher refuses is audited by it, and not a second time", async () => {
  await using server = await start();
  server.publisher.refusal = WritError.of("WRIT8003", {});
  const response = await change(`${server.adminUrl}/v1/revocations`, "soc", revocation);
  expect(await refusalIn(response)).toEqual([507, "store-full"]);
  expect(server.publisher.refusals).toEqual([]);
});

test("T19 a key of the publisher that signs nothing is no fault of who asks: 503, and to be asked again", async () => {
  await using server = await start();
  for (const [refusal, name, after] of [
    [WritError.of("WRIT9120", { fault: "empty" }), "signer-invalid", "1"],
    [WritError.of("WRIT9121", { seconds: 10 }), "signer-timeout", "10"],
  ] as const) {
    server.publisher.refusal = refusal;
    const response = await change(`${server.adminUrl}/v1/revocations`, "soc", revocation);
    expect(response.headers.get("retry-after")).toBe(after);
    expect(await refusalIn(response)).toEqual([503, name]);
  }
});

test("every other change is asked for as it is described", async () => {
  await using server = await start();
  const ask = async (name: string, path: string, body: object) =>
    (await change(server.adminUrl + path, name, body, { "if-match": '"7"' })).status;
  expect(await ask("alice", "/v1/approvals", { digest, shown: digest })).toBe(200);
  expect(await ask("oscar", "/v1/republications", { digest })).toBe(200);
  expect(await ask("oscar", "/v1/halt", { reason: "a look" })).toBe(200);
  expect(await ask("oscar", "/v1/resume", { reason: "looked" })).toBe(200);
  expect(await ask("oscar", "/v1/recall", { sequence: 12, reason: "a wrong rule" })).toBe(200);
  expect(await ask("oscar", "/v1/trust", {})).toBe(200);
  expect(await ask("oscar", "/v1/restorations", { paths: [["identities", "x"]], reason: "a mistake" })).toBe(200);
  expect(server.publisher.asked).toEqual([
    ["approve", digest, digest],
    ["republish", digest],
    ["halt", "a look"],
    ["resume", "looked"],
    ["recall", 12, "a wrong rule"],
    ["rotate"],
    ["restore", [["identities", "x"]], "a mistake"],
  ]);
});
