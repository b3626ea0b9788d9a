/** Conditions and predicates mean in a decision what the same text means when it is run. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { provenance } from "../../src/check/condition-fact.ts";
import { compile } from "../../src/compile.ts";
import {
  type Condition,
  evaluateCondition,
  type Fact,
  parseIp,
  parseIpRange,
  rangeContains,
} from "../../src/model/index.ts";
import { readTable } from "../corpus/read-table.ts";
import { Random } from "../random.ts";
import { checkAlone, corpClaims } from "./condition-scope.ts";

const claim = (name: string): Fact => ({ kind: "claim", issuer: "corp", name });

describe("a condition becomes", () => {
  const lowered: readonly [string, Condition][] = [
    ['(r) => r.claims.region === "eu"', { kind: "compare", operator: "equal", fact: claim("region"), literal: "eu" }],
    ["(r) => 5 >= r.claims.level", { kind: "compare", operator: "less-or-equal", fact: claim("level"), literal: 5 }],
    ["(r) => -1 < r.claims.level", { kind: "compare", operator: "greater", fact: claim("level"), literal: -1 }],
    ["(r) => r.claims.admin", { kind: "compare", operator: "equal", fact: claim("admin"), literal: true }],
    [
      "(r) => r.claims.seats !== undefined",
      { kind: "not", of: { kind: "not", of: { kind: "present", fact: claim("seats") } } },
    ],
    [
      "(r) => r.params.a === r.claims.tenant",
      { kind: "same", left: { kind: "parameter", name: "a" }, right: claim("tenant") },
    ],
    [
      '(r) => [...regions, "ap"].includes(r.claims.tenant)',
      { kind: "in", fact: claim("tenant"), values: ["eu", "us", "ap"] },
    ],
    [
      '(r) => r.request.headers["x-a"] !== "b"',
      {
        kind: "not",
        of: { kind: "compare", operator: "equal", fact: { kind: "header", name: "x-a" }, literal: "b" },
      },
    ],
    [
      "(r) => cidr(network).contains(r.request.ip)",
      { kind: "cidr", fact: { kind: "request", name: "ip" }, range: "10.0.0.0/8" },
    ],
    [
      "(r) => r.token.age < limits.age",
      { kind: "compare", operator: "less", fact: { kind: "token", name: "age" }, literal: 300 },
    ],
    [
      "(r) => r.identity.tier === workload",
      {
        kind: "compare",
        operator: "equal",
        fact: { kind: "identity", name: "tier" },
        literal: "workload",
      },
    ],
    [
      "(r) => ownTenant(r) && !young(r)",
      {
        kind: "and",
        of: [
          { kind: "named", name: "ownTenant" },
          { kind: "not", of: { kind: "named", name: "young" } },
        ],
      },
    ],
    ["ownTenant", { kind: "named", name: "ownTenant" }],
  ];
  for (const [text, condition] of lowered) {
    test(text, () => expect(checkAlone(text)).toMatchObject({ condition, diagnostics: [] }));
  }
});

/** What `r` holds, by the keys of facts and as the object that the same text reads when it is run. */
interface Scene {
  readonly values: ReadonlyMap<string, unknown>;
  readonly r: unknown;
}

const texts = ["a", "b", "eu", "us", "ap", "mars", "", "a-eu", "t1", "/v1/x", "7"];

function sceneOf(seed: number): Scene {
  const random = new Random(seed);
  const pick = <T>(items: readonly T[]): T => random.pick(items);
  const claims: Record<string, unknown> = {};
  for (const { name, type, optional, values } of corpClaims) {
    if (optional && pick([true, false, false])) continue;
    claims[name] = {
      string: pick(values ?? texts),
      integer: pick([0, 1, 2, 3, 4, 5, 6, 300]),
      boolean: pick([true, false]),
      strings: pick([[], ["a"], ["a", "b"], ["eu"]]),
    }[type];
  }
  const params = new Proxy({}, { get: (_, name) => (String(name).length % 2 === 0 ? "a" : "7") });
  const headers: Record<string, string> = pick([true, false]) ? { "x-a": pick(texts), accept: pick(texts) } : {};
  const request = {
    method: pick(["GET", "POST", "HEAD"]),
    host: pick(["a.example", "b.example.com"]),
    path: pick(["/v1/x", "/v1", "/"]),
    ip: pick(["10.0.0.1", "203.0.113.7", "::1", "2001:db8::1"]),
  };
  const token = { age: pick([0, 5, 59, 60, 299, 300]), lifetime: pick([60, 300, 3600]) };
  const identity = {
    name: pick(["payments", "ci-a", "a"]),
    owner: pick(["team@example.com", "a"]),
    tags: pick([["batch"], [], ["eu", "legacy"]]),
    tier: pick(["workload", "partner"]),
  };
  const r = { claims, params, request: { ...request, headers }, token, identity };
  const of = (prefix: string, object: object) =>
    Object.entries(object).map(([name, value]) => [`${prefix} ${name}`, value] as const);
  const values = new Map<string, unknown>([
    ...of("claim corp", claims),
    ...of("request", request),
    ...of("header", headers),
    ...of("token", token),
    ...of("identity", identity),
  ]);
  return { values, r };
}

/** The names that the corpus declares, as values for the text that is run. */
const surroundings = {
  workload: "workload",
  partner: "partner",
  corp: "corp",
  region: "eu",
  planet: "mars",
  regions: ["eu", "us"],
  more: ["eu", "us", "ap"],
  limit: 300,
  yes: true,
  limits: { age: 300, network: "10.0.0.0/8", region: "mars" },
  network: "10.0.0.0/8",
  cidr: (text: string) => ({
    contains: (ip: string) => {
      const [range, address] = [parseIpRange(text), parseIp(ip)];
      return "bytes" in range && address !== undefined && rangeContains(range, address);
    },
  }),
  ownTenant: (r: { claims: { tenant: string }; params: { tenant: string } }) => r.claims.tenant === r.params.tenant,
  young: (r: { token: { age: number } }) => r.token.age < 60,
};

const named: Record<string, Condition> = Object.fromEntries(
  (["ownTenant", "young"] as const).map((name) => [
    name,
    checkAlone(name === "young" ? "(r) => r.token.age < 60" : "(r) => r.claims.tenant === r.params.tenant").condition!,
  ]),
);

function run(text: string): (argument: unknown) => boolean {
  return new Function(...Object.keys(surroundings), `return (${text});`)(...Object.values(surroundings));
}

function goodOf(table: string): readonly string[] {
  const text = readFileSync(new URL(`../corpus/tables/${table}`, import.meta.url), "utf8");
  return readTable(table, text)
    .filter((c) => c.verdict === "good")
    .map((c) => c.raw);
}

describe("good conditions of the corpus", () => {
  const bodies = goodOf("conditions.txt");
  test("are many", () => expect(bodies.length).toBeGreaterThan(150));

  test("decide as they do when they are run, over 200 requests each", () => {
    for (const body of bodies) {
      const text = `(r) => ${body}`;
      const { condition } = checkAlone(text);
      expect(condition, text).toBeDefined();
      const runs = run(text);
      // Two absent facts are not equal, unlike two `undefined`: nobody gains by leaving both out.
      const bothOptional =
        /r\.(claims\.(team|unit|seats|beta)|request\.headers\S*) [!=]== r\.(claims\.(team|unit|seats|beta)|request\.headers)/.test(
          body,
        );
      for (let seed = 1; seed <= 200; seed++) {
        const { values, r } = sceneOf(seed);
        const decided = evaluateCondition(
          condition!,
          (name) => named[name]!,
          (fact) => {
            if (fact.kind === "parameter")
              return { state: "known", value: (r as { params: Record<string, string> }).params[fact.name]! };
            const value = values.get(
              fact.kind === "claim" ? `claim ${fact.issuer} ${fact.name}` : `${fact.kind} ${fact.name}`,
            );
            return value === undefined ? { state: "absent" } : { state: "known", value: value as string };
          },
        );
        if (!bothOptional) expect(decided, `${text} of request ${seed}`).toBe(Boolean(runs(r)));
      }
    }
  });
});

describe("good predicates of the corpus", () => {
  const members = Array.from({ length: 300 }, (_, i) => {
    const random = new Random(i + 1);
    const pick = <T>(items: readonly T[]): T => random.pick(items);
    const subject = pick([undefined, "spiffe://example.org/a", "a", "spiffe://example.org/b"]);
    return {
      name: pick(["a", "b", "ci-x", "x-old", "eu", "mars"]),
      owner: pick(["a@example.com", "b@example.com", "a"]),
      tags: pick([["batch"], ["a"], ["a", "b"], []]),
      tier: pick(["workload", "partner"]),
      ...(subject !== undefined && { subject, issuer: pick(["corp", "other"]) }),
    };
  });
  for (const body of goodOf("predicates.txt")) {
    test(body, () => {
      const text = `(i) => ${body}`;
      const { predicate } = checkAlone(text, "predicate");
      const runs = run(text);
      expect(members.map((member) => predicate?.(member))).toEqual(members.map((member) => Boolean(runs(member))));
    });
  }

  test("choose among 100,000 identities within a tenth of a second", () => {
    const { predicate } = checkAlone(
      '(i) => i.tags.includes("batch") && i.tier === workload && !["a", "b"].includes(i.name)',
      "predicate",
    );
    const many = Array.from({ length: 100_000 }, (_, i) => members[i % members.length]!);
    const before = process.cpuUsage();
    const chosen = many.filter((member) => predicate?.(member));
    const { user, system } = process.cpuUsage(before);
    expect(chosen.length).toBeGreaterThan(0);
    expect((user + system) / 1000).toBeLessThan(100);
  });
});

describe("where facts come from", () => {
  const facts: readonly [Fact, string][] = [
    [{ kind: "header", name: "x-a" }, "claimed"],
    [{ kind: "request", name: "ip" }, "asserted"],
    [{ kind: "request", name: "path" }, "verified"],
    [claim("tenant"), "verified"],
    [{ kind: "identity", name: "tier" }, "verified"],
  ];
  for (const [fact, from] of facts)
    test(`${fact.kind} ${fact.name}: ${from}`, () => expect(provenance(fact)).toBe(from));
});

describe("hostile conditions", () => {
  test("a chain of 100 alternatives costs no more than its length, whatever it narrows", () => {
    const chain = Array.from({ length: 100 }, (_, i) => `r.claims.tenant === "t${i}"`).join(" || ");
    const { condition, diagnostics } = checkAlone(`(r) => (${chain}) && r.claims.tenant.startsWith("t")`);
    expect(diagnostics).toEqual([]);
    expect(condition).toMatchObject({ kind: "and", of: [{ kind: "or" }, { kind: "starts-with" }] });
  });

  test("constants that spread one another cost no more than they hold, and too many of them are refused", () => {
    for (const [levels, code] of [
      [8, undefined],
      [12, "WRIT2141"],
      [40, "WRIT2140"],
    ] as const) {
      const first = 'import { condition } from "writ";\nconst a0 = ["a", "b"];\n';
      const spreads = Array.from({ length: levels }, (_, i) => `const a${i + 1} = [...a${i}, ...a${i}];\n`).join("");
      const text = `${first}${spreads}const c = condition((r) => a${levels}.includes(r.params.x));\n`;
      const policies = [{ path: "a.policy.ts", bytes: new TextEncoder().encode(text) }];
      const { diagnostics } = compile({ policies, data: () => undefined }, { emit: false });
      expect([...new Set(diagnostics.map((d) => d.code))]).toEqual(code === undefined ? [] : [code]);
    }
  });

  test("what could not be read is not reported again", () => {
    const { diagnostics } = checkAlone("(r) => r.claims. && r.claims.admin");
    expect(diagnostics.map((d) => d.code)).toEqual(["WRIT1020"]);
  });

  test("names of every object are no facts", () => {
    for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
      expect(checkAlone(`(r) => r.claims.${name} === "a"`).diagnostics.map((d) => d.code)).toEqual(["WRIT2203"]);
      expect(checkAlone(`(r) => r.${name} === "a"`).diagnostics.map((d) => d.code)).toEqual(["WRIT2202"]);
    }
  });
});
