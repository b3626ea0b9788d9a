/** Random callers, operations and conditions, dense enough that facts meet: what is read of paths, claims, headers and addresses. */
import type { Claim, Condition, Fact, FoundOperation, Issuer, Model } from "../../src/model/index.ts";
import type { CallerClass, OperationClass, SegmentShape } from "../../src/space/classes.ts";
import { hasShape } from "../../src/space/texts.ts";
import type { Random } from "../random.ts";

const url = "https://id.example";
const texts = ["a", "b", "ab", "a-b", "ba", "", "é", "%C3%A9", "b/a", "/a/b", "/a", "a/", "tenant-in-token", "x"];
const pieces = ["a", "b", "ab", "-", "a/", "/b", "/", "/a", "%", "%C", "%C3", "%A9", "9", "é", "b/a/"];
const numbers = [0, 1, 2, 3, 5, 60, -1, 9_007_199_254_740_991];
const ranges = ["203.0.113.0/24", "203.0.113.128/25", "0.0.0.0/0", "2001:db8::/32", "::/0"];
const addresses = ["203.0.113.7", "203.0.113.200", "::ffff:203.0.113.9", "2001:db8::1", "::1", "10.0.0.1", "a", ""];
const literals = ["a", "b", "ab", "c"];

export interface Setting {
  readonly caller: CallerClass;
  readonly operation: OperationClass;
  readonly before: Condition;
  readonly after: Condition;
}

export function randomSetting(random: Random): Setting {
  const operation = randomOperation(random);
  const [issuerBefore, issuerAfter] = randomIssuers(random);
  const side = (issuer: Issuer, name: string) => {
    const model: Model = {
      format: 1,
      tiers: [],
      issuers: [issuer],
      identities: [],
      groups: [],
      scopes: [],
      apis: [],
      conditions: [],
      grants: [],
      denies: [],
      examples: [],
    };
    const identity = { name, tier: "t", keys: [], owner: "b", tags: ["a"], issuer: issuer.name, subject: "s" };
    return { model, issuer, identity, grants: [], denies: [] };
  };
  const [before, after] = [side(issuerBefore, "a"), side(issuerAfter, random.pick(["a", "b"]))];
  const credential = random.chance(0.9) ? "token" : "svid";
  // Chains of equal facts come up only where they are dense.
  const sameness = random.pick([0.2, 0.4, 0.8]);
  const condition = (issuer: Issuer, found: FoundOperation | undefined): [Condition, Issuer] => [
    randomCondition(random, issuer, parametersOf(found), sameness),
    issuer,
  ];
  const [whenBefore] = condition(issuerBefore, operation.before);
  const [whenAfter] = condition(issuerAfter, operation.after);
  const caller: CallerClass = {
    credential,
    before,
    after,
    shows: credential === "token" ? { url, subject: "s" } : { spiffe: "spiffe://a/b" },
    peers: [],
    names: ["a"],
    members: () => [],
    signature: "",
    changed: true,
  };
  return {
    caller,
    operation,
    before: whenBefore,
    after: issuerBefore.claims === issuerAfter.claims && random.chance(0.3) ? whenBefore : whenAfter,
  };
}

function randomIssuers(random: Random): readonly [Issuer, Issuer] {
  const claims = (): readonly Claim[] =>
    ["tenant", "region", "seats", "flag", "groups", "__proto__"].flatMap((name): Claim[] => {
      if (random.chance(0.1)) return [];
      const usual =
        name === "seats" ? "integer" : name === "flag" ? "boolean" : name === "groups" ? "strings" : "string";
      const type = random.chance(0.1) ? random.pick(["boolean", "integer", "string", "strings"] as const) : usual;
      const values = type === "string" && random.chance(0.3) && { values: random.some(texts, 4) };
      return [{ name, type: type as Claim["type"], optional: random.chance(0.4), ...values }];
    });
  const issuer = (name: string, list: readonly Claim[]): Issuer => ({
    name,
    url,
    audience: "https://apis.example",
    algorithms: [],
    claims: list,
    translate: [],
  });
  const first = claims();
  return [issuer("corp", first), issuer(random.pick(["corp", "corp", "other"]), random.chance(0.6) ? first : claims())];
}

function randomOperation(random: Random): OperationClass {
  const segments: SegmentShape[] = Array.from({ length: random.int(1, 3) }, () =>
    random.chance(0.65) ? { kind: "any" } : { kind: "literal", text: random.pick(literals) },
  );
  const ending = random.next();
  if (ending < 0.3) segments.push({ kind: "rest" });
  else if (ending < 0.4) segments.push({ kind: "literal", text: "" });
  const apart: (readonly SegmentShape[])[] = [];
  for (let n = random.int(0, 3); n > 0; n--) {
    const shape = narrower(random, segments);
    // What is all of the class is no part that is cut out.
    const isLess = shape.length > segments.length || shape.some(({ kind }, i) => kind !== segments[i]?.kind);
    if (isLess) apart.push(shape);
  }
  const [before, after] = [found(random, segments, "p"), found(random, segments, random.pick(["p", "q"]))];
  return {
    kind: "operation",
    host: "a",
    method: "GET",
    ...(random.chance(0.95) && { before }),
    after,
    segments,
    apart,
    names: [],
    members: [],
    signature: "",
    changed: true,
  };
}

function narrower(random: Random, segments: readonly SegmentShape[]): readonly SegmentShape[] {
  return segments.flatMap((segment): SegmentShape[] => {
    if (segment.kind === "literal") return [segment];
    if (segment.kind === "any")
      return [random.chance(0.5) ? segment : { kind: "literal", text: random.pick(literals) }];
    const count = random.int(1, 3);
    const more = Array.from(
      { length: count },
      (): SegmentShape => (random.chance(0.5) ? { kind: "any" } : { kind: "literal", text: random.pick(literals) }),
    );
    if (random.chance(0.3)) more.push({ kind: "rest" });
    else if (random.chance(0.2)) more.push({ kind: "literal", text: "" });
    return more;
  });
}

/** An operation whose template is the class or more than that. */
function found(random: Random, segments: readonly SegmentShape[], prefix: string): FoundOperation {
  const restFrom = random.chance(0.3) ? random.int(0, segments.length - 1) : segments.length;
  const template: FoundOperation["template"][number][] = [];
  for (const [i, segment] of segments.entries()) {
    const name = `${prefix}${i}`;
    const isEmpty = segment.kind === "literal" && segment.text === "";
    if (segment.kind === "rest" || (i >= restFrom && !isEmpty)) {
      template.push({ kind: "rest", name });
      break;
    }
    if (segment.kind === "any" || (!isEmpty && random.chance(0.2))) template.push({ kind: "parameter", name });
    else template.push({ kind: "literal", text: (segment as { text: string }).text });
  }
  const operation = { name: "", method: "GET", template: "", public: false, scopes: ["s"], minTrust: 0 };
  return { api: { name: "api", host: "a", operations: [operation], headers: [] }, operation, name: "", template };
}

function parametersOf(operation: FoundOperation | undefined): readonly string[] {
  return (operation?.template ?? []).flatMap((segment) => (segment.kind === "literal" ? [] : [segment.name]));
}

export function randomCondition(
  random: Random,
  issuer: Issuer,
  parameters: readonly string[],
  sameness: number,
  depth = random.int(0, 3),
): Condition {
  if (depth > 0) {
    const kind = random.pick(["and", "or", "not"] as const);
    const nested = () => randomCondition(random, issuer, parameters, sameness, depth - 1);
    return kind === "not" ? { kind, of: nested() } : { kind, of: [nested(), nested()] };
  }
  const fact = randomFact(random, issuer, parameters);
  const type = typeOf(fact, issuer);
  if (type === "address") return { kind: "cidr", fact, range: random.pick(ranges) };
  if (random.chance(0.1)) return { kind: "present", fact };
  if (random.chance(sameness)) {
    const others = [...Array(20)].map(() => randomFact(random, issuer, parameters));
    const right = others.find((other) => typeOf(other, issuer) === type) ?? fact;
    return { kind: "same", left: fact, right };
  }
  switch (type) {
    case "boolean":
      return { kind: "compare", operator: "equal", fact, literal: random.chance(0.5) };
    case "strings":
      return { kind: "includes", fact, text: random.pick(texts) };
    case "integer": {
      const operator = random.pick(["equal", "greater", "greater-or-equal", "less", "less-or-equal"] as const);
      return random.chance(0.2)
        ? { kind: "in", fact, values: random.some(numbers, 3) }
        : { kind: "compare", operator, fact, literal: random.pick(numbers) };
    }
    default:
      switch (random.int(0, 3)) {
        case 0:
          return { kind: "in", fact, values: random.some(texts, 4) };
        case 1:
          return { kind: "starts-with", fact, text: random.pick(pieces) };
        case 2:
          return { kind: "ends-with", fact, text: random.pick(pieces) };
        default:
          return { kind: "compare", operator: "equal", fact, literal: random.pick(texts) };
      }
  }
}

function randomFact(random: Random, issuer: Issuer, parameters: readonly string[]): Fact {
  const roll = random.next();
  if (roll < 0.4 && issuer.claims.length > 0)
    return { kind: "claim", issuer: random.chance(0.97) ? issuer.name : "else", name: random.pick(issuer.claims).name };
  if (roll < 0.65 && parameters.length > 0) return { kind: "parameter", name: random.pick(parameters) };
  return random.pick<Fact>([
    { kind: "request", name: "path" },
    { kind: "request", name: "path" },
    { kind: "request", name: "ip" },
    { kind: "request", name: "host" },
    { kind: "header", name: "x-a" },
    { kind: "header", name: "__proto__" },
    { kind: "token", name: "age" },
    { kind: "token", name: "lifetime" },
    { kind: "identity", name: "name" },
    { kind: "identity", name: "tags" },
  ]);
}

function typeOf(fact: Fact, issuer: Issuer): string {
  if (fact.kind === "claim") return issuer.claims.find(({ name }) => name === fact.name)?.type ?? "string";
  if (fact.kind === "token") return "integer";
  if (fact.kind === "identity" && fact.name === "tags") return "strings";
  return fact.kind === "request" && fact.name === "ip" ? "address" : "string";
}

/** A request of the class; `undefined` where chance led out of it. */
export function randomRequest(random: Random, { caller, operation }: Setting) {
  const segment = () => random.pick(["a", "b", "ab", "c", "a-b", "%C3%A9", "a%C3%A9", "abab", "%C3%A9b", "x9", "b-a-"]);
  const rest = (): string[] => {
    const list = Array.from({ length: random.int(1, 4) }, segment);
    return random.chance(0.2) ? [...list, ""] : list;
  };
  const path = operation.segments.flatMap((shape) =>
    shape.kind === "literal" ? [shape.text] : shape.kind === "any" ? [segment()] : rest(),
  );
  if (operation.apart.some((shape) => hasShape(path, shape))) return undefined;
  const [time, age] = [1_800_000_000, random.pick([0, 1, 2, 3, 4, 59, 60])];
  const life = age + random.pick([1, 2, 5, 60]);
  const value = (): unknown =>
    random.pick<() => unknown>([
      () => random.pick(texts),
      () => `/${path.join("/")}`,
      () => random.pick(path),
      () => random.pick(numbers),
      () => random.pick([age, life]),
      () => random.chance(0.5),
      () => random.some(texts, 3),
      () => random.pick([null, 1.5, {}, ["a", 1]]),
    ])();
  const typed = (type: string): unknown => {
    if (type === "string") return random.pick([random.pick(texts), `/${path.join("/")}`, random.pick(path)]);
    if (type === "integer") return random.pick([...numbers, age, life]);
    return type === "boolean" ? random.chance(0.5) : random.some(texts, 3);
  };
  const declared = (random.chance(0.5) ? caller.before : caller.after).issuer?.claims ?? [];
  const claims = declared.flatMap((claim): [string, unknown][] => {
    if (random.chance(0.03)) return [[claim.name, value()]];
    if (claim.optional && random.chance(0.3)) return [];
    return [[claim.name, claim.values ? random.pick(claim.values) : typed(claim.type)]];
  });
  const headers = ["x-a", "__proto__"].flatMap((name): [string, unknown][] =>
    random.chance(0.2) ? [] : [[name, random.pick<unknown>([random.pick(texts), [random.pick(path)], ["a", "b"], []])]],
  );
  const token = Object.fromEntries([
    ...claims,
    ["iss", url],
    ["sub", "s"],
    ["iat", time - age],
    ["exp", time - age + life],
  ]);
  return {
    time,
    ...(caller.credential === "token" ? { token } : { peer: { spiffe: "spiffe://a/b" } }),
    request: {
      host: "a",
      method: "GET",
      path: `/${path.join("/")}`,
      ...(random.chance(0.9) && { ip: random.pick(addresses) }),
      headers: Object.fromEntries(headers) as Record<string, string | string[]>,
    },
  };
}
