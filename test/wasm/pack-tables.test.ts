/** What is packed is what the model says: tables read back are held against the model's own lookups, for estates of every kind. */
import { describe, expect, test } from "vitest";
import { WritError } from "../../src/diagnostics/index.ts";
import {
  type Condition,
  evaluateCondition,
  type Fact,
  factKey,
  factsOf,
  isPatternSubject,
  isSpiffeId,
  lookupIn,
  type Model,
  matchTemplate,
  type Policy,
  type Reading,
  spiffeSegments,
} from "../../src/model/index.ts";
import { upstreamHeaders } from "../../src/model/upstream-headers.ts";
import { packTables, type ReadTables, readTables } from "../../src/wasm/index.ts";
import { addresses, numbers, words } from "../agree/random-condition.ts";
import { randomModel, templateOf } from "../agree/random-model.ts";
import { bigModel } from "../bench/big-model.ts";
import { Random } from "../random.ts";
import { rulesFor, run, walk } from "./run-tables.ts";

const policy: Policy = { revision: '7-é"\n', sequence: 7, notBefore: 10, notAfter: 2 ** 53 - 1 };
const seeds = Array.from({ length: 150 }, (_, seed) => seed);

/** A random estate, and its tables read back. */
function estateOf(seed: number) {
  const random = new Random(seed);
  const model = randomModel(random);
  return { random, model, lookup: lookupIn(model), tables: readTables(packTables(model, policy)) };
}

describe("tables read back", () => {
  test("name the policy", () => {
    const { revision, sequence, notBefore, notAfter, publicDelay } = estateOf(1).tables;
    expect({ revision, sequence, notBefore, notAfter }).toEqual(policy);
    expect(publicDelay).toBe(estateOf(1).lookup.publicDelay);
    expect(readTables(packTables(nothing, policy)).publicDelay).toBe(60);
  });

  test.each(seeds)("hold tiers, issuers and scopes (%i)", (seed) => {
    const { model, lookup, tables } = estateOf(seed);
    expect(tables.tiers).toEqual(
      model.tiers.map(
        ({
          name,
          authentication,
          trust,
          audiences,
          revokesTokens,
          tokenLifetime,
          revocationDelay,
          keyRotation = 0,
        }) => {
          const { bound: boundLifetime = 0, bearer: bearerLifetime = 0 } = tokenLifetime;
          return {
            name,
            authentication,
            trust,
            audiences,
            revokesTokens,
            boundLifetime,
            bearerLifetime,
            revocationDelay,
            keyRotation,
          };
        },
      ),
    );
    const foreign = ["Orders.All", "__proto__", "constructor", "orders:write", "files:admin", "nothing"];
    for (const { name, url, audience, claims } of model.issuers) {
      const issuer = tables.issuers.find((i) => i.url === url)!;
      expect({ name: issuer.name, audience: issuer.audience }).toEqual({ name, audience });
      expect(issuer.claims).toEqual(claims);
      for (const scope of [...foreign, ...model.scopes.map((s) => s.name)]) {
        const ours = tables.scopes.find((s) => s.name === scope);
        const translated = issuer.translations.find(({ from }) => from === scope)?.scopes ?? [];
        const carried = ours ? [scope, ...ours.implies] : translated;
        expect(new Set(carried)).toEqual(lookup.scopesOfToken(lookup.issuerByUrl(url)!, [scope]));
        expect(ours && issuer.translations.some(({ from }) => from === scope)).not.toBe(true);
      }
    }
  });

  test.each(seeds)("find operations and their parameters, and tell upstreams the same (%i)", (seed) => {
    const { random, model, lookup, tables } = estateOf(seed);
    const templates = model.apis.flatMap(({ operations }) => operations.map(templateOf));
    const numbersOfNames = new Map<number, string>();
    for (let tries = 0; tries < 200; tries++) {
      const path = random
        .pick(templates)
        .flatMap((s) =>
          s.kind === "literal"
            ? [s.text]
            : s.kind === "rest"
              ? ["r", random.pick(["", "s"])]
              : [random.pick(["v1", "a", "z"])],
        );
      const [host, method] = [
        random.pick([...model.apis.map((a) => a.host), "no.example.com"]),
        random.pick(["GET", "POST", "HEAD", "PUT"]),
      ];
      const match = lookup.operation(host, method, path);
      const found = walk(tables, tables.hosts.find((h) => h.host === host)?.state, path, [method]);
      expect(found).toBe(match?.found.name);
      if (!match) continue;
      const { api, operation, template } = match.found;
      const row = tables.operations.find((o) => o.name === found)!;
      expect({ ...row, api: 0, parameters: [], upstream: [] }).toEqual({
        name: found,
        public: operation.public,
        minTrust: operation.minTrust,
        scopes: operation.scopes,
        api: 0,
        parameters: [],
        upstream: [],
      });
      for (const { number, segment, rest } of row.parameters) {
        const piece = template[segment]!;
        const name = piece.kind === "literal" ? "" : piece.name;
        expect(matchTemplate(template, path)!.get(name)).toBe(rest ? path.slice(segment).join("/") : path[segment]);
        expect(numbersOfNames.get(number) ?? name).toBe(name);
        numbersOfNames.set(number, name);
      }
      for (const identity of model.identities) {
        const values: Record<string, string> = {
          "{identity}": identity.name,
          "{owner}": identity.owner,
          "{subject}": "s",
          "{tier}": identity.tier,
        };
        const told = row.upstream.map(({ name, parts }) => [
          name,
          parts.map((p) => values[p] ?? JSON.parse(p)).join(""),
        ]);
        expect(Object.fromEntries(told)).toEqual(upstreamHeaders(api.headers, identity, "s", operation.scopes));
      }
    }
  });

  test.each(seeds)("name identities as the model does (%i)", (seed) => {
    const { random, model, lookup, tables } = estateOf(seed);
    const readsTags = JSON.stringify([model.grants, model.denies, model.conditions]).includes('"tags"');
    const found = model.identities.filter((i) => i.subject !== undefined || i.keys.length > 0);
    expect(tables.identities.map(({ rights: _, tags: __, ...identity }) => identity)).toEqual(
      found.map(({ name, tier, issuer, subject, owner, from, expires }) => ({
        name,
        tier,
        owner,
        ...(issuer !== undefined && { issuer }),
        ...(subject !== undefined && !isPatternSubject(subject) && { subject }),
        ...(from !== undefined && { from }),
        ...(expires !== undefined && { expires }),
      })),
    );
    if (tables.identities.some(({ tags }) => tags.length > 0))
      expect([readsTags, tables.identities.map(({ tags }) => tags)]).toEqual([true, found.map(({ tags }) => tags)]);
    const subjects = model.identities.flatMap(({ subject }) => subject ?? []);
    const ids = subjects.map((subject) => subject.replaceAll("*", () => random.pick(["ns", "sa", "w", "q"])));
    const exact = (name: string) => tables.identities.find((i) => i.name === name)!;
    for (const subject of [...subjects, ...ids]) {
      const segments = isSpiffeId(subject) ? spiffeSegments(subject) : undefined;
      const family = (keys: readonly string[]) => segments && walk(tables, tables.spiffeStart, segments, keys);
      for (const { name } of model.issuers) {
        const own = tables.bySubject.find((i) => exact(i).issuer === name && exact(i).subject === subject);
        expect(own ?? family([name])).toBe(lookup.identityOfToken(name, subject)?.name);
      }
      const peer = tables.bySpiffeId.find((i) => exact(i).subject === subject) ?? family(["*"]);
      expect(peer).toBe(lookup.identityOfSpiffe(subject)?.name);
    }
    const keys = model.identities.flatMap(({ name, keys: ids }) => ids.map((k) => ({ ...k, identity: name })));
    expect(tables.keys).toEqual(keys.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
  });

  test.each(seeds)("give everyone the same rights (%i)", (seed) => {
    const { model, lookup, tables } = estateOf(seed);
    for (const { name, rights } of tables.identities) {
      for (const { name: scope } of model.scopes) {
        const of = (rules: readonly { readonly name: string; readonly scopes: readonly string[] }[]) =>
          rules.filter((rule) => rule.scopes.includes(scope)).map((rule) => rule.name);
        expect(rulesFor(tables, rights, "grants", scope)).toEqual(of(lookup.grantsTo(name)));
        expect(rulesFor(tables, rights, "denies", scope)).toEqual(of(lookup.deniesTo(name)));
      }
    }
  });

  test.each(seeds)("say of grants and denies when, where and under which condition (%i)", (seed) => {
    const { random, model, lookup, tables } = estateOf(seed);
    const apiOf = new Map(
      model.apis.flatMap(({ name, host, operations }) =>
        operations.map((o) => [`${host} ${o.method} ${o.template}`, name]),
      ),
    );
    const apis = new Map(tables.operations.map(({ name, api }) => [api, apiOf.get(name)]));
    for (const kind of ["grants", "denies"] as const) {
      expect(tables[kind].map(({ name, from, until, emergency }) => ({ name, from, until, emergency }))).toEqual(
        model[kind].map((rule) => ({
          name: rule.name,
          from: rule.from,
          until: rule.until,
          emergency: "emergency" in rule && rule.emergency,
        })),
      );
      for (const [i, rule] of model[kind].entries()) {
        const read = tables[kind][i]!;
        expect(read.apis === undefined).toBe(rule.on === undefined);
        const withOperations = rule.on?.filter((name) => [...apis.values()].includes(name));
        expect(read.apis?.flatMap((api) => apis.get(api) ?? [])).toEqual(withOperations);
        expect(read.condition === undefined).toBe(rule.when === undefined);
        if (rule.when) holdsTheSame(random, model, rule.when, tables, read.condition!, lookup.condition);
      }
    }
  });
});

const nothing: Model = {
  format: 1,
  tiers: [],
  issuers: [],
  identities: [],
  groups: [],
  scopes: [],
  apis: [],
  conditions: [],
  grants: [],
  denies: [],
  examples: [],
};

/** Under many readings of its facts a condition and its instructions say the same. */
function holdsTheSame(
  random: Random,
  model: Model,
  when: Condition,
  tables: ReadTables,
  place: number,
  named: (name: string) => Condition,
): void {
  const parameters = [
    ...new Set(
      readFacts(model, named)
        .filter((f) => f.kind === "parameter")
        .map((f) => f.name),
    ),
  ].sort();
  const condition = tables.conditions[place]!;
  for (let tries = 0; tries < 30; tries++) {
    const readings = new Map<string, Reading>();
    const read = (fact: Fact): Reading => {
      const known = readings.get(factKey(fact)) ?? randomReading(random);
      readings.set(factKey(fact), known);
      return known;
    };
    const expected = evaluateCondition(when, named, read);
    const keyOf = (fact: string) => fact.replace(/^parameter (\d+)$/, (_, number) => `parameter ${parameters[number]}`);
    expect(run(condition, (fact) => readings.get(keyOf(fact)) ?? { state: "unknown" })).toBe(expected);
  }
}

function readFacts(model: Model, named: (name: string) => Condition): readonly Fact[] {
  return [...model.grants, ...model.denies].flatMap(({ when }) => (when ? factsOf(when, named) : []));
}

function randomReading(random: Random): Reading {
  if (random.chance(0.04)) return { state: "unknown" };
  if (random.chance(0.1)) return { state: "absent" };
  const value = random.pick([
    ...words,
    ...addresses,
    ...numbers,
    "t1",
    "/a",
    true,
    false,
    random.some(words, 3),
    random.int(-2, 70),
  ]);
  return { state: "known", value };
}

const tenant: Fact = { kind: "header", name: "x-tenant" };
const age: Fact = { kind: "token", name: "age" };

/** An estate with one grant, under this condition. */
function under(when: Condition, more: Partial<Model> = {}): Model {
  const grant = {
    name: "one",
    to: { identities: [], groups: [] },
    scopes: ["a:b"],
    patterns: [],
    emergency: false,
    when,
  };
  return { ...nothing, grants: [grant], ...more };
}

describe("conditions", () => {
  const known = (value: string | number | boolean): Reading => ({ state: "known", value });
  const answers = (when: Condition, values: readonly (string | number | boolean)[]) => {
    const tables = readTables(packTables(under(when), policy));
    return values.map((value) => run(tables.conditions[0]!, () => known(value)));
  };

  test.each<readonly [string, Condition]>([
    ["literals of every type", { kind: "in", fact: tenant, values: [true, 7, "7", "a", 8, 1.5, "b", 9] }],
    ["no literal", { kind: "in", fact: tenant, values: [] }],
    ["a fraction that nothing equals", { kind: "compare", operator: "equal", fact: age, literal: 1.5 }],
    ["less than a fraction", { kind: "compare", operator: "less", fact: age, literal: 1.5 }],
    ["at most a fraction below zero", { kind: "compare", operator: "less-or-equal", fact: age, literal: -1.5 }],
    ["more than a fraction below zero", { kind: "compare", operator: "greater", fact: age, literal: -1.5 }],
    ["at least a fraction", { kind: "compare", operator: "greater-or-equal", fact: age, literal: 1.5 }],
    ["more than any fact", { kind: "compare", operator: "less", fact: age, literal: 1e300 }],
    ["a text where a number is asked for", { kind: "compare", operator: "less", fact: age, literal: "2" }],
    ["a range that is none", { kind: "cidr", fact: tenant, range: "10.0.0.1/8" }],
    ["an empty and", { kind: "and", of: [] }],
    ["an empty or", { kind: "or", of: [] }],
    ["not nothing", { kind: "not", of: { kind: "constant", value: false } }],
  ])("%s", (_title, when) => {
    const values = [true, false, 7, 8, 9, 1, 2, -1, -2, 0, "7", "a", "b", "", "10.0.0.1"];
    const expected = values.map((value) =>
      evaluateCondition(
        when,
        () => when,
        () => known(value),
      ),
    );
    expect(answers(when, values)).toEqual(expected);
  });

  test("one that is not declared reads what no path has", () => {
    const { conditions } = readTables(packTables(under({ kind: "named", name: "gone" }), policy));
    expect(conditions.map(({ facts }) => facts)).toEqual([["none"]]);
  });

  test("a claim of an issuer that is not declared is as unknown", () => {
    const claim: Fact = { kind: "claim", issuer: "gone", name: "region" };
    const { conditions } = readTables(packTables(under({ kind: "present", fact: claim }), policy));
    expect(conditions.map(({ facts }) => facts)).toEqual([["none"]]);
  });

  test("the largest that the checker lets pass has room", () => {
    const values = [true, false, "a", "b", 1, 2];
    const parts = Array.from(
      { length: 2_000 },
      (_, i): Condition => ({ kind: "in", fact: tenant, values: [...values, i] }),
    );
    const { conditions } = readTables(packTables(under({ kind: "and", of: parts }), policy));
    expect(conditions[0]!.instructions).toHaveLength(2_000 * 4);
  });

  test("equal ones stand there once", () => {
    const when: Condition = { kind: "present", fact: tenant };
    const [grant] = under(when).grants;
    const model = { ...nothing, grants: ["a", "b"].map((name) => ({ ...grant!, name })) };
    const { conditions, grants } = readTables(packTables(model, policy));
    expect([conditions.length, grants.map(({ condition }) => condition)]).toEqual([1, [0, 0]]);
  });
});

describe("names outside the vocabulary", () => {
  test("have a number, but no token finds them", () => {
    const operation = {
      name: "GET /",
      method: "GET",
      template: "/",
      public: false,
      scopes: ["writ:refused"],
      minTrust: 0,
    };
    const model: Model = {
      ...nothing,
      scopes: [{ name: "zoo:feed", implies: [] }],
      apis: [{ name: "api", host: "h", operations: [operation], headers: [] }],
    };
    const tables = readTables(packTables(model, policy));
    expect(tables.scopes.map(({ name }) => name)).toEqual(["zoo:feed"]);
    expect(tables.operations.map(({ scopes }) => scopes)).toEqual([["#0"]]);
  });
});

describe("large estates", () => {
  test("take at most 120 bytes for each identity besides their grants", () => {
    const size = { identities: 50_000, operations: 100 };
    const [few, many] = [1, 2].map((times) => {
      const { model } = bigModel({ ...size, grants: 100 });
      const identities = Array.from({ length: times }, (_, i) =>
        model.identities.map((item) => ({ ...item, name: `${item.name}-${i}`, subject: `${item.subject}-${i}` })),
      ).flat();
      return packTables({ ...model, identities }, policy).length;
    });
    expect((many! - few!) / size.identities).toBeLessThanOrEqual(120);
  });

  test("do not repeat what groups may do for each who may do one thing more", () => {
    const { model } = bigModel({ identities: 2_000, operations: 2_000, grants: 0 });
    const to = (identities: readonly string[], groups: readonly string[]) => ({ identities, groups });
    const rule = { patterns: [], emergency: false };
    const wide = model.groups.map(({ name }) => ({
      ...rule,
      name,
      to: to([], [name]),
      scopes: model.scopes.map((s) => s.name),
    }));
    const own = model.identities.map(({ name }) => ({
      ...rule,
      name: `own-${name}`,
      to: to([name], []),
      scopes: ["r000000:read"],
    }));
    const bytes = packTables(
      { ...model, grants: [...wide, ...own].sort((a, b) => (a.name < b.name ? -1 : 1)) },
      policy,
    );
    expect(bytes.length).toBeLessThan(2_000_000);
  });

  test("are packed alike however often", () => {
    const { model } = bigModel({ identities: 1_000, operations: 200, grants: 300 });
    expect(packTables(structuredClone(model), policy)).toEqual(packTables(model, policy));
  });
});

describe("damaged tables", () => {
  const bytes = packTables(estateOf(3).model, policy);

  test("are refused whichever byte it is", () => {
    for (let at = 0; at < bytes.length; at += 7) {
      const damagedBytes = bytes.slice();
      damagedBytes[at]! ^= 1 << (at % 8);
      expect(() => readTables(damagedBytes)).toThrow(WritError);
    }
  });

  test("are refused wherever they are cut", () => {
    for (let length = 0; length < bytes.length; length += 97)
      expect(() => readTables(bytes.slice(0, length))).toThrow(WritError);
  });
});
