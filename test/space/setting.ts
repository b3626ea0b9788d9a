/** One caller with a token, one operation and conditions of each side, as small as a test wants them. */
import {
  type Condition,
  type Fact,
  type Issuer,
  type Literal,
  type Model,
  parseTemplate,
} from "../../src/model/index.ts";
import type { SegmentShape } from "../../src/space/classes.ts";
import type { Setting } from "./random-facts.ts";

export const claim = (name: string): Fact => ({ kind: "claim", issuer: "corp", name });
export const parameter = (name: string): Fact => ({ kind: "parameter", name });
export const header = (name: string): Fact => ({ kind: "header", name });
export const path: Fact = { kind: "request", name: "path" };
export const ip: Fact = { kind: "request", name: "ip" };

export const equal = (fact: Fact, literal: Literal): Condition => ({
  kind: "compare",
  operator: "equal",
  fact,
  literal,
});
export const isIn = (fact: Fact, ...values: readonly Literal[]): Condition => ({ kind: "in", fact, values });
export const present = (fact: Fact): Condition => ({ kind: "present", fact });
export const starts = (fact: Fact, text: string): Condition => ({ kind: "starts-with", fact, text });
export const ends = (fact: Fact, text: string): Condition => ({ kind: "ends-with", fact, text });
export const same = (left: Fact, right: Fact): Condition => ({ kind: "same", left, right });
export const not = (of: Condition): Condition => ({ kind: "not", of });
export const all = (...of: readonly Condition[]): Condition => ({ kind: "and", of });
export const any = (...of: readonly Condition[]): Condition => ({ kind: "or", of });
export const less = (fact: Fact, literal: number): Condition => ({ kind: "compare", operator: "less", fact, literal });
export const atLeast = (fact: Fact, literal: number): Condition => ({
  kind: "compare",
  operator: "greater-or-equal",
  fact,
  literal,
});

const issuer: Issuer = {
  name: "corp",
  url: "https://id.example",
  audience: "https://apis.example",
  algorithms: [],
  claims: [
    { name: "region", type: "string", optional: false, values: ["ap", "eu", "us"] },
    { name: "plan", type: "string", optional: true },
    { name: "tenant", type: "string", optional: false },
    { name: "seats", type: "integer", optional: false },
    { name: "limit", type: "integer", optional: true },
    { name: "flag", type: "boolean", optional: true },
    { name: "groups", type: "strings", optional: true },
  ],
  translate: [],
};

/** @param apart templates of other operations */
export function setting(
  before: Condition,
  after: Condition,
  template = "/v1/{tenant}/{id}",
  apart: readonly string[] = [],
): Setting {
  const model = {
    format: 1,
    ...{ tiers: [], issuers: [issuer], identities: [], groups: [], scopes: [], apis: [] },
    ...{ conditions: [], grants: [], denies: [], examples: [] },
  } satisfies Model;
  const identity = { name: "app", tier: "t", keys: [], owner: "team", tags: ["a"], issuer: "corp", subject: "s" };
  const side = { model, issuer, identity, grants: [], denies: [] };
  const operation = { name: "", method: "GET", template, public: false, scopes: ["s"], minTrust: 0 };
  const api = { name: "api", host: "a", operations: [operation], headers: [] };
  const segments = parseTemplate(template);
  if ("problem" in segments) throw new TypeError(segments.problem);
  const found = { api, operation, name: "", template: segments };
  return {
    caller: {
      credential: "token",
      before: side,
      after: side,
      shows: { url: issuer.url, subject: "s" },
      peers: [],
      names: [],
      members: () => [],
      signature: "",
      changed: true,
    },
    operation: {
      kind: "operation",
      host: "a",
      method: "GET",
      before: found,
      after: found,
      segments: shapeOf(template),
      apart: apart.map(shapeOf),
      names: [],
      members: [],
      signature: "",
      changed: true,
    },
    before,
    after,
  };
}

function shapeOf(template: string): readonly SegmentShape[] {
  const segments = parseTemplate(template);
  if ("problem" in segments) throw new TypeError(segments.problem);
  return segments.map((segment): SegmentShape => {
    if (segment.kind === "literal") return segment;
    return { kind: segment.kind === "rest" ? "rest" : "any" };
  });
}
