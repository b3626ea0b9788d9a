/** What a policy means: the model, its parts, and the reference evaluator. */
export type { Artefact } from "./artefact.ts";
export type { Change } from "./change.ts";
export { type Comparison, type Condition, type Fact, factKey, factsOf, type Literal } from "./condition.ts";
export { decide, type Loaded } from "./decide.ts";
export {
  type Allow,
  clockSkew,
  type Decision,
  type Input,
  limits,
  type Policy,
  type Reason,
  type Refusal,
  type Revocations,
  reasons,
} from "./decision.ts";
export type { Flip } from "./flip.ts";
export { type IpRange, parseIp, parseIpRange, rangeContains } from "./ip.ts";
export { isPatternSubject, longestFirst } from "./lookup.ts";
export type {
  Api,
  Claim,
  ClaimType,
  Deny,
  Example,
  Grant,
  Group,
  Holders,
  Identity,
  Issuer,
  Method,
  Model,
  NamedCondition,
  Operation,
  Scope,
  Tier,
  UpstreamHeader,
} from "./model.ts";
export type { Lack, NearRule } from "./near-rules.ts";
export { compareText, normalise } from "./normalise.ts";
export { isCanonicalPath, isCanonicalSegment, pathSegments } from "./path.ts";
export { comparePrecedence, matchTemplate, parseTemplate, type TemplateSegment } from "./path-template.ts";
export { type Observation, type Observe, type Row, rows } from "./procedure.ts";
export { renderTrace } from "./render-trace.ts";
export { compareWithExpected, type Difference, type ExampleRun, runExamples } from "./run-examples.ts";
export { isScopeName, matchesPattern, type PatternSegment, parsePattern, splitScopes } from "./scope.ts";
export {
  type AutomatonState,
  type OperationPlace,
  operationAutomaton,
  type SegmentAutomaton,
  spiffeAutomaton,
} from "./segment-automaton.ts";
export { isSpiffeId, isSpiffePattern, matchesSpiffe, relatePatterns, spiffeSegments } from "./spiffe.ts";
export { type Trace, type TraceStep, why } from "./why.ts";
