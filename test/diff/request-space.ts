/**
 * All requests that two small estates can be asked, made finite: for every part of a request the values around everything that one
 * of them compares it with. It knows nothing of how a difference is computed.
 */
import {
  type Claim,
  type Condition,
  type Fact,
  factsOf,
  type Input,
  lookupIn,
  type Model,
  parseTemplate,
  type Revocations,
} from "../../src/model/index.ts";
import { addresses, headerNames, words } from "../agree/random-condition.ts";
import { now } from "../agree/random-model.ts";
import { furthestScenario } from "../agree/random-request.ts";
import type { Random } from "../random.ts";

export interface Asked {
  readonly input: Input;
  readonly revocations: Revocations;
}

/** What an axis has set so far. `age` of the token, its `life` and the age of revocations are relative to the time. */
interface Parts {
  time: number;
  known: number;
  age: number;
  life: number;
  begins: number | undefined;
  token: Record<string, unknown> | undefined;
  claims: Record<string, unknown>;
  peer: Record<string, unknown> | undefined;
  thumbprint: unknown;
  proof: unknown;
  key: unknown;
  host: string;
  method: string;
  path: string;
  ip: string | undefined;
  headers: Record<string, unknown> | undefined;
}

interface Axis {
  readonly name: string;
  readonly raw: readonly unknown[];
  readonly values: readonly ((parts: Parts) => void)[];
}

/** The credentials that are possible, each with the axes that matter to it. */
export interface RequestSpace {
  readonly size: number;
  readonly at: (index: number) => Asked;
  readonly any: (random: Random) => Asked;
  /** One that comes far in one of the estates, with up to `changes` parts set to any value of the space. */
  readonly near: (random: Random, changes: number) => Asked;
}

/** @param walked only what can matter at all, and of each kind of credential at most so many requests: a space that is asked in full */
export function requestSpace(before: Model, after: Model, walked?: number): RequestSpace {
  const models = [before, after];
  const space = new Values(models, walked !== undefined);
  const common = [space.times(), space.known(), space.calls(), space.addresses(), ...space.headers()];
  const tokens = [
    space.bindings(),
    space.audiences(),
    space.ages(),
    space.lives(),
    space.beginnings(),
    space.ids(),
    space.scopes(),
    ...space.claims(),
    space.peers(),
  ];
  const branches = [
    [space.keys(), ...common],
    [space.svids(), ...common],
    [space.tokens(), ...tokens, ...common],
  ].map((axes) => branchOf(walked === undefined ? axes : fewer(axes, walked)));
  const size = branches.reduce((sum, branch) => sum + branch.size, 0);
  const bases: Parts[] = [];
  return {
    size,
    at: (index) => {
      let left = index;
      let number = 0;
      while (left >= branches[number]!.size) left -= branches[number++]!.size;
      const parts = plainParts();
      for (const { values } of branches[number]!.axes) {
        values[left % values.length]!(parts);
        left = Math.floor(left / values.length);
      }
      return askedOf(parts);
    },
    any: (random) => {
      const parts = plainParts();
      for (const { values } of branches[random.pick([0, 1, 2, 2, 2])]!.axes) random.pick(values)(parts);
      return askedOf(parts);
    },
    near: (random, changes) => {
      if (bases.length < 8) bases.push(base(random, models));
      const parts = { ...random.pick(bases) };
      const axes = branches[parts.token ? 2 : parts.peer ? 1 : 0]!.axes.slice(parts.token ? 1 : 0);
      for (let n = random.int(0, changes); n > 0; n--) random.pick(random.pick(axes).values)(parts);
      if (random.chance(0.1)) random.pick(random.pick(branches).axes[0]!.values)(parts);
      return askedOf(parts);
    },
  };
}

/** One that comes far in one of the estates. */
function base(random: Random, models: readonly Model[]): Parts {
  const asked = models.filter(
    (m) => m.grants.length > 0 && m.identities.length > 0 && m.apis.some((a) => a.operations.length > 0),
  );
  return asked.length > 0 ? partsOf(furthestScenario(random, random.pick(asked))) : plainParts();
}

function branchOf(axes: readonly Axis[]): { readonly axes: readonly Axis[]; readonly size: number } {
  return { axes, size: axes.reduce((size, { values }) => size * values.length, 1) };
}

/** Leaves out the last values of the longest axes until so few requests are left that all can be asked. */
function fewer(axes: readonly Axis[], most: number): readonly Axis[] {
  let left = axes;
  while (branchOf(left).size > most) {
    const longest = left.reduce((a, b) => (b.values.length > a.values.length ? b : a));
    left = left.map((a) => (a === longest ? { ...a, values: a.values.slice(0, -1) } : a));
  }
  return left;
}

/** The values of which the space is made, for whoever puts them together by other means. */
export function valuesOf(before: Model, after: Model) {
  const values = new Values([before, after], false);
  const named = (axes: readonly Axis[]) =>
    new Map(axes.map(({ name, raw }) => [name.slice(name.indexOf(" ") + 1), raw]));
  return {
    claims: named(values.claims()),
    headers: named(values.headers()),
    addresses: values.addresses().raw as readonly (string | undefined)[],
    calls: values.calls().raw as readonly { readonly host: string; readonly method: string; readonly path: string }[],
    subjects: values.subjects(),
  };
}

function plainParts(): Parts {
  return {
    time: now,
    known: 0,
    age: 0,
    life: 1,
    begins: undefined,
    token: undefined,
    claims: {},
    peer: undefined,
    thumbprint: undefined,
    proof: undefined,
    key: undefined,
    host: "nowhere.example.com",
    method: "GET",
    path: "/",
    ip: undefined,
    headers: undefined,
  };
}

const registered = new Set(["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "scope", "cnf"]);

function partsOf(scenario: ReturnType<typeof furthestScenario>): Parts {
  const input = scenario.input as Input;
  const { at } = scenario.revocations as Revocations;
  const token = input.token as Record<string, unknown> | undefined;
  const own = token ? Object.entries(token) : [];
  const { iat = 0, exp = 0, nbf } = (token ?? {}) as { iat?: number; exp?: number; nbf?: number };
  const { "x5t#S256": thumbprint, ...peer } = { ...input.peer };
  return {
    time: input.time,
    known: input.time - at,
    age: input.time - iat,
    life: exp - iat,
    begins: nbf === undefined ? undefined : nbf - input.time,
    token:
      token &&
      Object.fromEntries(own.filter(([name]) => registered.has(name) && !["exp", "iat", "nbf"].includes(name))),
    claims: Object.fromEntries(own.filter(([name]) => !registered.has(name))),
    peer: Object.keys(peer).length > 0 ? peer : undefined,
    thumbprint,
    proof: input.proof,
    key: input.key,
    host: input.request.host,
    method: input.request.method,
    path: input.request.path,
    ip: input.request.ip,
    headers: input.request.headers as Record<string, unknown> | undefined,
  };
}

function askedOf(p: Parts): Asked {
  const issued = p.time - p.age;
  const token = p.token && {
    ...p.token,
    iat: issued,
    exp: issued + p.life,
    ...(p.begins !== undefined && { nbf: p.time + p.begins }),
  };
  const peer = { ...p.peer, ...(p.thumbprint !== undefined && { "x5t#S256": p.thumbprint }) };
  const input = {
    time: p.time,
    ...(token && {
      token: Object.fromEntries(
        [...Object.entries(p.claims), ...Object.entries(token)].filter(([, v]) => v !== undefined),
      ),
    }),
    ...(Object.keys(peer).length > 0 && { peer }),
    ...(p.proof !== undefined && { proof: p.proof }),
    ...(p.key !== undefined && { key: p.key }),
    request: {
      host: p.host,
      method: p.method,
      path: p.path,
      ...(p.ip !== undefined && { ip: p.ip }),
      ...(p.headers && { headers: p.headers }),
    },
  };
  return { input: input as unknown as Input, revocations: { at: p.time - p.known, floor: 0 } };
}

class Values {
  readonly #models: readonly Model[];
  readonly #narrow: boolean;
  readonly #facts: readonly Fact[];
  readonly #literals: readonly (readonly [Fact, Condition])[];

  constructor(models: readonly Model[], narrow: boolean) {
    this.#models = models;
    this.#narrow = narrow;
    const rules = models.flatMap((m) => [...m.grants, ...m.denies].flatMap(({ when }) => (when ? [{ when, m }] : [])));
    this.#facts = unique(rules.flatMap(({ when, m }) => factsOf(when, lookupIn(m).condition)));
    this.#literals = models.flatMap((m) =>
      [...m.grants, ...m.denies, ...m.conditions].flatMap(({ when }) => (when ? [...testsOf(when)] : [])),
    );
  }

  #reads(test: (fact: Fact) => boolean): boolean {
    return this.#facts.some(test);
  }

  /** What does not vary with the request, and what a parameter is in any case. */
  get #constants(): readonly string[] {
    return this.#models.flatMap((m) => [
      "t1",
      ...m.identities.flatMap(({ name, owner, tier }) => [name, owner, tier]),
      ...m.apis.flatMap(({ host, operations }) => [host, ...operations.map(({ method }) => method)]),
    ]);
  }

  /** Numbers that a fact is compared with, and those beside them. */
  #numbers(test: (fact: Fact) => boolean): number[] {
    return this.#literals.flatMap(([fact, c]) => {
      if (!test(fact)) return [];
      if (c.kind === "same") return [0, 1, 60, 61];
      const literals = c.kind === "compare" ? [c.literal] : c.kind === "in" ? c.values : [];
      return literals.flatMap((l) => (typeof l === "number" ? [l - 1, l, l + 1] : []));
    });
  }

  /** Texts that answer the tests of a fact in many ways. */
  #texts(test: (fact: Fact) => boolean): string[] {
    const texts = this.#literals.flatMap(([fact, c]) => {
      if (!test(fact)) return [];
      switch (c.kind) {
        case "compare":
          return typeof c.literal === "string" ? [c.literal] : [];
        case "in":
          return c.values.flatMap((l) => (typeof l === "string" ? [l] : []));
        case "includes":
          return [c.text];
        case "starts-with":
          return [c.text, `${c.text}z`, c.text.slice(0, -1)];
        case "ends-with":
          return [c.text, `z${c.text}`];
        case "same":
          return this.#constants;
        case "cidr":
          return [c.range.slice(0, c.range.indexOf("/"))];
        default:
          return [];
      }
    });
    return [...new Set(texts)];
  }

  times(): Axis {
    const moments = this.#models.flatMap((m) => [
      ...m.identities.flatMap(({ from, expires, tier, keys }) => {
        const rotation = m.tiers.find(({ name }) => name === tier)?.keyRotation ?? 0;
        return [from, expires, ...keys.flatMap(({ created }) => [created, created + rotation + 1])];
      }),
      ...[...m.grants, ...m.denies].flatMap(({ from, until }) => [from, until]),
    ]);
    const around = unique(moments.filter((m) => m !== undefined)).flatMap((m) => [
      m - 1,
      m,
      ...(this.#narrow ? [] : [m + 1]),
    ]);
    return axis("time", unique([now, ...around]), (p, time) => {
      p.time = time;
    });
  }

  known(): Axis {
    const delays = this.#models.flatMap((m) => m.tiers.map(({ revocationDelay }) => revocationDelay));
    const ages = [...delays.flatMap((d) => [d, d + 1]), ...(this.#narrow ? [0] : [0, 61, -60, -61])];
    return axis("known", unique(ages), (p, known) => {
      p.known = known;
    });
  }

  keys(): Axis {
    const ids = unique(this.#models.flatMap((m) => m.identities.flatMap(({ keys }) => keys.map(({ id }) => id))));
    const values = [undefined, ...ids.map((id) => ({ id })), { id: "stranger" }, ...(this.#narrow ? [] : [{}])];
    return axis("key", values, (p, key) => {
      p.token = undefined;
      p.peer = undefined;
      p.key = key;
    });
  }

  svids(): Axis {
    return axis("svid", [...this.#spiffe(), "spiffe://elsewhere/stranger", "spiffe://EXAMPLE.org/x"], (p, spiffe) => {
      p.token = undefined;
      p.peer = { spiffe };
    });
  }

  /** Subjects as they stand, and members of families: also such as a narrower one takes out. */
  subjects(): string[] {
    const patterns = this.#models.flatMap((m) =>
      m.identities.flatMap(({ subject }) => (subject === undefined ? [] : [subject])),
    );
    const fillings = this.#narrow ? ["w"] : ["w", "ns", "sa", "new", "x-1"];
    return unique(
      patterns.flatMap((subject) =>
        subject.startsWith("spiffe://") && subject.includes("*")
          ? [...fillings.map((text) => subject.replaceAll("*", text)), ...(this.#narrow ? [] : [subject])]
          : [subject],
      ),
    );
  }

  #spiffe(): string[] {
    return this.subjects().filter((subject) => subject.startsWith("spiffe://"));
  }

  tokens(): Axis {
    const urls = unique(this.#models.flatMap((m) => m.issuers.map(({ url }) => url)));
    const subjects: unknown[] = [
      ...this.subjects(),
      "stranger",
      ...(this.#narrow ? [] : ["", 7, "spiffe://example.org/ns"]),
    ];
    const values = [...urls, "https://unknown.example.com"].flatMap((iss) => subjects.map((sub) => ({ iss, sub })));
    return axis("token", this.#narrow ? values : [...values, { iss: 7, sub: "x" }], (p, { iss, sub }) => {
      p.token = { ...p.token, iss, sub };
    });
  }

  bindings(): Axis {
    type Binding = readonly [cnf: unknown, thumbprint: unknown, proof: unknown];
    const some: readonly Binding[] = [
      [undefined, undefined, undefined],
      [{ "x5t#S256": "thumb" }, "thumb", undefined],
      [{ jkt: "print" }, undefined, { jkt: "print" }],
    ];
    const more: readonly Binding[] = [
      [{ "x5t#S256": "thumb" }, "another", undefined],
      [{ "x5t#S256": "thumb" }, undefined, undefined],
      [{ jkt: "print" }, undefined, { jkt: "another" }],
      [{ jkt: "print" }, "thumb", {}],
      [{ jkt: "print", "x5t#S256": "thumb" }, "thumb", { jkt: "print" }],
      [{ jkt: "print", "x5t#S256": "thumb" }, "thumb", undefined],
      [{ jkt: "print", "x5t#S256": "thumb" }, undefined, { jkt: "print" }],
      [undefined, "thumb", { jkt: "print" }],
      [{}, "thumb", undefined],
      [{ jkt: 7 }, undefined, undefined],
      ["none", undefined, undefined],
    ];
    return axis("binding", this.#narrow ? some : [...some, ...more], (p, [cnf, thumbprint, proof]) => {
      p.token = { ...p.token, cnf };
      p.thumbprint = thumbprint;
      p.proof = proof;
    });
  }

  audiences(): Axis {
    const ours = unique(this.#models.flatMap((m) => m.issuers.map(({ audience }) => audience)));
    const lists: unknown[] = [ours, ours[0], [...ours.slice(0, 1), "other"]];
    const more: unknown[] = [
      ...ours.slice(1),
      "other",
      [],
      [...ours, "a", "b"],
      [...ours, "a", "b", "c"],
      [ours[0], ours[0]],
      [...ours.slice(1), "a"],
      undefined,
      [7],
      { a: 1 },
    ];
    return axis("audience", this.#narrow ? lists : [...lists, ...more], (p, aud) => {
      p.token = { ...p.token, aud };
    });
  }

  ages(): Axis {
    const read = this.#numbers((fact) => fact.kind === "token" && fact.name === "age").filter((n) => Math.abs(n) < 1e8);
    return axis(
      "age",
      unique([0, ...(this.#narrow ? read.slice(0, 4) : [1, 59, 299, -60, -61, ...read])]),
      (p, age) => {
        p.age = age;
      },
    );
  }

  lives(): Axis {
    const read = this.#numbers((fact) => fact.kind === "token" && fact.name === "lifetime").filter(
      (n) => Math.abs(n) < 1e8,
    );
    const tiers = this.#models.flatMap((m) =>
      m.tiers.flatMap(({ tokenLifetime: { bound, bearer } }) => [bound, bearer]),
    );
    const around = tiers.flatMap((life) => (life === undefined ? [] : [life, life + 1]));
    return axis("life", unique([1, ...around, ...(this.#narrow ? [] : [0, -1, ...read])]), (p, life) => {
      p.life = life;
    });
  }

  beginnings(): Axis {
    return axis("nbf", this.#narrow ? [undefined] : [undefined, 0, 60, 61, -1, 0.5], (p, begins) => {
      p.begins = begins;
    });
  }

  ids(): Axis {
    return axis("jti", this.#narrow ? [undefined, "j1"] : [undefined, "j1", "j1", "", 7], (p, jti) => {
      p.token = { ...p.token, jti };
    });
  }

  scopes(): Axis {
    const operations = this.#models.flatMap((m) => m.apis.flatMap((a) => a.operations));
    const needed = unique(operations.flatMap(({ scopes }) => scopes));
    const foreign = unique(this.#models.flatMap((m) => m.issuers.flatMap((i) => i.translate.map(({ from }) => from))));
    const all = [...needed, ...foreign].join(" ");
    const values: unknown[] = [
      all,
      ...(this.#narrow ? needed.slice(0, 2) : needed),
      ...(this.#narrow ? foreign.slice(0, 1) : foreign),
      ...(this.#narrow ? [] : needed.map((gone) => needed.filter((s) => s !== gone).join(" "))),
      ...(this.#narrow ? [] : operations.map(({ scopes }) => scopes.join(" "))),
      ...(this.#narrow ? [] : [`${all} ${needed[0] ?? "x"}`, undefined, "", "unknown", "a  b", 7, "orders:admin"]),
    ];
    return axis("scope", unique(values), (p, scope) => {
      p.token = { ...p.token, scope };
    });
  }

  claims(): Axis[] {
    const declared = new Map<string, Claim[]>();
    for (const { claims } of this.#models.flatMap((m) => m.issuers)) {
      for (const claim of claims) declared.set(claim.name, [...(declared.get(claim.name) ?? []), claim]);
    }
    for (const fact of this.#facts) if (fact.kind === "claim" && !declared.has(fact.name)) declared.set(fact.name, []);
    return [...declared].map(([name, claims]) => {
      const ofClaim = (fact: Fact): boolean => fact.kind === "claim" && fact.name === name;
      const read = this.#reads(ofClaim);
      const good = unique(claims.flatMap((claim) => this.#claimValues(claim, ofClaim, read)));
      const odd: unknown[] = [
        undefined,
        ...(this.#narrow ? (claims.length > 1 ? [7] : []) : [7, "t1", true, null, ["eu"], 1.5]),
      ];
      return axis(`claim ${name}`, unique([...good, ...odd]), (p, value) => {
        p.claims = { ...p.claims, [name]: value };
        if (name === "__proto__")
          Object.defineProperty(p.claims, name, { value, enumerable: true, configurable: true });
      });
    });
  }

  #claimValues({ type, values }: Claim, of: (fact: Fact) => boolean, read: boolean): unknown[] {
    const few = <T>(items: readonly T[]): readonly T[] => (this.#narrow ? items.slice(0, read ? 4 : 1) : items);
    switch (type) {
      case "boolean":
        return [...few([true, false])];
      case "integer":
        return [...few([...this.#numbers(of).filter(Number.isSafeInteger), 0, 5])];
      case "string": {
        const texts = this.#texts(of);
        // One may be among the values of one side only, whether or not a condition reads it.
        if (values) return [...few(values), ...(this.#narrow ? [] : texts)];
        return [...few([...(this.#narrow ? ["t1"] : words), ...texts])];
      }
      case "strings": {
        const texts = unique([...words, ...this.#texts(of)]);
        return [
          ...few<unknown>([
            [],
            ["eu"],
            ...texts.flatMap((text) => [[text], texts.filter((other) => other !== text)]),
            texts,
          ]),
        ];
      }
    }
  }

  peers(): Axis {
    const others = this.#spiffe();
    type Peer = "none" | "same" | { readonly spiffe: string };
    const values: Peer[] = ["none"];
    if (others.length > 0) values.push("same", ...others.slice(0, this.#narrow ? 1 : 8).map((spiffe) => ({ spiffe })));
    if (!this.#narrow) values.push({ spiffe: "spiffe://elsewhere/stranger" }, { spiffe: "" });
    return axis("peer", values, (p, peer) => {
      if (peer === "none") p.peer = undefined;
      else p.peer = peer === "same" ? { spiffe: typeof p.token?.sub === "string" ? p.token.sub : "" } : peer;
    });
  }

  calls(): Axis {
    const calls: { host: string; method: string; path: string }[] = [];
    const fillings = this.#fillings();
    for (const m of this.#models) {
      for (const { host, operations } of m.apis) {
        for (const { method, template } of operations) {
          for (const path of pathsOf(template, fillings)) calls.push({ host, method, path });
        }
      }
    }
    const unknown = [{ host: "nowhere.example.com", method: "GET", path: "/nothing" }];
    const [first] = calls;
    if (first) {
      unknown.push({ ...first, path: `${first.path}/;` });
      if (!this.#narrow)
        unknown.push(
          { ...first, path: `${first.path}/` },
          { ...first, path: `/%2e${first.path}` },
          { ...first, method: "PUT" },
          { ...first, host: "files.example.com" },
          { ...first, path: "/" },
          { ...first, path: "//" },
        );
    }
    return axis("call", unique([...calls, ...unknown]), (p, { host, method, path }) => {
      p.host = host;
      p.method = method;
      p.path = path;
    });
  }

  #fillings(): readonly string[] {
    const parameter = (fact: Fact): boolean => fact.kind === "parameter";
    const read = this.#reads(parameter);
    if (this.#narrow) return read ? ["t1", ...this.#texts(parameter).filter(isSegment).slice(0, 1), "%C3%A9"] : ["t1"];
    const literals = this.#models.flatMap((m) =>
      m.apis.flatMap((a) => a.operations.flatMap(({ template }) => template.split("/").filter(isSegment))),
    );
    // What a parameter may be the same as.
    const others = this.#literals.some(([, { kind }]) => kind === "same")
      ? ["203.0.113.7", "2001:db8::1", ...this.#constants]
      : [];
    return unique([
      "t1",
      "t2",
      "eu",
      "us",
      "%C3%A9",
      "x:y",
      ...this.#texts(parameter).filter(isSegment),
      ...literals,
      ...others.filter(isSegment),
    ]);
  }

  addresses(): Axis {
    const read = this.#reads((fact) => fact.kind === "request" && fact.name === "ip");
    const values = read
      ? this.#narrow
        ? [undefined, "203.0.113.7", "10.0.0.1"]
        : [undefined, ...addresses]
      : [undefined];
    return axis("ip", values, (p, ip) => {
      p.ip = ip;
    });
  }

  headers(): Axis[] {
    const names = headerNames.filter((name) => this.#reads((fact) => fact.kind === "header" && fact.name === name));
    return names.map((name) => {
      const texts = this.#texts((fact) => fact.kind === "header" && fact.name === name);
      const values: unknown[] = this.#narrow
        ? [undefined, texts[0] ?? "eu", ["eu", "us"]]
        : [undefined, ...words, ...texts, ["eu"], ["eu", "us"], []];
      return axis(`header ${name}`, unique(values), (p, value) => {
        const rest = Object.entries(p.headers ?? {}).filter(([other]) => other !== name);
        p.headers = Object.fromEntries(value === undefined ? rest : [...rest, [name, value]]);
      });
    });
  }
}

function isSegment(text: string): boolean {
  return /^[A-Za-z0-9.:]+$/.test(text) && text !== "." && text !== "..";
}

/** Instances of a template: every parameter filled alike, and each filling at one place. */
function pathsOf(template: string, fillings: readonly string[]): string[] {
  const segments = parseTemplate(template);
  if ("problem" in segments) return [];
  const filled = (fill: (n: number) => string): string =>
    `/${segments.map((s, n) => (s.kind === "literal" ? s.text : fill(n))).join("/")}`;
  const paths = fillings.flatMap((text) => [
    filled(() => text),
    ...segments.flatMap((s, n) => (s.kind === "literal" ? [] : [filled((at) => (at === n ? text : fillings[0]!))])),
  ]);
  const rest = segments.at(-1)?.kind === "rest" ? [`${paths[0]}/b`, `${paths[0]}/`, `${paths[0]}//b`] : [];
  return unique([...paths, ...rest]);
}

function axis<T>(name: string, values: readonly T[], set: (parts: Parts, value: T) => void): Axis {
  return { name, raw: values, values: values.map((value) => (parts) => set(parts, value)) };
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item) ?? "undefined", item])).values()];
}

/** What is compared in a condition, at its leaves. */
function* testsOf(condition: Condition): Generator<readonly [Fact, Condition]> {
  switch (condition.kind) {
    case "constant":
    case "named":
      return;
    case "and":
    case "or":
      for (const part of condition.of) yield* testsOf(part);
      return;
    case "not":
      yield* testsOf(condition.of);
      return;
    case "same":
      yield [condition.left, condition];
      yield [condition.right, condition];
      return;
    default:
      yield [condition.fact, condition];
  }
}
