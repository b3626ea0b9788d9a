/** From the estate and the fleet to what people see. */
import { type Ring, rings } from "../protocol/index.ts";
import type { Alarms } from "./alarms.ts";
import type { Core } from "./core.ts";
import {
  approvalsNeeded,
  type Candidate,
  type Estate,
  type InForce,
  type Restoration,
  restoreApprovals,
  wordsOf,
} from "./estate.ts";
import type { Fleet } from "./fleet.ts";
import type { FactsByRing } from "./policy-facts.ts";
import type { Progress } from "./progress.ts";
import type { By, CandidateView, ReleaseView, RestorationView, View } from "./view.ts";

const MOST = 50;

export function viewOf(core: Core, fleet: Fleet, progress: Progress, alarms: Alarms): View {
  const { estate, current } = core;
  const counts = fleet.counts(estate.changes);
  return {
    now: core.now,
    ...healthOf(core, alarms),
    inForce: Object.fromEntries(
      rings.flatMap((ring) => {
        const release = estate.inForce.get(ring);
        return release ? [[ring, releaseView(release, ring, current.facts)]] : [];
      }),
    ),
    ...(estate.halted && { halted: { ...estate.halted, by: person(estate.halted.by) } }),
    candidates: [...estate.candidates.values()]
      .slice(-MOST)
      .toReversed()
      .map((candidate) => candidateView(candidate, estate)),
    restorations: [...estate.restorations.values()]
      .filter(({ effective }) => !effective)
      .slice(-MOST)
      .toReversed()
      .map(restorationView),
    gateways: fleet.view(),
    changes: estate.changes.map((change, index) => {
      const took = progress.tookOf(change.sequence);
      return { ...change, by: person(change.by), reach: counts[index]!, ...(took !== undefined && { took }) };
    }),
    revoked: estate.revocations.size,
  };
}

export function healthOf({ current }: Core, { list }: Alarms): Pick<View, "head" | "alarms"> {
  const { version, writ } = current.set.timestamp!.signed;
  return { head: { version, ...writ! }, alarms: list };
}

function releaseView({ candidate, since, by }: InForce, ring: Ring, facts: FactsByRing): ReleaseView {
  const { digest, content, revision, sequence, expires, provenance } = candidate.body;
  const { repository, commit, workflow } = provenance;
  const revocationDelay = facts.get(ring)?.revocationDelay;
  return {
    digest,
    content,
    revision,
    sequence,
    since,
    expires,
    ...(revocationDelay !== undefined && { revocationDelay }),
    releasedBy: person(by),
    approvedBy: [...candidate.approvals.values()].map(person),
    provenance: { repository, commit, workflow },
  };
}

function candidateView(candidate: Candidate, estate: Estate): CandidateView {
  const { digest, revision, sequence, at, by, emergency } = candidate.body;
  return {
    digest,
    revision,
    sequence,
    submitted: at,
    submittedBy: person(by),
    approvedBy: [...candidate.approvals.values()].map(person),
    approvalsNeeded: approvalsNeeded(candidate),
    ...(emergency !== undefined && { emergency }),
    state: stateOf(candidate, estate),
  };
}

function restorationView({ body, approvals }: Restoration): RestorationView {
  const { digest, paths, reason, at, by } = body;
  return {
    digest,
    words: wordsOf(paths),
    reason,
    proposed: at,
    proposedBy: person(by),
    approvedBy: [...approvals.values()].map(person),
    approvalsNeeded: restoreApprovals,
  };
}

/** Which credential it was stands in the audit log; whoever looks at the estate need not know. */
function person({ issuer, subject, name }: By): By {
  return { issuer, subject, name };
}

function stateOf(candidate: Candidate, { inForce }: Estate): CandidateView["state"] {
  if (inForce.get("stable")?.candidate === candidate) return "stable";
  if (inForce.get("canary")?.candidate === candidate) return "canary";
  const highest = Math.max(0, ...[...inForce.values()].map((release) => release.candidate.body.sequence));
  if (candidate.body.sequence <= highest) return "superseded";
  return candidate.approvals.size >= approvalsNeeded(candidate) ? "approved" : "waiting";
}
