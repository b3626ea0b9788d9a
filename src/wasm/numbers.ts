/** The numbers by which tables refer to names that requests bring: scopes, members of tokens, headers, parameters, methods. */
import { assert } from "../diagnostics/index.ts";
import { compareText, type Fact, type Model } from "../model/index.ts";
import {
  MEMBER_AUD,
  MEMBER_CNF,
  MEMBER_EXP,
  MEMBER_IAT,
  MEMBER_ISS,
  MEMBER_JTI,
  MEMBER_NBF,
  MEMBER_OTHERS,
  MEMBER_SCOPE,
  MEMBER_SUB,
  NONE,
} from "./layout.ts";

export type Numbering = ReadonlyMap<string, number>;

export interface Numbers {
  /** Our vocabulary, and whatever else operations, grants, denies and translations name, in one order. */
  readonly scopes: Numbering;
  readonly members: Numbering;
  readonly headers: Numbering;
  /** Only those that a condition reads. */
  readonly parameters: Numbering;
  readonly methods: Numbering;
  readonly apis: Numbering;
  /** From 1. */
  readonly issuers: Numbering;
}

const registered: readonly (readonly [string, number])[] = [
  ["iss", MEMBER_ISS],
  ["sub", MEMBER_SUB],
  ["aud", MEMBER_AUD],
  ["exp", MEMBER_EXP],
  ["iat", MEMBER_IAT],
  ["nbf", MEMBER_NBF],
  ["jti", MEMBER_JTI],
  ["scope", MEMBER_SCOPE],
  ["cnf", MEMBER_CNF],
];

/** @param facts what the conditions of grants and denies read */
export function numbersOf(model: Model, facts: readonly Fact[]): Numbers {
  const named = (kind: Fact["kind"]): string[] => facts.filter((f) => f.kind === kind).map((f) => f.name);
  const parameters = numbering(new Set(named("parameter").filter((name) => name !== "")));
  assert(parameters.size < NONE, "conditions read fewer parameters than there are numbers");
  return {
    scopes: numbering(scopeNames(model)),
    members: members([...model.issuers.flatMap(({ claims }) => claims.map(({ name }) => name)), ...named("claim")]),
    headers: numbering(new Set(named("header"))),
    parameters,
    methods: numbering(new Set(model.apis.flatMap(({ operations }) => operations.map(({ method }) => method)))),
    apis: numbering(new Set(model.apis.map(({ name }) => name))),
    issuers: numbering(new Set(model.issuers.map(({ name }) => name)), 1),
  };
}

function members(claims: readonly string[]): Numbering {
  const fixed = new Map(registered);
  const others = new Set(claims.filter((name) => !fixed.has(name)));
  return new Map([...fixed, ...numbering(others, MEMBER_OTHERS)]);
}

function scopeNames({ scopes, issuers, apis, grants, denies }: Model): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (list: readonly string[]): void => {
    for (const name of list) names.add(name);
  };
  for (const { name, implies } of scopes) add([name, ...implies]);
  for (const { translate } of issuers) for (const { to } of translate) add(to);
  for (const { operations } of apis) for (const operation of operations) add(operation.scopes);
  for (const rule of grants) add(rule.scopes);
  for (const rule of denies) add(rule.scopes);
  return names;
}

function numbering(names: ReadonlySet<string>, first = 0): Numbering {
  return new Map([...names].sort(compareText).map((name, i) => [name, first + i]));
}
