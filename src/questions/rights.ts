/** What the rules of a model say of one class of callers and one class of operations, before any request is looked at. */
import { type Deny, type Fact, factsOf, type Grant, type Identity, type Lookup, type Tier } from "../model/index.ts";
import type { Access } from "./access.ts";
import { conditionParts } from "./condition-words.ts";
import { moment } from "./presented.ts";

/** A grant or a deny with all that is asked of it again and again. */
export interface ReadyRule {
  readonly id: number;
  readonly rule: Grant | Deny;
  readonly scopes: ReadonlySet<string>;
  readonly from: number;
  readonly until: number;
  /** What has to hold, in words. */
  readonly parts: readonly string[];
  /** The same for the opposite. */
  readonly opposite: readonly string[];
  readonly reads: readonly Fact[];
  /** What it reads of the identity itself. */
  readonly own: readonly Extract<Fact, { kind: "identity" }>["name"][];
}

export function readyRule(rule: Grant | Deny, id: number, named: Lookup["condition"]): ReadyRule {
  const { when, from = 0, until = Number.POSITIVE_INFINITY } = rule;
  const reads = when ? factsOf(when, named) : [];
  return {
    id,
    rule,
    scopes: new Set(rule.scopes),
    from,
    until,
    parts: when ? conditionParts(when, named) : [],
    opposite: when ? conditionParts({ kind: "not", of: when }, named) : [],
    reads,
    own: reads.flatMap((fact) => (fact.kind === "identity" ? [fact.name] : [])),
  };
}

/** What decides about a caller, whatever it calls. */
export interface CallerRights {
  readonly identity: Identity;
  readonly tier: Tier;
  readonly grants: ReadonlyMap<string, readonly ReadyRule[]>;
  readonly denies: readonly ReadyRule[];
}

/** What decides about an operation, whoever calls it. */
export interface OperationRights {
  readonly api: string;
  readonly public: boolean;
  readonly minTrust: number;
  readonly scopes: readonly string[];
  /** Names of the parameters in its path that conditions read. */
  readonly parameters: ReadonlySet<string>;
}

/** One choice of grants that opens the operation. */
interface Way {
  readonly parts: readonly string[];
  readonly grants: readonly string[];
  readonly from: number;
  readonly until: number;
}

const mostWays = 16;
const everybody: Access = { kind: "public", when: [[]], grants: [], denies: [] };

/** The rules that matter to a caller and an operation: equal texts, equal access. Nothing where no request is ever allowed. */
export interface Candidate {
  readonly key: string;
  readonly access: () => Access | undefined;
}

export function candidateOf(caller: CallerRights, operation: OperationRights): Candidate | undefined {
  if (operation.public) return { key: "public", access: () => everybody };
  if (caller.tier.trust < operation.minTrust) return undefined;
  const choices: (readonly ReadyRule[])[] = [];
  for (const scope of operation.scopes) {
    const near = caller.grants.get(scope)?.filter((grant) => reaches(grant, operation));
    const grants = near?.filter((grant) => canBeRead(grant, caller, operation));
    if (!grants || grants.length === 0) return undefined;
    choices.push(grants);
  }
  const denies = caller.denies.filter(
    (deny) => reaches(deny, operation) && operation.scopes.some((scope) => deny.scopes.has(scope)),
  );
  const readable = denies.map((deny) => canBeRead(deny, caller, operation));
  const { from = 0, expires = Number.POSITIVE_INFINITY } = caller.identity;
  const key = [
    choices.map((grants) => grants.map(({ id }) => id).join()).join(";"),
    denies.map(({ id }) => id),
    readable,
    from,
    expires,
  ].join(" ");
  return { key, access: () => accessOf(choices, denies, readable, from, expires) };
}

function accessOf(
  choices: readonly (readonly ReadyRule[])[],
  denies: readonly ReadyRule[],
  readable: readonly boolean[],
  from: number,
  until: number,
): Access | undefined {
  let ways: readonly Way[] = [{ parts: [], grants: [], from, until }];
  for (const grants of choices) ways = product(ways, grants).slice(0, mostWays);
  for (const [index, deny] of denies.entries())
    ways = ways.flatMap((way) => without(way, deny, readable[index] === true));
  const plain = fewest(ways.filter((way) => way.from < way.until));
  return plain.length === 0 ? undefined : accessFrom(plain, denies);
}

function reaches({ rule: { on } }: ReadyRule, { api }: OperationRights): boolean {
  return on === undefined || on.includes(api);
}

/** A grant whose condition reads what the request cannot have never applies, and a deny always does. */
function canBeRead({ reads }: ReadyRule, { identity }: CallerRights, { parameters }: OperationRights): boolean {
  return reads.every((fact) => {
    if (fact.kind === "claim") return fact.issuer === identity.issuer;
    if (fact.kind === "token") return identity.issuer !== undefined;
    return fact.kind !== "parameter" || parameters.has(fact.name);
  });
}

function product(ways: readonly Way[], grants: readonly ReadyRule[]): readonly Way[] {
  return ways.flatMap((way) =>
    grants.map((grant) => ({
      parts: union(way.parts, grant.parts),
      grants: union(way.grants, [grant.rule.name]),
      from: Math.max(way.from, grant.from),
      until: Math.min(way.until, grant.until),
    })),
  );
}

function without(way: Way, { from, until, rule, opposite }: ReadyRule, readable: boolean): readonly Way[] {
  if (until <= way.from || way.until <= from) return [way];
  const outside = [
    { ...way, until: Math.min(way.until, from) },
    { ...way, from: Math.max(way.from, until) },
  ].filter((each) => each.from < each.until);
  if (!rule.when || !readable) return outside;
  return [{ ...way, parts: union(way.parts, opposite) }, ...outside];
}

/** Without ways that another one covers. */
function fewest(ways: readonly Way[]): readonly Way[] {
  const covers = (a: Way, b: Way) =>
    a.from <= b.from && b.until <= a.until && a.parts.every((part) => b.parts.includes(part));
  return ways.filter(
    (way, index) =>
      !ways.some((other, at) => at !== index && covers(other, way) && (at < index || !covers(way, other))),
  );
}

function accessFrom(ways: readonly Way[], denies: readonly ReadyRule[]): Access {
  const from = Math.min(...ways.map((way) => way.from));
  const until = Math.max(...ways.map((way) => way.until));
  const apart = ways.some((way) => way.from !== from || way.until !== until);
  const conditional = ways.every((way) => way.parts.length > 0 || apart) && ways.some((way) => way.parts.length > 0);
  const when = ways
    .map((way) => [...(apart ? [periodWords(way)] : []), ...way.parts.toSorted()])
    .sort((a, b) => (a.join("\n") < b.join("\n") ? -1 : 1));
  const free = when.some((parts) => parts.length === 0);
  const isTimed = !free || from > 0 || until !== Number.POSITIVE_INFINITY;
  return {
    kind: conditional ? "conditional" : isTimed ? "until" : "always",
    when: free ? [[]] : when,
    grants: [...new Set(ways.flatMap((way) => way.grants))].sort(),
    denies: denies.map((deny) => deny.rule.name).sort(),
    ...(from > 0 && { from }),
    ...(until !== Number.POSITIVE_INFINITY && { until }),
  };
}

function periodWords({ from, until }: Way): string {
  const parts = [
    ...(from > 0 ? [`from ${moment(from)}`] : []),
    ...(until !== Number.POSITIVE_INFINITY ? [`until ${moment(until)}`] : []),
  ];
  return parts.join(" ") || "at any time";
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...a, ...b.filter((each) => !a.includes(each))];
}
