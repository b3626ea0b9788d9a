/** Signed messages in the one spelling that a compact JWS has (RFC 7515 §7.1), read strictly before any cryptography. */
import { compactVerify } from "jose";
import { type JsonObject, readJson } from "../json/index.ts";
import { isSoundPoint } from "../trust/index.ts";
import type { Issuer, IssuerKey } from "./issuer.ts";
import { isObject } from "./judge.ts";

/** Characters of a message; larger ones are refused before anything of them is read (threat T24). */
export const largestJws = 16 * 1024;

const LONGEST_KEY_ID = 256;
const HEADER_MEMBERS: readonly string[] = ["alg", "kid", "typ", "x5t", "x5t#S256"];

export interface Jws {
  readonly text: string;
  readonly alg: string;
  readonly kid: string;
  readonly typ: string;
  /** What is claimed: nothing to believe before `verifierOf` named a key and `isSigned` agreed. */
  readonly claims: JsonObject;
  readonly signature: Uint8Array;
}

type JwsFault = "text" | "header" | "claims";

export function readJws(text: string): Jws | JwsFault {
  // Three parts: five would be encryption, of which there is none here (threat T24).
  if (text.length > largestJws || !/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/.test(text)) return "text";
  const parts = text.split(".").map(decode);
  const [headerBytes, claimsBytes, signature] = parts;
  if (!headerBytes || !claimsBytes || !signature) return "text";
  const header = objectIn(headerBytes);
  if (!header || !Object.keys(header).every((name) => HEADER_MEMBERS.includes(name))) return "header";
  // RFC 7515 §4.1: no `crit`, `b64`, `jwk`, `jku`, `x5u`, `x5c`, `zip`; a key never comes with the message (threats T12, T13).
  const { alg, kid, typ } = header;
  if (typeof alg !== "string" || typeof typ !== "string") return "header";
  if (typeof kid !== "string" || kid === "" || kid.length > LONGEST_KEY_ID) return "header";
  const claims = objectIn(claimsBytes);
  return claims ? { text, alg, kid, typ, claims, signature } : "claims";
}

/** The bytes, if this is how they are written; not with other letters, padding or spare bits (threat T15). */
function decode(part: string): Uint8Array | undefined {
  const bytes = Buffer.from(part, "base64url");
  return bytes.toString("base64url") === part ? bytes : undefined;
}

/** RFC 8725 §2.4: two readers must not read two things, so an object with a key twice is none. */
function objectIn(bytes: Uint8Array): JsonObject | undefined {
  const read = readJson(bytes, { size: largestJws, depth: 16, numbers: "fractions" });
  return read.failure || !isObject(read.value) ? undefined : read.value;
}

/** RFC 8725 §3.1: our file says which key and algorithm; the message must agree, it never chooses (threat T11). */
export function verifierOf(jws: Jws, issuer: Issuer): IssuerKey | "key" | "algorithm" {
  const key = issuer.keys.get(jws.kid);
  if (!key) return "key";
  return jws.alg === issuer.algorithm ? key : "algorithm";
}

export async function isSigned(jws: Jws, { key, algorithm }: IssuerKey): Promise<boolean> {
  const isEdwards = algorithm === "EdDSA" || algorithm === "Ed25519";
  // RFC 8032 §5.1.7; OpenSSL 3.0 takes what 3.5 refuses, and the verdict has to be one (threat T16).
  if (isEdwards && !(jws.signature.length === 64 && isSoundPoint(jws.signature.subarray(0, 32)))) return false;
  try {
    await compactVerify(jws.text, key, { algorithms: [algorithm] });
    return true;
  } catch {
    // Whatever went wrong, nobody has signed.
    return false;
  }
}
