/** Grants and denies to rows. */
import {
  type Condition,
  type Deny,
  type Fact,
  factKey,
  factsOf,
  type Grant,
  type Model,
  unreadable,
} from "../model/index.ts";
import {
  CONDITION_SIZE,
  FOREVER,
  HEADER_CONDITIONS,
  RULE_API_COUNT,
  RULE_APIS,
  RULE_CONDITION,
  RULE_EMERGENCY,
  RULE_FROM,
  RULE_NAME,
  RULE_READS_AGE,
  RULE_SIZE,
  RULE_UNTIL,
} from "./layout.ts";
import type { Numbering } from "./numbers.ts";
import { ConditionPacker } from "./pack-conditions.ts";
import type { TableWriter } from "./table-writer.ts";

export function namedConditions({ conditions }: Model): (name: string) => Condition {
  const named = new Map(conditions.map(({ name, when }) => [name, when]));
  return (name) => named.get(name) ?? unreadable;
}

/** What the condition of each grant and deny reads, and all of it together in the order of keys. */
export interface FactsOfRules {
  readonly byRule: ReadonlyMap<Grant | Deny, readonly Fact[]>;
  readonly all: readonly Fact[];
}

export function factsOfRules({ grants, denies }: Model, named: (name: string) => Condition): FactsOfRules {
  const byRule = new Map<Grant | Deny, readonly Fact[]>();
  const byKey = new Map<string, Fact>();
  for (const rule of [...grants, ...denies]) {
    if (!rule.when) continue;
    const facts = factsOf(rule.when, named);
    byRule.set(rule, facts);
    for (const fact of facts) byKey.set(factKey(fact), fact);
  }
  const all = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, fact]) => fact);
  return { byRule, all };
}

/** The condition rows stand one after the other; the result is which of them is whose. */
export function packConditions(
  writer: TableWriter,
  header: number,
  named: (name: string) => Condition,
  facts: FactsOfRules,
  factRows: ReadonlyMap<string, number>,
): ReadonlyMap<Grant | Deny, number> {
  const packer = new ConditionPacker(writer, named, factRows);
  const numbers = [...facts.byRule].map(([rule, read]) => [rule, packer.add(rule.when!, read)] as const);
  const { address, count } = packer.finish();
  writer.word(header + HEADER_CONDITIONS, address);
  writer.word(header + HEADER_CONDITIONS + 4, count);
  return new Map(numbers.map(([rule, number]) => [rule, address + number * CONDITION_SIZE]));
}

/** The rows stand one after the other. */
export function packRules(
  writer: TableWriter,
  rules: readonly (Grant | Deny)[],
  apis: Numbering,
  facts: FactsOfRules,
  conditions: ReadonlyMap<Grant | Deny, number>,
): readonly number[] {
  const first = writer.reserve(rules.length * RULE_SIZE);
  return rules.map((rule, i) => {
    const row = first + i * RULE_SIZE;
    writer.word(row + RULE_NAME, writer.text(rule.name));
    if (rule.on) {
      const numbers = rule.on.flatMap((name) => apis.get(name) ?? []).sort((a, b) => a - b);
      writer.word(row + RULE_APIS, writer.list(numbers));
      writer.word(row + RULE_API_COUNT, numbers.length);
    }
    writer.word(row + RULE_CONDITION, conditions.get(rule) ?? 0);
    const readsAge = facts.byRule.get(rule)?.some((fact) => fact.kind === "token" && fact.name === "age");
    writer.word(row + RULE_READS_AGE, readsAge ? 1 : 0);
    writer.word(row + RULE_EMERGENCY, "emergency" in rule && rule.emergency ? 1 : 0);
    writer.long(row + RULE_FROM, rule.from ?? 0);
    writer.long(row + RULE_UNTIL, rule.until ?? FOREVER);
    return row;
  });
}
