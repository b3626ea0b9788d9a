/** Events that others push: what each revokes here, and with which error of RFC 8935 the others are sent back. */
import { describe, expect, test } from "vitest";
import { eventErrorOf, readCallers, readSecurityEvents } from "../../src/callers/index.ts";
import { WritError } from "../../src/diagnostics/index.ts";
import {
  audience,
  bytesOf,
  callers,
  claimsOf,
  directory,
  eventClaims,
  events,
  file,
  issuerEntry,
  newIssuer,
  now,
  people,
  rawToken,
  stranger,
  token,
} from "./issuance.ts";

type Json = Readonly<Record<string, unknown>>;
const caep = (name: string) => `https://schemas.openid.net/secevent/caep/event-type/${name}`;
const disabled = "https://schemas.openid.net/secevent/risc/event-type/account-disabled";
const iss = people.issuer;
const bot = { format: "iss_sub", iss, sub: "u-bot" };

const read = async (claims: Json, header: Json = {}) =>
  readSecurityEvents(await token(events, eventClaims(claims), header), callers, now, directory);

async function errorOf(text: string): Promise<readonly [string, string]> {
  const error = await readSecurityEvents(text, callers, now, directory).then(
    () => expect.fail("it was read"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof WritError)) throw error;
  expect(error.reason).toBe("event-refused");
  const told = eventErrorOf(error)!;
  expect(told.description).toBe(error.message);
  expect((await read({})).entries).toHaveLength(1);
  return [told.err, String(error.parameters.fault)];
}

const refusedFor = async (claims: Json, header: Json = {}) => errorOf(await token(events, eventClaims(claims), header));

describe("an event that is believed", () => {
  test.each<[string, Json, unknown]>([
    ["ends all sessions of a subject", {}, { path: ["issuedBefore", "bot"], value: now - 4 }],
    [
      "of the time that it states",
      { events: { [caep("session-revoked")]: { event_timestamp: now - 90 } } },
      { path: ["issuedBefore", "bot"], value: now - 89 },
    ],
    ["of the time of the token", { toe: now - 70 }, { path: ["issuedBefore", "bot"], value: now - 69 }],
    [
      "with the subject in the event, as older ones have it",
      { sub_id: undefined, events: { [caep("session-revoked")]: { subject: bot } } },
      { path: ["issuedBefore", "bot"], value: now - 4 },
    ],
    [
      "of a subject that only the issuer names",
      { sub_id: { format: "opaque", id: "u-bot" } },
      { path: ["issuedBefore", "bot"], value: now - 4 },
    ],
    [
      "ends one token",
      { sub_id: { format: "jwt_id", iss, jti: "t-7" } },
      { path: ["tokens", "people", "t-7"], value: now + 925 },
    ],
    ["disables an account", { events: { [disabled]: { reason: "hijacking" } } }, { path: ["identities", "bot"] }],
    [
      "changes a password",
      { events: { [caep("credential-change")]: { credential_type: "password", change_type: "update" } } },
      { path: ["issuedBefore", "bot"], value: now - 4 },
    ],
  ])("%s", async (_what, claims, entry) => {
    const found = await read(claims);
    expect(found.entries).toEqual([entry]);
    expect(found.caller).toMatchObject({
      name: "directory",
      issuer: iss,
      subject: "directory",
      scope: { issuers: ["people"] },
    });
    expect([...found.caller.roles]).toEqual(["revoker"]);
  });

  test("takes a key out of use by its thumbprint, with all that was issued before", async () => {
    const thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";
    for (const [type, member] of [
      ["x509", "x5t#S256"],
      ["fido2-platform", "jkt"],
    ] as const) {
      const change = { credential_type: type, change_type: "revoke", [member]: thumbprint };
      expect((await read({ events: { [caep("credential-change")]: change } })).entries).toEqual([
        { path: ["keys", thumbprint] },
        { path: ["issuedBefore", "bot"], value: now - 4 },
      ]);
    }
  });

  test("revokes nothing by a new credential, by a question whether we listen, for somebody unknown", async () => {
    const created = { credential_type: "fido2-roaming", change_type: "create" };
    for (const claims of [
      { events: { [caep("credential-change")]: created } },
      { events: { "https://schemas.openid.net/secevent/ssf/event-type/verification": { state: "x" } } },
      { sub_id: { ...bot, sub: "u-nobody" } },
      { sub_id: { ...bot, iss: "https://elsewhere.example.com" } },
      { sub_id: { format: "jwt_id", iss: "https://elsewhere.example.com", jti: "t-7" } },
    ])
      expect((await read(claims)).entries).toEqual([]);
  });

  test("of several kinds revokes by all of them", async () => {
    const { entries, reason } = await read({ events: { [disabled]: {}, [caep("session-revoked")]: {} } });
    expect(entries.map(({ path }) => path[0])).toEqual(["identities", "issuedBefore"]);
    expect(reason).toBe("account-disabled, session-revoked");
  });

  test("revokes the same whenever it is sent, and no token that has expired", async () => {
    const sub_id = { format: "jwt_id", iss, jti: "t-7" };
    const text = await token(events, eventClaims({ sub_id }));
    const sent = async (later: number) => (await readSecurityEvents(text, callers, now + later, directory)).entries;
    expect(await sent(900)).toEqual(await sent(0));
    expect(await sent(926)).toEqual([]);
  });

  test("has the same key each time that it is sent, and another than any other event", async () => {
    const keys = await Promise.all([{}, {}, { jti: "event-2" }].map(async (claims) => (await read(claims)).key));
    expect(keys[0]).toBe(keys[1]);
    expect(keys[0]).not.toBe(keys[2]);
    expect(keys[0]).toMatch(/^event-[0-9a-f]{64}$/);
  });
});

describe("an event that is not believed", () => {
  test("P01: by an issuer that may send none, by another key, by a forged one", async () => {
    const claims = eventClaims();
    expect(
      await errorOf(await token({ ...events, issuer: stranger.issuer }, { ...claims, iss: stranger.issuer })),
    ).toEqual(["invalid_issuer", "issuer"]);
    expect(await refusedFor({}, { kid: "k1" })).toEqual(["invalid_key", "key"]);
    expect(await errorOf(await rawToken(events, { alg: "none", kid: "events", typ: "secevent+jwt" }, claims))).toEqual([
      "invalid_key",
      "algorithm",
    ]);
    expect(await errorOf(await token({ ...events, privateKey: stranger.privateKey }, claims))).toEqual([
      "authentication_failed",
      "signature",
    ]);
  });

  test("P01: by an issuer that is listed and no caller", async () => {
    const other = await newIssuer("https://other.example.com", "Ed25519", "secevent+jwt");
    const known = await readCallers(bytesOf({ ...file, issuers: [...file.issuers, issuerEntry(other)] }));
    const text = await token(other, eventClaims({ iss: other.issuer }));
    const error = await readSecurityEvents(text, known, now, directory).catch((thrown: unknown) => thrown as WritError);
    expect(eventErrorOf(error as WritError)?.err).toBe("access_denied");
  });

  test("P01: for another audience, or for more than ours", async () => {
    expect((await read({ aud: [audience] })).entries).toHaveLength(1);
    for (const aud of [undefined, "https://other.example.com", [audience, "https://other.example.com"], []])
      expect(await refusedFor({ aud })).toEqual(["invalid_audience", "audience"]);
  });

  test("P01: an access token as an event, and one that could pass for both", async () => {
    const access = await token(people, claimsOf(people, "u-olga"));
    expect(await errorOf(access)).toEqual(["invalid_request", "type"]);
    for (const typ of ["JWT", "at+jwt", "application/secevent+jwt"])
      expect(await refusedFor({}, { typ })).toEqual(["invalid_request", "type"]);
    expect(await refusedFor({ exp: now + 60 })).toEqual(["invalid_request", "confusable"]);
    expect(await refusedFor({ sub: "u-bot" })).toEqual(["invalid_request", "confusable"]);
  });

  test("one of yesterday or of tomorrow, one without its claims", async () => {
    expect((await read({ iat: now - 24 * 3600 })).entries).toHaveLength(1);
    for (const iat of [now - 24 * 3600 - 1, now + 31])
      expect(await refusedFor({ iat })).toEqual(["invalid_request", "old"]);
    for (const name of ["iss", "jti", "iat"])
      expect(await refusedFor({ [name]: undefined })).toEqual(["invalid_request", "claims"]);
    for (const list of [undefined, null, [], "x"])
      expect(await refusedFor({ events: list })).toEqual(["invalid_request", "claims"]);
    for (const list of [
      {},
      { [disabled]: "x" },
      { [disabled]: null },
      { "https://example.com/else": {} },
      { __proto__x: {} },
    ])
      expect(await refusedFor({ events: list })).toEqual(["invalid_request", "event"]);
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`https://example.com/${index}`, {}]));
    expect(await refusedFor({ events: many })).toEqual(["invalid_request", "event"]);
    for (const time of ["x", -1, now + 31])
      expect(await refusedFor({ events: { [caep("session-revoked")]: { event_timestamp: time } } })).toEqual([
        "invalid_request",
        "claims",
      ]);
  });

  test("one whose subject is missing, twice, or in a format that its event can't have", async () => {
    const subjects: readonly unknown[] = [
      undefined,
      null,
      "u-bot",
      {},
      { format: "email", email: "bot@example.com" },
      { format: "iss_sub", iss },
      { ...bot, more: 1 },
      { ...bot, sub: "" },
      { format: "opaque", id: 7 },
      { format: "aliases", identifiers: [bot] },
      { iss, sub: "u-bot" },
    ];
    for (const subject of subjects)
      expect(await refusedFor({ sub_id: subject })).toEqual(["invalid_request", "subject"]);
    expect(await refusedFor({ events: { [disabled]: { subject: bot } } })).toEqual(["invalid_request", "subject"]);
    const ofToken = { sub_id: { format: "jwt_id", iss, jti: "t-7" } };
    expect(await refusedFor({ ...ofToken, events: { [disabled]: {} } })).toEqual(["invalid_request", "subject"]);
  });

  test("one that names a certificate by its serial number, or by what is no thumbprint", async () => {
    const x509 = { credential_type: "x509", change_type: "revoke", x509_issuer: "CN=a", x509_serial: "01" };
    const change = (event: Json) => refusedFor({ events: { [caep("credential-change")]: event } });
    expect(await change(x509)).toEqual(["invalid_request", "thumbprint"]);
    for (const wrong of ["", "x", 7, "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4J", "A".repeat(44)])
      expect(await change({ ...x509, "x5t#S256": wrong })).toEqual(["invalid_request", "thumbprint"]);
    expect(await change({ credential_type: "x509", change_type: "lost" })).toEqual(["invalid_request", "event"]);
    expect(await change({ change_type: "revoke" })).toEqual(["invalid_request", "event"]);
  });

  test("T12, T13, T15, T24: another header, another spelling, five parts", async () => {
    const header = { alg: "ES256", kid: "events", typ: "secevent+jwt" };
    for (const other of [{ jwk: stranger.jwk }, { crit: [] }, { b64: false }, { zip: "DEF" }])
      expect(await errorOf(await rawToken(events, { ...header, ...other }, eventClaims()))).toEqual([
        "invalid_request",
        "header",
      ]);
    const text = await token(events, eventClaims());
    for (const wrong of [
      `${text}\n`,
      `${text}=`,
      ` ${text}`,
      `${text}.x.y`,
      "",
      "x".repeat(1 << 20),
      JSON.stringify({ text }),
    ])
      expect(await errorOf(wrong)).toEqual(["invalid_request", "text"]);
    const twice = JSON.stringify(eventClaims()).replace("{", `{"jti":"x",`);
    expect(await errorOf(await rawToken(events, header, twice))).toEqual(["invalid_request", "claims"]);
  });
});
