/** Grants and denies by who holds them, on which API, for which scope, so that a decision reads only those that it may rest on. */
import type { JsonValue } from "../json/index.ts";
import { type Condition, type Deny, type Grant, longestFirst, type Model, readsAge } from "../model/index.ts";
import { conditionName } from "./condition.ts";
import { type Table, table } from "./table.ts";

export interface RuleTables {
  readonly tables: Readonly<Record<string, JsonValue>>;
  /** The groups of an identity that hold anything. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

export function ruleTables(model: Model): RuleTables {
  const needed = apisByScope(model);
  // The rank of a grant is its place: so the ranks of several holders merge into one order.
  const grants = model.grants.toSorted(longestFirst);
  const [granted, denied] = [holderTables(grants, needed), holderTables(model.denies, needed)];
  const conditions = new Map(model.conditions.map(({ name, when }) => [name, when]));
  const ages = (when: Condition) =>
    readsAge(when, (name) => conditions.get(name) ?? { kind: "constant", value: false });
  const groups = new Map<string, string[]>();
  for (const { name, members } of model.groups) {
    if (!(name in granted.groups) && !(name in denied.groups)) continue;
    for (const member of members) {
      const list = groups.get(member);
      if (list) list.push(name);
      else groups.set(member, [name]);
    }
  }
  return {
    groups,
    tables: {
      grants: grants.map((grant) => ({ emergency: grant.emergency, ...ruleRow(grant, ages) })),
      identity_grants: granted.identities,
      group_grants: granted.groups,
      denies: model.denies.map((deny) => ruleRow(deny, ages)),
      identity_denies: denied.identities,
      group_denies: denied.groups,
    },
  };
}

function ruleRow(
  { name, from, until, when }: Grant | Deny,
  ages: (when: Condition) => boolean,
): Record<string, JsonValue> {
  return {
    ...(when && ages(when) && { ages: true }),
    ...(from !== undefined && { from }),
    name,
    ...(until !== undefined && { until }),
    ...(when && { when: conditionName(name, when) }),
  };
}

/** A scope that no operation of an API needs is nothing that a decision could ask for there. */
function apisByScope(model: Model): ReadonlyMap<string, readonly string[]> {
  const apis = new Map<string, Set<string>>();
  for (const api of model.apis) {
    for (const { scopes } of api.operations) {
      for (const scope of scopes) {
        const known = apis.get(scope);
        if (known) known.add(api.name);
        else apis.set(scope, new Set([api.name]));
      }
    }
  }
  return new Map([...apis].map(([scope, names]) => [scope, [...names]]));
}

/** Holder, API, scope: the numbers of the rules, ascending. */
function holderTables(
  rules: readonly (Grant | Deny)[],
  needed: ReadonlyMap<string, readonly string[]>,
): { readonly identities: Table; readonly groups: Table } {
  const [identities, groups] = [table(), table()];
  for (const [number, rule] of rules.entries()) {
    for (const scope of rule.scopes) {
      for (const api of needed.get(scope) ?? []) {
        if (rule.on && !rule.on.includes(api)) continue;
        for (const name of rule.to.identities) addRow(identities, name, api, scope, number);
        for (const name of rule.to.groups) addRow(groups, name, api, scope, number);
      }
    }
  }
  return { identities, groups };
}

function addRow(holders: Table, holder: string, api: string, scope: string, number: number): void {
  holders[holder] ??= table();
  const apis = holders[holder] as Table;
  apis[api] ??= table();
  const scopes = apis[api] as Table;
  scopes[scope] ??= [];
  (scopes[scope] as number[]).push(number);
}
