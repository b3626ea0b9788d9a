/** Random edits of a small estate: one declaration is added, changed or taken away, as people do, so that the result is an estate again. */
import {
  type Api,
  type Claim,
  type Condition,
  type Deny,
  type Grant,
  type Holders,
  type Identity,
  type Issuer,
  isPatternSubject,
  type Literal,
  type Model,
  normalise,
  type Operation,
  relatePatterns,
  type Tier,
} from "../../src/model/index.ts";
import { headerNames, randomCondition, ranges, words } from "../agree/random-condition.ts";
import { now } from "../agree/random-model.ts";
import { mapTests } from "../agree/sayable.ts";
import type { Random } from "../random.ts";
import { tellingCondition } from "./telling-condition.ts";

/** Nothing where there is nothing of the kind to edit. */
type Edit = (random: Random, model: Model) => Partial<Model> | undefined;

/** By what they do, for counts. */
export const edits: Readonly<Record<string, Edit>> = {
  "tier: trust": tier((random) => ({ trust: random.pick([0, 20, 39, 40, 41, 100]) })),
  "tier: methods": tier((random, { authentication }) => ({
    authentication: toggled(authentication, random.pick(["bearer", "dpop", "key", "mtls", "svid"] as const)),
  })),
  "tier: bound lifetime": tier((random, { tokenLifetime: { bound, ...rest } }) => ({
    tokenLifetime: { ...rest, ...(random.chance(0.8) && { bound: near(random, bound ?? 60) }) },
  })),
  "tier: bearer lifetime": tier((random, { tokenLifetime: { bearer, ...rest } }) => ({
    tokenLifetime: { ...rest, ...(random.chance(0.8) && { bearer: near(random, bearer ?? 60) }) },
  })),
  "tier: audiences": tier((random) => ({ audiences: random.int(1, 4) })),
  "tier: tokens are revoked": tier((_, { revokesTokens }) => ({ revokesTokens: !revokesTokens })),
  "tier: delay": tier((random, { revocationDelay }) => ({ revocationDelay: near(random, revocationDelay) })),
  "tier: rotation": tier((random, { keyRotation, ...rest }) =>
    random.chance(0.2) ? rest : { ...rest, keyRotation: near(random, keyRotation ?? 100) },
  ),
  "tier: what no decision reads": tier((_, { wildcards }) => ({ wildcards: !wildcards, grantLifetime: 7 })),

  "issuer: address": issuer((random) => ({ url: `https://other${random.int(0, 3)}.example.com` })),
  "issuer: audience": issuer((random) => ({ audience: `https://apis${random.int(0, 3)}.example.com` })),
  "issuer: a claim more": issuer((random, { claims }) => {
    const name = random.pick(["region", "tenant", "level", "x-y"]);
    if (claims.some((claim) => claim.name === name)) return undefined;
    const type = random.pick(["boolean", "integer", "string", "strings"] as const);
    return { claims: [...claims, { name, type, optional: random.chance(0.6) }] };
  }),
  "issuer: a claim less": issuer((random, { claims }) => ({ claims: without(random, claims) })),
  "issuer: a claim optional": claim((_, { optional }) => ({ optional: !optional })),
  "issuer: values of a claim": claim((random, { type, values }) =>
    type !== "string" ? undefined : { values: values ? toggled(values, random.pick(words)) : random.some(words, 4) },
  ),
  "issuer: a claim takes any text": claim(
    (_, { values, ...rest }) => values && { ...rest, values: undefined as never },
  ),
  "issuer: translation": issuer((random, { translate }, { scopes }) => {
    const from = random.pick(["Orders.All", "Orders.Some", "constructor"]);
    const to = random.some(scopes, 2).map(({ name }) => name);
    return { translate: [...translate.filter((t) => t.from !== from), ...(random.chance(0.7) ? [{ from, to }] : [])] };
  }),
  "issuer: another name": (random, model) => {
    const { name } = random.pick(model.issuers);
    if (has(model.issuers, "renamedIssuer")) return undefined;
    const renamed = (text: string): string => (text === name ? "renamedIssuer" : text);
    return {
      ...(mapFacts(model, (fact) =>
        fact.kind === "claim" ? { ...fact, issuer: renamed(fact.issuer) } : fact,
      ) as Partial<Model>),
      issuers: model.issuers.map((i) => ({ ...i, name: renamed(i.name) })),
      identities: model.identities.map((i) => (i.issuer === undefined ? i : { ...i, issuer: renamed(i.issuer) })),
    };
  },

  "identity: gone": (random, model) => {
    const gone = random.pick(model.identities).name;
    const left = (names: readonly string[]): string[] => names.filter((name) => name !== gone);
    const rule = <R extends { readonly to: Holders }>(r: R): R => ({
      ...r,
      to: { ...r.to, identities: left(r.to.identities) },
    });
    return {
      identities: model.identities.filter(({ name }) => name !== gone),
      groups: model.groups.map((group) => ({ ...group, members: left(group.members) })),
      grants: model.grants.map(rule),
      denies: model.denies.map(rule),
    };
  },
  "identity: a new one": (random, model) => {
    const subject = random.pick([
      "fresh",
      `spiffe://example.org/${random.pick(["ns", "sa", "w", "*"])}/new`,
      ...subjects,
    ]);
    const of = random.pick(model.issuers).name;
    if (model.identities.some((i) => i.name === "fresh" || clash(i, of, subject))) return undefined;
    const fresh: Identity = {
      name: "fresh",
      tier: random.pick(model.tiers).name,
      issuer: of,
      subject,
      keys: random.chance(0.3) ? [{ id: "fresh-key", created: now - 1 }] : [],
      owner: "team-b@example.com",
      tags: [],
    };
    const to = random.pick(model.grants)?.name;
    return {
      identities: [...model.identities, fresh],
      grants: model.grants.map((g) =>
        g.name === to ? { ...g, to: { ...g.to, identities: [...g.to.identities, "fresh"] } } : g,
      ),
    };
  },
  "identity: another name": (random, model) => {
    const { name } = random.pick(model.identities);
    if (has(model.identities, "renamedIdentity")) return undefined;
    const renamed = (text: string): string => (text === name ? "renamedIdentity" : text);
    const rule = <R extends { readonly to: Holders }>(r: R): R => ({
      ...r,
      to: { ...r.to, identities: r.to.identities.map(renamed) },
    });
    return {
      identities: model.identities.map((i) => ({ ...i, name: renamed(i.name) })),
      groups: model.groups.map((group) => ({ ...group, members: group.members.map(renamed) })),
      grants: model.grants.map(rule),
      denies: model.denies.map(rule),
    };
  },
  "identity: tier": identity((random, _, { tiers }) => ({ tier: random.pick(tiers).name })),
  "identity: subject": identity((random, { name, issuer: of }, { identities }) => {
    const subject = random.pick(subjects);
    const taken = identities.some((i) => i.name !== name && clash(i, of ?? "", subject));
    return of === undefined || taken ? undefined : { subject };
  }),
  "identity: issuer": identity((random, { name, subject }, { identities, issuers }) => {
    const of = random.pick(issuers).name;
    if (subject === undefined || identities.some((i) => i.name !== name && clash(i, of, subject))) return undefined;
    return { issuer: of };
  }),
  "identity: a key more": identity((random, { name, keys }) => {
    const id = `${name}-key${random.int(2, 4)}`;
    return { keys: [...keys.filter((key) => key.id !== id), { id, created: now - random.pick([0, 1, 100, 101]) }] };
  }),
  "identity: a key less": identity((random, { keys }) =>
    keys.length === 0 ? undefined : { keys: without(random, keys) },
  ),
  "identity: age of a key": identity((random, { keys }) =>
    keys.length === 0 ? undefined : { keys: keys.map((key) => ({ ...key, created: near(random, key.created) })) },
  ),
  "identity: key of another": (random, model) => {
    const [from, to] = [random.pick(model.identities), random.pick(model.identities)];
    const [key] = from.keys;
    if (!key || from === to) return undefined;
    return {
      identities: model.identities.map((i) =>
        i === from ? { ...i, keys: i.keys.slice(1) } : i === to ? { ...i, keys: [...i.keys, key] } : i,
      ),
    };
  },
  "identity: owner": identity((random) => ({ owner: random.pick(["team-a@example.com", "team-c@example.com"]) })),
  "identity: beginning": identity((random, { from, ...rest }) =>
    random.chance(0.3) ? rest : { ...rest, from: near(random, from ?? now) },
  ),
  "identity: end": identity((random, { expires, ...rest }) =>
    random.chance(0.3) ? rest : { ...rest, expires: near(random, expires ?? now + 5) },
  ),
  "identity: tags": identity((random, { tags }) => ({ tags: toggled(tags, random.pick(words)) })),

  "group: members": (random, model) => {
    if (model.groups.length === 0) return undefined;
    const chosen = random.pick(model.groups);
    const member = random.pick(model.identities).name;
    return {
      groups: model.groups.map((g) => (g === chosen ? { ...g, members: toggled(g.members, member) } : g)),
    };
  },

  "scope: implication": (random, model) => {
    const [one, other] = [random.pick(model.scopes), random.pick(model.scopes)];
    if (!one || one === other || other!.implies.length > 0) return undefined;
    return {
      scopes: model.scopes.map((s) => (s === one ? { ...s, implies: toggled(s.implies, other!.name) } : s)),
    };
  },
  "scope: a new one": (random, model) => {
    if (model.scopes.some(({ name }) => name === "orders:extra")) return undefined;
    const wide = random.pick(model.grants)?.name;
    return {
      scopes: [...model.scopes, { name: "orders:extra", implies: [] }],
      grants: model.grants.map((g) => (g.name === wide ? { ...g, scopes: [...g.scopes, "orders:extra"] } : g)),
    };
  },

  "api: host": api((random, { operations }, { apis }) => {
    const host = random.pick(["orders.example.com", "files.example.com", "moved.example.com"]);
    return operations.some((o) => taken(apis, host, o)) ? undefined : { host };
  }),
  "api: another name": (random, model) => {
    const { name } = random.pick(model.apis);
    if (has(model.apis, "renamedApi")) return undefined;
    const renamed = (text: string): string => (text === name ? "renamedApi" : text);
    const rule = <R extends { readonly on?: readonly string[] }>(r: R): R => ({
      ...r,
      ...(r.on && { on: r.on.map(renamed) }),
    });
    return {
      apis: model.apis.map((a) => ({ ...a, name: renamed(a.name) })),
      grants: model.grants.map(rule),
      denies: model.denies.map(rule),
    };
  },
  "api: a header more": api((random, { headers }, { scopes }) => {
    const name = random.pick(["x-caller", "x-new"]);
    const text = random.pick(["{identity}", "{tier} of {owner}", "fixed", "{subject}"]);
    const header =
      random.chance(0.6) || scopes.length === 0
        ? ({ kind: "text", name, text } as const)
        : ({ kind: "by-scope", name, values: [{ scope: random.pick(scopes).name, value: text }] } as const);
    return { headers: [...headers.filter((h) => h.name !== name), header] };
  }),
  "api: a header less": api((random, { headers }) =>
    headers.length === 0 ? undefined : { headers: without(random, headers) },
  ),
  "api: gone": (random, model) => {
    if (model.apis.length < 2) return undefined;
    const gone = random.pick(model.apis).name;
    const rule = <R extends { readonly on?: readonly string[] }>(r: R): R => ({
      ...r,
      ...(r.on && { on: r.on.filter((n) => n !== gone) }),
    });
    return {
      apis: model.apis.filter(({ name }) => name !== gone),
      grants: model.grants.map(rule),
      denies: model.denies.map(rule),
    };
  },
  "operation: gone": api((random, { operations }) => ({ operations: without(random, operations) })),
  "operation: a new one": api((random, { host, operations }, { apis, scopes }) => {
    if (scopes.length === 0) return undefined;
    const method = random.pick(["GET", "GET", "POST"]);
    const template = random.pick(templates);
    const fresh = {
      method,
      template,
      public: false,
      scopes: [random.pick(scopes).name],
      minTrust: 0,
      name: `${method} ${template}`,
    };
    return taken(apis, host, fresh) ? undefined : { operations: [...operations, fresh] };
  }),
  "operation: another template": operation((random, { method }, { host }, { apis }) => {
    const template = random.pick(templates);
    const moved = { method, template, name: `${method} ${template}` };
    return taken(apis, host, moved) ? undefined : moved;
  }),
  "operation: another name of a parameter": operation((_, { method, template }) => {
    const renamed = template.replace(/\{(\w+)/, "{renamed");
    return renamed === template ? undefined : { template: renamed, name: `${method} ${renamed}` };
  }),
  "operation: public": operation((random, { public: open }, _, { scopes }) =>
    open
      ? { public: false, scopes: random.some(scopes, 2).map((s) => s.name) }
      : { public: true, scopes: [], minTrust: 0 },
  ),
  "operation: scopes": operation((random, { public: open, scopes: needed }, _, { scopes }) => {
    if (open || scopes.length === 0) return undefined;
    const changed = toggled(needed, random.pick(scopes).name);
    return changed.length === 0 ? undefined : { scopes: changed };
  }),
  "operation: trust": operation((random, { public: open }) =>
    open ? undefined : { minTrust: random.pick([0, 20, 21, 40, 41]) },
  ),

  "condition: changed": (random, model) => {
    if (model.conditions.length === 0) return undefined;
    const chosen = random.pick(model.conditions);
    return {
      conditions: model.conditions.map((c) => (c === chosen ? { ...c, when: changed(random, model, c.when) } : c)),
    };
  },

  "grant: gone": (random, model) => ({ grants: without(random, model.grants) }),
  "grant: a new one": (random, model) => {
    if (model.scopes.length === 0 || has(model.grants, "freshGrant")) return undefined;
    const fresh: Grant = {
      name: "freshGrant",
      to: { identities: random.some(model.identities, 2).map((i) => i.name), groups: [] },
      scopes: random.some(model.scopes, 3).map((s) => s.name),
      patterns: [],
      emergency: random.chance(0.3),
      ...(random.chance(0.4) && { when: freshCondition(random, model) }),
      ...(random.chance(0.3) && { until: now + random.int(0, 60) }),
    };
    return { grants: [...model.grants, fresh] };
  },
  "grant: holders": grant((random, g, model) => ({ to: otherHolders(random, g.to, model) })),
  "grant: scopes": grant((random, { scopes: given }, { scopes }) =>
    scopes.length === 0 ? undefined : { scopes: toggled(given, random.pick(scopes).name) },
  ),
  "grant: where": grant((random, { on, ...rest }, { apis }) =>
    on
      ? random.chance(0.5)
        ? rest
        : { ...rest, on: toggled(on, random.pick(apis).name) }
      : { ...rest, on: random.some(apis, 1).map((a) => a.name) },
  ),
  "grant: without its condition": grant((_, { when, ...rest }) => when && rest),
  "grant: condition": grant((random, { when }, model) => ({
    when: when ? changed(random, model, when) : freshCondition(random, model),
  })),
  "grant: beginning": grant((random, { from, ...rest }) =>
    random.chance(0.3) ? rest : { ...rest, from: near(random, from ?? now) },
  ),
  "grant: end": grant((random, { until, ...rest }) =>
    random.chance(0.3) ? rest : { ...rest, until: near(random, until ?? now + 3) },
  ),
  "grant: another name": grant((_, __, { grants }) => !has(grants, "aRenamedGrant") && { name: "aRenamedGrant" }),
  "grant: an emergency": grant((_, { emergency }) => ({ emergency: !emergency })),
  "grant: what no decision reads": grant(() => ({ patterns: ["orders:*"], reason: "other words" })),

  "deny: gone": (random, model) => (model.denies.length === 0 ? undefined : { denies: without(random, model.denies) }),
  "deny: a new one": (random, model) => {
    if (model.scopes.length === 0 || has(model.denies, "freshDeny")) return undefined;
    const fresh: Deny = {
      name: "freshDeny",
      to: { identities: random.some(model.identities, 2).map((i) => i.name), groups: [] },
      scopes: random.some(model.scopes, 3).map((s) => s.name),
      patterns: [],
      ...(random.chance(0.6) && { when: freshCondition(random, model) }),
      ...(random.chance(0.3) && { from: now + random.int(-2, 3) }),
      ...(random.chance(0.3) && { until: now + random.int(0, 60) }),
    };
    return { denies: [...model.denies, fresh] };
  },
  "deny: holders": deny((random, d, model) => ({ to: otherHolders(random, d.to, model) })),
  "deny: scopes": deny((random, { scopes: given }, { scopes }) =>
    scopes.length === 0 ? undefined : { scopes: toggled(given, random.pick(scopes).name) },
  ),
  "deny: where": deny((random, { on, ...rest }, { apis }) =>
    on
      ? random.chance(0.5)
        ? rest
        : { ...rest, on: toggled(on, random.pick(apis).name) }
      : { ...rest, on: random.some(apis, 1).map((a) => a.name) },
  ),
  "deny: without its condition": deny((_, { when, ...rest }) => when && rest),
  "deny: condition": deny((random, { when }, model) => ({
    when: when ? changed(random, model, when) : freshCondition(random, model),
  })),
  "deny: beginning": deny((random, { from, ...rest }) =>
    random.chance(0.3) ? rest : { ...rest, from: near(random, from ?? now) },
  ),
  "deny: end": deny((random, { until, ...rest }) =>
    random.chance(0.3) ? rest : { ...rest, until: near(random, until ?? now + 3) },
  ),
  "nothing at all": () => ({}),
};

/** Edits that leave the meaning alone, wherever `{identity}` is not sent. */
export const quietEdits = [
  "tier: what no decision reads",
  "issuer: another name",
  "api: another name",
  "operation: another name of a parameter",
  "grant: an emergency",
  "grant: what no decision reads",
  "nothing at all",
] as const;

const templates = [
  "/a",
  "/a/b",
  "/a/{tenant}",
  "/{id}/b",
  "/v1/{tenant}/{id}",
  "/v1/{name...}",
  "/{name...}",
  "/a/",
  "/",
];
const subjects = [
  "client-new",
  "spiffe://example.org/ns/sa",
  "spiffe://example.org/ns/*",
  "spiffe://example.org/*/sa",
  "spiffe://example.org/*/*",
  "spiffe://a/w",
  "spiffe://a/*",
];

export interface Edited {
  readonly model: Model;
  readonly names: readonly string[];
}

/** @param count how many edits */
export function editModel(random: Random, model: Model, count: number): Edited {
  const names: string[] = [];
  let result = model;
  for (let tries = 0; names.length < count && tries < 100; tries++) {
    const name = random.pick(Object.keys(edits));
    const changes = editable(result, name) ? edits[name]!(random, result) : undefined;
    if (!changes) continue;
    names.push(name);
    result = normalise({ ...result, ...changes });
  }
  return { model: result, names };
}

function editable({ identities, apis, tiers, issuers, grants }: Model, name: string): boolean {
  const [kind] = name.split(":");
  if (tiers.length === 0 || issuers.length === 0 || identities.length === 0) return false;
  if (kind === "api" || kind === "operation" || name.endsWith("where"))
    return apis.some((a) => a.operations.length > 0);
  return kind !== "grant" && kind !== "identity" && kind !== "scope" ? true : grants.length > 0;
}

type Change<T> = (random: Random, item: T, model: Model) => Partial<T> | undefined | false;

function edit<Part extends "denies" | "grants" | "identities" | "issuers" | "tiers" | "apis">(part: Part) {
  type Item = Model[Part][number];
  return (change: Change<Item>): Edit =>
    (random, model) => {
      const items = model[part] as readonly Item[];
      if (items.length === 0) return undefined;
      const chosen = random.pick(items);
      const changes = change(random, chosen, model);
      if (!changes) return undefined;
      // What names everything that is needed replaces: a member that it leaves out is gone.
      const whole = "name" in changes && Object.keys(changes).length > 2;
      const replaced = (whole ? changes : { ...chosen, ...changes }) as Item;
      return { [part]: items.map((item) => (item === chosen ? replaced : item)) };
    };
}

function tier(change: Change<Tier>): Edit {
  return edit("tiers")(change);
}
function issuer(change: Change<Issuer>): Edit {
  return edit("issuers")(change);
}
function identity(change: Change<Identity>): Edit {
  return edit("identities")(change);
}
function api(change: Change<Api>): Edit {
  return edit("apis")(change);
}
function grant(change: Change<Grant>): Edit {
  return edit("grants")(change);
}
function deny(change: Change<Deny>): Edit {
  return edit("denies")(change);
}

function claim(change: (random: Random, claim: Claim) => Partial<Claim> | undefined | false): Edit {
  return issuer((random, { claims }) => {
    if (claims.length === 0) return undefined;
    const chosen = random.pick(claims);
    const changes = change(random, chosen);
    if (!changes) return undefined;
    const { values, ...rest } = { ...chosen, ...changes };
    return { claims: claims.map((c) => (c === chosen ? { ...rest, ...(values && { values }) } : c)) };
  });
}

function operation(
  change: (random: Random, operation: Operation, api: Api, model: Model) => Partial<Operation> | undefined,
): Edit {
  return api((random, of, model) => {
    if (of.operations.length === 0) return undefined;
    const chosen = random.pick(of.operations);
    const changes = change(random, chosen, of, model);
    if (!changes) return undefined;
    return { operations: of.operations.map((o) => (o === chosen ? { ...o, ...changes } : o)) };
  });
}

/** A boundary moves by little, or far. */
function near(random: Random, value: number): number {
  return Math.max(0, value + random.pick([-60, -2, -1, 1, 2, 60]));
}

function has(items: readonly { readonly name: string }[], name: string): boolean {
  return items.some((item) => item.name === name);
}

function toggled<T extends string>(items: readonly T[], item: T): T[] {
  return items.includes(item) ? items.filter((other) => other !== item) : [...items, item];
}

function without<T>(random: Random, items: readonly T[]): T[] {
  const gone = random.int(0, items.length - 1);
  return items.filter((_, n) => n !== gone);
}

function otherHolders(random: Random, to: Holders, { identities, groups }: Model): Holders {
  return random.chance(0.7) || groups.length === 0
    ? { ...to, identities: toggled(to.identities, random.pick(identities).name) }
    : { ...to, groups: toggled(to.groups, random.pick(groups).name) };
}

/** The rules of the language: subjects are unique, those of SPIFFE over all issuers, and of two patterns that overlap one is the narrower. */
function clash(other: Identity, of: string, subject: string): boolean {
  const { issuer: otherIssuer, subject: otherSubject } = other;
  if (otherSubject === undefined) return false;
  if (otherSubject === subject) return otherIssuer === of || subject.startsWith("spiffe://");
  return (
    isPatternSubject(otherSubject) &&
    isPatternSubject(subject) &&
    ["equal", "overlapping"].includes(relatePatterns(otherSubject, subject))
  );
}

/** Two operations that are equal up to the names of parameters are one. */
function taken(
  apis: readonly Api[],
  host: string,
  { method, template }: Pick<Operation, "method" | "template">,
): boolean {
  const shape = (text: string): string => text.replaceAll(/\{\w+(\.\.\.)?\}/g, "{$1}");
  return apis.some(
    (a) => a.host === host && a.operations.some((o) => o.method === method && shape(o.template) === shape(template)),
  );
}

function freshCondition(random: Random, model: Model): Condition {
  if (random.chance(0.4)) return tellingCondition(random, model);
  const context = {
    issuer: random.chance(0.8) ? random.pick(model.issuers) : undefined,
    parameters: ["tenant", "id", ...headerNames.slice(2)],
    named: model.conditions.map(({ name }) => name),
  };
  // A named condition may name only those before it; of any it stays without a cycle where it names none that names others.
  const leaves = model.conditions.filter(({ when }) => !JSON.stringify(when).includes('"named"')).map((c) => c.name);
  return randomCondition(random, { ...context, named: leaves }, random.int(0, 2));
}

/** One place of a condition is another. */
function changed(random: Random, model: Model, condition: Condition): Condition {
  const plain = (): Condition => withoutNamed(freshCondition(random, model));
  switch (condition.kind) {
    case "and":
    case "or": {
      const at = random.int(0, condition.of.length - 1);
      const roll = random.int(0, 4);
      if (roll === 0) return { ...condition, kind: condition.kind === "and" ? "or" : "and" };
      if (roll === 1) return { ...condition, of: [...condition.of, plain()] };
      if (roll === 2) return { ...condition, of: condition.of.filter((_, n) => n !== at) };
      return { ...condition, of: condition.of.map((c, n) => (n === at ? changed(random, model, c) : c)) };
    }
    case "not":
      return random.chance(0.4) ? condition.of : { ...condition, of: changed(random, model, condition.of) };
    case "in":
      return { ...condition, values: toggledLiteral(condition.values, random.pick(words)) };
    case "compare":
      if (typeof condition.literal === "number" && random.chance(0.5))
        return { ...condition, literal: condition.literal + random.pick([-1, 1]) };
      if (typeof condition.literal === "number" && random.chance(0.7))
        return {
          ...condition,
          operator: random.pick(["equal", "greater", "greater-or-equal", "less", "less-or-equal"] as const),
        };
      return random.chance(0.5) ? { kind: "not", of: condition } : plain();
    case "includes":
    case "starts-with":
    case "ends-with":
      return random.chance(0.6)
        ? { ...condition, text: random.pick(["", "e", "eu", "u", "us", "t", "t1", "é"]) }
        : plain();
    case "cidr":
      return random.chance(0.7) ? { ...condition, range: random.pick(ranges) } : plain();
    default:
      return random.chance(0.4) ? { kind: "not", of: condition } : plain();
  }
}

function toggledLiteral(values: readonly Literal[], value: Literal): readonly Literal[] {
  return values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
}

function withoutNamed(condition: Condition): Condition {
  switch (condition.kind) {
    case "named":
      return { kind: "constant", value: true };
    case "and":
    case "or":
      return { ...condition, of: condition.of.map(withoutNamed) };
    case "not":
      return { ...condition, of: withoutNamed(condition.of) };
    default:
      return condition;
  }
}

type Fact = Extract<Condition, { kind: "present" }>["fact"];

function mapFacts(model: Model, map: (fact: Fact) => Fact): Pick<Model, "conditions" | "denies" | "grants"> {
  const mapped = (condition: Condition): Condition =>
    mapTests(condition, (test) =>
      test.kind === "same"
        ? { ...test, left: map(test.left), right: map(test.right) }
        : { ...test, fact: map(test.fact) },
    );
  const rule = <R extends { readonly when?: Condition }>(r: R): R => ({
    ...r,
    ...(r.when && { when: mapped(r.when) }),
  });
  return {
    conditions: model.conditions.map((c) => ({ ...c, when: mapped(c.when) })),
    denies: model.denies.map(rule),
    grants: model.grants.map(rule),
  };
}
