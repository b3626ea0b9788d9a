/** The rows of the decision procedure: its steps in order, what each demands, and the reason when that fails. */
import type { Refusal } from "./decision.ts";

export interface Row {
  readonly step: number;
  readonly demands: string;
  readonly reason: Refusal["reason"];
}

export const rows = {
  policyLoaded: row(0, "a policy is loaded", "policy-missing"),
  inputShaped: row(0, "the input has its shape and keeps the limits", "input-malformed"),
  policyInForce: row(0, "the policy is in force", "policy-expired"),
  revocationsKnown: row(0, "revocations are known", "revocations-stale"),
  revocationsDated: row(0, "what is known of revocations is not from the future", "revocations-stale"),
  policyAboveFloor: row(0, "the policy is not recalled", "policy-below-floor"),
  publicFresh: row(0, "the operation is public, and revocations are fresh", "revocations-stale"),
  identityNamed: row(1, "the credential names an identity", "identity-unknown"),
  tierDeclared: row(1, "the tier of the identity is declared", "identity-unknown"),
  identityAlive: row(2, "the identity is in its life", "identity-inactive"),
  tokenRevocable: row(3, "the token carries the id by which it is revoked", "claims-malformed"),
  revocationsFresh: row(3, "revocations are fresh enough for the tier", "revocations-stale"),
  notRevoked: row(3, "nothing that was presented is revoked", "revoked"),
  audience: row(4, "the token is for us", "audience"),
  tokenBegun: row(4, "the token is valid already", "token-not-yet-valid"),
  tokenAlive: row(4, "the token has not expired", "token-expired"),
  tokenShortLived: row(4, "the token is short-lived enough for the tier", "token-lifetime"),
  presented: row(5, "the credential was presented as the tier asks", "authentication"),
  keyYoung: row(5, "the key was rotated in time", "authentication"),
  pathCanonical: row(6, "the path is canonical", "path-not-canonical"),
  operationDeclared: row(6, "the operation is declared", "operation-unknown"),
  trusted: row(6, "the tier has the trust that the operation demands", "trust"),
  scopesCarried: row(7, "the token carries every needed scope", "scope-missing"),
  scopesGranted: row(8, "every needed scope is granted", "scope-not-granted"),
  grantsInForce: row(8, "by a grant that is in force", "grant-inactive"),
  conditionsHold: row(8, "whose condition holds", "condition"),
  notDenied: row(9, "no deny applies", "denied"),
} as const;

function row(step: number, demands: string, reason: Refusal["reason"]): Row {
  return { step, demands, reason };
}

/** What one row compared, for `writ why`. */
export interface Observation {
  readonly row: Row;
  readonly compared: string;
  readonly passed: boolean;
}

export type Observe = (observation: Observation) => void;

/** Goes on when `passed`; otherwise ends the procedure with the row's reason, or a more exact one. */
export type Demand = (row: Row, passed: unknown, compared: () => string, reason?: Refusal["reason"]) => asserts passed;

/** Ends the procedure. Not an error: nothing went wrong, a request was refused. */
export class Stop {
  readonly reason: Refusal["reason"];
  constructor(reason: Refusal["reason"]) {
    this.reason = reason;
  }
}

export function demandOf(observe: Observe | undefined): Demand {
  return (row, passed, compared, reason = row.reason) => {
    observe?.({ row, compared: compared(), passed: Boolean(passed) });
    if (!passed) throw new Stop(reason);
  };
}
