/** What was declared otherwise, so that a change can say what brings it about. */
import { type Condition, compareText, type Deny, factsOf, type Grant, lookupIn, type Model } from "../model/index.ts";
import type { CallerClass, OperationClass, Side } from "../space/index.ts";

/** Of so many classes at most the causes are looked for: more would name the same ones. */
const enough = 24;
/** So many identities are named as causes; beyond, it is the group or the registry that a reviewer looks at. */
const mostIdentities = 3;

/** Finds the declarations that differ between the models and that decide about these callers and operations. */
export function causesIn(
  before: Model,
  after: Model,
): (callers: readonly CallerClass[], operations: readonly OperationClass[]) => readonly string[] {
  const changed = new Declarations(before, after);
  return (callers, operations) => {
    const causes = new Set<string>();
    const add = (kind: string, name: string | undefined): void => {
      if (name !== undefined && changed.has(`${kind} ${name}`)) causes.add(`${kind} ${name}`);
    };
    for (const caller of callers.slice(0, enough)) {
      addCaller(caller, add);
      for (const operation of operations.slice(0, enough)) addRights(caller, operation, add);
    }
    for (const operation of operations.slice(0, enough))
      for (const side of sides) {
        const found = operation[side];
        if (!found) continue;
        if (changed.has(`operation ${found.name}`) || changed.has(`headers ${found.api.name}`))
          causes.add(`api ${found.api.name}`);
        for (const scope of found.operation.scopes) {
          add("scopes", scope);
          for (const name of differentlyImplied(scope, before, after)) add("scopes", name);
        }
        // How old revocations may be where nobody is asked for follows from all tiers.
        if (found.operation.public)
          for (const model of [before, after]) for (const tier of model.tiers) add("tier", tier.name);
      }
    // Everything that decides is as before, but not whom the SVID beside a token names.
    if (causes.size === 0)
      for (const { peers } of callers.slice(0, enough))
        for (const { spiffe } of peers.filter((peer) => peer.before !== peer.after))
          for (const model of [before, after]) add("identity", lookupIn(model).identityOfSpiffe(spiffe)?.name);
    const identities = [...causes].filter((cause) => cause.startsWith("identity "));
    for (const cause of identities.sort(compareText).slice(mostIdentities)) causes.delete(cause);
    return [...causes].sort(compareText);
  };
}

type Add = (kind: string, name: string | undefined) => void;

const sides: readonly Side[] = ["before", "after"];

function addCaller(caller: CallerClass, add: Add): void {
  for (const side of sides) {
    const { identity, issuer } = caller[side];
    add("tier", identity?.tier);
    add("issuer", issuer?.name);
    add("identity", identity?.name);
  }
}

function addRights(caller: CallerClass, operation: OperationClass, add: Add): void {
  for (const side of sides) {
    const { grants, denies, model } = caller[side];
    const needed = sides.flatMap((other) => operation[other]?.operation.scopes ?? []);
    const rules: readonly (Grant | Deny)[] = [...grants, ...denies];
    for (const rule of rules.filter(({ scopes }) => scopes.some((scope) => needed.includes(scope)))) {
      add(kindOf(rule), rule.name);
      for (const group of rule.to.groups) add("group", group);
      for (const name of rule.when ? namedIn(rule.when, model) : []) add("condition", name);
    }
  }
}

function kindOf(rule: Grant | Deny): "deny" | "emergency" | "grant" {
  return "emergency" in rule ? (rule.emergency ? "emergency" : "grant") : "deny";
}

/** The scopes that imply this one in one of the models only. */
function differentlyImplied(scope: string, ...models: readonly [Model, Model]): Iterable<string> {
  const [before, after] = models.map(
    ({ scopes }) => new Set(scopes.filter(({ implies }) => implies.includes(scope)).map(({ name }) => name)),
  );
  return before!.symmetricDifference(after!);
}

/** The named conditions that a condition uses, one in another too. */
function namedIn(condition: Condition, model: Model): readonly string[] {
  const names: string[] = [];
  factsOf(condition, (name) => {
    names.push(name);
    return lookupIn(model).condition(name);
  });
  return names;
}

/** Whether only one model has a declaration, or it says something else in the other; found out when it is asked for. */
class Declarations {
  readonly #before: ReadonlyMap<string, unknown>;
  readonly #after: ReadonlyMap<string, unknown>;

  constructor(before: Model, after: Model) {
    this.#before = declarations(before);
    this.#after = declarations(after);
  }

  has(name: string): boolean {
    return JSON.stringify(this.#before.get(name)) !== JSON.stringify(this.#after.get(name));
  }
}

function declarations(model: Model): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  const add = (kind: string, items: readonly { readonly name: string }[]) => {
    for (const item of items) found.set(`${kind} ${item.name}`, item);
  };
  add("tier", model.tiers);
  add("issuer", model.issuers);
  add("identity", model.identities);
  add("group", model.groups);
  add("scopes", model.scopes);
  add("condition", model.conditions);
  for (const rule of [...model.grants, ...model.denies]) found.set(`${kindOf(rule)} ${rule.name}`, rule);
  for (const { name, host, operations, headers } of model.apis) {
    found.set(`headers ${name}`, headers);
    for (const operation of operations) found.set(`operation ${host} ${operation.name}`, operation);
  }
  return found;
}
