/**
 * The decision procedure for a solver, written from the page that defines it and not from anything that the diff is made of. Who calls
 * and what is called are fixed; times, lives and numbers are any; of texts there is a list, of which the solver picks one.
 */
import {
  type Condition,
  clockSkew,
  type Fact,
  factsOf,
  fitsClaim,
  type Grant,
  type Identity,
  type Input,
  isTexts,
  lookupIn,
  type Model,
  parseIp,
  parseIpRange,
  pathSegments,
  rangeContains,
  reaches,
  readsAge,
  upstreamHeaders,
} from "../../src/model/index.ts";
import type { Asked } from "./request-space.ts";
import { all, any, no, not, number, type Smt, type Valuation, yes } from "./smt.ts";

/** Who calls: exactly one of these. */
export type Caller =
  | { readonly kind: "none" }
  | { readonly kind: "key"; readonly id: string }
  | { readonly kind: "svid"; readonly spiffe: string }
  | { readonly kind: "token"; readonly url: string; readonly subject: string };

/** What is called: paths that both models hold to be the same operation, each. */
export interface Call {
  readonly host: string;
  readonly method: string;
  readonly paths: readonly string[];
}

/** Values of which one is there: by claim, header, for the address, and for the SVID beside a token; `undefined` is none. */
export interface Pools {
  readonly claims: ReadonlyMap<string, readonly unknown[]>;
  readonly headers: ReadonlyMap<string, readonly unknown[]>;
  readonly addresses: readonly (string | undefined)[];
  readonly peers: readonly (string | undefined)[];
  readonly audiences: readonly string[];
  readonly scopes: readonly string[];
}

/** A value that is there if `when` holds: a constant, or a whole number that the solver picks. */
type Case = { readonly when: Smt } & ({ readonly value: unknown } | { readonly number: Smt });

interface Reading {
  readonly unknown: Smt;
  /** Absent where none holds. */
  readonly cases: readonly Case[];
}

interface Row {
  readonly passes: Smt;
  readonly reason: string;
}

export interface Encoded {
  readonly allow: Smt;
  readonly rows: readonly Row[];
  readonly until: Smt;
  readonly headers: string;
}

const most = Number.MAX_SAFE_INTEGER;

export class Encoding {
  readonly variables = new Map<string, "Bool" | "Int">();
  readonly always: Smt[] = [];
  readonly #caller: Caller;
  readonly #call: Call;
  readonly #pools: Pools;

  constructor(caller: Caller, call: Call, pools: Pools) {
    this.#caller = caller;
    this.#call = call;
    this.#pools = pools;
    for (const name of ["now", "heard"]) this.#whole(name, 0);
    // The policy ends there.
    this.always.push(`(< now ${most})`);
    this.#index("path", call.paths.length);
    this.#index("ip", pools.addresses.length);
    [...pools.headers.values()].forEach((values, n) => void this.#index(`header${n}`, values.length));
    if (caller.kind !== "token") return;
    for (const name of ["iat", "exp", "nbf"]) this.#whole(name, 0);
    for (const name of ["formed", "hasNbf", "hasId", "bound", "byCertificate", "certificateFits", "byKey", "keyFits"])
      this.variables.set(name, "Bool");
    this.always.push(any("bound", not(any("byCertificate", "byKey"))));
    for (const n of pools.audiences.keys()) this.variables.set(`aud${n}`, "Bool");
    this.#whole("audiences", 0);
    const named = pools.audiences.map((_, n) => `(ite aud${n} 1 0)`);
    this.always.push("(<= audiences 8)", `(<= (+ 0 ${named.join(" ")}) audiences)`);
    for (const n of pools.scopes.keys()) this.variables.set(`scope${n}`, "Bool");
    this.#index("peer", pools.peers.length);
    [...pools.claims.values()].forEach((values, n) => {
      // One more: a whole number.
      this.#index(`claim${n}`, values.length + 1);
      this.#whole(`number${n}`, -most);
    });
  }

  #whole(name: string, least: number): void {
    this.variables.set(name, "Int");
    this.always.push(`(<= ${number(least)} ${name})`, `(<= ${name} ${most})`);
  }

  #index(name: string, count: number): void {
    this.variables.set(name, "Int");
    this.always.push(`(<= 0 ${name})`, `(< ${name} ${count})`);
  }

  /** One side's decision. */
  decide(model: Model): Encoded {
    const lookup = lookupIn(model);
    const { host, method, paths } = this.#call;
    const rows: Row[] = [];
    const demand = (passes: Smt, reason: string): void => void rows.push({ passes, reason });
    const found = lookup.operation(host, method, pathSegments(paths[0]!))?.found;
    const age = "(- now heard)";
    const done = (until: readonly Smt[], headers = "[]"): Encoded => ({
      allow: all(...rows.map(({ passes }) => passes)),
      rows,
      until: [String(most), ...until].reduce((a, b) => `(least ${a} ${b})`),
      headers,
    });

    // 0
    demand(`(<= heard (+ now ${clockSkew}))`, "revocations-stale");
    if (found?.operation.public) {
      const delay = Math.max(60 * Number(model.tiers.length === 0), ...model.tiers.map((t) => t.revocationDelay));
      demand(`(<= ${age} ${delay})`, "revocations-stale");
      return done([`(+ heard ${delay + 1})`]);
    }

    // 1
    const caller = this.#caller;
    const issuer = caller.kind === "token" ? lookup.issuerByUrl(caller.url) : undefined;
    let identity: Identity | undefined;
    if (caller.kind === "none") demand(no, "credential-missing");
    else if (caller.kind === "token") {
      if (!issuer) demand(no, "issuer-unknown");
      else {
        demand("formed", "claims-malformed");
        for (const claim of issuer.claims)
          demand(
            this.#claim(claim.name, (value) => fitsClaim(claim, value), claim.type === "integer"),
            "claims-malformed",
          );
        identity = lookup.identityOfToken(issuer.name, caller.subject);
        if (!identity) demand(no, "identity-unknown");
        else {
          const same = (spiffe: string | undefined): boolean =>
            spiffe === undefined || lookup.identityOfSpiffe(spiffe) === identity;
          demand(this.#oneOf("peer", this.#pools.peers, same), "identity-conflict");
        }
      }
    } else {
      identity =
        caller.kind === "svid" ? lookup.identityOfSpiffe(caller.spiffe) : lookup.identityOfKey(caller.id)?.identity;
      if (!identity) demand(no, "identity-unknown");
    }
    const tier = identity && lookup.tier(identity.tier);
    if (!identity || !tier) return done([]);

    // 2
    demand(within(identity.from, identity.expires), "identity-inactive");
    // 3
    if (caller.kind === "token" && tier.revokesTokens) demand("hasId", "claims-malformed");
    demand(`(<= ${age} ${tier.revocationDelay})`, "revocations-stale");
    const until: Smt[] = [`(+ heard ${tier.revocationDelay + 1})`];
    if (identity.expires !== undefined) until.push(number(identity.expires));
    const accepts = (way: (typeof tier.authentication)[number]): boolean => tier.authentication.includes(way);
    if (caller.kind === "token" && issuer) {
      // 4
      const ours = this.#pools.audiences.indexOf(issuer.audience);
      demand(all(`aud${ours}`, `(<= audiences ${tier.audiences})`), "audience");
      demand(
        all(`(<= (- iat ${clockSkew}) now)`, any("(not hasNbf)", `(<= (- nbf ${clockSkew}) now)`)),
        "token-not-yet-valid",
      );
      demand("(< now exp)", "token-expired");
      const { bound = 0, bearer = 0 } = tier.tokenLifetime;
      demand(`(<= (- exp iat) (ite bound ${bound} ${bearer}))`, "token-lifetime");
      until.push("exp");
      // 5
      const holds = all(any("(not byCertificate)", "certificateFits"), any("(not byKey)", "keyFits"));
      const ways = [
        accepts("bearer") ? "(not bound)" : no,
        accepts("mtls") ? all("bound", "byCertificate", holds) : no,
        accepts("dpop") ? all("bound", "byKey", holds) : no,
      ];
      demand(any(...ways), "authentication");
    } else if (caller.kind === "key" || caller.kind === "svid") {
      demand(accepts(caller.kind) ? yes : no, "authentication");
    }
    if (caller.kind === "key") {
      const { created } = lookup.identityOfKey(caller.id)!;
      const ends = created + (tier.keyRotation ?? 0) + 1;
      demand(within(created, ends), "authentication");
      until.push(number(ends));
    }

    // 6
    if (!found) {
      demand(no, "operation-unknown");
      return done(until);
    }
    const { scopes, minTrust } = found.operation;
    demand(tier.trust >= minTrust ? yes : no, "trust");
    // 7
    if (caller.kind === "token" && issuer) {
      const carries = (name: string, scope: string): boolean => lookup.scopesOfToken(issuer, [name]).has(scope);
      const needed = scopes.map((scope) =>
        any(...this.#pools.scopes.flatMap((name, n) => (carries(name, scope) ? [`scope${n}`] : []))),
      );
      demand(all(...needed), "scope-missing");
    }
    // 8
    const read = (fact: Fact): Reading => this.#read(fact, model, identity, found.template);
    const evaluate = (when: Condition | undefined): { readonly known: Smt; readonly holds: Smt } =>
      when ? evaluated(when, lookup.condition, read) : { known: yes, holds: yes };
    const grants = lookup.grantsTo(identity.name).filter((grant) => reaches(grant, found));
    const of = scopes.map((scope) => grants.filter((grant) => grant.scopes.includes(scope)));
    const states = new Map(
      grants.map((grant) => {
        const { known, holds } = evaluate(grant.when);
        const inForce = within(grant.from, grant.until);
        return [grant, { inForce, applies: all(inForce, known, holds) }];
      }),
    );
    const each = (test: (grant: Grant) => Smt): Smt => all(...of.map((list) => any(...list.map(test))));
    demand(of.every((list) => list.length > 0) ? yes : no, "scope-not-granted");
    demand(
      each((grant) => states.get(grant)!.inForce),
      "grant-inactive",
    );
    demand(
      each((grant) => states.get(grant)!.applies),
      "condition",
    );
    // 9
    const denies = lookup
      .deniesTo(identity.name)
      .filter((deny) => reaches(deny, found) && deny.scopes.some((scope) => scopes.includes(scope)));
    const against = denies.map((deny) => {
      const { known, holds } = evaluate(deny.when);
      return all(within(deny.from, deny.until), any(not(known), holds));
    });
    demand(not(any(...against)), "denied");
    // The first grant that applies, the longest-lived first, is the one that a decision rests on.
    for (const list of of) {
      until.push(
        list.reduceRight<Smt>((rest, grant) => {
          const ages = grant.when && readsAge(grant.when, lookup.condition) ? "(+ now 1)" : String(most);
          return `(ite ${states.get(grant)!.applies} (least ${grant.until ?? most} ${ages}) ${rest})`;
        }, String(most)),
      );
    }
    for (const { from, until: ends, when } of denies) {
      if (from !== undefined) until.push(`(ite (< now ${from}) ${from} ${most})`);
      if (when && readsAge(when, lookup.condition)) until.push(`(ite (< now ${ends ?? most}) (+ now 1) ${most})`);
    }
    const subject =
      caller.kind === "token"
        ? caller.subject
        : caller.kind === "svid"
          ? caller.spiffe
          : caller.kind === "key"
            ? caller.id
            : "";
    const headers = upstreamHeaders(found.api.headers, identity, subject, scopes);
    return done(until, JSON.stringify(Object.entries(headers).sort(([a], [b]) => (a < b ? -1 : 1))));
  }

  #oneOf<T>(name: string, values: readonly T[], test: (value: T) => boolean): Smt {
    const passing = values.flatMap((value, n) => (test(value) ? [`(= ${name} ${n})`] : []));
    return passing.length === values.length ? yes : any(...passing);
  }

  #claim(name: string, test: (value: unknown) => boolean, numbers: boolean): Smt {
    const place = [...this.#pools.claims.keys()].indexOf(name);
    const values = this.#pools.claims.get(name)!;
    const passing = values.flatMap((value, n) => (test(value) ? [`(= claim${place} ${n})`] : []));
    return any(...passing, ...(numbers ? [`(= claim${place} ${values.length})`] : []));
  }

  #read(fact: Fact, model: Model, identity: Identity, template: readonly { readonly kind: string }[]): Reading {
    const { host, method, paths } = this.#call;
    const { addresses, claims, headers } = this.#pools;
    const constant = (value: unknown): Reading => ({ unknown: no, cases: [{ when: yes, value }] });
    switch (fact.kind) {
      case "claim": {
        const caller = this.#caller;
        const issuer = caller.kind === "token" ? lookupIn(model).issuerByUrl(caller.url) : undefined;
        const place = [...claims.keys()].indexOf(fact.name);
        const values = claims.get(fact.name) ?? [];
        if (issuer?.name !== fact.issuer) return { unknown: yes, cases: [] };
        return {
          unknown: no,
          cases: [
            ...values.flatMap((value, n) => (value === undefined ? [] : [{ when: `(= claim${place} ${n})`, value }])),
            { when: `(= claim${place} ${values.length})`, number: `number${place}` },
          ],
        };
      }
      case "parameter": {
        const texts = paths.map((path) => parameterOf(fact.name, template, pathSegments(path)));
        const unread = (text: string | undefined): boolean => text === undefined || text.includes("%");
        return {
          unknown: this.#oneOf("path", texts, unread),
          cases: texts.flatMap((value, n) => (unread(value) ? [] : [{ when: `(= path ${n})`, value }])),
        };
      }
      case "request":
        if (fact.name === "host") return constant(host);
        if (fact.name === "method") return constant(method);
        if (fact.name === "path")
          return { unknown: no, cases: paths.map((value, n) => ({ when: `(= path ${n})`, value })) };
        return {
          unknown: this.#oneOf("ip", addresses, (ip) => ip === undefined || !parseIp(ip)),
          cases: addresses.flatMap((value, n) =>
            value !== undefined && parseIp(value) ? [{ when: `(= ip ${n})`, value }] : [],
          ),
        };
      case "header": {
        const place = [...headers.keys()].indexOf(fact.name);
        const values = headers.get(fact.name)!;
        const single = (value: unknown): unknown =>
          Array.isArray(value) ? (value.length === 1 ? value[0] : null) : value;
        return {
          unknown: this.#oneOf(`header${place}`, values, (value) => single(value) === null),
          cases: values.flatMap((value, n) =>
            typeof single(value) === "string" ? [{ when: `(= header${place} ${n})`, value: single(value) }] : [],
          ),
        };
      }
      case "token":
        if (this.#caller.kind !== "token") return { unknown: yes, cases: [] };
        return { unknown: no, cases: [{ when: yes, number: fact.name === "age" ? "(- now iat)" : "(- exp iat)" }] };
      case "identity":
        return constant(identity[fact.name]);
    }
  }

  /** The request that the solver found. */
  asked(values: Valuation): Asked {
    const { audiences, claims, headers, addresses, peers, scopes } = this.#pools;
    const is = (name: string): boolean => values.get(name) === 1;
    const of = (name: string): number => values.get(name)!;
    const caller = this.#caller;
    const told = [...headers].flatMap(([name, options], n) => {
      const value = options[of(`header${n}`)];
      return value === undefined ? [] : [[name, value] as const];
    });
    const request = {
      host: this.#call.host,
      method: this.#call.method,
      path: this.#call.paths[of("path")]!,
      ...(addresses[of("ip")] !== undefined && { ip: addresses[of("ip")]! }),
      headers: Object.fromEntries(told),
    };
    const parts: Record<string, unknown> = { time: of("now"), request };
    if (caller.kind === "key") parts.key = { id: caller.id };
    if (caller.kind === "svid") parts.peer = { spiffe: caller.spiffe };
    if (caller.kind === "token") {
      const named = audiences.filter((_, n) => is(`aud${n}`));
      const fill = Array.from({ length: of("audiences") - named.length }, (_, n) => `other${n}`);
      const own = [...claims].flatMap(([name, options], n) => {
        const at = of(`claim${n}`);
        const value = at === options.length ? of(`number${n}`) : options[at];
        return value === undefined ? [] : [[name, value] as const];
      });
      const certificate = is("byCertificate") && { "x5t#S256": "thumb" };
      parts.token = Object.fromEntries([
        ...own,
        ["iss", caller.url],
        ["sub", caller.subject],
        ["aud", is("formed") ? [...named, ...fill] : 7],
        ["iat", of("iat")],
        ["exp", of("exp")],
        ...(is("hasNbf") ? [["nbf", of("nbf")] as const] : []),
        ...(is("hasId") ? [["jti", "j1"] as const] : []),
        ["scope", scopes.filter((_, n) => is(`scope${n}`)).join(" ")],
        ...(is("bound") ? [["cnf", { ...certificate, ...(is("byKey") && { jkt: "print" }) }] as const] : []),
      ]);
      const spiffe = peers[of("peer")];
      parts.peer = {
        ...(spiffe !== undefined && { spiffe }),
        "x5t#S256": is("certificateFits") ? "thumb" : "another",
      };
      parts.proof = { jkt: is("keyFits") ? "print" : "another" };
    }
    return { input: parts as unknown as Input, revocations: { at: of("heard"), floor: 0 } };
  }
}

function within(from: number | undefined, until: number | undefined): Smt {
  return all(
    from === undefined ? yes : `(<= ${number(from)} now)`,
    until === undefined ? yes : `(< now ${number(until)})`,
  );
}

function parameterOf(
  name: string,
  template: readonly { readonly kind: string }[],
  path: readonly string[],
): string | undefined {
  const place = template.findIndex(
    (segment) => segment.kind !== "literal" && (segment as { name?: string }).name === name,
  );
  if (place < 0) return undefined;
  return template[place]!.kind === "rest" ? path.slice(place).join("/") : path[place];
}

/** Unknown where any fact is that it reads; else by its parts. */
function evaluated(
  when: Condition,
  named: (name: string) => Condition,
  read: (fact: Fact) => Reading,
): { readonly known: Smt; readonly holds: Smt } {
  const holds = (condition: Condition): Smt => {
    switch (condition.kind) {
      case "constant":
        return condition.value ? yes : no;
      case "named":
        return holds(named(condition.name));
      case "and":
        return all(...condition.of.map(holds));
      case "or":
        return any(...condition.of.map(holds));
      case "not":
        return not(holds(condition.of));
      case "present":
        return any(...read(condition.fact).cases.map((c) => c.when));
      case "same":
        return same(read(condition.left).cases, read(condition.right).cases);
      default:
        return any(...read(condition.fact).cases.map((c) => all(c.when, tested(condition, c))));
    }
  };
  return { known: not(any(...factsOf(when, named).map((fact) => read(fact).unknown))), holds: holds(when) };
}

/** There may be hundreds of each, of which few are equal. */
function same(left: readonly Case[], right: readonly Case[]): Smt {
  const numbers = right.filter((b) => "number" in b);
  const constants = Map.groupBy(right, (b) => ("number" in b ? undefined : b.value));
  return any(
    ...left.flatMap((a) => {
      const others = "number" in a ? right : [...numbers, ...(constants.get(a.value) ?? [])];
      return others.map((b) => all(a.when, b.when, equal(a, b)));
    }),
  );
}

function equal(a: Case, b: Case): Smt {
  if ("number" in a)
    return "number" in b ? `(= ${a.number} ${b.number})` : isWhole(b.value) ? `(= ${a.number} ${number(b.value)})` : no;
  if ("number" in b) return equal(b, a);
  return typeof a.value !== "object" && a.value === b.value ? yes : no;
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

type Test = Exclude<Condition, { kind: "and" | "constant" | "named" | "not" | "or" | "present" | "same" }>;
const signs = { equal: "=", less: "<", "less-or-equal": "<=", greater: ">", "greater-or-equal": ">=" } as const;

function tested(test: Test, of: Case): Smt {
  if ("number" in of) {
    if (test.kind === "compare")
      return typeof test.literal === "number" ? `(${signs[test.operator]} ${of.number} ${number(test.literal)})` : no;
    if (test.kind !== "in") return no;
    return any(...test.values.flatMap((value) => (isWhole(value) ? [`(= ${of.number} ${number(value)})`] : [])));
  }
  return passes(test, of.value) ? yes : no;
}

function passes(test: Test, value: unknown): boolean {
  switch (test.kind) {
    case "compare": {
      if (test.operator === "equal") return value === test.literal;
      if (typeof value !== "number" || typeof test.literal !== "number") return false;
      const [x, y] = [value, test.literal];
      return { less: x < y, "less-or-equal": x <= y, greater: x > y, "greater-or-equal": x >= y }[test.operator];
    }
    case "in":
      return test.values.some((other) => other === value);
    case "includes":
      return isTexts(value) && value.includes(test.text);
    case "starts-with":
      return typeof value === "string" && value.startsWith(test.text);
    case "ends-with":
      return typeof value === "string" && value.endsWith(test.text);
    case "cidr": {
      const [address, range] = [typeof value === "string" ? parseIp(value) : undefined, parseIpRange(test.range)];
      return address !== undefined && "bytes" in range && rangeContains(range, address);
    }
  }
}
