/** Random conditions that an author can write, over what requests of an estate can be: each is met by some, and not by others. */
import type { Comparison, Condition, Fact, Model } from "../../src/model/index.ts";
import { headerNames, ranges, words } from "../agree/random-condition.ts";
import { templateOf } from "../agree/random-model.ts";
import type { Random } from "../random.ts";

type Type = "address" | "boolean" | "integer" | "strings" | "text";

/** What can be read of a request, and texts that it can be. */
interface Readable {
  readonly fact: Fact;
  readonly type: Type;
  readonly texts: readonly string[];
}

const numbers = [0, 1, 2, 5, 59, 60, 61, 300, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
const orders: readonly Comparison[] = ["equal", "greater", "greater-or-equal", "less", "less-or-equal"];

export function tellingCondition(random: Random, model: Model): Condition {
  const all = readableOf(random, model);
  // Not so often what there are most of.
  const { type } = random.pick([...new Map(all.map((one) => [one.type, one])).values(), ...all]);
  const chosen = random.pick(all.filter((one) => one.type === type));
  const others = all.filter((one) => one.type === type && one.fact !== chosen.fact);
  const condition = testOf(random, chosen, others);
  return random.chance(0.3) ? { kind: "not", of: condition } : condition;
}

function testOf(random: Random, { fact, type, texts }: Readable, others: readonly Readable[]): Condition {
  if (type === "address")
    return { kind: "cidr", fact, range: random.pick([...ranges, "203.0.113.6/31", "::fffe:0:0/95", "8000::/1"]) };
  if (fact.kind === "claim" && random.chance(0.15)) return { kind: "present", fact };
  if (type === "strings") return { kind: "includes", fact, text: random.pick(words) };
  if (others.length > 0 && random.chance(0.4)) return { kind: "same", left: fact, right: random.pick(others).fact };
  if (type === "boolean") return { kind: "compare", operator: "equal", fact, literal: random.chance(0.5) };
  if (type === "integer")
    return random.chance(0.3)
      ? { kind: "in", fact, values: random.some(numbers, 3) }
      : { kind: "compare", operator: random.pick(orders), fact, literal: random.pick(numbers) };
  const text = random.pick(texts);
  const cut = random.int(0, text.length);
  switch (random.int(0, 3)) {
    case 0:
      return { kind: "in", fact, values: random.some(texts, 3) };
    case 1:
      return { kind: "starts-with", fact, text: text.slice(0, cut) || text };
    case 2:
      return { kind: "ends-with", fact, text: text.slice(cut) || text };
    default:
      return { kind: "compare", operator: "equal", fact, literal: text };
  }
}

function readableOf(random: Random, model: Model): readonly Readable[] {
  const { identities, apis } = model;
  const operations = apis.flatMap((api) => api.operations);
  const templates = operations.map(templateOf);
  const segments = templates.flat();
  const filled = templates.map(
    (template) => `/${template.map((s) => (s.kind === "literal" ? s.text : random.pick(["t1", "%C3%A9"]))).join("/")}`,
  );
  const some = [...words.filter((word) => word !== ""), ...identities.map(({ name }) => name), "GET"];
  const text = (fact: Fact, texts: readonly string[]): readonly Readable[] =>
    texts.length > 0 ? [{ fact, type: "text", texts }] : [];
  const issuer = random.pick(model.issuers);
  return [
    ...issuer.claims.map(
      ({ name, type, values = some }): Readable => ({
        fact: { kind: "claim", issuer: issuer.name, name },
        type: type === "string" ? "text" : type,
        texts: values.length > 0 ? values : some,
      }),
    ),
    ...segments.flatMap((s) =>
      s.kind === "literal"
        ? []
        : text({ kind: "parameter", name: s.name }, s.kind === "rest" ? ["t1/b", "t1/"] : ["t1", "eu"]),
    ),
    ...headerNames.flatMap((name) => text({ kind: "header", name }, some)),
    ...text({ kind: "request", name: "path" }, filled),
    ...text(
      { kind: "request", name: "host" },
      apis.map(({ host }) => host),
    ),
    ...text(
      { kind: "request", name: "method" },
      operations.map(({ method }) => method),
    ),
    ...text(
      { kind: "identity", name: "name" },
      identities.map(({ name }) => name),
    ),
    ...text(
      { kind: "identity", name: "owner" },
      identities.map(({ owner }) => owner),
    ),
    ...text(
      { kind: "identity", name: "tier" },
      identities.map(({ tier }) => tier),
    ),
    { fact: { kind: "request", name: "ip" }, type: "address", texts: [] },
    { fact: { kind: "token", name: "age" }, type: "integer", texts: [] },
    { fact: { kind: "token", name: "lifetime" }, type: "integer", texts: [] },
    { fact: { kind: "identity", name: "tags" }, type: "strings", texts: [] },
  ];
}
