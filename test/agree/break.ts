/** Breaks exactly one thing of a question, at or just before the boundary where it starts to count. */
import {
  clockSkew,
  type Identity,
  type Input,
  limits,
  type Model,
  type Policy,
  type Revocations,
} from "../../src/model/index.ts";
import type { Random } from "../random.ts";
import { addresses, headerNames, words } from "./random-condition.ts";
import { type Scenario, valueAt, withValue } from "./scenario.ts";

/** What a question is made of where it has its shape: every question that is broken does. */
interface Whole {
  readonly policy: Policy;
  readonly revocations: Revocations;
  readonly input: Input;
  readonly model: Model;
  readonly identity: Identity | undefined;
  readonly random: Random;
}

type Break = (whole: Whole) => Scenario;

export function breakOne(random: Random, model: Model, scenario: Scenario): Scenario {
  const { policy, revocations, input } = scenario as unknown as Whole;
  const whole = { policy, revocations, input, model, random, identity: callerOf(model, input) };
  return questionOf(random.pick(random.pick(breaks))(whole));
}

/** Without what breaks look at beside the question. */
function questionOf({ policy, revocations, input }: Scenario): Scenario {
  return { ...(policy !== undefined && { policy }), ...(revocations !== undefined && { revocations }), input };
}

function callerOf(model: Model, { token, peer, key }: Input): Identity | undefined {
  const subject = token?.sub ?? peer?.spiffe;
  return model.identities.find(
    (i) => i.keys.some((k) => k.id === key?.id) || (subject !== undefined && i.subject === subject),
  );
}

function change(
  { policy, revocations, input }: Whole,
  part: keyof Scenario,
  path: readonly string[],
  value: unknown,
): Scenario {
  const scenario: Record<string, unknown> = { policy, revocations, input };
  return withValue(scenario, [part, ...path], value) as Scenario;
}

const inInput = (whole: Whole, path: readonly string[], value: unknown): Scenario =>
  change(whole, "input", path, value);
const inToken = (whole: Whole, name: string, value: unknown): Scenario =>
  whole.input.token ? inInput(whole, ["token", name], value) : { ...whole, input: whole.input };

/** Everything happens `by` seconds later, so that a time of the estate comes to lie on the boundary. */
function later(whole: Whole, by: number): Scenario {
  const { policy, revocations, input } = whole;
  const shift = (value: number): number => Math.max(0, value + by);
  const token = input.token && {
    ...input.token,
    ...Object.fromEntries(
      ["exp", "iat", "nbf"].flatMap((name) => {
        const time = valueAt(input.token, [name]);
        return typeof time === "number" ? [[name, shift(time)]] : [];
      }),
    ),
  };
  return {
    policy: { ...policy, notBefore: shift(policy.notBefore), notAfter: shift(policy.notAfter) },
    revocations: { ...revocations, at: shift(revocations.at) },
    input: { ...input, time: shift(input.time), ...(token && { token }) },
  };
}

function reach(whole: Whole, time: number | undefined): Scenario {
  return later(whole, time === undefined ? 0 : time + whole.random.int(-1, 1) - whole.input.time);
}

const oddValues: readonly unknown[] = [
  null,
  0,
  -1,
  1.5,
  true,
  false,
  "",
  "x",
  [],
  [1],
  ["x", null],
  {},
  { a: 1 },
  2 ** 53,
  "1800000000",
];

const loading: readonly Break[] = [
  ({ revocations, input }) => ({ revocations, input }),
  (w) =>
    change(w, "policy", [w.random.pick(["revision", "sequence", "notBefore", "notAfter"])], w.random.pick(oddValues)),
  (w) => change(w, "policy", [], w.random.pick(oddValues)),
];

const malformed: readonly Break[] = [
  (w) => inInput(w, [w.random.pick(["time", "request"])], undefined),
  (w) => inInput(w, [w.random.pick(["time", "token", "peer", "proof", "key", "request"])], w.random.pick(oddValues)),
  (w) => inInput(w, ["request", w.random.pick(["host", "method", "path", "ip", "headers"])], w.random.pick(oddValues)),
  (w) => inInput(w, ["request", "headers", w.random.pick(headerNames)], w.random.pick(oddValues)),
  (w) =>
    inInput(
      w,
      w.random.pick([
        ["peer", "spiffe"],
        ["peer", "x5t#S256"],
        ["proof", "jkt"],
        ["key", "id"],
      ]),
      w.random.pick(oddValues),
    ),
  (w) => change(w, "input", [], w.random.pick(oddValues.filter((value) => value !== undefined))),
];

function text(bytes: number, random: Random): string {
  const unit = random.pick(["a", "a", "é", "€", "\u{1f600}"]);
  const size = new TextEncoder().encode(unit).length;
  return unit.repeat(Math.floor(bytes / size)) + "a".repeat(bytes % size);
}

const edge = (w: Whole, limit: number): number => limit + w.random.int(0, 1);

/** Deep or large by one too many or not quite, in a member that nothing reads. */
function padding(whole: Whole): unknown {
  const { random } = whole;
  if (random.chance(0.4)) {
    let value: unknown = random.pick<unknown>([[], {}, 1]);
    const depth = limits.inputDepth - (typeof value === "object" ? 2 : 1) + random.int(0, 1);
    for (let n = 0; n < depth; n++) value = random.chance(0.5) ? [value] : { a: value };
    return value;
  }
  const filler = Array.from({ length: random.int(0, 300) }, () =>
    random.pick<unknown>([
      1,
      1_000_000_000_000,
      "<&>",
      "\\u003c",
      "\\\\",
      "\u2028\u2029",
      '"\n\u0001',
      "é",
      true,
      null,
      { "<": 0 },
      [false],
    ]),
  );
  const size = (value: unknown): number =>
    new TextEncoder().encode(JSON.stringify(value, (_, v: unknown) => (typeof v === "number" ? 10_000_000 : v))).length;
  const rest = limits.inputBytes - size({ ...whole.input, padding: [...filler, ""] }) + random.int(0, 1);
  return [...filler, text(rest, random)];
}

const sizes: readonly Break[] = [
  (w) =>
    inInput(
      w,
      ["request", "path"],
      `${w.input.request.path}/${text(edge(w, limits.pathBytes) - new TextEncoder().encode(w.input.request.path).length - 1, w.random)}`,
    ),
  (w) => inInput(w, ["request", "path"], "/a".repeat(edge(w, limits.pathSegments))),
  (w) => inToken(w, "sub", text(edge(w, limits.nameBytes), w.random)),
  (w) => inToken(w, "jti", text(edge(w, limits.nameBytes), w.random)),
  (w) =>
    inToken(
      w,
      "scope",
      `${String(w.input.token?.scope)} ${"x".repeat(edge(w, limits.scopeBytes) - String(w.input.token?.scope).length - 1)}`,
    ),
  (w) =>
    inToken(
      w,
      "scope",
      `${String(w.input.token?.scope)}${" y".repeat(edge(w, limits.scopeCount) - String(w.input.token?.scope).split(" ").length)}`,
    ),
  (w) => inToken(w, "scope", `${"  y".repeat(limits.scopeCount + 2)}`),
  (w) =>
    inToken(
      w,
      "aud",
      Array.from({ length: edge(w, limits.audiences) }, () => "x"),
    ),
  (w) => inInput(w, ["peer", "spiffe"], `spiffe://a/${"b".repeat(edge(w, limits.spiffeBytes) - 11)}`),
  (w) => inInput(w, ["padding"], padding(w)),
  (w) => inInput(w, ["padding"], padding(w)),
];

const policyTimes: readonly Break[] = [
  (w) => change(w, "policy", ["notAfter"], w.input.time + w.random.int(-1, 1)),
  (w) => change(w, "policy", ["notBefore"], w.input.time + w.random.int(-1, 1)),
  (w) => change(w, "policy", ["notBefore"], w.input.time + 1),
  (w) => change(w, "policy", ["notAfter"], 0),
];

const floors: readonly Break[] = [(w) => change(w, "revocations", ["floor"], w.policy.sequence + w.random.int(0, 2))];

const staleness: readonly Break[] = [
  ({ policy, input }) => ({ policy, input }),
  (w) => change(w, "revocations", [w.random.pick(["at", "floor"])], w.random.pick(oddValues)),
  (w) => change(w, "revocations", [], w.random.pick(oddValues)),
  (w) => change(w, "revocations", ["at"], w.input.time + w.random.pick([59, 60, 61, 1e9])),
  (w) => {
    const delay = w.random.pick(w.model.tiers).revocationDelay;
    return change(w, "revocations", ["at"], w.input.time - delay - w.random.int(0, 1));
  },
];

const revocations: readonly Break[] = [
  (w) => revoke(w, "identities", w.identity?.name),
  (w) => revoke(w, "owners", w.identity?.owner),
  (w) => revoke(w, "issuers", w.identity?.issuer),
  (w) => revoke(w, "tiers", w.identity?.tier),
  (w) => revoke(w, "keys", w.random.pick(["thumb", "print", w.input.key?.id ?? "thumb"])),
  (w) =>
    change(
      w,
      "revocations",
      ["tokens", w.identity?.issuer ?? "x", String(w.input.token?.jti)],
      w.random.pick([0, false, null]),
    ),
  (w) =>
    change(w, "revocations", ["tokens"], {
      other: { j1: 1 },
      toString: w.random.pick<unknown>([{ j1: 1 }, "j1", ["j1"]]),
    }),
  (w) => {
    const issued = w.input.token ? Number(w.input.token.iat) : (w.identity?.keys[0]?.created ?? 0);
    const time = w.random.pick<unknown>([issued, issued + 1, issued - 1, null, -1, "x"]);
    return change(w, "revocations", ["issuedBefore", w.identity?.name ?? "x"], time);
  },
  // A list that is none holds nothing.
  (w) =>
    change(
      w,
      "revocations",
      [w.random.pick(["tokens", "identities", "keys", "owners", "grants"])],
      w.random.pick(oddValues),
    ),
];

function revoke(whole: Whole, list: string, name: string | undefined): Scenario {
  return change(whole, "revocations", [list, name ?? "x"], whole.random.pick([0, whole.input.time, false, null]));
}

const grantRevocations: readonly Break[] = [
  (w) =>
    change(w, "revocations", ["grants"], Object.fromEntries(w.random.some(w.model.grants, 8).map((g) => [g.name, 0]))),
  (w) => change(w, "revocations", ["grants"], Object.fromEntries(w.model.grants.map((g) => [g.name, false]))),
];

const missing: readonly Break[] = [
  (w) => ({ policy: w.policy, revocations: w.revocations, input: { time: w.input.time, request: w.input.request } }),
  (w) => inInput(w, [w.random.pick(["token", "key", "peer", "proof"])], undefined),
];

const issuers: readonly Break[] = [
  (w) =>
    inToken(
      w,
      "iss",
      w.random.pick(["https://other.example.com", "", "__proto__", "https://id0.example.com/", "toString"]),
    ),
];

const claims: readonly Break[] = [
  (w) =>
    inToken(
      w,
      w.random.pick(["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "scope", "cnf"]),
      w.random.pick([undefined, ...oddValues]),
    ),
  (w) => inToken(w, "scope", w.random.pick(["a  b", " a", "a ", "é", 'a"b', "a\\b", "a\n"])),
  (w) => inInput(w, ["token", "cnf", w.random.pick(["x5t#S256", "jkt", "other"])], w.random.pick(oddValues)),
  (w) => {
    const claim = w.random.pick(w.model.issuers.find((i) => i.url === w.input.token?.iss)?.claims ?? []);
    const values = claim?.values && w.random.chance(0.7) ? words : [undefined, ...oddValues, ...words];
    return claim ? inToken(w, claim.name, w.random.pick<unknown>(values)) : w;
  },
];

const subjects: readonly Break[] = [
  (w) =>
    inToken(
      w,
      "sub",
      w.random.pick([
        "nobody",
        "constructor",
        "spiffe://example.org/x/y/z/w",
        "spiffe://a/..",
        "spiffe://../ns",
        "spiffe://a",
        "spiffe://a/ns/",
      ]),
    ),
  (w) => inInput(w, ["key"], w.input.key && { id: "nobody" }),
  (w) =>
    inInput(
      w,
      ["peer"],
      w.input.peer && {
        ...w.input.peer,
        spiffe: w.random.pick(["spiffe://example.org/x/y/z/w", "spiffe://A/b", "x", "spiffe://a//b"]),
      },
    ),
];

const conflicts: readonly Break[] = [
  (w) => {
    const spiffe = w.model.identities.flatMap((i) =>
      i.subject?.startsWith("spiffe://") ? [i.subject.replaceAll("*", "w")] : [],
    );
    return inInput(w, ["peer", "spiffe"], w.random.pick([...spiffe, "spiffe://other/x", "", "nothing"]));
  },
];

const lives: readonly Break[] = [
  (w) => reach(w, w.random.pick([w.identity?.expires, w.identity?.from]) ?? w.identity?.expires),
];

const audiences: readonly Break[] = [
  (w) => inToken(w, "aud", w.random.pick<unknown>(["https://other.example.com", [], ["x"], ""])),
  (w) => inToken(w, "aud", [...[w.input.token?.aud].flat(), "x", "y"]),
];

const starts: readonly Break[] = [
  (w) => inToken(w, w.random.pick(["iat", "nbf"]), w.input.time + clockSkew + w.random.int(0, 1)),
  (w) => inToken(w, "nbf", w.input.time + clockSkew + 1),
];

const ends: readonly Break[] = [
  (w) => inToken(w, "exp", w.input.time + w.random.int(-1, 1)),
  (w) => inToken(w, "exp", w.input.time),
];

const lifetimes: readonly Break[] = [
  (w) => inToken(w, "exp", Number(w.input.token?.iat) + w.random.pick([60, 300, 3600]) + w.random.int(0, 1)),
  (w) => inToken(w, "cnf", undefined),
];

const bindings: readonly Break[] = [
  (w) =>
    inToken(
      w,
      "cnf",
      w.random.pick<unknown>([
        {},
        { "x5t#S256": "other" },
        { jkt: "other" },
        { "x5t#S256": "thumb", jkt: "other" },
        { kid: "x" },
      ]),
    ),
  (w) => inInput(w, [w.random.pick(["proof", "peer"])], undefined),
  (w) => inInput(w, ["proof"], { jkt: "other" }),
  (w) => {
    const created = w.identity?.keys[0]?.created;
    const rotation = w.model.tiers.find((t) => t.name === w.identity?.tier)?.keyRotation ?? 0;
    return reach(w, created === undefined ? undefined : created + w.random.pick([rotation, 0]));
  },
];

const paths: readonly Break[] = [
  (w) => {
    const odd = [
      "..",
      ".",
      "%2e",
      "%2F",
      "%5C",
      "%25",
      "%c3%a9",
      "%C3",
      "%E2%82%AC",
      "%ED%A0%80",
      "%C0%80",
      "%F4%90%80%80",
      "%F0%9F%98%80",
      "%7F",
      "%00",
      "%3B",
      ";",
      "é",
      " ",
      "a b",
      "a\n",
      "%7E",
      "%40",
      "%5B",
      "",
      "a%",
    ];
    return inInput(
      w,
      ["request", "path"],
      `${w.input.request.path}/${w.random.pick(odd)}${w.random.pick(["", "", "/", "/x"])}`,
    );
  },
  (w) =>
    inInput(
      w,
      ["request", "path"],
      w.random.pick(["", "/", "//", "a", "/..", "/.", `${w.input.request.path}\n`, `${w.input.request.path}?x`]),
    ),
];

const operations: readonly Break[] = [
  (w) =>
    inInput(
      w,
      ["request", "path"],
      w.random.pick([
        `${w.input.request.path}/`,
        `${w.input.request.path}/x`,
        w.input.request.path.replace(/\/[^/]*$/, ""),
        "/a/b/a/b/a/b/a/b/a",
      ]),
    ),
  (w) => inInput(w, ["request", "method"], w.random.pick(["HEAD", "PUT", "get", "", "__proto__"])),
  (w) =>
    inInput(
      w,
      ["request", "host"],
      w.random.pick(["other.example.com", "Orders.example.com", "", "constructor", "__proto__"]),
    ),
];

const trusts: readonly Break[] = [
  (w) => {
    const apis = w.model.apis.flatMap((api) => api.operations.filter((o) => o.minTrust > 0).map((o) => ({ api, o })));
    const { api, o } = w.random.pick(apis) ?? {};
    if (!api || !o) return w;
    const path = o.template.replaceAll(/\{\w+\.*\}/g, "t1");
    return inInput(w, ["request"], { ...w.input.request, host: api.host, method: o.method, path });
  },
];

const scopes: readonly Break[] = [
  (w) =>
    inToken(
      w,
      "scope",
      w.random.pick([
        undefined,
        "",
        "none",
        "*",
        String(w.input.token?.scope).split(" ")[0],
        "Orders.All",
        "orders:read",
        "x:y:admin",
      ]),
    ),
];

const facts: readonly Break[] = [
  (w) => inInput(w, ["request", "ip"], w.random.pick([undefined, ...addresses])),
  (w) =>
    inInput(
      w,
      ["request", "headers", w.random.pick(headerNames)],
      w.random.pick<unknown>([undefined, ["eu", "us"], ["eu"], [], "eu", "constructor"]),
    ),
  (w) => inInput(w, ["request", "headers"], undefined),
  (w) => {
    const issuer = w.model.issuers.find((i) => i.url === w.input.token?.iss);
    const claim = w.random.pick(issuer?.claims ?? []);
    return claim
      ? inToken(w, claim.name, claim.type === "string" ? w.random.pick(claim.values ?? words) : undefined)
      : w;
  },
];

const windows: readonly Break[] = [
  (w) =>
    reach(
      w,
      w.random.pick(
        [...w.model.grants, ...w.model.denies]
          .flatMap((rule) => [rule.from, rule.until])
          .filter((t) => t !== undefined),
      ),
    ),
];

const callers: readonly Break[] = [
  (w) => {
    const { subject, issuer } = w.random.pick(w.model.identities);
    const url = w.model.issuers.find((i) => i.name === issuer)?.url;
    if (!w.input.token || !url)
      return inInput(w, ["key"], { id: w.random.pick(w.model.identities).keys[0]?.id ?? "none" });
    return inInput(w, ["token"], withValue({ ...w.input.token, iss: url }, ["sub"], subject?.replaceAll("*", "w")));
  },
];

/** Two or more where a reason is seldom reached otherwise. */
const breaks: readonly (readonly Break[])[] = [
  loading,
  malformed,
  sizes,
  policyTimes,
  floors,
  staleness,
  revocations,
  grantRevocations,
  missing,
  issuers,
  claims,
  subjects,
  conflicts,
  lives,
  lives,
  audiences,
  starts,
  ends,
  lifetimes,
  bindings,
  paths,
  operations,
  trusts,
  scopes,
  facts,
  windows,
  callers,
];
