/** The part of an estate on which a question about it rests, so that hundreds of mutants are judged in seconds. */
import {
  type Condition,
  type Deny,
  type Example,
  type Fact,
  factsOf,
  type Grant,
  type Identity,
  isObject,
  isPatternSubject,
  lookupIn,
  type Model,
  matchesSpiffe,
  own,
  pathSegments,
} from "../model/index.ts";

/**
 * What examples can touch: whoever they may name, and the operations that they call. Every example is decided by this part of a model as
 * by all of it, and by this part of a mutant too: a mutant edits no template, and a wider pattern is kept because it is one.
 */
export function partForExamples(model: Model, examples: readonly Example[]): (mutant: Model) => Model {
  const lookup = lookupIn(model);
  const subjects = new Set<unknown>();
  const keys = new Set<unknown>();
  const operations = new Set<string>();
  for (const example of examples) {
    const input: Readonly<Record<string, unknown>> = { ...example.input };
    for (const [holder, member, names] of [
      ["token", "sub", subjects],
      ["peer", "spiffe", subjects],
      ["key", "id", keys],
    ] as const) {
      const value = own(input, holder);
      if (isObject(value)) names.add(own(value, member));
    }
    const request = own(input, "request");
    if (!isObject(request)) continue;
    const [host, method, path] = ["host", "method", "path"].map((name) => own(request, name));
    if (typeof host !== "string" || typeof method !== "string" || typeof path !== "string") continue;
    const match = lookup.operation(host, method, pathSegments(path));
    if (match) operations.add(`${match.found.api.name} ${match.found.operation.name}`);
  }
  const touched = ({ subject = "", keys: its }: Identity): boolean =>
    subjects.has(subject) || isPatternSubject(subject) || its.some(({ id }) => keys.has(id));
  return (mutant) => ({
    ...mutant,
    identities: mutant.identities.filter(touched),
    apis: mutant.apis.map((api) => ({
      ...api,
      operations: api.operations.filter(({ name }) => operations.has(`${api.name} ${name}`)),
    })),
  });
}

/**
 * Both models with one identity and one operation of each kind, where all of a kind are decided alike by both, and are alike to every
 * `never`: these differ exactly where the whole ones do.
 */
export function representatives(before: Model, after: Model, familiar: Familiar = nobody): readonly [Model, Model] {
  const questions = [before, after].map(questionsOf);
  const identityTables = [before, after].map((model) => identityKeys(model, questions, [before, after]));
  const identities = kept(identityTables, familiar.identities);
  const operations = kept(
    [before, after].map((model) => operationKeys(model, questions)),
    familiar.operations,
  );
  const part = (model: Model): Model => ({
    ...model,
    identities: model.identities.filter(({ name }) => identities.has(name)),
    groups: model.groups.map((group) => ({ ...group, members: group.members.filter((name) => identities.has(name)) })),
    apis: model.apis.map((api) => ({
      ...api,
      operations: api.operations.filter(({ name }) => operations.has(`${api.name} ${name}`)),
    })),
    examples: [],
  });
  return [part(before), part(after)];
}

/** Whom and what examples speak of already: of a kind, one of these is taken where there is one. */
export interface Familiar {
  readonly identities: readonly string[];
  /** `ordersApi GET /v1/orders`. */
  readonly operations: readonly string[];
}

const nobody: Familiar = { identities: [], operations: [] };

/** The first name of each key: the key is what it is in all tables together. */
function kept(tables: readonly ReadonlyMap<string, string>[], familiar: readonly string[]): ReadonlySet<string> {
  const first = new Map<string, string>();
  const there = new Set(tables.flatMap((table) => [...table.keys()]));
  for (const name of new Set([...familiar.filter((one) => there.has(one)), ...there])) {
    const key = tables.map((table) => table.get(name) ?? "").join("\n");
    if (!first.has(key)) first.set(key, name);
  }
  return new Set(first.values());
}

type Rule = Pick<Grant | Deny, "name" | "on" | "scopes" | "when">;

/** What the conditions of a model ask of callers and calls. */
interface Questions {
  /** Facts of identities that are asked for. */
  readonly identity: ReadonlySet<string>;
  /** Names with which the identity's is compared; `undefined` where it is asked for in another way. */
  readonly names: ReadonlySet<string> | undefined;
  readonly method: readonly Rule[];
  readonly path: readonly Rule[];
}

function questionsOf(model: Model): Questions {
  const conditions = new Map(model.conditions.map(({ name, when }) => [name, when]));
  const named = (name: string): Condition => conditions.get(name) ?? { kind: "constant", value: false };
  const rules: readonly Rule[] = [...model.grants, ...model.denies, ...(model.nevers ?? [])];
  const asked = rules.map((rule) => ({ rule, facts: rule.when ? factsOf(rule.when, named) : [] }));
  const facts = asked.flatMap((one) => one.facts);
  const names = asked.flatMap(({ rule }) => (rule.when ? namesIn(rule.when, named) : []));
  return {
    identity: new Set(facts.flatMap((fact) => (fact.kind === "identity" ? [fact.name] : []))),
    names: names.includes(undefined) ? undefined : new Set(names.filter((name) => name !== undefined)),
    method: rulesThatRead(asked, (fact) => fact.kind === "request" && fact.name === "method"),
    path: rulesThatRead(
      asked,
      (fact) => fact.kind === "parameter" || (fact.kind === "request" && fact.name === "path"),
    ),
  };
}

function rulesThatRead(
  asked: readonly { readonly rule: Rule; readonly facts: readonly Fact[] }[],
  is: (fact: Fact) => boolean,
): readonly Rule[] {
  return asked.flatMap(({ rule, facts }) => (facts.some(is) ? [rule] : []));
}

/** Texts that equal the name of an identity where a condition holds; `undefined` where it need not be one of these. */
function namesIn(condition: Condition, named: (name: string) => Condition): readonly (string | undefined)[] {
  switch (condition.kind) {
    case "constant":
      return [];
    case "named":
      return namesIn(named(condition.name), named);
    case "and":
    case "or":
      return condition.of.flatMap((part) => namesIn(part, named));
    case "not":
      return namesIn(condition.of, named);
    case "same":
      return isName(condition.left) || isName(condition.right) ? [undefined] : [];
    default:
      if (!isName(condition.fact)) return [];
      if (condition.kind === "in") return condition.values.map(String);
      return [condition.kind === "compare" && condition.operator === "equal" ? String(condition.literal) : undefined];
  }
}

function isName(fact: Fact): boolean {
  return fact.kind === "identity" && fact.name === "name";
}

function identityKeys(
  model: Model,
  questions: readonly Questions[],
  models: readonly Model[],
): ReadonlyMap<string, string> {
  const patterns = models.flatMap((one) =>
    one.identities.flatMap(({ subject = "" }) => (isPatternSubject(subject) ? [subject] : [])),
  );
  const asks = (fact: string): boolean => questions.some(({ identity }) => identity.has(fact));
  const byName = (name: string): boolean => questions.some(({ names }) => names?.has(name) ?? true);
  const places = memberships(model);
  return new Map(
    model.identities.map((identity) => {
      const { name, tier, issuer, subject = "", keys, from, expires, owner, tags } = identity;
      const spiffe = subject.startsWith("spiffe://");
      // Whoever has keys, or lies within a pattern, is one of a kind.
      const single = keys.length > 0 || patterns.some((p) => p === subject || (spiffe && matchesSpiffe(p, subject)));
      const key = [
        `${tier} ${issuer} ${from} ${expires} ${spiffe}`,
        `${places.get(name)?.join() ?? ""} ${single || byName(name) ? name : ""}`,
        `${asks("owner") ? owner : ""} ${asks("tags") ? tags.join() : ""}`,
      ];
      return [name, key.join("\n")];
    }),
  );
}

/** Where each identity is named: groups, and rules that are to it alone. */
function memberships(model: Model): ReadonlyMap<string, readonly string[]> {
  const named = new Map<string, string[]>();
  const add = (name: string, place: string): void => {
    const list = named.get(name);
    if (list) list.push(place);
    else named.set(name, [place]);
  };
  for (const group of model.groups) for (const member of group.members) add(member, `group ${group.name}`);
  for (const rule of [...model.grants, ...model.denies])
    for (const name of rule.to.identities) add(name, `rule ${rule.name}`);
  for (const never of model.nevers ?? [])
    for (const name of never.by?.identities ?? []) add(name, `never ${never.name}`);
  return named;
}

function operationKeys(model: Model, questions: readonly Questions[]): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  for (const api of model.apis) {
    const about = (rules: readonly Rule[], scopes: readonly string[]): boolean =>
      rules.some(
        (rule) => rule.scopes.some((scope) => scopes.includes(scope)) && (rule.on?.includes(api.name) ?? true),
      );
    // Most operations of a large API need what many others need.
    const asked = new Map<string, { readonly path: boolean; readonly method: boolean }>();
    for (const { public: open, scopes, minTrust, name, method } of api.operations) {
      const needs = `${api.name} ${open} ${minTrust} ${scopes.join(" ")}`;
      const asks = asked.get(needs) ?? {
        path: questions.some((one) => about(one.path, scopes)),
        method: questions.some((one) => about(one.method, scopes)),
      };
      asked.set(needs, asks);
      keys.set(`${api.name} ${name}`, `${needs} ${asks.path ? name : asks.method ? method : ""}`);
    }
  }
  return keys;
}
