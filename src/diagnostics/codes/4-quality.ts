/** 43xx: how good the examples are. */
import type { Entry } from "../entry.ts";

export const quality = {
  WRIT4301: {
    name: "coverage-too-low",
    severity: "error",
    message: ({ percent, least }: { percent: number; least: number }) =>
      `the examples show ${percent} % of what the policies can do, and at least ${least} % are asked for`,
    help: () => "`writ examples --suggest` writes the examples that are missing",
  },
  WRIT4302: {
    name: "mutants-unnoticed",
    severity: "error",
    message: ({ percent, least }: { percent: number; least: number }) =>
      `the examples notice ${percent} % of all careless edits, and at least ${least} % are asked for`,
    help: () => "`writ examples --suggest` writes the examples that are missing",
  },
  WRIT4303: {
    name: "no-policy-file",
    severity: "error",
    message: ({ path }: { path: string }) => `examples can't be written to \`${path}\``,
    help: () => "name a file in the policy folder whose name ends in `.policy.ts`",
  },
} satisfies Record<string, Entry>;
