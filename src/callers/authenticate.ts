/** Who asks: one credential, judged by what the file of callers says and by nothing that the credential says of itself. */
import { timingSafeEqual } from "node:crypto";
import { type CredentialFault, WritError } from "../diagnostics/index.ts";
import type { JsonObject } from "../json/index.ts";
import type { Caller } from "./caller.ts";
import { isText, isTime } from "./judge.ts";
import { isSigned, type Jws, largestJws, readJws, verifierOf } from "./jws.ts";
import { type Callers, type KnownCaller, proofKey } from "./read-callers.ts";
import type { SeenTokens } from "./seen-tokens.ts";
import { isThumbprint, thumbprintOf } from "./thumbprint.ts";

export interface Credentials {
  /** Every header `Authorization` of the request. */
  readonly authorization?: readonly string[];
  /** SHA-256 of the client certificate with which the connection was made, in hexadecimal, with or without colons. */
  readonly certificate?: string;
}

export interface Occasion {
  /** Seconds since 1970. */
  readonly now: number;
  /** Of a call that changes something: its idempotency key, and the tokens that changed something before. */
  readonly change?: { readonly key: string; readonly seen: SeenTokens };
}

/** Why nobody was proved: for the log and never for who asked. The caller is there once a token was known to be genuine. */
export interface Refusal {
  readonly reason: CredentialFault;
  readonly caller?: Pick<Caller, "issuer" | "subject" | "thumbprint">;
}

/** Seconds by which clocks may differ. */
export const clockSkew = 30;
const LONGEST_LIFE = 3600;
const LONGEST_ID = 256;
const LONGEST_TEXT = 1024;

type Genuine = Pick<Caller, "issuer" | "subject" | "thumbprint">;

/** @throws WritError `api-unauthenticated`, the same whatever is wrong; `refusalOf` tells what it was */
export async function authenticate(callers: Callers, credentials: Credentials, occasion: Occasion): Promise<Caller> {
  const { authorization = [], certificate } = credentials;
  if (authorization.length > 1) return refuse("several");
  const [header] = authorization;
  // Two proofs are two callers: each caller has one, and which of them asks must not be ours to guess.
  if (header !== undefined && certificate !== undefined) return refuse("mixed");
  if (certificate !== undefined) return byCertificate(callers, certificate);
  if (header === undefined) return refuse("none");
  if (header.length > largestJws + 16) return refuse("text");
  // RFC 6750 §2.1.
  const token = /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(header)?.[1];
  if (token === undefined) return refuse("scheme");
  return byFixedToken(callers, token) ?? (await byAccessToken(callers, token, occasion));
}

/** What is behind an `api-unauthenticated`. */
export function refusalOf(error: WritError): Refusal | undefined {
  const { cause } = error;
  if (!(cause instanceof WritError) || cause.code !== "WRIT8203") return undefined;
  const { fault, issuer, subject, thumbprint } = cause.parameters as { fault: CredentialFault } & Partial<Genuine>;
  if (issuer === undefined || subject === undefined || thumbprint === undefined) return { reason: fault };
  return { reason: fault, caller: { issuer, subject, thumbprint } };
}

function refuse(fault: CredentialFault, genuine?: Genuine): never {
  throw WritError.of("WRIT8201", {}, WritError.of("WRIT8203", { fault, ...genuine }));
}

function byCertificate(callers: Callers, certificate: string): Caller {
  const digest = certificate.length <= 95 ? certificate.replaceAll(":", "").toLowerCase() : "";
  const known = isThumbprint(digest) ? callers.byProof.get(proofKey({ kind: "certificate", digest })) : undefined;
  return known ? present(known, digest) : refuse("certificate");
}

/**
 * The digests are what is looked up and compared: how long that takes tells of a digest, from which nobody finds the token. The
 * comparison that decides takes the same time for all.
 */
function byFixedToken(callers: Callers, token: string): Caller | undefined {
  const digest = thumbprintOf(token);
  const known = callers.byProof.get(proofKey({ kind: "fixed-token", digest }));
  if (known?.proof.kind !== "fixed-token") return undefined;
  return timingSafeEqual(Buffer.from(known.proof.digest), Buffer.from(digest)) ? present(known, digest) : undefined;
}

async function byAccessToken(callers: Callers, token: string, { now, change }: Occasion): Promise<Caller> {
  // A fixed token that nobody has, most likely.
  if (!token.includes(".")) return refuse("token");
  const jws = readJws(token);
  if (typeof jws === "string") return refuse(jws);
  const { iss, sub, jti } = jws.claims;
  if (!isText(iss, LONGEST_TEXT) || !isText(sub, LONGEST_TEXT) || !isText(jti, LONGEST_ID)) return refuse("claims");
  await verify(callers, jws, iss);
  // From here on the issuer said all of it.
  const genuine = { issuer: iss, subject: sub, thumbprint: thumbprintOf(token) };
  const fault = faultOf(jws.claims, callers.audience, now);
  if (fault) return refuse(fault, genuine);
  const known = callers.byProof.get(proofKey({ kind: "token", issuer: iss, subject: sub }));
  if (!known) return refuse("subject", genuine);
  if (known.roles.has("approver") && !isByFactors(jws.claims)) return refuse("mfa", genuine);
  const until = (jws.claims.exp as number) + clockSkew;
  if (change && !change.seen.admit(known.name, [iss, jti], until, change.key, now)) return refuse("replay", genuine);
  return present(known, genuine.thumbprint);
}

async function verify({ tokenIssuers }: Callers, jws: Jws, iss: string): Promise<void> {
  const issuer = tokenIssuers.get(iss);
  if (!issuer) return refuse("issuer");
  // RFC 8725 §3.11: neither an ID token nor a security event is an access token.
  if (jws.typ !== issuer.type) return refuse("type");
  const key = verifierOf(jws, issuer);
  if (typeof key === "string") return refuse(key);
  if (!(await isSigned(jws, key))) return refuse("signature");
}

/** RFC 9068 §4, and stricter: times are whole, there is one audience, and no token lives for more than an hour. */
function faultOf({ aud, exp, iat, nbf, cnf }: JsonObject, audience: string, now: number): CredentialFault | undefined {
  if (!isTime(exp) || !isTime(iat) || (nbf !== undefined && !isTime(nbf))) return "claims";
  if (aud !== audience) return "audience";
  if (exp - iat > LONGEST_LIFE || exp <= iat) return "lifetime";
  if (now >= exp + clockSkew) return "expired";
  if (iat > now + clockSkew || (nbf !== undefined && nbf > now + clockSkew)) return "not-yet";
  // RFC 9449 §7.1: a token that is bound to a key is worth nothing without the proof of it.
  return cnf === undefined ? undefined : "bound";
}

/** RFC 8176 §2. */
function isByFactors({ amr }: JsonObject): boolean {
  return Array.isArray(amr) && amr.includes("mfa");
}

function present(known: KnownCaller, thumbprint: string): Caller {
  const { proof: _proof, ...caller } = known;
  return { ...caller, thumbprint };
}
