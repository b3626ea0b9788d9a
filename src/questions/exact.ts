/** Access worked out over all requests there are, instead of read off the rules: what contradicts itself is gone, what follows is left out. */
import { compare, decideBy, example, whenOf } from "../diff/index.ts";
import type { Api, Model } from "../model/index.ts";
import { type CallerClass, callerClasses, type OperationClass, operationClasses } from "../space/index.ts";
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
    this.#operations = byName(operationClasses(before, after));
  }

  of({ identity, operation, access }: Pair): Exact {
    const clauses: (readonly string[])[] = [];
    let shown: Shown | undefined;
    for (const caller of this.#callers.get(identity) ?? [])
      for (const called of this.#operations.get(operation) ?? []) {
        const compared = compare(caller, called);
        for (const region of compared.regions) {
          if (region.kind !== "gain") continue;
          clauses.push(...whenOf(compared, region));
          const question = example(compared, region);
          // Another identity may be nearer to what it shows: only what the whole model allows is shown.
          const decision = decideBy(this.#model, question);
          if (shown || !decision.allow || decision.identity === undefined || decision.operation === undefined) continue;
          shown = { identity: decision.identity, operation: decision.operation, input: question.input };
        }
      }
    return clauses.length === 0 ? {} : { access: describe(access, clauses), ...(shown && { shown }) };
  }
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

/** Of which no grant can have the name: it is no scope. */
const ungranted = "(nobody)";

/** The operations whose requests are of the same classes are numbered alike. */
export function operationKinds(model: Model): (name: string) => string {
  const nobody = { ...model, identities: [], groups: [], grants: [] };
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

/** One period that all have in common is said once, by the access itself. */
function describe(access: Access, clauses: readonly (readonly string[])[]): Access {
  const { from, until, ...rest } = access;
  const timed = { ...(from !== undefined && { from }), ...(until !== undefined && { until }) };
  const periods = new Set(clauses.map((clause) => clause.filter((part) => isPeriod(part)).join(" or ")));
  const when = distinct(periods.size > 1 ? clauses : clauses.map((clause) => clause.filter((part) => !isPeriod(part))));
  const conditional = clauses.some((clause) => clause.some((part) => !isPeriod(part)));
  const free = when.some((clause) => clause.length === 0);
  const kind = conditional && !free ? "conditional" : from !== undefined || until !== undefined ? "until" : "always";
  return { ...rest, kind, when: free ? [[]] : when, ...timed };
}

function distinct(clauses: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return [...new Map(clauses.map((clause) => [JSON.stringify(clause), clause])).values()];
}
