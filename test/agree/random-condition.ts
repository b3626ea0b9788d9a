/** Random conditions over every operator and every kind of fact, mostly well typed, with literals that requests are likely to meet. */
import type { Condition, Fact, Issuer, Literal } from "../../src/model/index.ts";
import type { Random } from "../random.ts";

export const words = ["eu", "us", "t1", "t2", "", "é", "a\nb", "<&>", "constructor"] as const;
export const addresses = [
  "203.0.113.7",
  "203.0.112.255",
  "203.0.113.0",
  "203.0.113.255",
  "10.0.0.1",
  "2001:db8::1",
  "2001:db8:0:0:0:0:0:1",
  "::ffff:203.0.113.9",
  "::ffff:cb00:7109",
  "fe80::1%eth0",
  "203.0.113.07",
  "203.0.113.0/24",
  "::",
  "1::2::3",
  "256.1.1.1",
  "1.2.3",
  "",
  "::1.2.3.4",
] as const;
export const ranges = [
  "203.0.113.0/24",
  "0.0.0.0/0",
  "::/0",
  "2001:db8::/32",
  "203.0.113.7/32",
  "10.0.0.0/8",
  "203.0.112.0/23",
];
export const headerNames = ["x-region", "x-flag", "__proto__"] as const;
export const numbers = [0, 1, 5, 60, 300, -1, 9_007_199_254_740_991];

export interface ConditionContext {
  readonly issuer: Issuer | undefined;
  readonly parameters: readonly string[];
  readonly named: readonly string[];
}

export function randomCondition(random: Random, context: ConditionContext, depth = 2): Condition {
  const nested = (): Condition => randomCondition(random, context, depth - 1);
  if (depth > 0 && random.chance(0.45)) {
    const kind = random.pick(["and", "or", "not", "not"] as const);
    if (kind === "not") return { kind, of: nested() };
    return { kind, of: Array.from({ length: random.int(1, 3) }, nested) };
  }
  if (context.named.length > 0 && random.chance(0.15)) return { kind: "named", name: random.pick(context.named) };
  if (random.chance(0.04)) return { kind: "constant", value: random.chance(0.7) };
  return test(random, context);
}

function test(random: Random, context: ConditionContext): Condition {
  const fact = randomFact(random, context);
  const type = typeOf(fact, context);
  const odd = random.chance(0.05);
  switch (type) {
    case "integer": {
      if (odd) return { kind: "starts-with", fact, text: "1" };
      const operator = random.pick(["equal", "greater", "greater-or-equal", "less", "less-or-equal"] as const);
      return random.chance(0.2)
        ? { kind: "in", fact, values: random.some<Literal>(numbers, 3) }
        : { kind: "compare", operator, fact, literal: random.pick(numbers) };
    }
    case "boolean":
      return { kind: "compare", operator: "equal", fact, literal: odd ? "true" : random.chance(0.5) };
    case "strings":
      if (odd) return { kind: "same", left: fact, right: randomFact(random, context) };
      return { kind: "includes", fact, text: random.pick(words) };
    case "address":
      return { kind: "cidr", fact, range: random.pick(ranges) };
    default:
      return textTest(random, context, fact, odd);
  }
}

function textTest(random: Random, context: ConditionContext, fact: Fact, odd: boolean): Condition {
  if (odd)
    return random.pick<Condition>([
      { kind: "compare", operator: "less", fact, literal: 5 },
      { kind: "compare", operator: "equal", fact, literal: 5 },
      { kind: "includes", fact, text: "eu" },
      { kind: "cidr", fact, range: random.pick(ranges) },
    ]);
  switch (random.int(0, 5)) {
    case 0:
      return { kind: "in", fact, values: random.some<Literal>(words, 3) };
    case 1:
      return { kind: "starts-with", fact, text: random.pick(["e", "t", "", "/a", "é"]) };
    case 2:
      return { kind: "ends-with", fact, text: random.pick(["u", "1", "", "b"]) };
    case 3:
      return { kind: "same", left: fact, right: randomFact(random, context) };
    case 4:
      return { kind: "present", fact };
    default:
      return { kind: "compare", operator: "equal", fact, literal: random.pick(words) };
  }
}

function randomFact(random: Random, { issuer, parameters }: ConditionContext): Fact {
  const roll = random.int(0, 9);
  if (roll < 4 && issuer && issuer.claims.length > 0)
    return { kind: "claim", issuer: issuer.name, name: random.pick(issuer.claims).name };
  if (roll < 6 && parameters.length > 0) return { kind: "parameter", name: random.pick(parameters) };
  switch (random.int(0, 4)) {
    case 0:
      return { kind: "request", name: random.pick(["host", "method", "path"] as const) };
    case 1:
      return { kind: "request", name: "ip" };
    case 2:
      return { kind: "header", name: random.pick(headerNames) };
    case 3:
      return { kind: "token", name: random.pick(["age", "lifetime"] as const) };
    default:
      return { kind: "identity", name: random.pick(["name", "owner", "tags", "tier"] as const) };
  }
}

function typeOf(fact: Fact, { issuer }: ConditionContext): "integer" | "boolean" | "string" | "strings" | "address" {
  switch (fact.kind) {
    case "claim":
      return issuer?.claims.find((claim) => claim.name === fact.name)?.type ?? "string";
    case "request":
      return fact.name === "ip" ? "address" : "string";
    case "token":
      return "integer";
    case "identity":
      return fact.name === "tags" ? "strings" : "string";
    default:
      return "string";
  }
}
