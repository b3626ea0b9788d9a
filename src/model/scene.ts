/** All that can be found out about a request, even past the row that refused it. */
import { applyChanges, type Change, type Question } from "./change.ts";
import { type Credential, type CredentialProblem, identify } from "./credential.ts";
import { decide } from "./decide.ts";
import type { Decision, Input } from "./decision.ts";
import { checkInput } from "./input-shape.ts";
import { type FoundOperation, type Lookup, lookupIn } from "./lookup.ts";
import { isCanonicalPath, pathSegments } from "./path.ts";
import type { Observation } from "./procedure.ts";
import { readRevocations } from "./revoked.ts";
import type { Call } from "./rights.ts";

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
