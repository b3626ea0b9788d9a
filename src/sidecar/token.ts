/** Access tokens, verified: read strictly in the one spelling that they have, signed by a key of the issuer that they name. */
import { compactVerify } from "jose";
import { type JsonObject, readJson } from "../json/index.ts";
import { isSoundPoint } from "../trust/index.ts";
import type { KeySet } from "./key-set.ts";
import type { Question, Unasked } from "./question.ts";

export const algorithms = [
  "ES256",
  "ES384",
  "ES512",
  "Ed25519",
  "EdDSA",
  "PS256",
  "PS384",
  "PS512",
  "RS256",
  "RS384",
  "RS512",
] as const;
export type Algorithm = (typeof algorithms)[number];

export interface TokenIssuer {
  readonly algorithms: readonly Algorithm[];
  /** The `typ` of its access tokens (RFC 8725 §3.11), where it says one. */
  readonly type?: string;
  readonly keys: KeySet;
}

/** By their URLs. */
export type Issuers = ReadonlyMap<string, TokenIssuer>;

/** Characters; larger ones are refused before anything of them is read (threat T24). */
const LONGEST = 16 * 1024;
const HEADER_MEMBERS: readonly string[] = ["alg", "kid", "typ", "x5t", "x5t#S256"];

/** What the credential of a question claims once it is verified; nothing where there is no credential. */
export async function verifiedToken(
  { authorization, proof }: Question,
  issuers: Issuers,
): Promise<{ readonly token?: JsonObject; readonly proof?: { readonly jkt: string } } | Unasked> {
  const [header] = authorization;
  if (header === undefined) return {};
  // Two proofs are two callers, and which of them asks must not be ours to guess (threat Q08).
  if (authorization.length > 1 || header.length > LONGEST + 16) return "token-malformed";
  // RFC 6750 §2.1, RFC 9449 §7.1.
  const [, scheme = "", text = ""] = /^(Bearer|DPoP) ([A-Za-z0-9._-]+)$/i.exec(header) ?? [];
  const token = text === "" ? "token-malformed" : await claimsOf(text, issuers);
  if (typeof token === "string") return token;
  if (scheme.toLowerCase() === "bearer") return { token };
  // RFC 9449 §7.1: only a bound token comes with a proof, and nobody but the gateway has looked at it.
  return proof !== undefined && /^[A-Za-z0-9_-]{43}$/.test(proof) && isBound(token)
    ? { token, proof: { jkt: proof } }
    : "token-malformed";
}

function isBound({ cnf }: JsonObject): boolean {
  return isObject(cnf) && typeof cnf.jkt === "string";
}

async function claimsOf(text: string, issuers: Issuers): Promise<JsonObject | Unasked> {
  const parts = text.split(".").map(decode);
  const [headerBytes, claimsBytes, signature] = parts;
  // Three parts: five would be encryption, of which there is none here (threat T24).
  if (parts.length !== 3 || !headerBytes || !claimsBytes || !signature) return "token-malformed";
  const header = objectIn(headerBytes);
  // RFC 7515 §4.1: no `crit`, `b64`, `jwk`, `jku`, `x5u`, `x5c`, `zip`; a key never comes with the message (threats T12, T13).
  if (!header || !Object.keys(header).every((name) => HEADER_MEMBERS.includes(name))) return "token-malformed";
  const claims = objectIn(claimsBytes);
  if (!claims) return "token-malformed";
  const issuer = typeof claims.iss === "string" ? issuers.get(claims.iss) : undefined;
  if (!issuer) return "issuer-unknown";
  // RFC 8725 §3.1: our file says which algorithms; the message must agree, it never chooses (threat T11).
  const algorithm = issuer.algorithms.find((known) => known === header.alg);
  if (!algorithm || !isOfType(header.typ, issuer.type)) return "token-malformed";
  if (!algorithm.startsWith("Ed") || isSoundSignature(signature)) {
    try {
      await compactVerify(text, issuer.keys.find, { algorithms: [algorithm] });
      return claims;
    } catch {
      // Whatever went wrong, nobody has signed; or there is nobody's key to tell by.
    }
  }
  return issuer.keys.isThere ? "token-unsigned" : "keys-missing";
}

/** RFC 7515 §4.1.9: in any case, with or without `application/`. */
function isOfType(found: unknown, type: string | undefined): boolean {
  const plain = (text: unknown) => (typeof text === "string" ? text.toLowerCase().replace(/^application\//, "") : "");
  return type === undefined || plain(found) === plain(type);
}

/** RFC 8032 §5.1.7: one verdict, whichever library is asked (threat T16). */
function isSoundSignature(signature: Uint8Array): boolean {
  return signature.length === 64 && isSoundPoint(signature.subarray(0, 32));
}

/** The bytes, if this is how they are written; not with other letters, padding or spare bits (threat T15). */
function decode(part: string): Uint8Array | undefined {
  const bytes = Buffer.from(part, "base64url");
  return part !== "" && bytes.toString("base64url") === part ? bytes : undefined;
}

/** RFC 8725 §2.4: two readers must not read two things, so an object with a key twice is none. */
function objectIn(bytes: Uint8Array): JsonObject | undefined {
  const read = readJson(bytes, { size: LONGEST, depth: 16, numbers: "fractions" });
  return read.failure || !isObject(read.value) ? undefined : read.value;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
