/** Finds things of a model by name, built once per model. */
import type { Condition } from "./condition.ts";
import type { Api, Deny, Grant, Identity, Issuer, Model, Operation, Tier } from "./model.ts";
import { comparePrecedence, matchTemplate, parseTemplate, type TemplateSegment } from "./path-template.ts";
import { isSpiffeId, matchesSpiffe, relatePatterns } from "./spiffe.ts";

export interface FoundOperation {
  readonly api: Api;
  readonly operation: Operation;
  /** `orders.example.com POST /v1/orders`, as decisions name it. */
  readonly name: string;
  readonly template: readonly TemplateSegment[];
}

export interface Lookup {
  readonly tier: (name: string) => Tier | undefined;
  readonly issuerByUrl: (url: string) => Issuer | undefined;
  /** The exact subject of an issuer, else its narrowest pattern. */
  readonly identityOfToken: (issuer: string, subject: string) => Identity | undefined;
  /** The same over the SPIFFE subjects of all issuers: an SVID has no issuer of ours. */
  readonly identityOfSpiffe: (id: string) => Identity | undefined;
  readonly identityOfKey: (id: string) => { readonly identity: Identity; readonly created: number } | undefined;
  readonly scopesOfToken: (issuer: Issuer, names: readonly string[]) => ReadonlySet<string>;
  readonly operation: (
    host: string,
    method: string,
    path: readonly string[],
  ) => { found: FoundOperation; parameters: ReadonlyMap<string, string> } | undefined;
  readonly condition: (name: string) => Condition;
  /** Grants to the identity, directly or through a group, the longest-lived first, then by name. */
  readonly grantsTo: (identity: string) => readonly Grant[];
  readonly deniesTo: (identity: string) => readonly Deny[];
  readonly publicDelay: number;
}

const defaultRevocationDelay = 60;
/** In place of a condition that is not declared: no path has this parameter, so a grant does not apply and a deny does. */
export const unreadable: Condition = { kind: "present", fact: { kind: "parameter", name: "" } };
const cache = new WeakMap<Model, Lookup>();

export function lookupIn(model: Model): Lookup {
  let lookup = cache.get(model);
  if (!lookup) {
    lookup = buildLookup(model);
    cache.set(model, lookup);
  }
  return lookup;
}

function buildLookup(model: Model): Lookup {
  const tiers = byName(model.tiers);
  const conditions = byName(model.conditions);
  const issuers = new Map(model.issuers.map((i) => [i.url, i]));
  const implied = new Map(model.scopes.map((s) => [s.name, [s.name, ...s.implies]]));
  const translations = new Map(model.issuers.map((i) => [i.name, new Map(i.translate.map((t) => [t.from, t.to]))]));
  const identities = byName(model.identities);
  const subjects = new SubjectTable(model.identities);
  const keys = new Map(
    model.identities.flatMap((identity) => identity.keys.map((k) => [k.id, { identity, created: k.created }] as const)),
  );
  const operations = operationTable(model.apis);
  const memberships = new Map<string, string[]>();
  for (const group of model.groups) {
    for (const member of group.members) push(memberships, member, group.name);
  }
  const grants = ruleTable(model.grants.toSorted(longestFirst), memberships);
  const denies = ruleTable(model.denies, memberships);
  return {
    tier: (name) => tiers.get(name),
    issuerByUrl: (url) => issuers.get(url),
    identityOfToken: (issuer, subject) => subjects.find(issuer, subject),
    identityOfSpiffe: (id) => (isSpiffeId(id) ? subjects.find(undefined, id) : undefined),
    identityOfKey: (id) => keys.get(id),
    scopesOfToken: (issuer, names) =>
      new Set(names.flatMap((name) => implied.get(name) ?? translations.get(issuer.name)?.get(name) ?? [])),
    operation: (host, method, path) => {
      for (const found of operations.get(`${host} ${method}`) ?? []) {
        const parameters = matchTemplate(found.template, path);
        if (parameters) return { found, parameters };
      }
      return undefined;
    },
    condition: (name) => conditions.get(name)?.when ?? unreadable,
    grantsTo: (name) => (identities.has(name) ? grants(name) : []),
    deniesTo: (name) => (identities.has(name) ? denies(name) : []),
    publicDelay: publicDelayOf(model),
  };
}

/** How old knowledge of revocations may be where no tier says it: the longest delay of any tier. */
export function publicDelayOf({ tiers }: Model): number {
  return tiers.length > 0 ? Math.max(...tiers.map((tier) => tier.revocationDelay)) : defaultRevocationDelay;
}

function byName<T extends { readonly name: string }>(items: readonly T[]): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [item.name, item]));
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** The order in which grants of one scope are tried: a decision then rests on what lasts longest. */
export function longestFirst(a: Grant, b: Grant): number {
  const [x, y] = [a.until ?? Number.POSITIVE_INFINITY, b.until ?? Number.POSITIVE_INFINITY];
  return x !== y ? (x > y ? -1 : 1) : a.name < b.name ? -1 : 1;
}

class SubjectTable {
  readonly #exact = new Map<string, Identity>();
  readonly #patterns: Identity[] = [];

  constructor(identities: readonly Identity[]) {
    for (const identity of identities) {
      const { issuer, subject } = identity;
      if (subject === undefined || issuer === undefined) continue;
      if (isPatternSubject(subject)) this.#patterns.push(identity);
      else {
        this.#exact.set(`${issuer} ${subject}`, identity);
        // The checker has made SPIFFE subjects unique over all issuers.
        if (subject.startsWith("spiffe://")) this.#exact.set(` ${subject}`, identity);
      }
    }
  }

  /** Without an issuer: among all SPIFFE subjects. */
  find(issuer: string | undefined, subject: string): Identity | undefined {
    const exact = this.#exact.get(`${issuer ?? ""} ${subject}`);
    if (exact || !isSpiffeId(subject)) return exact;
    let narrowest: Identity | undefined;
    for (const identity of this.#patterns) {
      if ((issuer !== undefined && identity.issuer !== issuer) || !matchesSpiffe(identity.subject ?? "", subject))
        continue;
      if (!narrowest || relatePatterns(identity.subject ?? "", narrowest.subject ?? "") === "narrower")
        narrowest = identity;
    }
    return narrowest;
  }
}

/** Only a SPIFFE subject can be a pattern; elsewhere `*` is a character. */
export function isPatternSubject(subject: string): boolean {
  return subject.startsWith("spiffe://") && subject.includes("*");
}

function operationTable(apis: readonly Api[]): ReadonlyMap<string, readonly FoundOperation[]> {
  const table = new Map<string, FoundOperation[]>();
  for (const api of apis) {
    for (const operation of api.operations) {
      const template = parseTemplate(operation.template);
      if ("problem" in template) continue; // the checker has refused it
      const name = `${api.host} ${operation.method} ${operation.template}`;
      push(table, `${api.host} ${operation.method}`, { api, operation, name, template });
    }
  }
  for (const list of table.values()) list.sort((a, b) => comparePrecedence(a.template, b.template));
  return table;
}

function ruleTable<R extends Grant | Deny>(
  rules: readonly R[],
  memberships: ReadonlyMap<string, readonly string[]>,
): (identity: string) => readonly R[] {
  const position = new Map(rules.map((rule, i) => [rule, i]));
  const toIdentity = new Map<string, R[]>();
  const toGroup = new Map<string, R[]>();
  for (const rule of rules) {
    for (const name of rule.to.identities) push(toIdentity, name, rule);
    for (const name of rule.to.groups) push(toGroup, name, rule);
  }
  return (identity) => {
    const found = new Set(toIdentity.get(identity));
    for (const group of memberships.get(identity) ?? []) for (const rule of toGroup.get(group) ?? []) found.add(rule);
    return [...found].sort((a, b) => (position.get(a) ?? 0) - (position.get(b) ?? 0));
  };
}
