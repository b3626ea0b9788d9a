/** Inputs as objects, ordinary and out of the ordinary: the gateway's own reading of them against the reference's check. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { openPolicy } from "../../src/gateway/index.ts";
import { decide } from "../../src/model/index.ts";
import { bases, estate } from "../decide/estate.ts";
import { keys, now, policyOf, release } from "./release.ts";

const revocations = { at: now, floor: 0 };
const policy = await openPolicy(await release(), keys);
policy.setRevocations(revocations);

function agree(input: unknown): void {
  expect(policy.decide(input as never)).toEqual(decide({ model: estate, policy: policyOf({}), revocations }, input));
}

/** The input with one member put in, by its path. */
function put(input: object, path: readonly string[], value: unknown): unknown {
  const [name, ...rest] = path as [string, ...string[]];
  const inner = (input as Record<string, unknown>)[name];
  return { ...input, [name]: rest.length === 0 ? value : put((inner ?? {}) as object, rest, value) };
}

const places = [
  ["time"],
  ["token"],
  ["peer"],
  ["proof"],
  ["key"],
  ["request"],
  ["other"],
  ["peer", "spiffe"],
  ["peer", "x5t#S256"],
  ["peer", "other"],
  ["proof", "jkt"],
  ["key", "id"],
  ["request", "host"],
  ["request", "method"],
  ["request", "path"],
  ["request", "ip"],
  ["request", "headers"],
  ["request", "headers", "x-channel"],
  ["request", "headers", "other"],
  ["request", "other"],
  ...["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "scope", "cnf", "region", "teams", "level", "beta", "other"].map(
    (name) => ["token", name],
  ),
  ["token", "cnf", "x5t#S256"],
  ["token", "cnf", "jkt"],
  ["token", "cnf", "other"],
  ["token", ""],
  ["token", "other", "deep", "deeper"],
];

const odd = [
  undefined,
  null,
  true,
  false,
  0,
  -0,
  -1,
  1.5,
  now,
  2 ** 31,
  2 ** 32 + 7,
  -(2 ** 40),
  2 ** 53 - 1,
  2 ** 53,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  10n,
  Symbol("none"),
  () => 1,
  new Date(0),
  new Map([["a", 1]]),
  "",
  "é",
  "日本",
  "😀",
  "\ud800",
  "\udc00",
  "a\u0000b",
  "\u2028",
  "a b",
  "eu",
  "x".repeat(255),
  "x".repeat(256),
  "é".repeat(128),
  `/${"a/".repeat(63)}`,
  `/${"a/".repeat(64)}`,
  `/${"x".repeat(2047)}`,
  `/${"x".repeat(2048)}`,
  "s:r ".repeat(127).trim(),
  "s:r ".repeat(129).trim(),
  "s ".repeat(200),
  "x".repeat(4096),
  "x".repeat(4097),
  "x".repeat(65_000),
  "é".repeat(33_000),
  "\u0001".repeat(11_000),
  [],
  ["a"],
  ["a", "é"],
  ["a", 1],
  ["a", undefined],
  Array.from({ length: 8 }, () => "https://apis.example.com"),
  Array.from({ length: 9 }, () => "https://apis.example.com"),
  Array.from({ length: 21_000 }, () => ""),
  Array.from({ length: 22_000 }, () => ""),
  {},
  { "\ud800": 1 },
  { a: "\udc00" },
  { a: undefined },
  { toJSON: () => "x" },
  JSON.parse('{"__proto__": {"a": 1}}'),
  Object.assign(Object.create(null), { jkt: "key" }),
  nested(28),
  nested(29),
  nested(30),
  nested(31),
  nested(32),
  nested(5000),
];

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { a: value };
  return value;
}

test("each odd value in each place is judged as the reference judges it", () => {
  let asked = 0;
  for (const [number, base] of Object.values(bases).entries()) {
    for (const path of places) {
      for (const [index, value] of odd.entries()) {
        // All of them on the first base, a part on each of the others.
        if (number > 0 && index % 16 !== number) continue;
        agree(put(base, path, value));
        asked++;
      }
    }
  }
  for (const value of odd) agree(value);
  expect(asked).toBeGreaterThan(2_500);
});

test("values from nowhere", () => {
  const value = fc.anything({ withBigInt: true, withNullPrototype: true, withSparseArray: false, maxDepth: 4 });
  const text = fc.string({ unit: "binary", maxLength: 40 });
  const input = fc.record(
    {
      time: fc.oneof(fc.constant(now), fc.double(), value),
      token: fc.oneof(fc.dictionary(fc.oneof(fc.constantFrom("iss", "sub", "scope", "aud", "region"), text), value)),
      peer: fc.oneof(fc.record({ spiffe: text, "x5t#S256": text }, { requiredKeys: [] }), value),
      key: fc.oneof(fc.record({ id: text }), value),
      request: fc.oneof(
        fc.record(
          { host: text, method: text, path: text, ip: text, headers: fc.oneof(fc.dictionary(text, text), value) },
          { requiredKeys: ["host", "method", "path"] },
        ),
        value,
      ),
    },
    { requiredKeys: ["time", "request"] },
  );
  fc.assert(fc.property(input, agree), { numRuns: 3000, seed: 1 });
});

test("members that every object has all of a sudden are nobody's", () => {
  const prototype = Object.prototype as unknown as Record<string, unknown>;
  const without = { time: now, request: bases.mtls.request };
  try {
    prototype.key = { id: "any" };
    prototype.spiffe = "spiffe://example.org/ns/payments/sa/worker";
    prototype.jkt = "key";
    expect(policy.decide(without)).toMatchObject({ allow: false, reason: "credential-missing" });
    expect(policy.decide({ ...without, peer: {} })).toMatchObject({ allow: false, reason: "credential-missing" });
    expect(policy.decide(bases.mtls)).toMatchObject({ allow: true, identity: "payments" });
    for (const input of [without, { ...without, peer: {} }, bases.mtls]) agree(input);
  } finally {
    for (const name of ["key", "spiffe", "jkt"]) delete prototype[name];
  }
});

test("members that JSON leaves out are left out", () => {
  const hidden = (object: object, name: string) => Object.defineProperty({ ...object }, name, { enumerable: false });
  const { token } = bases.mtls;
  const inputs = [
    ...["time", "token", "peer", "request"].map((name) => hidden(bases.mtls, name)),
    hidden({ ...bases.mtls, key: { id: "any" } }, "token"),
    ...Object.keys(token).map((name) => put(bases.mtls, ["token"], hidden(token, name))),
    put(bases.mtls, ["peer"], hidden(bases.mtls.peer, "x5t#S256")),
    put(bases.mtls, ["request"], hidden(bases.mtls.request, "path")),
  ];
  for (const input of inputs) {
    agree(input);
    // Also where the careful look is taken.
    agree({ ...(input as object), é: "é" });
    expect(policy.decide(input as never)).toEqual(policy.decideJson(JSON.stringify(input)));
  }
});

test("a list with gaps is none, wherever it stands", () => {
  const gaps: string[] = ["https://apis.example.com"];
  gaps.length = 2;
  for (const path of places) {
    const input = put(bases.mtls, path, gaps);
    agree(input);
    expect(policy.decide(input as never)).toMatchObject({ reason: "input-malformed" });
  }
});

test("what was written for one request is gone in the next", () => {
  const long = put(bases.mtls, ["token", "sub"], "x".repeat(200));
  for (const input of [bases.mtls, long, bases.svid, put(bases.mtls, ["token", "aud"], ["a", "b"]), bases.mtls, {}]) {
    agree(input);
    agree(bases.svid);
  }
});

test("what requests have in common is kept, and never taken for anything else", () => {
  const { mtls } = bases;
  const { method, host } = mtls.request;
  const methods = [method, "POST", "POST", "POST", "é", "é", "\ud800", "\ud800", "x".repeat(300), "x".repeat(300), ""];
  const questions = [
    ...methods.map((value) => put(mtls, ["request", "method"], value)),
    ...[host, "other.example", "other.example", 1, host].map((value) => put(mtls, ["request", "host"], value)),
    ...["another", "another", ["a"], mtls.token?.iss].map((value) => put(mtls, ["token", "iss"], value)),
  ];
  const text = JSON.stringify(mtls).padEnd(1_000);
  const steps = [
    () => undefined,
    () => policy.decideJson(text.padEnd(300_000)),
    () => policy.setRevocations({ ...revocations, identities: { other: now - 5 } }),
    () => policy.setRevocations(revocations),
  ];
  for (const step of steps) {
    for (const question of questions) {
      for (let times = 0; times < 3; times++) agree(question);
      agree(mtls);
      step();
      agree(mtls);
      policy.setRevocations(revocations);
    }
  }
  const agent = (value: string) => put(mtls, ["request", "headers"], { "user-agent": value, accept: value });
  for (const value of ["a/1", "a/1", "\ud800", "\ud800", "é", "é", "a/1"]) agree(agent(value));
});

test("texts are read as JSON says, and longer ones are none of ours", () => {
  const question = JSON.stringify(bases.mtls);
  expect(policy.decideJson(` ${question}\n`)).toEqual(policy.decide(bases.mtls));
  const padded = " ".repeat(200_000) + question;
  expect(policy.decideJson(padded)).toEqual(policy.decide(bases.mtls));
  expect(policy.decideJson(new TextEncoder().encode(padded))).toEqual(policy.decide(bases.mtls));
  expect(policy.decideJson(" ".repeat(500_000) + question)).toMatchObject({ reason: "input-limit" });
  for (const text of ["", "{", "null", question.slice(1), question.replace('"time"', '"time":1,"time"')])
    expect(policy.decideJson(text)).toMatchObject({ allow: false, reason: "input-malformed" });
  expect(policy.decideJson(question.replace("cert", "\ud800"))).toMatchObject({ reason: "input-malformed" });
  expect(policy.decide(bases.mtls)).toMatchObject({ allow: true });
});

test("a boolean is read as one after whatever number stood in its place", async () => {
  const scopes = estate.scopes.map(({ name }) => name);
  const night = { kind: "claim", issuer: "corp", name: "night" } as const;
  const when = { kind: "compare", operator: "equal", fact: night, literal: true } as const;
  const deny = { name: "nights", to: { identities: ["payments"], groups: [] }, scopes, patterns: [], when };
  const model = { ...estate, denies: [deny] };
  const withDeny = await openPolicy(await release({ model }), keys);
  withDeny.setRevocations(revocations);
  for (const value of [true, 2 ** 40, true, -1, true, -(2 ** 40), false, 2 ** 52, true]) {
    const input = put(bases.mtls, ["token", "night"], value);
    expect(withDeny.decide(input as never)).toEqual(decide({ model, policy: policyOf({}), revocations }, input));
  }
  expect(withDeny.decide(put(bases.mtls, ["token", "night"], true) as never)).toMatchObject({ reason: "denied" });
});

test("at the gateway's own time an input is judged as if it said so itself, whatever it says", () => {
  const time = now + 7;
  const loaded = { model: estate, policy: policyOf({}), revocations };
  for (const base of Object.values(bases)) {
    const { time: _, ...without } = base;
    for (const input of [without, base, ...odd.map((value) => put(base, ["time"], value)), { ...base, other: "é" }]) {
      expect(policy.decide(input as never, time)).toEqual(decide(loaded, { ...(input as object), time }));
      expect(policy.decide(input as never, Number.NaN)).toMatchObject({ allow: false, reason: "input-malformed" });
    }
  }
  for (const input of [...odd, Object.assign([], bases.mtls)])
    expect(policy.decide(input as never, time)).toEqual(decide(loaded, isRecord(input) ? { ...input, time } : input));
});

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
