/** 508x and 509x: files, folders, and what commands are given. */
import type { Entry } from "../entry.ts";

const fileProblems = {
  missing: "it does not exist",
  "too-large": "it is too large",
  "not-a-file": "it is not a regular file",
  forbidden: "this user may not read it",
} as const;

const configFaults = {
  json: "is no JSON",
  object: "is no object",
  missing: "is missing",
  unknown: "is no member that belongs there",
  list: "is no list, or an empty one",
  text: "is no text that belongs there",
  url: "is no address like `https://policies.example.com`",
  number: "is no number that belongs there",
  flag: "is neither true nor false",
} as const;
export type ConfigFault = keyof typeof configFaults;

export const files = {
  WRIT5080: {
    name: "folder-missing",
    severity: "error",
    message: ({ path }: { path: string }) => `there is no folder \`${path}\``,
    help: () => "name the folder that holds the `*.policy.ts` files; `writ init FOLDER` makes one",
  },
  WRIT5081: {
    name: "folder-without-policies",
    severity: "error",
    message: () => "the folder holds no policy file",
    help: () => "policy files are called `something.policy.ts`; `writ init FOLDER` makes some",
  },
  WRIT5082: {
    name: "link-out-of-folder",
    severity: "error",
    message: ({ path }: { path: string }) => `\`${path}\` leads out of the policy folder`,
    help: () => "put the file itself into the folder: what is reviewed there must be what is compiled",
  },
  WRIT5083: {
    name: "file-unreadable",
    severity: "error",
    message: ({ path, problem }: { path: string; problem: keyof typeof fileProblems }) =>
      `\`${path}\` cannot be read: ${fileProblems[problem]}`,
  },
  WRIT5084: {
    name: "folder-too-big",
    severity: "error",
    message: ({ what, limit }: { what: string; limit: number }) => `the policy folder has more than ${limit} ${what}`,
    help: () => "name a folder that holds policies and nothing else",
  },
  WRIT5085: {
    name: "folder-not-empty",
    severity: "error",
    message: ({ path }: { path: string }) => `\`${path}\` is not empty`,
    help: () => "name a new folder; nothing that is there already is overwritten",
  },
  WRIT5086: {
    name: "output-unwritable",
    severity: "error",
    message: ({ path, problem }: { path: string; problem: string }) => `\`${path}\` cannot be written: ${problem}`,
  },
  WRIT5087: {
    name: "generated-stale",
    severity: "error",
    message: ({ path, problem }: { path: string; problem: string }) =>
      `\`${path}\` is not what the policies compile to: ${problem}`,
    help: () => "run `writ build` and commit what it writes",
  },
  WRIT5088: {
    name: "option-value",
    severity: "error",
    message: ({ option, value, expected }: { option: string; value: string; expected: string }) =>
      value === "" ? `\`${option}\` is ${expected}` : `\`${option}\` is ${expected}, and \`${value}\` is not`,
  },
  WRIT5089: {
    name: "opa-missing",
    severity: "error",
    message: () => "there is no `opa` on this machine, and the Rego back end needs one",
    help: () => "put `opa` on the `PATH`, or its path into `WRIT_OPA`; the reference evaluator needs nothing",
  },
  WRIT5090: {
    name: "opa-failed",
    severity: "error",
    message: ({ problem }: { problem: string }) => `\`opa\` gave no decision: ${problem}`,
  },
  WRIT5091: {
    name: "input-not-json",
    severity: "error",
    message: ({ path, problem }: { path: string; problem: string }) => `\`${path}\` is not read: ${problem}`,
  },
  WRIT5092: {
    name: "file-name",
    severity: "error",
    message: () => "this name of a policy file holds more than letters, digits, `.`, `_` and `-`",
    help: () => "rename the file; its name ends up in generated code, in logs and in commands",
  },
  WRIT5093: {
    name: "code-unknown",
    severity: "error",
    message: ({ code }: { code: string }) => `there is no code \`${code}\``,
    help: () => "codes look like `WRIT2001` and stand in front of every message",
  },
  WRIT5094: {
    name: "publisher-unreachable",
    severity: "error",
    message: ({ url, problem }: { url: string; problem: string }) => `\`${url}\` gives no answer: ${problem}`,
    help: () =>
      "look whether this is the address of a publisher that runs; what was sent may have arrived, and the same call again is safe",
  },
  WRIT5095: {
    name: "publisher-answer",
    severity: "error",
    message: ({ url, status }: { url: string; status: number }) =>
      `\`${url}\` answers ${status} and nothing that a publisher says`,
    help: () =>
      "look whether the address is that of a publisher: `writ diff` asks the port of gateways, all else the administrative one",
  },
  WRIT5096: {
    name: "publisher-refuses",
    severity: "error",
    message: ({ code, message }: { code: string; message: string; help?: string }) =>
      `the publisher refuses: ${message} (${code})`,
    help: ({ help, code }: { code: string; message: string; help?: string }) =>
      help === undefined ? `\`writ explain ${code}\` says why` : `${help}`,
  },
  WRIT5097: {
    name: "publisher-config",
    severity: "error",
    message: ({ place, fault }: { place: string; fault: ConfigFault }) =>
      `the publisher can't be set up: \`${place}\` ${configFaults[fault]}`,
    help: () => "`writ publisher new` writes a file with every member that is needed",
  },
  WRIT5098: {
    name: "bundle-inactive",
    severity: "error",
    message: ({ problem }: { problem: string }) => `nobody can decide by this bundle: ${problem}`,
    help: () => "build it again with `writ build --sign`; until it can be used, no gateway is told of it",
  },
  WRIT5099: {
    name: "commit-unreadable",
    severity: "error",
    message: ({ commit, problem }: { commit: string; problem: string }) =>
      `commit \`${commit}\` can't be built: ${problem}`,
    help: () => "name a commit that the repository has, and the folder of its policies",
  },
} satisfies Record<string, Entry>;
