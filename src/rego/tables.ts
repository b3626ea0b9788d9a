/**
 * The estate as tables for the procedure: every lookup is by key, so that a decision costs the same however large the estate is.
 */
import { assert } from "../diagnostics/index.ts";
import type { JsonValue } from "../json/index.ts";
import {
  isPatternSubject,
  type Model,
  type OperationPlace,
  operationAutomaton,
  type Policy,
  publicDelayOf,
  type SegmentAutomaton,
  spiffeAutomaton,
} from "../model/index.ts";
import type { EmittedConditions } from "./condition.ts";
import { operationRows } from "./operation-rows.ts";
import { ruleTables } from "./rule-rows.ts";
import { type Table, table } from "./table.ts";

export interface Automata {
  readonly paths: SegmentAutomaton<OperationPlace>;
  readonly spiffe: SegmentAutomaton<string>;
}

export function automataOf(model: Model): Automata {
  const [paths, spiffe] = [operationAutomaton(model), spiffeAutomaton(model)];
  assert(!("tooLarge" in paths) && !("tooLarge" in spiffe), "checkLimits lets no such templates pass");
  return { paths, spiffe };
}

/** What stands at `data.writ`. No name here is one of the procedure's rules. */
export function emitTables(
  model: Model,
  policy: Policy,
  { paths, spiffe }: Automata,
  conditions: Pick<EmittedConditions, "forms" | "headers">,
): Table {
  const rights = ruleTables(model);
  const { operations, headers, names } = operationRows(model);
  return Object.assign(table(), {
    policy: { ...policy },
    public_delay: publicDelayOf(model),
    tiers: tiers(model),
    issuers: issuers(model),
    translations: translations(model),
    scopes: table(model.scopes.map(({ name, implies }) => [name, flags([name, ...implies])])),
    identities: identities(model, rights.groups),
    keys: keys(model),
    ...subjects(model),
    spiffe_patterns: spiffe.states.map((state) => stateRow(state, (name) => name)),
    hosts: table(paths.starts),
    paths: paths.states.map((state) => stateRow(state, ({ api, operation }) => names[api]![operation]!)),
    operations,
    upstream_headers: headers,
    api_headers: table(model.apis.map((api) => [api.name, api.headers.map((header) => header.name)])),
    condition_headers: conditions.headers,
    forms: conditions.forms,
    ...rights.tables,
  });
}

function stateRow<T>(
  { literals, other, found }: SegmentAutomaton<T>["states"][number],
  write: (value: T) => string,
): Table {
  const row: Record<string, JsonValue> = {};
  if (found.size > 0) row.found = table([...found].map(([key, value]) => [key, write(value)]));
  if (literals.size > 0) row.literals = table(literals);
  if (other !== undefined) row.other = other;
  return row;
}

function tiers(model: Model): Table {
  return table(
    model.tiers.map((tier) => [
      tier.name,
      {
        audiences: tier.audiences,
        authentication: [...tier.authentication],
        bearer_lifetime: tier.tokenLifetime.bearer ?? 0,
        bound_lifetime: tier.tokenLifetime.bound ?? 0,
        key_rotation: tier.keyRotation ?? 0,
        revocation_delay: tier.revocationDelay,
        revokes_tokens: tier.revokesTokens,
        trust: tier.trust,
      },
    ]),
  );
}

function issuers(model: Model): Table {
  return table(
    model.issuers.map(({ name, url, audience, claims }) => [
      url,
      {
        name,
        audience,
        claims: table(
          claims.map(({ name, type, optional, values }) => [
            name,
            type === "string" && values ? { optional, type: "enumeration", values: [...values] } : { optional, type },
          ]),
        ),
      },
    ]),
  );
}

/** A name of our own vocabulary means itself, whatever an issuer translates it to. */
function translations(model: Model): Table {
  const ours = new Set(model.scopes.map((scope) => scope.name));
  return table(
    model.issuers
      .map(({ name, translate }) => [name, translate.filter(({ from }) => !ours.has(from))] as const)
      .filter(([, foreign]) => foreign.length > 0)
      .map(([name, foreign]) => [name, table(foreign.map(({ from, to }) => [from, flags(to)]))]),
  );
}

function flags(names: readonly string[]): Table {
  return table(names.map((name) => [name, true]));
}

function identities(model: Model, groups: ReadonlyMap<string, readonly string[]>): Table {
  const rows = table();
  for (const { name, tier, issuer, owner, from, expires, tags } of model.identities) {
    const memberships = groups.get(name);
    // In the order in which the members are written: sorting so many small objects would take its time.
    const row: Record<string, JsonValue> = {};
    if (expires !== undefined) row.expires = expires;
    if (from !== undefined) row.from = from;
    if (memberships) row.groups = memberships;
    if (issuer !== undefined) row.issuer = issuer;
    row.owner = owner;
    row.tags = tags;
    row.tier = tier;
    rows[name] = row;
  }
  return rows;
}

function keys(model: Model): Table {
  const rows = table();
  for (const identity of model.identities)
    for (const { id, created } of identity.keys) rows[id] = { created, identity: identity.name };
  return rows;
}

/** Exact subjects: by issuer, and the SPIFFE IDs among them over all issuers. */
function subjects(model: Model): { readonly subjects: Table; readonly spiffe_subjects: Table } {
  const [byIssuer, spiffe] = [table(), table()];
  for (const { name, issuer, subject } of model.identities) {
    if (issuer === undefined || subject === undefined || isPatternSubject(subject)) continue;
    byIssuer[issuer] ??= table();
    (byIssuer[issuer] as Table)[subject] = name;
    if (subject.startsWith("spiffe://")) spiffe[subject] = name;
  }
  return { subjects: byIssuer, spiffe_subjects: spiffe };
}
