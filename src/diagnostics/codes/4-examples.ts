/** 4xxx: examples and proofs. */
import type { Entry } from "../entry.ts";

export const examples = {
  WRIT4001: {
    name: "example-wrong",
    severity: "error",
    message: ({ name, about, expected, actual }: { name: string; about: string; expected: string; actual: string }) =>
      `the example \`${name}\` expects the ${about} \`${expected}\`, and the policies say \`${actual}\``,
    help: () => "change the policy or the example; `writ test` decides all of them",
  },
  WRIT4004: {
    name: "unknown-reason",
    severity: "error",
    message: ({ text }: { text: string }) => `no decision has the reason \`${text}\``,
  },
  WRIT4005: {
    name: "unknown-caller",
    severity: "error",
    message: ({ name }: { name: string }) => `no identity is called \`${name}\``,
    help: () => 'name an identity, a row of a registry, or `"nobody"`',
  },
  WRIT4006: {
    name: "example-subject-needed",
    severity: "error",
    message: ({ identity }: { identity: string }) => `\`${identity}\` stands for many: it is not said which one calls`,
    help: ({ identity }: { identity: string }) => `add \`subject\`, one that matches the subject of \`${identity}\``,
  },
  WRIT4007: {
    name: "example-subject-of-another",
    severity: "error",
    message: ({ subject, identity }: { subject: string; identity: string }) =>
      `\`${subject}\` is not a subject of \`${identity}\``,
    help: () => "to present what is not the caller's, say so in `token: { sub: … }` or `peer: { spiffe: … }`",
  },
  WRIT4008: {
    name: "malformed-call",
    severity: "error",
    message: ({ text }: { text: string }) => `\`${text}\` is no call of an operation`,
    help: () => 'write the method, a space, the host and the path: `"GET orders.example.com/v1/orders"`',
  },
  WRIT4009: {
    name: "example-calls-nothing",
    severity: "warning",
    message: ({ call }: { call: string }) => `no operation is called by \`${call}\``,
    help: () => 'put the method, host or path right, or expect `"operation-unknown"`',
  },
  WRIT4010: {
    name: "example-claim",
    severity: "error",
    message: ({ claim, type }: { claim: string; type: string }) =>
      `the claim \`${claim}\` is ${type}, and this is none`,
    help: () => "to present what does not fit the issuer's claims, say so in `token: { … }`",
  },
  WRIT4011: {
    name: "example-claim-unknown",
    severity: "error",
    message: ({ claim, issuer }: { claim: string; issuer: string }) => `\`${issuer}\` declares no claim \`${claim}\``,
    help: () => "to present a claim that is not declared, say so in `token: { … }`",
  },
  WRIT4012: {
    name: "example-cannot-present",
    severity: "error",
    message: ({ identity, what }: { identity: string; what: string }) => `\`${identity}\` has no ${what} to present`,
    help: () => "leave this out, or name another identity",
  },
  WRIT4013: {
    name: "example-presents-two-ways",
    severity: "error",
    message: ({ credential, presented }: { credential: string; presented: string }) =>
      `a credential of the kind \`${credential}\` is not presented by \`${presented}\``,
    help: () => "leave one of the two out",
  },
  WRIT4014: {
    name: "example-expects-unknown-grant",
    severity: "error",
    message: ({ name }: { name: string }) => `no grant is called \`${name}\``,
    help: () => "name a `grant` or an `emergency` as it is declared",
  },
  WRIT4015: {
    name: "example-expects-twice",
    severity: "error",
    message: () => "a request is either allowed or refused",
    help: () => "write `{ allow: true, … }` or `{ reason: … }`",
  },
  WRIT4016: {
    name: "example-name-not-unique",
    severity: "error",
    message: ({ name }: { name: string }) => `another example is called \`${name}\` too`,
    help: () => "say in its name what is different about it",
  },
  WRIT4017: {
    name: "example-of-nobody",
    severity: "error",
    message: ({ property }: { property: string }) =>
      `\`${property}\` says something about a credential, and there is none`,
    help: () => "leave it out, or say in `by` who calls",
  },
  WRIT4018: {
    name: "example-revokes-nothing",
    severity: "error",
    message: ({ name, what }: { name: string; what: string }) => `no ${what} is called \`${name}\``,
    help: () => "name it as it is declared",
  },
  WRIT4019: {
    name: "example-without-token",
    severity: "error",
    message: ({ property, credential }: { property: string; credential: string }) =>
      `\`${property}\` is what a token carries, and ${credential} is presented`,
    help: () => "leave it out, or present a token",
  },
} satisfies Record<string, Entry>;
