/** What people may see of an estate: the page, the API and the command show this and nothing else. */
import type { ReportedProblem, Ring } from "../protocol/index.ts";

/** Who did something, as the audit log has it. */
export interface By {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
}

export interface View {
  /** Seconds since 1970 UTC, as all times here. */
  readonly now: number;
  readonly head: {
    readonly version: number;
    readonly at: number;
    readonly floor: number;
    readonly audit: { readonly size: number; readonly root: string };
  };
  /** By ring; nothing before the first release. */
  readonly inForce: Readonly<Partial<Record<Ring, ReleaseView>>>;
  readonly halted?: { readonly at: number; readonly by: By; readonly reason: string };
  /** Newest first, at most 50. */
  readonly candidates: readonly CandidateView[];
  /** Proposed and not yet approved, newest first, at most 50. */
  readonly restorations: readonly RestorationView[];
  /** Sorted by name. */
  readonly gateways: readonly GatewayView[];
  /** Newest first, at most 50. */
  readonly changes: readonly ChangeView[];
  readonly revoked: number;
  /** What an operator has to look at: `head-conflict`, `clock-behind`, a store that is nearly full. */
  readonly alarms: readonly ReportedProblem[];
}

export interface ReleaseView {
  readonly digest: string;
  /** Of the content, whatever its sequence: equal for a policy and its republication. */
  readonly content: string;
  readonly revision: string;
  readonly sequence: number;
  readonly since: number;
  readonly expires: number;
  /** Seconds, the smallest of its tiers: gateways that were told nothing for longer begin to deny. */
  readonly revocationDelay?: number;
  readonly releasedBy: By;
  readonly approvedBy: readonly By[];
  readonly provenance: { readonly repository: string; readonly commit: string; readonly workflow: string };
}

export interface CandidateView {
  readonly digest: string;
  readonly revision: string;
  readonly sequence: number;
  readonly submitted: number;
  readonly submittedBy: By;
  readonly approvedBy: readonly By[];
  readonly approvalsNeeded: number;
  readonly emergency?: string;
  readonly state: "waiting" | "approved" | "canary" | "stable" | "superseded";
}

/** What somebody wants to give back: it takes effect when enough others agree. */
export interface RestorationView {
  readonly digest: string;
  readonly words: string;
  readonly reason: string;
  readonly proposed: number;
  readonly proposedBy: By;
  readonly approvedBy: readonly By[];
  readonly approvalsNeeded: number;
}

export interface GatewayView {
  readonly name: string;
  readonly kind: "sdk" | "opa";
  readonly ring: Ring;
  readonly heard: number;
  readonly live: boolean;
  /** The version of the head that it confirmed, and the size of the log whose revocations it enforces. */
  readonly version: number;
  readonly enforced: number;
  readonly policy?: { readonly sequence: number; readonly revision?: string };
  /** Seconds since the publisher's word that it has; of the last report, or counted from its last poll. */
  readonly age?: number;
  readonly problems: readonly ReportedProblem[];
  readonly allowed: number;
  readonly denied: number;
  readonly dropped: number;
}

/** A revocation, a restoration, a recall, a release: what has to come through to every gateway. */
export interface ChangeView {
  readonly sequence: number;
  readonly kind: "revoke" | "restore" | "recall" | "publish";
  readonly at: number;
  readonly by: By;
  readonly words: string;
  readonly reason?: string;
  /** Of a release: by which policy the gateways of which ring decide once it has come through; no other ring has to. */
  readonly policy?: { readonly ring: Ring; readonly sequence: number };
  readonly reach: { readonly live: number; readonly enforced: number };
  /** Milliseconds from the acknowledgement until every live gateway had confirmed it; absent before, and after a restart. */
  readonly took?: number;
}
