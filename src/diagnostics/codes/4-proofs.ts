/** 41xx: what is proved of all requests: what must never be, and what is of no use. */
import type { Entry } from "../entry.ts";

/** Why a rule can never apply, and what to do about it. */
const idle = {
  trust: {
    why: "whatever needs its scopes demands more trust than anybody has whom it is to",
    help: "lower `minTrust` there, or name identities of a tier with more trust",
  },
  time: {
    why: "it has ended before anybody begins whom it is to, or begins when all of them have ended",
    help: "look at its `from` and `until`, and at the `from` and `expires` of its identities",
  },
  condition: {
    why: "its condition holds for nobody whom it is to",
    help: "correct `when`, or remove it",
  },
  asking: {
    why: "whoever asks so that its condition holds is refused before rights are looked at",
    help: "look at what the tier accepts and at how long its tokens live, or remove it",
  },
  together: {
    why: "what needs its scopes needs others too, and nobody whom it is to is granted those at the same time",
    help: "grant the others too, or remove it",
  },
  denied: {
    why: "everything that it grants is denied",
    help: "remove it, or narrow the deny",
  },
} as const;
export type IdleReason = keyof typeof idle;

/** Why nobody can call what is granted. */
const unreachable = {
  scopes: {
    why: "each scope is granted, and nobody is granted all",
    help: "grant all of them to whoever is to call it, or mark it as `refused`",
  },
  trust: {
    why: "nobody who is granted its scopes has the trust that it demands",
    help: "lower its `minTrust`, or grant its scopes to a tier with more trust",
  },
  conditions: {
    why: "the conditions and denies of those who are granted its scopes leave nothing",
    help: "look at these rules with `writ why`, or mark it as `refused`",
  },
} as const;
export type UnreachableReason = keyof typeof unreachable;

export const proofs = {
  WRIT4101: {
    name: "never-broken",
    severity: "error",
    message: ({ never }: { never: string; request: string }) => `this breaks what must never be: \`${never}\``,
    help: ({ request }: { never: string; request: string }) =>
      `${request} is allowed by it: narrow it, or add a \`deny\``,
  },
  WRIT4102: {
    name: "never-name-not-unique",
    severity: "error",
    message: ({ name }: { name: string }) => `another \`never\` is called \`${name}\` too`,
    help: () => "say in its name what is different about it",
  },
  WRIT4103: {
    name: "never-about-nobody",
    severity: "warning",
    message: ({ issuer }: { issuer: string }) => `nobody who is meant here has tokens of \`${issuer}\``,
    help: () => "name their issuer, or leave `issuer` out",
  },
  WRIT4104: {
    name: "never-says-nothing",
    severity: "warning",
    message: ({ never }: { never: string }) => `the condition of \`${never}\` holds for no request that it is about`,
    help: () => "correct it: as it is, this holds whatever is granted",
  },
  WRIT4110: {
    name: "rule-dead",
    severity: "warning",
    message: ({ what, why }: { what: string; why: IdleReason }) => `${what} can never apply: ${idle[why].why}`,
    help: ({ why }: { what: string; why: IdleReason }) => idle[why].help,
  },
  WRIT4111: {
    name: "grant-shadowed",
    severity: "warning",
    message: ({ by }: { by: string }) => `this grant gives nobody anything that ${by} would not give`,
    help: () => "remove it, or narrow what holds it all",
  },
  WRIT4112: {
    name: "deny-shadowed",
    severity: "warning",
    message: ({ by }: { by: string }) => `this deny takes nothing that ${by} would not take`,
    help: () => "remove it, or narrow what holds it all",
  },
  WRIT4113: {
    name: "condition-always-holds",
    severity: "warning",
    message: ({ what }: { what: string }) =>
      `the condition of ${what} holds for everything that its holders can ask for: it tests nothing`,
    help: () => "leave `when` out, or correct it",
  },
  WRIT4114: {
    name: "scope-implied",
    severity: "warning",
    message: ({ scope, by }: { scope: string; by: string }) => `\`${by}\` implies \`${scope}\``,
    help: () => "remove it: whoever holds the one holds the other",
  },
  WRIT4115: {
    name: "operations-unreachable",
    severity: "warning",
    message: ({ operations, why }: { operations: string; why: UnreachableReason }) =>
      `nobody can call ${operations}: ${unreachable[why].why}`,
    help: ({ why }: { operations: string; why: UnreachableReason }) => unreachable[why].help,
  },
  WRIT4116: {
    name: "emergency-idle",
    severity: "warning",
    message: ({ by }: { by: string }) => `this emergency gives nobody anything that ${by} would not give`,
    help: () => "remove it: nobody needs an emergency for what is granted anyway",
  },
} satisfies Record<string, Entry>;
