/** 82xx: who asks the publisher, and what proves it. */
import type { Entry } from "../entry.ts";
import { jsonProblems } from "../json-problems.ts";

const credentialFaults = {
  none: "there is none",
  several: "there is more than one",
  mixed: "a token and a certificate came together",
  scheme: "it is not `Bearer` and one token",
  token: "no caller has this token",
  certificate: "no caller has this certificate",
  text: "it is not a compact JWS in its only spelling, or too large",
  header: "its header is not JSON with `alg`, `kid` and `typ`",
  claims: "its claims are not JSON with each of the required claims in its type",
  type: "it is of another type than its issuer issues here",
  issuer: "its issuer is none of ours",
  key: "its issuer has no such key here",
  algorithm: "its algorithm is not the one of its issuer",
  signature: "its issuer did not sign it",
  audience: "it is for another audience, or not for ours alone",
  expired: "it has expired",
  "not-yet": "it is not valid yet",
  lifetime: "it lives for more than an hour",
  bound: "it is bound to a key, and was presented without a proof",
  subject: "its subject is no caller",
  mfa: "an approver has to sign in by more than one factor",
  replay: "it was used for another change already, or too many are remembered",
} as const;
export type CredentialFault = keyof typeof credentialFaults;

const callersFaults = {
  ...jsonProblems,
  object: "is no object",
  missing: "is missing",
  unknown: "is no member that belongs there",
  list: "is no list, is empty, or is too long",
  text: "is no text that belongs there",
  name: "is not made of up to 128 letters, digits, `.`, `_` and `-`",
  twice: "stands there twice",
  digest: "is no SHA-256 in 64 lower-case hexadecimal digits",
  "issuer-url": "is no address that starts with `https://` and has no query",
  issuer: "is no issuer that the file lists for it",
  algorithm: "is not `ES256`, `EdDSA`, `Ed25519`, `PS256` or `RS256`, or not the one of its issuer",
  type: "is not `at+jwt`, `JWT` or `secevent+jwt`",
  private: "is half of a private key",
  "key-id": "is no id of a key",
  "key-type": "does not fit the algorithm of its issuer",
  "key-use": "says that the key is not for verifying signatures",
  "key-value": "does not hold the numbers of a sound key",
  "rsa-size": "is an RSA key of fewer than 2048 or more than 8192 bits",
  role: "is no role",
  "roles-apart": "are roles that no caller has together",
  proof: "has not exactly one proof: issuer and subject, a certificate, or a token",
  "proof-token": "is a fixed token, by which only gateways are known",
  "proof-approver": "is no proof that an approver can sign in by: it does not show more than one factor",
  "proof-type": "issues tokens of type `JWT`, which prove authors only",
  "proof-events": "sends security events, which only a revoker without subject does",
  ring: "is for gateways only, and is `canary` or `stable`",
  scope: "is for revokers only",
} as const;
export type CallersFault = keyof typeof callersFaults;

const eventFaults = {
  text: "it is not a compact JWS in its only spelling, or too large",
  header: "its header is not JSON with `alg`, `kid` and `typ`",
  claims: "its claims are not JSON with each of the required claims in its type",
  type: "its type is not `secevent+jwt`",
  issuer: "its issuer is none that may send events here",
  key: "its issuer has no such key here",
  algorithm: "its algorithm is not the one of its issuer",
  signature: "its issuer did not sign it",
  audience: "it is for another audience, or not for ours alone",
  old: "it is older than a day, or from the future",
  confusable: "it has `sub` or `exp`, which no security event has",
  event: "it holds an event that is not supported here",
  subject: "its subject is missing, or not in a format that its event can have here",
  thumbprint: "it names a certificate by no thumbprint",
  transmitter: "its issuer is no caller",
} as const;
export type EventFault = keyof typeof eventFaults;

/** RFC 8935 §2.4. */
export type EventError =
  | "invalid_request"
  | "invalid_key"
  | "invalid_issuer"
  | "invalid_audience"
  | "authentication_failed"
  | "access_denied";

export const callers = {
  WRIT8201: {
    name: "api-unauthenticated",
    severity: "error",
    // Not which of the checks failed: whoever guesses learns nothing (threat P01); the cause is for the log.
    message: () => "who asks is not proved",
    help: () =>
      "present one access token, client certificate or gateway token that the publisher knows, and a fresh one",
  },
  WRIT8202: {
    name: "api-forbidden",
    severity: "error",
    message: ({ caller, action }: { caller: string; action: string }) => `\`${caller}\` may not do this: \`${action}\``,
    help: () => "nothing was changed; ask somebody whose role or scope allows it",
  },
  WRIT8203: {
    name: "credential-refused",
    severity: "error",
    message: ({ fault }: { fault: CredentialFault; issuer?: string; subject?: string; thumbprint?: string }) =>
      `a credential proves nobody: ${credentialFaults[fault]}`,
    help: () => "this stands in the log of the publisher and is not told to who asked",
  },
  WRIT8204: {
    name: "callers-malformed",
    severity: "error",
    message: ({ place, fault }: { place: string; fault: CallersFault }) =>
      Object.hasOwn(jsonProblems, fault)
        ? `the file of callers can't be used: ${callersFaults[fault]}, at ${place}`
        : `the file of callers can't be used: \`${place}\` ${callersFaults[fault]}`,
    help: () => "put it right and look at it with `writ callers check`",
  },
  WRIT8205: {
    name: "event-refused",
    severity: "error",
    message: ({ fault }: { error: EventError; fault: EventFault }) =>
      `the security event can't be used: ${eventFaults[fault]}`,
    help: () => "nothing was revoked by it; the transmitter has to put it right and send it again",
  },
} satisfies Record<string, Entry>;
