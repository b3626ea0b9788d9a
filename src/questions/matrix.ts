/** The whole access matrix of a model, by classes of callers and of operations that may exactly the same. */
import {
  type Api,
  compareText,
  type Deny,
  type Grant,
  type Identity,
  type Lookup,
  lookupIn,
  type Model,
  type Operation,
  parseTemplate,
} from "../model/index.ts";
import type { Access, CallerRow, Matrix, OperationColumn } from "./access.ts";
import { operationKinds } from "./exact.ts";
import { presentedWords } from "./presented.ts";
import {
  type CallerRights,
  type Candidate,
  candidateOf,
  type OperationRights,
  type ReadyRule,
  readyRule,
} from "./rights.ts";

/** Of which identities and operations; all where absent. */
export interface Part {
  readonly identities?: ReadonlySet<string>;
  readonly operations?: ReadonlySet<string>;
}

/** A matrix, and what tells its classes apart besides their rules: equal shapes and equal rules, equal access. */
export interface Built {
  readonly matrix: Matrix;
  readonly callerShapes: readonly string[];
  readonly operationShapes: readonly string[];
}

/** Who may call what, as the rules say it. Work grows with the classes, not with the pairs. */
export function buildMatrix(model: Model, part: Part = {}): Built {
  const lookup = lookupIn(model);
  const rules = rulesOf(model, lookup);
  const callers = callerClasses(model, lookup, rules, part.identities);
  const operations = operationClasses(model, rules, part.operations);
  const needing = new Map<string, number[]>();
  const open: number[] = [];
  for (const [index, rights] of operations.rights.entries()) {
    if (rights.public) open.push(index);
    // One scope is enough to find it by: a caller needs them all.
    else push(needing, rights.scopes[0] ?? "", index);
  }
  const accesses = new Accesses();
  const cells = callers.rights.map((caller) => {
    const near = [...caller.grants.keys()].flatMap((scope) => needing.get(scope) ?? []);
    return [...open, ...near]
      .sort((a, b) => a - b)
      .flatMap((index) => {
        const candidate = candidateOf(caller, operations.rights[index]!);
        const access = candidate && accesses.of(candidate);
        return access === undefined ? [] : [index, access];
      });
  });
  const matrix: Matrix = {
    tiers: model.tiers
      .map((tier) => ({ name: tier.name, trust: tier.trust, presented: presentedWords(tier) }))
      .sort((a, b) => a.trust - b.trust || compareText(a.name, b.name)),
    apis: model.apis.map(({ name, host }) => ({ name, host })),
    callers: callers.rows,
    operations: operations.columns,
    callerClasses: callers.rights.length,
    operationClasses: operations.rights.length,
    accesses: accesses.values,
    cells,
  };
  return { matrix, callerShapes: callers.shapes, operationShapes: operations.shapes };
}

/** Gives equal things one number, in the order in which they are met. */
class Numbered<T> {
  readonly #numbers = new Map<string, number>();
  readonly values: T[] = [];

  of(key: string, value: () => T): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.values.length);
    return this.values.push(value()) - 1;
  }
}

/** Works each out once, and gives equal ones one number. */
class Accesses {
  readonly #known = new Map<string, number | undefined>();
  readonly #numbered = new Numbered<Access>();
  readonly values: readonly Access[] = this.#numbered.values;

  of({ key, access }: Candidate): number | undefined {
    if (this.#known.has(key)) return this.#known.get(key);
    const found = access();
    const number = found && this.#numbered.of(JSON.stringify(found), () => found);
    this.#known.set(key, number);
    return number;
  }
}

/** All rules, ready; and what conditions read of the path, by which classes of operations are told apart. */
interface Rules {
  readonly ready: ReadonlyMap<Grant | Deny, ReadyRule>;
  readonly parameters: ReadonlySet<string>;
}

function rulesOf(model: Model, lookup: Lookup): Rules {
  const rules = [...model.grants, ...model.denies];
  const ready = new Map(rules.map((rule, id) => [rule, readyRule(rule, id, lookup.condition)]));
  const facts = [...ready.values()].flatMap(({ reads }) => reads);
  return { ready, parameters: new Set(facts.flatMap((fact) => (fact.kind === "parameter" ? [fact.name] : []))) };
}

function callerClasses(
  model: Model,
  lookup: Lookup,
  rules: Rules,
  only: ReadonlySet<string> | undefined,
): {
  readonly rows: readonly CallerRow[];
  readonly rights: readonly CallerRights[];
  readonly shapes: readonly string[];
} {
  const groups = new Map<string, string[]>();
  for (const group of model.groups) for (const member of group.members) push(groups, member, group.name);
  const trust = new Map(model.tiers.map((tier) => [tier.name, tier.trust]));
  const order = (a: Identity, b: Identity) =>
    (trust.get(a.tier) ?? 0) - (trust.get(b.tier) ?? 0) ||
    compareText(a.tier, b.tier) ||
    compareText(a.owner, b.owner) ||
    compareText(a.name, b.name);
  const classes = new Numbered<CallerRights>();
  const shapes: string[] = [];
  const rows: CallerRow[] = [];
  const ready = (rule: Grant | Deny) => rules.ready.get(rule)!;
  for (const identity of model.identities.toSorted(order)) {
    const tier = lookup.tier(identity.tier);
    if (!tier || (only && !only.has(identity.name))) continue;
    const [grants, denies] = [lookup.grantsTo(identity.name).map(ready), lookup.deniesTo(identity.name).map(ready)];
    const held = denies.length > 0 ? [...grants, ...denies] : grants;
    const shape = shapeOf(identity, held);
    const key = `${shape} ${held.map(({ id }) => id).join()}`;
    rows.push({
      name: identity.name,
      tier: identity.tier,
      owner: identity.owner,
      groups: groups.get(identity.name) ?? [],
      known: knownBy(identity),
      class: classes.of(key, () => {
        shapes.push(shape);
        return { identity, tier, grants: byScope(grants), denies };
      }),
    });
  }
  return { rows, rights: classes.values, shapes };
}

function shapeOf(identity: Identity, rules: readonly ReadyRule[]): string {
  const own = new Set<"name" | "owner" | "tags" | "tier">();
  for (const rule of rules) for (const name of rule.own) own.add(name);
  return JSON.stringify([
    identity.tier,
    identity.issuer,
    identity.from,
    identity.expires,
    identity.subject?.startsWith("spiffe://"),
    identity.keys.length > 0,
    [...own].sort().map((name) => identity[name]),
  ]);
}

function byScope(grants: readonly ReadyRule[]): ReadonlyMap<string, readonly ReadyRule[]> {
  const map = new Map<string, ReadyRule[]>();
  for (const grant of grants) for (const scope of grant.scopes) push(map, scope, grant);
  return map;
}

function knownBy({ issuer, subject, keys }: Identity): string {
  return subject === undefined ? keys.map(({ id }) => id).join(" ") : `${issuer} ${subject}`;
}

function operationClasses(
  model: Model,
  rules: Rules,
  only: ReadonlySet<string> | undefined,
): {
  readonly columns: readonly OperationColumn[];
  readonly rights: readonly OperationRights[];
  readonly shapes: readonly string[];
} {
  const kindOf = operationKinds(model);
  const classes = new Numbered<OperationRights>();
  const shapes: string[] = [];
  const columns: OperationColumn[] = [];
  for (const api of model.apis) {
    const order = (a: Operation, b: Operation) =>
      compareText(a.template, b.template) || compareText(a.method, b.method);
    for (const operation of api.operations.toSorted(order)) {
      const name = `${api.host} ${operation.method} ${operation.template}`;
      if (only && !only.has(name)) continue;
      const rights = rightsOf(api, operation, rules);
      const shape = JSON.stringify([...rights.parameters, kindOf(name)]);
      columns.push({
        name,
        api: api.name,
        host: api.host,
        method: operation.method,
        template: operation.template,
        scopes: operation.scopes,
        public: operation.public,
        class: classes.of(`${JSON.stringify(rights)} ${shape}`, () => {
          shapes.push(shape);
          return rights;
        }),
      });
    }
  }
  return { columns, rights: classes.values, shapes };
}

function rightsOf(api: Api, operation: Operation, rules: Rules): OperationRights {
  const template = parseTemplate(operation.template);
  const names = "problem" in template ? [] : template.flatMap((each) => (each.kind === "literal" ? [] : [each.name]));
  return {
    api: api.name,
    public: operation.public,
    minTrust: operation.minTrust,
    scopes: operation.scopes,
    parameters: new Set(names.filter((name) => rules.parameters.has(name)).sort()),
  };
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
