/** 83xx: changes of an estate that the publisher refuses. */
import type { Entry } from "../entry.ts";

const mismatches = {
  unknown: "no candidate and no restoration that waits has this digest",
  superseded: "a later release has taken the place of this candidate",
  shown: "it does not say by its digest what was shown",
} as const;
export type ApprovalMismatch = keyof typeof mismatches;

const provenanceFaults = {
  envelope: "it is no envelope of a statement",
  unsigned: "too few of the keys that may sign it have signed it",
  statement: "it is no statement on how something was built",
  digest: "it is about another bundle",
  repository: "it names another repository",
  commit: "it names another commit, or none",
  workflow: "it names another workflow",
} as const;
export type ProvenanceFault = keyof typeof provenanceFaults;

const unfitness = {
  known: "it has been submitted already",
  sequence: "its sequence is not above that of every release and candidate before it",
  room: "its sequence leaves no room for later ones",
  begins: "it begins only later, and until then gateways would deny everything by it",
  ended: "it has ended already",
  life: "it would end after the targets that name it could be signed anew",
  authors: "its authors are no names of persons, or too many",
  "emergency-reason": "an emergency needs a reason, of at most 1,024 characters",
  "emergency-life": "an emergency ends within 72 hours",
} as const;
export type CandidateFault = keyof typeof unfitness;

const releaseFaults = {
  "in-force": "it is in force there",
  canary: "it is not in force in `canary`",
  early: "it has not been in force in `canary` for long enough",
  unconfirmed: "not all live gateways of `canary` decide by it",
  troubled: "a gateway of `canary` has trouble with it",
} as const;
export type ReleaseFault = keyof typeof releaseFaults;

const restorationFaults = {
  token: "a token stays revoked until it expires",
  absent: "nothing of that name is revoked",
} as const;
export type RestorationFault = keyof typeof restorationFaults;

const revocationFaults = {
  list: "no list of that name is known, or the path is not as long as it should be",
  name: "a name in it is empty, too long, or holds characters that no name holds",
  value: "a token needs its `exp`, and every value is a time in whole seconds",
  none: "there is no entry",
  many: "there are more than 1,000 entries, or more text than one record holds",
  reason: "it needs a reason, of at most 1,024 characters",
  full: "the list has no room left in what gateways take",
} as const;
export type RevocationFault = keyof typeof revocationFaults;

function grantsText(grants: readonly string[]): string {
  if (grants.length === 0) return "no grant changed";
  const first = grants.slice(0, 10).map((grant) => `\`${grant}\``);
  const more = grants.length > first.length ? ` and ${grants.length - first.length} more` : "";
  return `grants that changed: ${first.join(", ")}${more}`;
}

export const publish = {
  WRIT8301: {
    name: "idempotency-conflict",
    severity: "error",
    message: ({ key }: { key: string }) => `another call was made with the idempotency key \`${key}\``,
    help: () => "nothing was changed; give every call a key of its own, and the same one only to the same call again",
  },
  WRIT8302: {
    name: "head-moved",
    severity: "error",
    message: ({ version }: { version: number }) =>
      `what is in force is no longer what was looked at: the head is version ${version} now`,
    help: () => "nothing was changed; look at what is in force, then send the version of that head in `If-Match`",
  },
  WRIT8303: {
    name: "head-conflict",
    severity: "error",
    message: ({ gateway, version }: { gateway: string; version: number }) =>
      `\`${gateway}\` holds another head of version ${version} than this publisher signed or another gateway holds`,
    help: () =>
      "somebody else signs with the publisher's keys, or a second publisher runs: stop it, then change the keys",
  },
  WRIT8304: {
    name: "publisher-clock-behind",
    severity: "error",
    message: ({ at, now }: { at: string; now: string }) =>
      `the clock of the publisher says ${now}, and it said ${at} before`,
    help: () =>
      "set the clock right; until it has passed that time there are no heartbeats, and gateways begin to deny",
  },
  WRIT8305: {
    name: "revocation-refused",
    severity: "error",
    message: ({ fault, index }: { fault: RevocationFault; index?: number }) =>
      `${index === undefined ? "nothing of this" : `entry ${index}`} can be revoked: ${revocationFaults[fault]}`,
    help: () => "none of the entries was revoked; put it right, and send all of them again",
  },
  WRIT8306: {
    name: "recall-unknown",
    severity: "error",
    message: ({ sequence, highest }: { sequence: number; highest: number }) =>
      `no policy has the sequence ${sequence}: the highest is ${highest}`,
    help: () => "nothing was recalled; a floor above every policy would refuse the next ones too, and it never falls",
  },
  WRIT8307: {
    name: "version-ahead",
    severity: "error",
    message: ({ gateway, version, ours }: { gateway: string; version: number; ours: number }) =>
      `\`${gateway}\` holds a head of version ${version}, and this publisher is at ${ours}`,
    help: () =>
      "the store was put back from a backup, or another publisher runs; compare the audit log with one that a gateway's head counts",
  },
  WRIT8308: {
    name: "opa-trouble",
    severity: "error",
    message: ({ bundle, words }: { bundle: string; words: string }) => `OPA reports of \`${bundle}\`: ${words}`,
    help: () => "it decides by what it activated last, until that is stale; look into its log",
  },
  WRIT8311: {
    name: "approval-self",
    severity: "error",
    message: ({ person }: { person: string }) => `\`${person}\` wrote or submitted what is to be approved`,
    help: () => "nothing was changed; ask somebody who had no part in it",
  },
  WRIT8312: {
    name: "approval-mismatch",
    severity: "error",
    message: ({ fault }: { fault: ApprovalMismatch }) =>
      `the approval is for nothing that it could be for: ${mismatches[fault]}`,
    help: () =>
      "nothing was changed; look at the candidates there are, read what one of them changes, then approve that",
  },
  WRIT8313: {
    name: "approval-missing",
    severity: "error",
    message: ({ found, needed }: { found: number; needed: number }) =>
      `${needed === 1 ? "an approval" : `${needed} approvals`} by others ${needed === 1 ? "is" : "are"} needed, and there ${found === 1 ? "is" : "are"} ${found}`,
    help: () => "nothing was changed; ask an approver who had no part in it to look at what changes",
  },
  WRIT8314: {
    name: "provenance-mismatch",
    severity: "error",
    message: ({ fault }: { fault: ProvenanceFault }) =>
      `the provenance is not that of this bundle: ${provenanceFaults[fault]}`,
    help: () =>
      "nothing was changed; submit what was built by the workflow that may, together with what that run signed",
  },
  WRIT8315: {
    name: "build-not-reproducible",
    severity: "error",
    message: ({ file }: { file: string }) => `built again from the commit that it names, \`${file}\` is another one`,
    help: () =>
      "nothing was changed; find out who or what changed it between the commit and here, and trust neither until then",
  },
  WRIT8316: {
    name: "activation-failed",
    severity: "error",
    message: ({ problem }: { problem: string }) => `a gateway could not decide by this candidate: ${problem}`,
    help: () => "nothing was changed; put the policy right, or build it with a version of Writ that fits the gateways",
  },
  WRIT8317: {
    name: "change-too-large",
    severity: "error",
    message: ({ size, before }: { size: number; before: number }) =>
      `the candidate has ${size} bytes, and what is in force has ${before}: that is more than twice or less than half`,
    help: () =>
      "nothing was changed; go there by smaller steps, or look for what has gone missing or come in by mistake",
  },
  WRIT8318: {
    name: "candidate-unfit",
    severity: "error",
    message: ({ fault }: { fault: CandidateFault }) => `this can't be released: ${unfitness[fault]}`,
    help: () => "nothing was changed; build it anew for a sequence and a time that fit",
  },
  WRIT8319: {
    name: "release-halted",
    severity: "error",
    message: ({ reason }: { reason: string }) => `releases are halted: ${reason}`,
    help: () => "nothing was changed; once the cause is found and gone, let an operator resume",
  },
  WRIT8320: {
    name: "release-order",
    severity: "error",
    message: ({ fault, gateways }: { fault: ReleaseFault; gateways: readonly string[] }) =>
      `it can't be released there: ${releaseFaults[fault]}${gateways.length > 0 ? ` (${gateways.slice(0, 10).join(", ")})` : ""}`,
    help: () => "nothing was changed; a release goes to `canary` first, and on to `stable` once it has held there",
  },
  WRIT8321: {
    name: "release-unknown",
    severity: "error",
    message: () => "nothing that was ever released has this digest",
    help: () => "nothing was changed; look in the audit log for the digest of the release to go back to",
  },
  WRIT8322: {
    name: "restoration-refused",
    severity: "error",
    message: ({ fault }: { fault: RestorationFault }) => `this can't be given back: ${restorationFaults[fault]}`,
    help: () => "nothing was changed; name what is revoked now and is no token",
  },
  WRIT8323: {
    name: "canary-activation",
    severity: "error",
    message: ({ revision, gateway, problem }: { revision: string; gateway: string; problem: string }) =>
      `\`${revision}\` had trouble on the canary gateway \`${gateway}\`: ${problem}`,
    help: () => "releases are halted; publish what was in force before again, or put right what is wrong, then resume",
  },
  WRIT8324: {
    name: "canary-denials",
    severity: "error",
    message: ({
      revision,
      gateway,
      before,
      after,
      grants,
    }: {
      revision: string;
      gateway: string | undefined;
      before: string;
      after: string;
      grants: readonly string[];
    }) =>
      `since \`${revision}\`, ${gateway === undefined ? "canary gateways deny" : `the canary gateway \`${gateway}\` denies`} ${after} of the requests, and before it was ${before}; ${grantsText(grants)}`,
    help: () =>
      "releases are halted; if that is what was meant, resume, and otherwise publish what was in force before again",
  },
  WRIT8325: {
    name: "reason-missing",
    severity: "error",
    message: () => "it needs a reason, of at most 1,024 characters",
    help: () => "nothing was changed; say why, for whoever reads the audit log",
  },
} satisfies Record<string, Entry>;
