/** Access worked out over all requests there are, instead of read off the rules: what contradicts itself is gone, what follows is left out. */
import { type Compared, compare, decideBy, example, type Region, whenOf } from "../diff/index.ts";
import { type Api, type Deny, type Grant, lookupIn, type Model } from "../model/index.ts";
import {
  type CallerClass,
  type CredentialKind,
  callerClasses,
  type Diagram,
  now,
  type OperationClass,
  operationClasses,
} from "../space/index.ts";
import type { Access, Shown } from "./access.ts";
import { isPeriod } from "./presented.ts";

/** A pair, and what the rules say of it. */
export interface Pair {
  readonly identity: string;
  readonly operation: string;
  readonly access: Access;
}

export interface Exact {
  /** Nothing where no request is ever allowed, whatever the rules look like. */
  readonly access?: Access;
  readonly shown?: Shown;
}

/** Works out pairs of one model, each over all requests: some milliseconds for each. */
export class Exactly {
  readonly #model: Model;
  readonly #callers: ReadonlyMap<string, readonly CallerClass[]>;
  /** Of those who have keys the same, with keys of any age: how old they may be is said of the tier. */
  readonly #ageless: ReadonlyMap<string, readonly CallerClass[]>;
  readonly #operations: ReadonlyMap<string, readonly OperationClass[]>;

  /**
   * @param identities those that will be asked about: the others cost nothing
   * @param operations the same of operations, where not all are asked about
   */
  constructor(model: Model, identities: ReadonlySet<string>, operations?: ReadonlySet<string>) {
    const after = {
      ...model,
      apis: operations ? model.apis.map((api) => closed(api, operations)) : model.apis,
      identities: model.identities.filter(({ name }) => identities.has(name)),
      groups: model.groups.map((group) => ({
        ...group,
        members: group.members.filter((name) => identities.has(name)),
      })),
    };
    // Access is what a model gives over the same one that grants nothing.
    const before = { ...after, grants: [] };
    this.#model = model;
    this.#callers = byName(callerClasses(before, after));
    const withKeys = new Set(after.identities.flatMap(({ name, keys }) => (keys.length > 0 ? [name] : [])));
    const callers = withKeys.size > 0 ? byName(callerClasses(ofAnyAge(before), ofAnyAge(after))) : this.#callers;
    this.#ageless = new Map([...callers].filter(([name]) => withKeys.has(name)));
    this.#operations = byName(operationClasses(before, after));
  }

  of({ identity, operation, access }: Pair): Exact {
    const called = this.#operations.get(operation) ?? [];
    const gains = gainsOf(this.#callers.get(identity) ?? [], called);
    if (gains.length === 0) return {};
    const shown = gains.map((gain) => this.#shownBy(gain)).find((request) => request !== undefined);
    const ageless = this.#ageless.get(identity);
    const told = ageless ? gainsOf(ageless, called) : gains;
    const names = new Set(told.flatMap((gain) => rulesThatCount(gain, access).map(({ name }) => name)));
    const counting = {
      ...access,
      grants: access.grants.filter(isIn(names)),
      denies: access.denies.filter(isIn(names)),
    };
    const clauses = clausesOf(told, new Set(accepted(this.#callers.get(identity) ?? [])));
    return { access: describe(counting, clauses, told.map(spanOf)), ...(shown && { shown }) };
  }

  /** Another identity may be nearer to what it shows: only what the whole model allows is shown. */
  #shownBy({ compared, region }: Gain): Shown | undefined {
    const question = example(compared, region);
    const decision = decideBy(this.#model, question);
    if (!decision.allow || decision.identity === undefined || decision.operation === undefined) return undefined;
    return { identity: decision.identity, operation: decision.operation, input: question.input };
  }
}

/** Requests of one class of callers and one of operations that are allowed. */
interface Gain {
  readonly caller: CallerClass;
  readonly called: OperationClass;
  readonly compared: Compared;
  readonly region: Region;
}

function gainsOf(callers: readonly CallerClass[], operations: readonly OperationClass[]): readonly Gain[] {
  return callers.flatMap((caller) =>
    operations.flatMap((called) => {
      const compared = compare(caller, called);
      return compared.regions.flatMap((region) =>
        region.kind === "gain" ? [{ caller, called, compared, region }] : [],
      );
    }),
  );
}

/** What the tier takes of what they can show. */
function accepted(callers: readonly CallerClass[]): readonly CredentialKind[] {
  return callers.flatMap(({ credential, after: { identity, model } }) => {
    const methods = lookupIn(model).tier(identity?.tier ?? "")?.authentication ?? [];
    const ways: readonly string[] = credential === "token" ? ["bearer", "dpop", "mtls"] : [credential];
    return methods.some((method) => ways.includes(method)) ? [credential] : [];
  });
}

const shows: Readonly<Record<CredentialKind, string>> = {
  token: "a token is shown",
  svid: "a SPIFFE certificate is shown",
  key: "a static key is shown",
  none: "nothing is shown",
};

/** When they are allowed, in words; with what has to be shown, where that matters and the words do not say it. */
function clausesOf(gains: readonly Gain[], credentials: ReadonlySet<CredentialKind>): readonly (readonly string[])[] {
  const told = gains.flatMap(({ caller, compared, region }) =>
    whenOf(compared, region).map((clause) => ({ clause, credential: caller.credential, key: JSON.stringify(clause) })),
  );
  const byClause = Map.groupBy(told, ({ key }) => key);
  return told.map(({ clause, credential, key }) => {
    const isForAll = new Set(byClause.get(key)?.map((one) => one.credential)).size === credentials.size;
    const isSaid = credential === "token" && clause.some((part) => /(?:^| )(?:claims|token)\./.test(part));
    return isForAll || isSaid ? clause : [...clause, shows[credential]];
  });
}

/** Others keep their paths, so that a request calls what it calls, but nobody is granted what they need: no example is of them. */
function closed(api: Api, operations: ReadonlySet<string>): Api {
  return {
    ...api,
    operations: api.operations.map((operation) =>
      operations.has(`${api.host} ${operation.method} ${operation.template}`)
        ? operation
        : { ...operation, public: false, scopes: [ungranted] },
    ),
  };
}

/** Seconds for which no key lives. */
const forever = 100_000_000_000;

function ofAnyAge(model: Model): Model {
  return {
    ...model,
    tiers: model.tiers.map((tier) => (tier.keyRotation === undefined ? tier : { ...tier, keyRotation: forever })),
    identities: model.identities.map((identity) => ({
      ...identity,
      keys: identity.keys.map((key) => ({ ...key, created: 0 })),
    })),
  };
}

/** Of which no grant can have the name: it is no scope. */
const ungranted = "(nobody)";

/** The operations whose requests are of the same classes are numbered alike: no rule, whoever it is to, sees another request in them. */
export function operationKinds(model: Model): (name: string) => string {
  const nobody = { ...model, identities: [], groups: [] };
  const kinds = new Map<string, string>();
  for (const [number, { names }] of operationClasses(nobody, nobody).entries())
    for (const name of names) kinds.set(name, `${kinds.get(name) ?? ""} ${number}`);
  return (name) => kinds.get(name) ?? "";
}

function byName<T extends { readonly names: readonly string[] }>(
  classes: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const each of classes)
    for (const name of each.names) {
      const list = found.get(name);
      if (list) list.push(each);
      else found.set(name, [each]);
    }
  return found;
}

/** Of some requests, from when (inclusive) until when (exclusive) they come. */
interface Span {
  readonly from: number;
  readonly until: number;
}

/** The ends that the rules set: others that ask in the right way come sooner or later. */
function spanOf({ compared: { scene }, region: { diagram, care } }: Gain): Span {
  const number = scene.numberOf(now);
  const variable = number === undefined ? undefined : scene.variables[number];
  if (number === undefined || !variable) return { from: 0, until: Number.POSITIVE_INFINITY };
  const { diagrams } = scene;
  const cells = variable.cells
    .map(({ values }, cell) => ({ cell, begins: Math.min(...values.map(Number)) }))
    .sort((a, b) => a.begins - b.begins);
  const within = (some: Diagram): readonly boolean[] =>
    cells.map(({ cell }) => {
      const only = diagrams.test(
        number,
        cells.map((_, other) => other === cell),
      );
      return diagrams.and(some, only) !== diagrams.leaf(0);
    });
  const [asked, allowed] = [within(care), within(diagram)];
  const [first, last] = [allowed.indexOf(true), allowed.lastIndexOf(true)];
  return {
    from: first > asked.indexOf(true) ? cells[first]!.begins : 0,
    until: last < asked.lastIndexOf(true) ? cells[last + 1]!.begins : Number.POSITIVE_INFINITY,
  };
}

/** Of the rules that the access names, those that let the caller in, or keep it out, for some request. */
function rulesThatCount({ caller, called }: Gain, access: Access): readonly (Grant | Deny)[] {
  const { after } = caller;
  const changes = (before: Partial<typeof after>, now: Partial<typeof after>): boolean =>
    compare({ ...caller, before: { ...after, ...before }, after: { ...after, ...now } }, called).regions.some(
      ({ kind }) => kind === "gain" || kind === "loss",
    );
  const grants = after.grants.filter(({ name }) => access.grants.includes(name));
  const gives = (grant: Grant): boolean => {
    const others = after.grants.map((other) =>
      other === grant ? other : { ...other, scopes: other.scopes.filter((scope) => !grant.scopes.includes(scope)) },
    );
    return changes({ grants: [] }, { grants: others });
  };
  const denies = after.denies.filter(({ name }) => access.denies.includes(name));
  return [
    ...(grants.length > 1 ? grants.filter(gives) : grants),
    ...denies.filter((deny) => changes({ denies: [] }, { denies: [deny] })),
  ];
}

function isIn(names: ReadonlySet<string>): (name: string) => boolean {
  return (name) => names.has(name);
}

/** One period that all have in common is said once, by the access itself; one with a gap is not said by its ends. */
function describe(access: Access, clauses: readonly (readonly string[])[], spans: readonly Span[]): Access {
  const { from: earliest = 0, until: latest = Number.POSITIVE_INFINITY, ...rest } = access;
  const from = Math.max(earliest, Math.min(...spans.map((span) => span.from)));
  const until = Math.min(latest, Math.max(...spans.map((span) => span.until)));
  const timed = { ...(from > 0 && { from }), ...(until !== Number.POSITIVE_INFINITY && { until }) };
  const periods = new Set(clauses.map((clause) => clause.filter((part) => isPeriod(part)).join(" or ")));
  const isSpan = periods.size === 1 && [...periods].every((period) => !period.includes(" or "));
  const when = distinct(isSpan ? clauses.map((clause) => clause.filter((part) => !isPeriod(part))) : clauses);
  const conditional = clauses.some((clause) => clause.some((part) => !isPeriod(part)));
  const free = when.some((clause) => clause.length === 0);
  const isTimed = !free || from > 0 || until !== Number.POSITIVE_INFINITY;
  const kind = conditional && !free ? "conditional" : isTimed ? "until" : "always";
  return { ...rest, kind, when: free ? [[]] : when, ...timed };
}

function distinct(clauses: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return [...new Map(clauses.map((clause) => [JSON.stringify(clause), clause])).values()];
}
