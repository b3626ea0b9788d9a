/** What is of no use is said with its reason, once, where it is declared; what may be meant is not. */
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { renderText } from "../../src/diagnostics/index.ts";
import { findUnused } from "../../src/prove/index.ts";
import { base, checkFiles } from "../check/estate.ts";

function compiled(lines: string) {
  const text = `${base}\n${lines}\n`;
  const { value, diagnostics } = compile(
    { policies: [{ path: "x.policy.ts", bytes: new TextEncoder().encode(text) }], data: () => undefined },
    { emit: false },
  );
  const told = diagnostics.filter(({ code }) => code !== "WRIT2012");
  const said = told.map(({ code, message, span }) => `${code} ${text.slice(span?.start, span?.end)}: ${message}`);
  return { said, told, text, looked: value.looked };
}

const approved = 'until: "2027-01-31", approved: { by: "a@example.com" }';
const refunds = "const refunds = grant({ to: payments, scopes: [orders.refund] });";

describe("a rule that can never apply", () => {
  test.each([
    [
      "because of trust",
      'const strict = scopes("strict", ["go"]);\nconst strictApi = api("strict.example.com", { operations: { "POST /": { scopes: strict.go, minTrust: 40 } } });\n' +
        `const dead = grant({ to: acme, scopes: [strict.go], ${approved} });`,
      "whatever needs its scopes demands more trust than anybody has whom it is to",
    ],
    [
      "because of time",
      'const dead = grant({ to: acme, scopes: [orders.refund], from: "2027-06-30", until: "2027-07-31", approved: { by: "a@example.com" } });',
      "it has ended before anybody begins whom it is to, or begins when all of them have ended",
    ],
    [
      "because of its condition",
      "const dead = grant({ to: payments, scopes: [orders.refund], when: (r) => r.token.age > 60 && r.token.age < 30 });",
      "its condition holds for nobody whom it is to",
    ],
    [
      "because its condition is about others",
      'const dead = grant({ to: payments, scopes: [orders.refund], when: (r) => r.identity.name === "acme" });',
      "its condition holds for nobody whom it is to",
    ],
    [
      "because its tokens are refused",
      "const dead = grant({ to: payments, scopes: [orders.refund], when: (r) => r.token.lifetime > 900 });",
      "whoever asks so that its condition holds is refused before rights are looked at",
    ],
    [
      "because another scope is not granted",
      'const both = scopes("both", ["one", "two"]);\nconst bothApi = api("both.example.com", { operations: { "POST /": [both.one, both.two] } });\nconst dead = grant({ to: payments, scopes: [both.one] });',
      "what needs its scopes needs others too, and nobody whom it is to is granted those at the same time",
    ],
    [
      "because it is denied",
      "const dead = grant({ to: payments, scopes: [orders.refund] });\nconst no = deny({ to: payments, scopes: [orders.refund] });",
      "everything that it grants is denied",
    ],
  ])("%s", (_, lines, why) => {
    expect(compiled(lines).said).toEqual([`WRIT4110 dead: this grant can never apply: ${why}`]);
  });

  test("may be a deny", () => {
    expect(
      compiled(
        `${refunds}\nconst dead = deny({ to: payments, scopes: [orders.refund], when: (r) => r.request.method === "GET" });`,
      ).said,
    ).toEqual(["WRIT4110 dead: this deny can never apply: its condition holds for nobody whom it is to"]);
  });

  test("is said once where it is said already that it reaches nothing", () => {
    expect(
      compiled(
        `${refunds}\nconst idleApi = api("idle.example.com", { operations: { "GET /": orders.read } });\nconst idle = grant({ to: payments, scopes: [orders.refund], on: idleApi });`,
      ).said,
    ).toEqual(["WRIT3211 idle: this grant does nothing: no operation where it applies needs one of its scopes"]);
  });
});

describe("a rule that others make superfluous", () => {
  test.each([
    [
      "is the narrower grant",
      `${refunds}\nconst narrow = grant({ to: payments, scopes: [orders.refund], when: (r) => r.claims.region === "eu" });`,
      ["WRIT4111 narrow: this grant gives nobody anything that `refunds` would not give"],
    ],
    [
      "is one of two that are equal, so that one is left",
      `${refunds}\nconst same = grant({ to: payments, scopes: [orders.refund] });`,
      ["WRIT4111 same: this grant gives nobody anything that `refunds` would not give"],
    ],
    [
      "is covered by two together",
      'const eu = grant({ to: payments, scopes: [orders.refund], when: (r) => r.claims.region === "eu" });\n' +
        'const us = grant({ to: payments, scopes: [orders.refund], when: (r) => r.claims.region === "us" });\n' +
        'const t1 = grant({ to: payments, scopes: [orders.refund], when: (r) => r.claims.tenant === "t1", until: "2027-01-31" });',
      ["WRIT4111 t1: this grant gives nobody anything that `eu` and `us` would not give"],
    ],
    [
      "is an emergency",
      `${refunds}\nconst incident = emergency({ to: payments, scopes: [orders.refund], from: "2026-11-20T08:00Z", until: "2026-11-20T12:00Z", approved: { by: ["a@example.com", "b@example.com"] }, reason: "replay" });`,
      ["WRIT4116 incident: this emergency gives nobody anything that `refunds` would not give"],
    ],
    [
      "is the narrower deny",
      `${refunds}\nconst wide = deny({ to: [payments, acme], scopes: [orders.refund], when: (r) => r.token.age > 60 });\nconst narrow = deny({ to: payments, scopes: [orders.refund], when: (r) => r.token.age > 120 });`,
      ["WRIT4112 narrow: this deny takes nothing that `wide` would not take"],
    ],
  ])("%s", (_, lines, expected) => expect(compiled(lines).said).toEqual(expected));

  test.each([
    [
      "a grant that lasts longer",
      `const long = grant({ to: payments, scopes: [orders.refund], until: "2027-06-01" });\nconst late = grant({ to: payments, scopes: [orders.refund], from: "2027-01-01" });`,
    ],
    [
      "a grant that is like another one's to somebody else",
      'const acme2 = identity({ tier: partner, issuer: other, subject: "acme-2", owner: "team@example.com", expires: "2027-06-30" });\n' +
        `const both = grant({ to: acme, scopes: [orders.refund], ${approved} });\nconst theirs = grant({ to: acme2, scopes: [orders.refund], ${approved} });`,
    ],
    ["a deny of what nobody is granted", `${refunds}\nconst guard = deny({ to: payments, scopes: [orders.write] });`],
    [
      "a grant that has long ended",
      'const past = grant({ to: payments, scopes: [orders.refund], from: "2020-01-01", until: "2020-02-01" });',
    ],
  ])("is not %s", (_, lines) => expect(compiled(lines).said).toEqual([]));
});

test("a condition that always holds is said where it is written", () => {
  expect(
    compiled('const always = grant({ to: payments, scopes: [orders.write], when: (r) => r.request.method === "GET" });')
      .said,
  ).toEqual([
    'WRIT4113 (r) => r.request.method === "GET": the condition of this grant holds for everything that its holders can ask for: it tests nothing',
  ]);
});

describe("a scope beside one that implies it", () => {
  test.each([
    [
      "in a grant",
      "const both = grant({ to: payments, scopes: [orders.read, orders.write] });",
      ["WRIT4114 orders.read: `orders:write` implies `orders:read`"],
    ],
    [
      "in an emergency, by a pattern",
      'const both = emergency({ to: payments, scopes: ["orders:read", "orders:{write,refund}"], from: "2026-11-20T08:00Z", until: "2026-11-20T12:00Z", approved: { by: ["a@example.com", "b@example.com"] }, reason: "replay" });',
      ['WRIT4114 "orders:read": `orders:{write,refund}` implies `orders:read`'],
    ],
    [
      "in an operation",
      'const twoApi = api("two.example.com", { operations: { "POST /": [orders.read, orders.write] } });\nconst writes = grant({ to: payments, scopes: [orders.write] });',
      ["WRIT4114 orders.read: `orders:write` implies `orders:read`"],
    ],
  ])("%s is said", (_, lines, expected) => expect(compiled(lines).said).toEqual(expected));

  test.each([
    ["in a deny", `${refunds}\nconst no = deny({ to: payments, scopes: [orders.read, orders.write] });`],
    ["in a never", 'never("a", { by: acme, scopes: [orders.read, orders.write] });'],
    [
      "in an operation that a deny tells apart by it",
      'const twoApi = api("two.example.com", { operations: { "POST /": [orders.read, orders.write] } });\nconst writes = grant({ to: payments, scopes: [orders.write] });\nconst no = deny({ to: payments, scopes: [orders.read], when: (r) => r.token.age > 60 });',
    ],
  ])("%s is needed", (_, lines) => expect(compiled(lines).said).toEqual([]));

  test("implied both ways, the later is said, and one is left", () => {
    const { told, text } = compiled(
      'const twins = scopes("twins", ["a", "b"], { implies: { a: ["b"], b: ["a"] } });\nconst twinApi = api("twin.example.com", { operations: { "GET /": twins.a, "POST /": [twins.a, twins.b] } });\nconst all = grant({ to: payments, scopes: [twins.a, twins.b] });',
    );
    const places = told.map(({ code, span }) => `${code} ${text.slice(0, span?.start).split("\n").length}`);
    const first = base.split("\n").length + 2;
    expect(places).toEqual([`WRIT4114 ${first}`, `WRIT4114 ${first + 1}`]);
    expect(told.map(({ span }) => text.slice(span?.start, span?.end))).toEqual(["twins.b", "twins.b"]);
  });
});

describe("operations that nobody can call although all is granted", () => {
  const pay = 'const pay = scopes("pay", ["one", "two"]);\n';
  const onlyOne = pay.replace(', "two"', "");
  test.each([
    [
      "because nobody has all scopes",
      `${pay}const payApi = api("pay.example.com", { operations: { "POST /": [pay.one, pay.two], "GET /one": pay.one, "GET /two": pay.two } });\n` +
        `const one = grant({ to: payments, scopes: [pay.one] });\nconst two = grant({ to: acme, scopes: [pay.two], ${approved} });`,
      "WRIT4115 payApi: nobody can call `pay.example.com POST /`: each scope is granted, and nobody is granted all",
    ],
    [
      "because who has them is not trusted enough",
      `${onlyOne}const payApi = api("pay.example.com", { operations: { "POST /": { scopes: pay.one, minTrust: 40 }, "GET /one": pay.one } });\n` +
        `const one = grant({ to: acme, scopes: [pay.one], ${approved} });`,
      "WRIT4115 payApi: nobody can call `pay.example.com POST /`: nobody who is granted its scopes has the trust that it demands",
    ],
    [
      "because conditions leave nothing",
      `${onlyOne}const payApi = api("pay.example.com", { operations: { "POST /": pay.one, "GET /one": pay.one } });\n` +
        'const one = grant({ to: payments, scopes: [pay.one], when: (r) => r.request.method !== "POST" });',
      "WRIT4115 payApi: nobody can call `pay.example.com POST /`: the conditions and denies of those who are granted its scopes leave nothing",
    ],
  ])("%s", (_, lines, expected) => expect(compiled(lines).said).toEqual([expected]));

  test("are no news where nothing is granted, or where a demand that no tier meets is reported", () => {
    expect(
      compiled(`${pay}const payApi = api("pay.example.com", { operations: { "POST /": pay.one, "GET /": pay.two } });`)
        .said,
    ).toEqual([]);
    expect(
      compiled(
        `${pay}const payApi = api("pay.example.com", { operations: { "POST /": { scopes: pay.one, minTrust: 90 }, "GET /": [pay.one, pay.two] } });\nconst all = grant({ to: payments, scopes: ["pay:*"] });`,
      ).said,
    ).toEqual(["WRIT3049 90: no tier has a trust of 90 or more, so nobody can call this"]);
  });
});

describe("the work", () => {
  const lines = `${refunds}\nconst narrow = grant({ to: payments, scopes: [orders.refund], when: (r) => r.claims.region === "eu" });`;
  const { model } = checkFiles({ "x.policy.ts": `${base}\n${lines}\n` });

  test("is bounded, and whoever bounds it is told", () => {
    expect(findUnused(model, 0)).toEqual({ findings: [], looked: { pairs: 0, isAll: false } });
    const { findings, looked } = findUnused(model);
    expect(findings).toHaveLength(1);
    expect(looked.isAll).toBe(true);
    expect(looked.pairs).toBeLessThan(10);
    expect(compiled(lines).looked).toEqual(looked);
  });

  test("finds the same in any order of what is declared", () => {
    const backwards = { ...model, grants: model.grants.toReversed(), identities: model.identities.toReversed() };
    expect(JSON.stringify(findUnused(backwards))).toBe(JSON.stringify(findUnused(model)));
  });

  test("is said in text with what makes it superfluous beside it", () => {
    const { told, text } = compiled(lines);
    expect(renderText(told, new Map([["x.policy.ts", text]]))).toContain("`refunds` is here");
  });
});
