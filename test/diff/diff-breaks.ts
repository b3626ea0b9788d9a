/** What can go wrong in the diff and in the space of requests that it looks at: one place each, as a slip would leave it. */
import type { SourceEdit } from "../agree/compile-engine.ts";

export interface DiffBreak extends SourceEdit {
  readonly name: string;
}

type Row = readonly [name: string, from: string, to: string];

/** Below `src/`. */
const byFile: Readonly<Record<string, readonly Row[]>> = {
  "space/times.ts": [
    ["a time begins one second late", "holds: (time) => time >= at };", "holds: (time) => time > at };"],
    [
      "revocations may be as old as they must not be",
      "holds: (age) => age <= delay };",
      "holds: (age) => age < delay };",
    ],
    ["revocations from the future are dated", "holds: (age) => age > oldest };", "holds: (age) => age > oldest - 1 };"],
    ["a token lives one second longer", "({ age, life }) => age < life)", "({ age, life }) => age <= life)"],
    ["a token may be issued a second later", "({ age }) => age >= -clockSkew)", "({ age }) => age > -clockSkew)"],
    ["at least is more", 'return not(atMost("age", literal - 1));', 'return not(atMost("age", literal));'],
    ["`nbf` has no skew", "token.nbf - clockSkew <= time", "token.nbf <= time"],
  ],
  "space/procedure.ts": [
    ["the peer of a token is not looked at", "...agrees,", ""],
    [
      "an identity is always in its life",
      "during(identity.from, identity.expires)",
      "during(identity.from, undefined)",
    ],
    ["a token needs no id", "isToken && tier.revokesTokens ? hasId() : always", "always"],
    [
      "audiences are looked at after the life of the token",
      "{ passes: isFor(issuer.audience, tier.audiences), reason: rows.audience.reason },\n      { passes: and(begun(), issuedByNow()), reason: rows.tokenBegun.reason },",
      "{ passes: and(begun(), issuedByNow()), reason: rows.tokenBegun.reason },\n      { passes: isFor(issuer.audience, tier.audiences), reason: rows.audience.reason },",
    ],
    ["bearer tokens live as long as bound ones", "lifetimeAtMost(bearer)", "lifetimeAtMost(bound)"],
    [
      "a key is young one second less",
      "during(created, created + keyRotation + 1), reason",
      "during(created, created + keyRotation), reason",
    ],
    ["trust must be more than enough", "if (trust < minTrust) return refused", "if (trust <= minTrust) return refused"],
    ["one needed scope in the token is enough", "isToken ? and(...scopes.map(", "isToken ? or(...scopes.map("],
    [
      "grants are on every API",
      "grant.scopes.includes(scope) && reaches(grant, found)",
      "grant.scopes.includes(scope)",
    ],
    ["what a deny cannot read does not count", "or(not(known), holds)", "holds"],
    [
      "denies do not begin",
      "const inForce = during(deny.from, deny.until);",
      "const inForce = during(undefined, deny.until);",
    ],
    ["a decision may outlive the age that it rests on", "...(changes && { next: true })", ""],
    ["a decision outlives its identity", "...(identity.expires !== undefined && { fixed: identity.expires }),", ""],
    [
      "a public operation is always fresh",
      "fresh(delay), reason: rows.publicFresh.reason",
      "always, reason: rows.publicFresh.reason",
    ],
  ],
  "space/outcomes.ts": [
    ["the shortest-lived grant counts", "of grants.toReversed())", "of grants)"],
    ["rows are asked from the last to the first", "[...asking, ...rights].reverse()", "[...asking, ...rights]"],
  ],
  "space/claims.ts": [
    ["an absent claim fits", ": fitsClaim(claim, value)),", ": value === undefined || fitsClaim(claim, value)),"],
    [
      "a claim that is there is absent",
      "holds: (value) => value !== undefined,",
      "holds: (value) => value === undefined,",
    ],
  ],
  "space/terms.ts": [
    ["greater is greater or equal", ": Math.floor(literal) + 1;", ": Math.floor(literal);"],
    ["what is no number is less than any", 'and(term.is("number"), not(reaches))', "not(reaches)"],
  ],
  "space/surroundings.ts": [
    ["a header that came twice is read", "return header.length === 1 ? header[0] : undefined;", "return header[0];"],
    ["an address that is none is known", "ip !== undefined && parseIp(ip) !== undefined", "ip !== undefined"],
  ],
  "space/facts.ts": [
    ["claims of any issuer are read", "isToken && issuer?.name === fact.issuer", "isToken"],
    ["an escape in a parameter is read", '(typeof parameter === "string" && parameter.includes("%"))', "false"],
  ],
  "space/subjects.ts": [
    ["a family takes its exact members", "if (exact || this.patterns.size === 0", "if (this.patterns.size === 0"],
  ],
  "space/operation-cells.ts": [
    ["no other operation is cut out", "if (own !== undefined && place >= own) return;", "return;"],
  ],
  "space/operations.ts": [
    ["trust that an operation demands is no change", "`needs ${operation.minTrust} ", "`needs "],
    ["how old revocations may be for everybody is no change", "`public ${this.#publicDelay}`", "`public`"],
  ],
  "space/told.ts": [["headers by scope take the last", "header.values.find(", "header.values.findLast("]],
  "diff/compare.ts": [
    [
      "gains are losses",
      'if (before.allow) return after.allow ? "until" : "loss";',
      'if (before.allow) return after.allow ? "until" : "gain";',
    ],
    [
      "other reasons are no change",
      'return after.allow ? "gain" : "reason";',
      'return after.allow ? "gain" : undefined;',
    ],
    [
      "another end is no change",
      "const real = diagrams.and(all, differing(scene, ends));",
      "const real = diagrams.leaf(0);",
    ],
  ],
  "diff/until.ts": [
    [
      "revocations that were heard of just now last for ever",
      "heard === undefined ? undefined : time - revocationsAge + heard",
      "undefined",
    ],
    [
      "the sides of an end are one",
      "endOf(before, moment) !== endOf(after, moment)) return moment",
      "endOf(before, moment) !== endOf(before, moment)) return moment",
    ],
  ],
};

export const diffBreaks: readonly DiffBreak[] = Object.entries(byFile).flatMap(([file, rows]) =>
  rows.map(([name, from, to]) => ({ name, file, from, to })),
);
