/** 30xx and 31xx: rules of the estate: tiers, issuers, identities, APIs. */
import type { Entry } from "../entry.ts";

export const estate = {
  WRIT3001: {
    name: "method-without-lifetime",
    severity: "error",
    message: ({ method, leaf }: { method: string; leaf: string }) =>
      `\`"${method}"\` is accepted, but no \`tokenLifetime.${leaf}\` says for how long`,
    help: ({ leaf }) => `write \`tokenLifetime: { ${leaf}: "15m" }\`, or take the method out`,
  },
  WRIT3003: {
    name: "key-without-rotation",
    severity: "error",
    message: () => "static keys are accepted, but no `keyRotation` says for how long",
    help: () => 'write `keyRotation: "90d"`, or take `"key"` out',
  },
  WRIT3004: {
    name: "rotation-without-key",
    severity: "error",
    message: () => "`keyRotation` is for static keys, which the tier does not accept",
    help: () => 'add `"key"` to `authentication`, or remove it',
  },
  WRIT3005: {
    name: "emergency-limit",
    severity: "error",
    message: ({ limit }: { limit: string }) => `an emergency may never last longer than \`${limit}\``,
    help: () => "write less; what lasts longer is a grant with an approval",
  },
  WRIT3006: {
    name: "trust-loses-access",
    severity: "warning",
    message: ({ tier, lower, what }: { tier: string; lower: string; what: string }) =>
      `raising an identity from \`${lower}\` to \`${tier}\` takes access away: ${what}`,
    help: () => "more trust should not demand another kind of credential; if it must, move the identities with care",
  },
  WRIT3010: {
    name: "issuer-url-taken",
    severity: "error",
    message: ({ url, other }: { url: string; other: string }) => `\`${other}\` is the issuer at \`${url}\` already`,
    help: () => "declare each issuer once",
  },
  WRIT3011: {
    name: "translate-own-scope",
    severity: "error",
    message: ({ scope }: { scope: string }) => `\`${scope}\` is a scope of ours, and means itself`,
    help: () => "translate foreign names only; what a scope holds beyond itself is said by `implies`",
  },
  WRIT3020: {
    name: "identity-without-expiry",
    severity: "error",
    message: ({ name, tier, trust }: { name: string; tier: string; trust: number }) =>
      `\`${name}\` never expires, and its tier \`${tier}\` has a trust of ${trust}`,
    help: () => 'add `expires: "2027-06-30"`: below a trust of 40 every identity is looked at again',
  },
  WRIT3021: {
    name: "life-empty",
    severity: "error",
    message: ({ end }: { end: string }) => `\`${end}\` is not after \`from\``,
    help: () => "`from` is inclusive and the end is exclusive: there is no moment between them",
  },
  WRIT3022: {
    name: "secret-in-policy",
    severity: "error",
    message: ({ kind }: { kind: string }) => `this looks like ${kind}`,
    help: () => "a policy holds ids and never secrets: remove it, and revoke it, for it is in the history now",
  },
  WRIT3023: {
    name: "subject-taken",
    severity: "error",
    message: ({ subject, other }: { subject: string; other: string }) =>
      `\`${other}\` has the subject \`${subject}\` already`,
    help: () => "one identity, one workload: give each its own subject",
  },
  WRIT3024: {
    name: "subjects-overlap",
    severity: "error",
    message: ({ subject, other, witness }: { subject: string; other: string; witness: string }) =>
      `\`${subject}\` and the pattern of \`${other}\` both match \`${witness}\`, and neither is narrower`,
    help: () => "make one of them narrower than the other, or disjoint from it",
  },
  WRIT3025: {
    name: "key-taken",
    severity: "error",
    message: ({ id, other }: { id: string; other: string }) => `\`${other}\` has the key \`${id}\` already`,
    help: () => "a key names one identity",
  },
  WRIT3026: {
    name: "credential-not-accepted",
    severity: "error",
    message: ({ name, tier, what }: { name: string; tier: string; what: string }) =>
      `nothing that \`${name}\` can present is accepted by its tier \`${tier}\`: ${what}`,
    help: () => "give it a credential that the tier accepts, or put it into another tier",
  },
  WRIT3027: {
    name: "name-taken",
    severity: "error",
    message: ({ name }: { name: string }) => `there is another \`${name}\` in the estate`,
    help: () => "give one of them another name: decisions, logs and revocations know identities by their name alone",
  },
  WRIT3028: {
    name: "row-tier-unknown",
    severity: "error",
    message: ({ tier }: { tier: string }) => `there is no tier \`${tier}\``,
    help: () => "write the name of a `tier` of the policies",
  },
  WRIT3029: {
    name: "row-without-issuer",
    severity: "error",
    message: ({ registry }: { registry: string }) =>
      `this row has a \`subject\`, but the registry \`${registry}\` has no issuer`,
    help: () => "write `registry(file, { issuer: … })` in the policy",
  },
  WRIT3030: {
    name: "group-empty",
    severity: "warning",
    message: ({ group }: { group: string }) => `\`${group}\` holds nobody`,
    help: () => "whatever is granted to it has no effect; look at what it chooses by",
  },
  WRIT3031: {
    name: "too-many-pattern-shapes",
    severity: "error",
    message: ({ limit }: { limit: number }) => `subjects with \`*\` in more than ${limit} different sets of places`,
    help: () => "write them all in one shape: the same segments variable in each",
  },
  WRIT3032: {
    name: "outlives-tier",
    severity: "warning",
    message: ({ name, tier }: { name: string; tier: string }) =>
      `\`${name}\` would outlive its tier \`${tier}\`, which ends first`,
    help: () => "it ends with its tier; say so, or move it to another tier before",
  },

  WRIT3040: {
    name: "operation-taken",
    severity: "error",
    message: ({ operation, api }: { operation: string; api: string }) =>
      `\`${api}\` declares \`${operation}\` for the same host already`,
    help: () => "declare each operation once",
  },
  WRIT3041: {
    name: "templates-equal",
    severity: "error",
    message: ({ operation, other, path }: { operation: string; other: string; path: string }) =>
      `\`${operation}\` and \`${other}\` differ only in the names of parameters: both match \`${path}\``,
    help: () => "keep one of them",
  },
  WRIT3042: {
    name: "operation-unmapped",
    severity: "error",
    message: ({ operations, count }: { operations: string; count: number }) =>
      count === 1
        ? `${operations} of the document is not mapped`
        : `${count} operations of the document are not mapped: ${operations}`,
    help: () =>
      'list each under `operations` with the scopes it needs, or as `"public"` or `"refused"`; or map its tag',
  },
  WRIT3043: {
    name: "operation-not-in-document",
    severity: "error",
    message: ({ operation }: { operation: string }) => `the document has no operation \`${operation}\``,
    help: () => "use the document's spelling, with the path of its server in front; or remove it",
  },
  WRIT3044: {
    name: "tag-not-in-document",
    severity: "error",
    message: ({ tag }: { tag: string }) => `no operation of the document has the tag \`${tag}\``,
    help: () => "use a tag of the document, or remove it",
  },
  WRIT3045: {
    name: "security-not-in-document",
    severity: "error",
    message: ({ scope }: { scope: string }) => `no operation of the document demands \`${scope}\``,
    help: () => "use a scope of the document's `security`, or remove it",
  },
  WRIT3046: {
    name: "document-needed",
    severity: "error",
    message: ({ property }: { property: string }) => `\`${property}\` maps operations of a document, and there is none`,
    help: () => 'add `openapi: "./name.yaml"`, or list the operations',
  },
  WRIT3047: {
    name: "api-without-operations",
    severity: "error",
    message: ({ api }: { api: string }) => `\`${api}\` has no operations`,
    help: () => 'add `operations: { "GET /v1/things": things.read }`, or `openapi: "./name.yaml"`',
  },
  WRIT3048: {
    name: "document-of-another-host",
    severity: "warning",
    message: ({ host, hosts }: { host: string; hosts: string }) => `the document is for ${hosts}, not for \`${host}\``,
    help: () => "its operations are taken to be here; correct the host, or the document's `servers`",
  },
  WRIT3049: {
    name: "trust-never-reached",
    severity: "warning",
    message: ({ trust }: { trust: number }) => `no tier has a trust of ${trust} or more, so nobody can call this`,
    help: () => "lower `minTrust`, or raise a tier's `trust`",
  },
  WRIT3050: {
    name: "header-scope-unneeded",
    severity: "warning",
    message: ({ scope }: { scope: string }) => `no operation here needs \`${scope}\`, so this value is never sent`,
    help: () => "name a scope that an operation of this API needs, or remove it",
  },
  WRIT3051: {
    name: "scope-unneeded",
    severity: "warning",
    message: ({ scope }: { scope: string }) => `no operation needs the scope \`${scope}\``,
    help: () => "map an operation to it, or remove it: what is granted of it does nothing",
  },
} satisfies Record<string, Entry>;
