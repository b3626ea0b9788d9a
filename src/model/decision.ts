/** The question and the answer. Both are plain JSON; every back end speaks exactly these. */

/** What the gateway has verified, and nothing that it has not. Unknown members are ignored. */
export interface Input {
  /** Seconds since 1970 UTC. Required: an engine that reads clocks cannot be replayed. */
  readonly time: number;
  /** The claims of a token whose signature the gateway verified. */
  readonly token?: Readonly<Record<string, unknown>>;
  /** From the TLS handshake. */
  readonly peer?: { readonly spiffe?: string; readonly "x5t#S256"?: string };
  /** From a verified DPoP proof (RFC 9449). */
  readonly proof?: { readonly jkt?: string };
  /** The id of a static API key that the gateway verified. */
  readonly key?: { readonly id?: string };
  readonly request: {
    /** Lower case, no port, no trailing dot. */
    readonly host: string;
    readonly method: string;
    /** The raw path, without query and fragment. */
    readonly path: string;
    readonly ip?: string;
    /** Lower-case names; a list where the header came more than once. */
    readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  };
}

/** Which policy decides, from when (inclusive) until when (exclusive). A policy that was not released has `notAfter` 0. */
export interface Policy {
  readonly revision: string;
  readonly sequence: number;
  readonly notBefore: number;
  readonly notAfter: number;
}

/** What is known of revocations. An entry counts by being there; its value says since when, or until when, for people. */
export interface Revocations {
  readonly sequence?: number;
  /** When the publisher last said so. */
  readonly at: number;
  /** The lowest policy sequence that may still decide. */
  readonly floor: number;
  /** Issuer name → `jti` → the token's `exp`. */
  readonly tokens?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly identities?: Readonly<Record<string, number>>;
  /** Identity name → credentials issued before this are refused. */
  readonly issuedBefore?: Readonly<Record<string, number>>;
  /** Key id, certificate thumbprint or key thumbprint → since. */
  readonly keys?: Readonly<Record<string, number>>;
  readonly issuers?: Readonly<Record<string, number>>;
  readonly tiers?: Readonly<Record<string, number>>;
  readonly owners?: Readonly<Record<string, number>>;
  readonly grants?: Readonly<Record<string, number>>;
}

/** In the order of the decision procedure. */
export const reasons = [
  "policy-missing",
  "input-malformed",
  "input-limit",
  "policy-expired",
  "policy-below-floor",
  "credential-missing",
  "issuer-unknown",
  "claims-malformed",
  "identity-unknown",
  "identity-conflict",
  "identity-inactive",
  "revocations-stale",
  "revoked",
  "audience",
  "token-not-yet-valid",
  "token-expired",
  "token-lifetime",
  "authentication",
  "path-not-canonical",
  "operation-unknown",
  "trust",
  "scope-missing",
  "scope-not-granted",
  "grant-inactive",
  "condition",
  "denied",
  "granted",
] as const;

export type Reason = (typeof reasons)[number];

export type Decision = Allow | Refusal;

export interface Allow {
  readonly allow: true;
  readonly reason: "granted";
  /** Absent on a public operation, where nobody was asked for. */
  readonly identity?: string;
  readonly tier?: string;
  readonly operation: string;
  /** Sorted; the grants that this decision rests on, one for each needed scope. */
  readonly grants: readonly string[];
  /** Whether one of them is an emergency. */
  readonly emergency: boolean;
  readonly headers: Readonly<Record<string, string>>;
  /** The moment from which this decision must not be used again. */
  readonly until: number;
  readonly revision: string;
}

/** `identity`, `tier` and `operation` say what was established before the step that refused. */
export interface Refusal {
  readonly allow: false;
  readonly reason: Exclude<Reason, "granted">;
  readonly identity?: string;
  readonly tier?: string;
  readonly operation?: string;
  /** Absent when no policy is loaded. */
  readonly revision?: string;
}

/** The same in every back end. Bytes are UTF-8. */
export const limits = {
  inputBytes: 65_536,
  inputDepth: 32,
  /** What a number of the input counts, however it is spelled: engines and hosts spell it differently. */
  numberBytes: 8,
  pathBytes: 2_048,
  pathSegments: 64,
  scopeBytes: 4_096,
  scopeCount: 128,
  audiences: 8,
  /** `sub` and `jti`. */
  nameBytes: 255,
  spiffeBytes: 2_048,
} as const;

/** How far clocks may differ for `nbf` and `iat`, in seconds. */
export const clockSkew = 60;
