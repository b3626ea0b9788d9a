/** Random models say more than any policy can; what compares and proves is asked about what policies can say. */
import type { Condition, Fact, Model } from "../../src/model/index.ts";

const ip: Fact = { kind: "request", name: "ip" };

/** Of an address policies ask in which range it is and nothing else, and of nothing else do they ask that. */
export function sayable(model: Model): Model {
  const { conditions, grants, denies, nevers } = model;
  return {
    ...model,
    conditions: conditions.map((one) => ({ ...one, when: sayableCondition(one.when) })),
    grants: grants.map(withSayable),
    denies: denies.map(withSayable),
    ...(nevers && { nevers: nevers.map(withSayable) }),
  };
}

function withSayable<Rule extends { readonly when?: Condition }>(rule: Rule): Rule {
  return rule.when ? { ...rule, when: sayableCondition(rule.when) } : rule;
}

function sayableCondition(condition: Condition): Condition {
  return mapTests(condition, (test) => {
    if (test.kind === "cidr") return { ...test, fact: ip };
    return (test.kind === "same" ? [test.left, test.right] : [test.fact]).some(isAddress) ? inRange : test;
  });
}

type Test = Exclude<Condition, { kind: "and" | "constant" | "named" | "not" | "or" }>;

/** Another test in the place of each, wherever it stands. */
export function mapTests(condition: Condition, map: (test: Test) => Condition): Condition {
  switch (condition.kind) {
    case "constant":
    case "named":
      return condition;
    case "and":
    case "or":
      return { ...condition, of: condition.of.map((part) => mapTests(part, map)) };
    case "not":
      return { ...condition, of: mapTests(condition.of, map) };
    default:
      return map(condition);
  }
}

const inRange: Condition = { kind: "cidr", fact: ip, range: "203.0.113.0/24" };

function isAddress(fact: Fact): boolean {
  return fact.kind === "request" && fact.name === "ip";
}
