/** Key files: which keys are trusted, each with its id and its one algorithm, and the private key that signs. */
import { CompactSign, calculateJwkThumbprint, exportJWK, exportSPKI, generateKeyPair } from "jose";
import { type KeyFault, WritError } from "../diagnostics/index.ts";
import type { JsonObject, JsonValue } from "../json/index.ts";
import { isOnlySpelling } from "./base64url.ts";
import { hasExactly, isObject, readJsonFile } from "./json-file.ts";

export interface Key {
  readonly kid: string;
  readonly alg: string;
  readonly key: CryptoKey;
}

/** Trusted keys by id. */
export type Keys = ReadonlyMap<string, Key>;

/** Turns the bytes of a signature's payload into a compact JWS; where the key lives is its own affair. */
export type Signer = (payload: Uint8Array) => Promise<string>;

export interface KeyPair {
  readonly kid: string;
  /** The file that signs: keep it secret. */
  readonly privateKey: string;
  /** A key file with this one key: for `readKeys`. */
  readonly publicKeys: string;
}

/** What stock OPA verifies too; it has no EdDSA. HMAC is no signature: whoever can verify could sign (RFC 8725 §2.1). */
const ALGORITHMS: Readonly<Record<string, Algorithm>> = {
  ES256: elliptic("P-256", "SHA-256"),
  ES384: elliptic("P-384", "SHA-384"),
  ES512: elliptic("P-521", "SHA-512"),
  PS256: rsa({ name: "RSA-PSS", hash: "SHA-256", saltLength: 32 }),
  RS256: rsa({ name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }),
};

interface Algorithm {
  readonly kty: string;
  readonly crv?: string;
  readonly members: readonly string[];
  /** What the platform's cryptography calls it, to import a key as well as to verify by it (RFC 7518 §3.1). */
  readonly parameters: { readonly name: string; readonly hash: string };
}

function elliptic(crv: string, hash: string): Algorithm {
  return {
    kty: "EC",
    crv,
    members: ["kty", "crv", "x", "y"],
    parameters: { name: "ECDSA", namedCurve: crv, hash } as Algorithm["parameters"],
  };
}

function rsa(parameters: Algorithm["parameters"] & { readonly saltLength?: number }): Algorithm {
  return { kty: "RSA", members: ["kty", "n", "e"], parameters };
}

/** Whether this key made the signature of these bytes. */
export function isSignedBy(key: Key, signature: Uint8Array, bytes: Uint8Array): Promise<boolean> {
  const { parameters } = ALGORITHMS[key.alg]!;
  return crypto.subtle.verify(
    parameters,
    key.key,
    signature as Uint8Array<ArrayBuffer>,
    bytes as Uint8Array<ArrayBuffer>,
  );
}

/** Of 32, 48 and 66 bytes in base64url. */
const COORDINATE_LENGTHS: Readonly<Record<string, number>> = { "P-256": 43, "P-384": 64, "P-521": 88 };
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] as const;
const SIGNING = "ES256";

/** No slash and no quote: an id is never a path or a query (RFC 7515 §10.1), and it can stand in OPA's configuration. */
export function isKeyId(value: unknown): value is string {
  return typeof value === "string" && /^[A-Za-z0-9._-]{1,128}$/.test(value);
}

function malformed(fault: KeyFault, cause?: unknown): WritError {
  return WritError.of("WRIT7018", { fault }, cause);
}

/** @example const keys = await readKeys(await readFile("keys.json")) */
export async function readKeys(bytes: Uint8Array): Promise<Keys> {
  const list = readJsonFile("keys.json", bytes);
  if (!Array.isArray(list) || list.length === 0) throw malformed("shape");
  const keys = new Map<string, Key>();
  for (const entry of list as readonly JsonValue[]) {
    const key = await readKey(entry);
    if (keys.has(key.kid)) throw malformed("key-id-twice");
    keys.set(key.kid, key);
  }
  return keys;
}

async function readKey(entry: JsonValue): Promise<Key> {
  if (!isObject(entry) || !isObject(entry.jwk)) throw malformed("shape");
  const { kid, alg, jwk } = entry as { kid?: JsonValue; alg?: JsonValue; jwk: JsonObject };
  if (PRIVATE_MEMBERS.some((member) => Object.hasOwn(jwk, member))) throw malformed("private");
  if (typeof alg !== "string" || !Object.hasOwn(ALGORITHMS, alg)) throw malformed("algorithm");
  if (!hasExactly(entry, ["kid", "alg", "jwk"])) throw malformed("shape");
  if (!isKeyId(kid)) throw malformed("key-id");
  const { kty, crv, members } = ALGORITHMS[alg]!;
  if (jwk.kty !== kty || (crv !== undefined && jwk.crv !== crv)) throw malformed("key-type");
  if (!hasExactly(jwk, members)) throw malformed("key-members");
  if (!hasOnlySpelling(jwk, crv)) throw malformed("key-value");
  const key = await importKey(jwk, alg, "verify");
  const { modulusLength } = key.algorithm as { modulusLength?: number };
  // RFC 7518 §3.3.
  if (modulusLength !== undefined && modulusLength < 2048) throw malformed("rsa-size");
  return { kid, alg, key };
}

/** RFC 7518 §6.2.1.2: a coordinate has the full size of its curve; §6.3.1: numbers of RSA have no zero in front. */
function hasOnlySpelling({ x, y, n, e }: JsonObject, crv: string | undefined): boolean {
  const texts = crv === undefined ? [n, e] : [x, y];
  return texts.every(
    (text) =>
      typeof text === "string" &&
      isOnlySpelling(text) &&
      (crv === undefined ? text !== "" && !/^A[A-P]/.test(text) : text.length === COORDINATE_LENGTHS[crv]),
  );
}

async function importKey(jwk: JsonObject, alg: string, usage: "sign" | "verify"): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey("jwk", { ...jwk }, ALGORITHMS[alg]!.parameters, true, [usage]);
  } catch (cause) {
    throw malformed("key-value", cause);
  }
}

/** A signer from the text of a private key file. */
export async function readSigner(bytes: Uint8Array): Promise<Signer & { readonly kid: string }> {
  const file = readJsonFile("private key", bytes);
  if (!hasExactly(file, ["kid", "alg", "jwk"])) throw malformed("shape");
  const { kid, alg, jwk } = file;
  if (!isKeyId(kid)) throw malformed("key-id");
  if (alg !== SIGNING || !hasExactly(jwk, ["kty", "crv", "x", "y", "d"])) throw malformed("not-private");
  const key = await importKey(jwk, alg, "sign");
  const sign = (payload: Uint8Array) => new CompactSign(payload).setProtectedHeader({ alg, kid, typ: "JWT" }).sign(key);
  return Object.assign(sign, { kid });
}

/** A fresh pair for ES256; the id is the key's thumbprint (RFC 7638) unless one is given. */
export async function newKeys(options: { readonly kid?: string } = {}): Promise<KeyPair> {
  const pair = await generateKeyPair(SIGNING, { extractable: true });
  const { kty, crv, x, y, d } = (await exportJWK(pair.privateKey)) as Record<string, string>;
  const jwk = { kty: kty!, crv: crv!, x: x!, y: y! };
  const kid = options.kid ?? (await calculateJwkThumbprint(jwk));
  if (!isKeyId(kid)) throw malformed("key-id");
  return {
    kid,
    privateKey: `${JSON.stringify({ kid, alg: SIGNING, jwk: { ...jwk, d } }, undefined, 2)}\n`,
    publicKeys: `${JSON.stringify([{ kid, alg: SIGNING, jwk }], undefined, 2)}\n`,
  };
}

/** The public key as OPA's configuration wants it. */
export async function publicPem(key: Key): Promise<string> {
  return exportSPKI(key.key);
}
