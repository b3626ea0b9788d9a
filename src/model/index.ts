/** What a policy means: the model, its parts, and the reference evaluator. */
export type { Artefact } from "./artefact.ts";
export { type Comparison, type Condition, type Fact, factKey, factsOf, type Literal, readsAge } from "./condition.ts";
export {
  type Credential,
  type CredentialProblem,
  fitsClaim,
  identify,
  presentedBy,
  readRegistered,
  type Token,
} from "./credential.ts";
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
export { evaluateCondition, type FactValue, type Read, type Reading } from "./evaluate-condition.ts";
export { checkInput, isObject, isTexts, isTime, own } from "./input-shape.ts";
export { type IpRange, parseIp, parseIpRange, rangeContains } from "./ip.ts";
export {
  type FoundOperation,
  isPatternSubject,
  type Lookup,
  longestFirst,
  lookupIn,
  publicDelayOf,
  unreadable,
} from "./lookup.ts";
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
  Never,
  Operation,
  Scope,
  Tier,
  UpstreamHeader,
} from "./model.ts";
export { compareText, normalise } from "./normalise.ts";
export { isCanonicalPath, isCanonicalSegment, pathSegments } from "./path.ts";
export { comparePrecedence, matchTemplate, parseTemplate, type TemplateSegment } from "./path-template.ts";
export { type Observation, type Observe, type Row, rows } from "./procedure.ts";
export { has, readRevocations, revokedBy } from "./revoked.ts";
export {
  type Call,
  denyThatApplies,
  type GrantState,
  grantsFor,
  holdsFor,
  missingScopes,
  reaches,
  readFactsOf,
} from "./rights.ts";
export { compareWithExpected, type Difference, type ExampleRun, runExamples } from "./run-examples.ts";
export { isScopeName, type PatternSegment, parsePattern, splitScopes } from "./scope.ts";
export {
  type AutomatonState,
  type OperationPlace,
  operationAutomaton,
  type SegmentAutomaton,
  spiffeAutomaton,
} from "./segment-automaton.ts";
export { isSpiffeId, isSpiffePattern, matchesSpiffe, relatePatterns, spiffeSegments } from "./spiffe.ts";
export { upstreamHeaders } from "./upstream-headers.ts";
