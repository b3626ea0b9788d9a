/** All that can be found out about a request, even past the row that refused it. */
import {
  type Call,
  type Credential,
  type CredentialProblem,
  checkInput,
  type Decision,
  decide,
  type FoundOperation,
  type Input,
  identify,
  isCanonicalPath,
  type Lookup,
  lookupIn,
  type Observation,
  pathSegments,
  readRevocations,
} from "../model/index.ts";
import { applyChanges, type Change, type Question } from "./change.ts";

export interface Scene {
  readonly question: Question;
  readonly lookup: Lookup;
  readonly decision: Decision;
  readonly observations: readonly Observation[];
  readonly input?: Input;
  readonly credential?: Credential | CredentialProblem;
  readonly found?: FoundOperation;
  /** Where both a caller and an operation are known. */
  readonly call?: Call;
}

export function sceneOf(original: Question, changes: readonly Change[] = []): Scene {
  const question = applyChanges(original, changes);
  const observations: Observation[] = [];
  const decision = decide(question.loaded, question.input, (observation) => observations.push(observation));
  const lookup = lookupIn(question.loaded.model);
  const { input } = checkInput(question.input);
  if (!input) return { question, lookup, decision, observations };
  const { host, method, path } = input.request;
  const match = isCanonicalPath(path) ? lookup.operation(host, method, pathSegments(path)) : undefined;
  const credential = identify(input, lookup);
  const revocations = readRevocations(question.loaded.revocations) ?? { at: 0, floor: 0 };
  const call = match && typeof credential !== "string" && { input, lookup, revocations, credential, ...match };
  return {
    question,
    lookup,
    decision,
    observations,
    input,
    credential,
    ...(match && { found: match.found }),
    ...(call && { call }),
  };
}
