/** 42xx: what a change of the policies changes, and what reviewers have to say about it. */
import type { Entry } from "../entry.ts";

const approvalFaults = {
  "no-json": "it is no JSON, or no object with `approved`",
  "unknown-member": "it has a member that nobody reads",
  change: "`change` is the digest of a change, 64 hexadecimal digits",
  by: "`by` names at least one person",
  reason: "`reason` says why",
  ticket: "`ticket` is a text",
  twice: "it approves the same change twice",
} as const;
export type ApprovalFault = keyof typeof approvalFaults;

const revisionFaults = {
  unknown: "neither a file, nor a folder, nor a commit that is here",
  name: "no name of a commit",
  unreadable: "a commit whose files can't be read",
  outside: "a commit, and the policy folder is in no repository of Git",
  large: "a commit with more in its policy folder than is ever read",
  wrong: "a commit whose policies have errors",
} as const;
export type RevisionFault = keyof typeof revisionFaults;

const readingFaults = {
  altered: "it isn't as `writ diff --format json` wrote it: its digest is another",
  candidate: "it is about other policies than the candidate's",
  base: "it compares the candidate with policies that are in force in no ring",
} as const;
export type DifferenceFault = keyof typeof readingFaults;

const changeHelp = (): string =>
  "`writ diff --format json` shows it with a request; whoever approves it names its digest in the file of `--allow`";

export interface ChangeSentence {
  /** As every format of a difference words it. */
  readonly sentence: string;
}

export const review = {
  WRIT4201: {
    name: "witness-disputed",
    severity: "error",
    message: ({
      backend,
      side,
      change,
      difference,
    }: {
      backend: string;
      side: string;
      change: number;
      difference: string;
    }) =>
      `change ${change} is not shown: for its witness ${backend} of \`${side}\` decides otherwise than the policies mean (${difference})`,
    help: () => "this is a bug in Writ, and nothing that it says of this difference may be relied on; please report it",
  },
  WRIT4202: {
    name: "approval-unused",
    severity: "error",
    message: ({ change }: { change: string }) => `the approval of \`${change}\` is of nothing that changes here`,
    help: () => "take it out: what it approved is in force already, or is not what changes any more",
  },
  WRIT4203: {
    name: "approvals-malformed",
    severity: "error",
    message: ({ path, place, fault }: { path: string; place: string; fault: ApprovalFault }) =>
      `\`${path}\` approves nothing: ${place === "" ? "" : `\`${place}\`: `}${approvalFaults[fault]}`,
    help: () =>
      'write `{ "approved": [{ "change": "…", "by": ["…"], "reason": "…" }] }`, with a `ticket` if there is one',
  },
  WRIT4204: {
    name: "revision-unreadable",
    severity: "error",
    message: ({ name, fault }: { name: string; fault: RevisionFault }) => `\`${name}\` is ${revisionFaults[fault]}`,
    help: () => "name a policy folder, a bundle, a commit like `main` or `HEAD~3`, or the URL of a publisher",
  },
  WRIT4205: {
    name: "revision-ambiguous",
    severity: "error",
    message: ({ name }: { name: string }) => `\`${name}\` is a commit, and a file or folder as well`,
    help: ({ name }: { name: string }) =>
      `write \`./${name}\` for the file or folder, \`refs/heads/${name}\` for the branch`,
  },
  WRIT4206: {
    name: "merge-base-missing",
    severity: "error",
    message: ({ base, shallow }: { base: string; shallow: boolean }) =>
      shallow
        ? `this clone is shallow, and where its history parted from \`${base}\` is not in it`
        : `the history here has nothing in common with \`${base}\`, or \`${base}\` is not here`,
    help: () =>
      "fetch the whole history: `fetch-depth: 0` of actions/checkout, `GIT_DEPTH: 0` in GitLab, `git fetch --unshallow`",
  },
  WRIT4207: {
    name: "difference-of-another",
    severity: "error",
    message: ({ path, fault }: { path: string; fault: DifferenceFault }) =>
      `what was read, \`${path}\`, is not what would be approved: ${readingFaults[fault]}`,
    help: () =>
      "compare again what is in force with the candidate's bundle: `writ diff URL BUNDLE --format json --out diff.json`",
  },
  WRIT4210: {
    name: "change-gain",
    severity: "warning",
    message: ({ sentence }: ChangeSentence) => `${sentence}`,
    help: changeHelp,
  },
  WRIT4211: {
    name: "change-loss",
    severity: "warning",
    message: ({ sentence }: ChangeSentence) => `${sentence}`,
    help: changeHelp,
  },
  WRIT4212: {
    name: "change-headers",
    severity: "warning",
    message: ({ sentence }: ChangeSentence) => `${sentence}`,
    help: changeHelp,
  },
  WRIT4213: {
    name: "change-until",
    severity: "warning",
    message: ({ sentence }: ChangeSentence) => `${sentence}`,
    help: changeHelp,
  },
  WRIT4214: {
    name: "change-reason",
    severity: "warning",
    message: ({ sentence }: ChangeSentence) => `${sentence}`,
    help: changeHelp,
  },
} satisfies Record<string, Entry<never>>;
