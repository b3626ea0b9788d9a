/** Changes of a request that turn a condition: its facts tried singly, then in pairs, over the literals compared with. */
import {
  type Call,
  type Claim,
  type Condition,
  evaluateCondition,
  type Fact,
  type FactValue,
  factKey,
  factsOf,
  isCanonicalSegment,
  isTexts,
  parseIpRange,
  type Read,
  type Reading,
  readFactsOf,
} from "../model/index.ts";
import { type Change, inRequest, inWords } from "./change.ts";
import { factWords } from "./condition-words.ts";

/** At most this many ways are offered; at most so many assignments of values are looked at. */
const most = 8;
const mostTried = 4_096;

/** A value for a fact; `undefined` takes an optional one away. */
interface Assignment {
  readonly fact: Fact;
  readonly value: FactValue | undefined;
}

/** Sets of changes after which the condition evaluates to `wanted`: those of one fact first, then those of two. */
export function repairFacts(condition: Condition, call: Call, wanted: boolean): readonly (readonly Change[])[] {
  const named = call.lookup.condition;
  const read = readFactsOf(call);
  const choices = factsOf(condition, named).map((fact) =>
    candidates(fact, condition, call, read).map((value): Assignment => ({ fact, value })),
  );
  const found: (readonly Change[])[] = [];
  let tried = 0;
  const attempt = (assignments: readonly Assignment[]) => {
    if (found.length >= most || tried++ >= mostTried) return;
    if (evaluateCondition(condition, named, overlay(read, assignments)) !== wanted) return;
    const changes = assignments.map((assignment) => changeOf(assignment, call));
    if (changes.every((change) => change !== undefined)) found.push(changes);
  };
  for (const values of choices) for (const value of values) attempt([value]);
  for (const [i, left] of choices.entries())
    for (const right of choices.slice(i + 1)) for (const a of left) for (const b of right) attempt([a, b]);
  return found;
}

function overlay(read: Read, assignments: readonly Assignment[]): Read {
  const values = new Map(assignments.map(({ fact, value }) => [factKey(fact), value]));
  return (fact): Reading => {
    const key = factKey(fact);
    if (!values.has(key)) return read(fact);
    const value = values.get(key);
    return value === undefined ? { state: "absent" } : { state: "known", value };
  };
}

/** Values of which each may make a comparison with the fact true or false, without the one that it has. */
function candidates(fact: Fact, condition: Condition, call: Call, read: Read): readonly (FactValue | undefined)[] {
  const key = factKey(fact);
  const values: (FactValue | undefined)[] = [];
  for (const leaf of leavesOf(condition, call.lookup.condition)) {
    if (leaf.kind === "same") {
      const other = factKey(leaf.left) === key ? leaf.right : factKey(leaf.right) === key ? leaf.left : undefined;
      const reading = other && read(other);
      if (reading?.state === "known") values.push(reading.value);
    } else if (factKey(leaf.fact) === key) values.push(...valuesFor(leaf, read(fact)));
  }
  const claim = claimOf(fact, call);
  values.push(...(claim?.values ?? []));
  if (claim?.optional || fact.kind === "header") values.push(undefined);
  const [first] = values;
  if (typeof first === "string" && !claim?.values) values.push("other");
  else if (claim?.type === "strings" || isTexts(first)) values.push([]);
  const now = read(fact);
  const has = now.state === "known" ? JSON.stringify(now.value) : undefined;
  const byText = new Map(values.map((value) => [JSON.stringify(value), value]));
  return [...byText].filter(([text]) => text !== has).map(([, value]) => value);
}

type Leaf = Exclude<Condition, { kind: "constant" | "named" | "and" | "or" | "not" }>;

function leavesOf(condition: Condition, named: (name: string) => Condition): readonly Leaf[] {
  switch (condition.kind) {
    case "constant":
      return [];
    case "named":
      return leavesOf(named(condition.name), named);
    case "and":
    case "or":
      return condition.of.flatMap((part) => leavesOf(part, named));
    case "not":
      return leavesOf(condition.of, named);
    default:
      return [condition];
  }
}

function valuesFor(leaf: Exclude<Leaf, { kind: "same" }>, now: Reading): readonly FactValue[] {
  switch (leaf.kind) {
    case "compare": {
      const { literal } = leaf;
      if (typeof literal === "boolean") return [literal, !literal];
      return typeof literal === "number" ? [literal, literal + 1, literal - 1] : [literal];
    }
    case "in":
      return leaf.values;
    case "includes": {
      const texts = now.state === "known" && isTexts(now.value) ? now.value : [];
      return texts.includes(leaf.text) ? [texts.filter((text) => text !== leaf.text)] : [[...texts, leaf.text]];
    }
    case "starts-with":
    case "ends-with":
      return [leaf.text];
    case "cidr":
      return addressesAround(leaf.range);
    case "present":
      return now.state === "known" ? [] : ["", 0, false, []];
  }
}

/** An address in the range, then one out of it. */
function addressesAround(text: string): readonly string[] {
  const range = parseIpRange(text);
  if ("problem" in range) return [];
  const outside = range.bytes.with(0, (range.bytes[0] ?? 0) ^ 0x80);
  return [range.bytes, ...(range.prefix > 0 ? [outside] : [])].map((bytes) => {
    if (bytes.length === 4) return bytes.join(".");
    const groups = Array.from({ length: 8 }, (_, i) => ((bytes[i * 2] ?? 0) << 8) | (bytes[i * 2 + 1] ?? 0));
    return groups.map((group) => group.toString(16)).join(":");
  });
}

function claimOf(fact: Fact, { credential }: Call): Claim | undefined {
  if (fact.kind !== "claim" || credential.kind !== "token") return undefined;
  return credential.token.issuer.claims.find((claim) => claim.name === fact.name);
}

/** The change that gives the fact its value; `undefined` where the request cannot say such a thing. */
function changeOf({ fact, value }: Assignment, call: Call): Change | undefined {
  const { credential, input } = call;
  switch (fact.kind) {
    case "claim":
      return claimOf(fact, call) && inRequest(["token", fact.name], value);
    case "parameter":
      return pathChange(fact.name, value, call);
    case "request":
      return typeof value === "string" ? inRequest(["request", fact.name], value) : undefined;
    case "header":
      return value === undefined || typeof value === "string"
        ? inRequest(["request", "headers", fact.name], value)
        : undefined;
    case "token": {
      if (credential.kind !== "token" || typeof value !== "number") return undefined;
      const { issued } = credential.token;
      return fact.name === "age"
        ? inRequest(["token", "iat"], input.time - value)
        : inRequest(["token", "exp"], issued + value);
    }
    case "identity":
      if (fact.name === "name" || value === undefined) return undefined;
      return {
        in: "estate",
        at: ["identities", credential.identity.name, fact.name],
        to: value,
        words: `${factWords(fact)} of \`${credential.identity.name}\` is ${inWords(value)}`,
      };
  }
}

/** The same operation with another parameter in its path. */
function pathChange(name: string, value: FactValue | undefined, { found, input }: Call): Change | undefined {
  if (typeof value !== "string" || !value.split("/").every(isCanonicalSegment)) return undefined;
  const at = found.template.findIndex((segment) => segment.kind !== "literal" && segment.name === name);
  const segment = found.template[at];
  if (!segment) return undefined;
  const path = input.request.path.slice(1).split("/");
  const rest = segment.kind === "rest" ? [] : path.slice(at + 1);
  return inRequest(["request", "path"], `/${[...path.slice(0, at), value, ...rest].join("/")}`);
}

/** A value that fits a claim's schema. */
export function valueFor(claim: Claim): FactValue {
  switch (claim.type) {
    case "boolean":
      return false;
    case "integer":
      return 0;
    case "string":
      return claim.values?.[0] ?? "";
    case "strings":
      return [];
  }
}
