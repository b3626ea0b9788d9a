/**
 * The whole estate as one value: normalised, sorted, JSON-serialisable. It is the waist of the compiler: everything
 * before it knows TypeScript, everything after it does not.
 *
 * INVARIANT: every list that is a set is sorted by `name` (or by its text) in byte order and holds no duplicates, so
 * that the same declarations in any order or layout give equal bytes. `normalise` establishes it; nobody else builds one.
 * Names, not indices, refer from one part to another. Times are whole seconds since 1970 UTC; durations are seconds.
 */
import type { Condition } from "./condition.ts";
import type { Input, Policy, Reason, Revocations } from "./decision.ts";

export interface Model {
  readonly format: 1;
  readonly tiers: readonly Tier[];
  readonly issuers: readonly Issuer[];
  readonly identities: readonly Identity[];
  readonly groups: readonly Group[];
  readonly scopes: readonly Scope[];
  readonly apis: readonly Api[];
  readonly conditions: readonly NamedCondition[];
  readonly grants: readonly Grant[];
  readonly denies: readonly Deny[];
  /** Absent where there are none; they decide nothing, so what is deployed has none. */
  readonly nevers?: readonly Never[];
  readonly examples: readonly Example[];
}

/** How a credential was presented: rows of step 5 of the decision procedure. */
export type Method = "bearer" | "dpop" | "key" | "mtls" | "svid";

/** What a credential must prove, and for how long it is believed. */
export interface Tier {
  readonly name: string;
  /** Orders tiers for `minTrust`; never picks identities. 0–100. */
  readonly trust: number;
  readonly authentication: readonly Method[];
  /** Longest `exp − iat` of a sender-constrained and of a bearer token; one left out is not accepted. */
  readonly tokenLifetime: { readonly bound?: number; readonly bearer?: number };
  /** How many audiences a token may name. */
  readonly audiences: number;
  /** Whether single tokens are revoked in this tier: then each must carry a `jti`. */
  readonly revokesTokens: boolean;
  /** Older knowledge of revocations than this denies. */
  readonly revocationDelay: number;
  /** A static key older than this is not accepted. */
  readonly keyRotation?: number;
  /** Below are rules for the compiler and for reports; no decision reads them. */
  readonly grantLifetime?: number;
  readonly dormantAfter?: number;
  readonly emergencyLimit?: number;
  readonly wildcards: boolean;
  readonly sunset?: number;
}

/** Who signs tokens, for whom, and what their claims look like. */
export interface Issuer {
  readonly name: string;
  readonly url: string;
  readonly audience: string;
  readonly keys?: string;
  readonly algorithms: readonly string[];
  readonly claims: readonly Claim[];
  /** Foreign scope names to ours, spelled out; already closed under implication. */
  readonly translate: readonly { readonly from: string; readonly to: readonly string[] }[];
}

export type ClaimType = "boolean" | "integer" | "string" | "strings";

/** One claim of an issuer's schema. `values` makes a string claim an enumeration. */
export interface Claim {
  readonly name: string;
  readonly type: ClaimType;
  readonly optional: boolean;
  readonly values?: readonly string[];
}

/** One non-human identity, or a family of them where `subject` is a SPIFFE pattern. */
export interface Identity {
  readonly name: string;
  readonly tier: string;
  /** Absent only where the identity has nothing but static keys. */
  readonly issuer?: string;
  /** The token's `sub` or the SPIFFE ID; a `*` for a whole path segment makes it a pattern. Absent with keys only. */
  readonly subject?: string;
  /** Static keys by id (never the key itself), and when each was made. */
  readonly keys: readonly { readonly id: string; readonly created: number }[];
  readonly owner: string;
  readonly from?: number;
  /** Exclusive; already the earlier of the identity's own and its tier's sunset. */
  readonly expires?: number;
  readonly tags: readonly string[];
}

/** A set of identities, evaluated when compiled; a registry is one too. */
export interface Group {
  readonly name: string;
  readonly members: readonly string[];
}

/** A name of the closed vocabulary. `implies` is the transitive closure, without the scope itself. */
export interface Scope {
  readonly name: string;
  readonly implies: readonly string[];
}

export interface Api {
  readonly name: string;
  readonly host: string;
  readonly operations: readonly Operation[];
  /** What a legacy upstream is told, by header name in lower case. */
  readonly headers: readonly UpstreamHeader[];
}

export interface Operation {
  /** `GET /v1/orders/{id}`: method and template, which name the operation within its host. */
  readonly name: string;
  readonly method: string;
  readonly template: string;
  /** Public operations are allowed without a credential and have no scopes; all others have at least one. */
  readonly public: boolean;
  /** All are needed. */
  readonly scopes: readonly string[];
  readonly minTrust: number;
}

/**
 * A header for the upstream: a text with the placeholders `{identity}`, `{tier}`, `{owner}` and `{subject}`; or, per
 * scope, a value, of which the first whose scope the operation needs is sent (so here the order of `values` means something).
 */
export type UpstreamHeader =
  | { readonly kind: "text"; readonly name: string; readonly text: string }
  | {
      readonly kind: "by-scope";
      readonly name: string;
      readonly values: readonly { readonly scope: string; readonly value: string }[];
    };

export interface NamedCondition {
  readonly name: string;
  readonly when: Condition;
}

/** To whom: names of identities and groups. */
export interface Holders {
  readonly identities: readonly string[];
  readonly groups: readonly string[];
}

interface Rule {
  readonly name: string;
  readonly to: Holders;
  /** Names of APIs; absent means wherever the scopes are needed. */
  readonly on?: readonly string[];
  readonly when?: Condition;
  /** Inclusive. */
  readonly from?: number;
  /** Exclusive. */
  readonly until?: number;
}

export interface Grant extends Rule {
  /** Expanded over the vocabulary and closed under implication. */
  readonly scopes: readonly string[];
  /** As written, for people. */
  readonly patterns: readonly string[];
  readonly emergency: boolean;
  readonly approved?: { readonly by: readonly string[]; readonly ticket?: string };
  readonly reason?: string;
}

export interface Deny extends Rule {
  /** Expanded over the vocabulary, *not* closed: denying a read does not deny the write that implies it. */
  readonly scopes: readonly string[];
  readonly patterns: readonly string[];
  readonly reason?: string;
}

/** What no policy may allow: proved of the model, and read by no decision. */
export interface Never {
  readonly name: string;
  /** Absent: everybody. */
  readonly by?: Holders & { readonly tiers: readonly string[] };
  /** Only requests with a token of this issuer. */
  readonly issuer?: string;
  /** Expanded over the vocabulary, *not* closed: operations that need any of these. */
  readonly scopes: readonly string[];
  /** As written, for people. */
  readonly patterns: readonly string[];
  /** Names of APIs; absent means wherever the scopes are needed. */
  readonly on?: readonly string[];
  /** Holds, too, where it cannot be read: what is withheld proves nothing. */
  readonly when?: Condition;
}

/** One request and its expected decision. */
export interface Example {
  readonly name: string;
  /** Absent: no policy is loaded. */
  readonly policy?: Policy;
  /** Absent: nothing is known of revocations. */
  readonly revocations?: Revocations;
  readonly input: Input;
  readonly expect: {
    readonly reason: Reason;
    readonly grants?: readonly string[];
    readonly headers?: Readonly<Record<string, string>>;
  };
}
