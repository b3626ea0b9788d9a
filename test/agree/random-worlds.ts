/** Random estates of any size: many small ones side by side, none of which knows the names of another. */
import {
  type Api,
  type Condition,
  type Deny,
  type Fact,
  type Grant,
  type Identity,
  type Model,
  normalise,
} from "../../src/model/index.ts";
import type { Random } from "../random.ts";
import { randomModel } from "./random-model.ts";

export interface Worlds {
  /** All of them in one. */
  readonly model: Model;
  readonly worlds: readonly Model[];
}

export function randomWorlds(random: Random, identities: number, operations: number): Worlds {
  const bare: Model[] = [];
  const count = (items: readonly { length: number }[]) => items.reduce((sum, { length }) => sum + length, 0);
  for (let found = 0; found < operations; found += count(bare.at(-1)!.apis.map((a) => a.operations)))
    bare.push(apart(randomModel(random), bare.length));
  const copies = Math.max(0, Math.ceil(identities / count(bare.map((world) => world.identities))) - 1);
  const worlds = bare.map((world) => crowded(random, world, copies));
  const all = <Part extends keyof Model>(part: Part) => worlds.flatMap((world) => world[part] as readonly unknown[]);
  const parts = (
    ["tiers", "issuers", "identities", "groups", "scopes", "apis", "conditions", "grants", "denies"] as const
  ).map((part) => [part, all(part)]);
  return { model: normalise({ ...worlds[0]!, ...Object.fromEntries(parts) }), worlds };
}

/** The same estate under names of its own. The first keeps its names: some of them are odd ones. */
function apart(model: Model, number: number): Model {
  if (number === 0) return model;
  const own = (name: string): string => `w${number}-${name}`;
  const foreign = (url: string): string => url.replace("://", `://w${number}-`);
  const rule = <R extends Grant | Deny>(item: R): R => ({
    ...item,
    name: own(item.name),
    to: { identities: item.to.identities.map(own), groups: item.to.groups.map(own) },
    scopes: item.scopes.map(own),
    ...(item.on && { on: item.on.map(own) }),
    ...(item.when && { when: renamed(item.when, own) }),
  });
  return normalise({
    ...model,
    tiers: model.tiers.map((tier) => ({ ...tier, name: own(tier.name) })),
    issuers: model.issuers.map((issuer) => ({
      ...issuer,
      name: own(issuer.name),
      url: foreign(issuer.url),
      translate: issuer.translate.map(({ from, to }) => ({ from, to: to.map(own) })),
    })),
    identities: model.identities.map(
      (identity): Identity => ({
        ...identity,
        name: own(identity.name),
        tier: own(identity.tier),
        ...(identity.issuer !== undefined && { issuer: own(identity.issuer) }),
        ...(identity.subject !== undefined && { subject: foreign(identity.subject) }),
        keys: identity.keys.map(({ id, created }) => ({ id: own(id), created })),
      }),
    ),
    groups: model.groups.map(({ name, members }) => ({ name: own(name), members: members.map(own) })),
    scopes: model.scopes.map(({ name, implies }) => ({ name: own(name), implies: implies.map(own) })),
    apis: model.apis.map(
      (api): Api => ({
        ...api,
        name: own(api.name),
        host: own(api.host),
        operations: api.operations.map((operation) => ({ ...operation, scopes: operation.scopes.map(own) })),
        headers: api.headers.map((header) =>
          header.kind === "text"
            ? header
            : { ...header, values: header.values.map(({ scope, value }) => ({ scope: own(scope), value })) },
        ),
      }),
    ),
    conditions: model.conditions.map(({ name, when }) => ({ name: own(name), when: renamed(when, own) })),
    grants: model.grants.map(rule),
    denies: model.denies.map(rule),
  });
}

function renamed(condition: Condition, own: (name: string) => string): Condition {
  const fact = (item: Fact): Fact => (item.kind === "claim" ? { ...item, issuer: own(item.issuer) } : item);
  switch (condition.kind) {
    case "constant":
      return condition;
    case "named":
      return { ...condition, name: own(condition.name) };
    case "and":
    case "or":
      return { ...condition, of: condition.of.map((part) => renamed(part, own)) };
    case "not":
      return { ...condition, of: renamed(condition.of, own) };
    case "same":
      return { ...condition, left: fact(condition.left), right: fact(condition.right) };
    default:
      return { ...condition, fact: fact(condition.fact) };
  }
}

/** More identities of the same kinds, some of which hold what the first of their kind holds. */
function crowded(random: Random, model: Model, copies: number): Model {
  const another = (name: string, n: number): string => `${name}.${n}`;
  const copiesOf = (name: string, chance: number): string[] =>
    Array.from({ length: copies }, (_, n) => another(name, n)).filter(() => random.chance(chance));
  const holders = <R extends Grant | Deny>(item: R): R => ({
    ...item,
    to: { ...item.to, identities: item.to.identities.flatMap((name) => [name, ...copiesOf(name, 0.3)]) },
  });
  return normalise({
    ...model,
    identities: model.identities.flatMap((identity): readonly Identity[] => [
      identity,
      ...Array.from({ length: copies }, (_, n) => ({
        ...identity,
        name: another(identity.name, n),
        ...(identity.subject !== undefined && {
          subject: identity.subject.startsWith("spiffe://")
            ? identity.subject.replace("://", `://c${n}-`)
            : another(identity.subject, n),
        }),
        keys: identity.keys.map(({ id, created }) => ({ id: another(id, n), created })),
      })),
    ]),
    groups: model.groups.map(({ name, members }) => ({
      name,
      members: members.flatMap((member) => [member, ...copiesOf(member, 0.5)]),
    })),
    grants: model.grants.map(holders),
    denies: model.denies.map(holders),
  });
}
