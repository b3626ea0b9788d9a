/** 32xx: rules of access: grants, denies, emergencies. */
import type { Entry } from "../entry.ts";

export const access = {
  WRIT3201: {
    name: "wildcard-not-allowed",
    severity: "error",
    message: ({ pattern, tier }: { pattern: string; tier: string }) =>
      `\`${pattern}\` is a wildcard, and the tier \`${tier}\` may have none`,
    help: () => "write the scopes out, or allow `wildcards` in the tier",
  },
  WRIT3202: {
    name: "grant-without-end",
    severity: "error",
    message: ({ tier, trust }: { tier: string; trust: number }) =>
      `this grant has no \`until\`, and it reaches the tier \`${tier}\` with a trust of ${trust}`,
    help: () => 'add `until: "2027-01-31"`: below a trust of 40 every grant is looked at again',
  },
  WRIT3203: {
    name: "grant-too-long",
    severity: "error",
    message: ({ tier, limit }: { tier: string; limit: string }) =>
      `this is more than \`${limit}\` after \`from\`, the \`grantLifetime\` of \`${tier}\``,
    help: () => "end it earlier, and renew it when it is due",
  },
  WRIT3204: {
    name: "emergency-too-long",
    severity: "error",
    message: ({ limit }: { limit: string }) => `an emergency here ends within \`${limit}\` of its \`from\``,
    help: () => "end it earlier; what lasts longer is a grant with an approval",
  },
  WRIT3205: {
    name: "approvers-the-same",
    severity: "error",
    message: ({ approver }: { approver: string }) => `\`${approver}\` is the same person again`,
    help: () => "an emergency is approved by two people",
  },
  WRIT3206: {
    name: "grant-without-approval",
    severity: "error",
    message: ({ tier, trust }: { tier: string; trust: number }) =>
      `nobody has approved this grant, and it reaches the tier \`${tier}\` with a trust of ${trust}`,
    help: () => 'add `approved: { by: "sec@example.com" }`',
  },
  WRIT3207: {
    name: "scope-redundant",
    severity: "warning",
    message: ({ pattern, other }: { pattern: string; other: string }) =>
      `\`${other}\` holds everything that \`${pattern}\` does`,
    help: () => "remove it",
  },
  WRIT3208: {
    name: "parameter-missing",
    severity: "error",
    message: ({ parameter, operation }: { parameter: string; operation: string }) =>
      `the condition reads \`r.params.${parameter}\`, and \`${operation}\` has no \`{${parameter}}\``,
    help: () => "narrow it with `on` or with its scopes to operations that have it, or correct the name",
  },
  WRIT3209: {
    name: "rests-on-header",
    severity: "error",
    message: ({ header }: { header: string }) => `this rests on the header \`${header}\`, which any client can send`,
    help: () => "use a claim of the token; only a `deny` may read headers",
  },
  WRIT3210: {
    name: "rests-on-address",
    severity: "warning",
    message: () => "this rests on the caller's address, which only the gateway vouches for",
    help: () =>
      "make sure that the gateway takes it from the connection; better use a claim, or a `deny` for all other addresses",
  },
  WRIT3211: {
    name: "reaches-no-operation",
    severity: "warning",
    message: ({ what }: { what: string }) =>
      `${what} does nothing: no operation where it applies needs one of its scopes`,
    help: () => "look at `on` and at `scopes`",
  },
  WRIT3212: {
    name: "grant-outlives-tier",
    severity: "error",
    message: ({ tier, limit }: { tier: string; limit: string }) =>
      `this is more than \`${limit}\` after the time of issue, the \`grantLifetime\` of \`${tier}\``,
    help: () => "end it earlier, and renew it when it is due; or add the `from` at which it begins",
  },
} satisfies Record<string, Entry>;
