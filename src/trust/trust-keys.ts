/** Key files of roles: a public half for metadata, and a secret half, or the command that has it. */
import { WritError } from "../diagnostics/index.ts";
import { type JsonObject, type JsonValue, readJson } from "../json/index.ts";
import { derSignature } from "./ecdsa-signature.ts";
import { toHex } from "./encoding.ts";
import { identityOf, keyIdOf, readTrustKey, type Scheme, type TrustKey } from "./keys.ts";
import type { TrustSigner } from "./sign-metadata.ts";

/** Runs a program that gets the bytes on standard input and answers with the signature. */
export type RunSigner = (command: readonly string[], payload: Uint8Array) => Promise<Uint8Array>;

export interface TrustKeyPair {
  readonly keyId: string;
  /** The file that signs: keep it secret. */
  readonly secret: string;
  /** The key as metadata holds it. */
  readonly public: string;
}

export type SigningScheme = Exclude<Scheme, "rsassa-pss-sha256">;

const ALGORITHMS = {
  ed25519: { name: "Ed25519" },
  "ecdsa-sha2-nistp256": { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
} as const;

interface Pair {
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
}

/** @example const { secret, public: shared } = await newTrustKeys("ed25519") */
export async function newTrustKeys(scheme: SigningScheme = "ed25519"): Promise<TrustKeyPair> {
  const pair = (await crypto.subtle.generateKey(ALGORITHMS[scheme], true, ["sign", "verify"])) as Pair;
  const key = {
    keytype: scheme === "ed25519" ? "ed25519" : "ecdsa",
    keyval: { public: await publicText(pair.publicKey, scheme) },
    scheme,
  };
  const jwk = (await crypto.subtle.exportKey("jwk", pair.privateKey)) as Record<string, string>;
  const secret = Object.fromEntries(
    ["kty", "crv", "x", "y", "d"].flatMap((name) => (jwk[name] ? [[name, jwk[name]]] : [])),
  );
  return { keyId: await keyIdOf(key), secret: print({ key, jwk: secret }), public: print(key) };
}

async function publicText(key: CryptoKey, scheme: SigningScheme): Promise<string> {
  if (scheme === "ed25519") return toHex(new Uint8Array(await crypto.subtle.exportKey("raw", key)));
  const spki = btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.exportKey("spki", key))));
  return `-----BEGIN PUBLIC KEY-----\n${spki.replace(/.{64}/g, "$&\n")}\n-----END PUBLIC KEY-----\n`;
}

function print(value: JsonValue): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** The public half, from a public or a secret key file. Threat T16: no key of small order is ever configured. */
export async function readPublicKey(bytes: Uint8Array): Promise<TrustKey> {
  const file = readFile(bytes);
  const key = readTrustKey(file.key ?? file);
  if (!key) throw malformed("algorithm");
  if ((await identityOf(key)) === undefined) throw malformed("key-value");
  return key;
}

/** A signer from a key file with `jwk`, or with `command`: a program and its arguments, which no shell sees. */
export async function readTrustSigner(bytes: Uint8Array, run: RunSigner): Promise<TrustSigner> {
  const { jwk, command } = readFile(bytes);
  const key = await readPublicKey(bytes);
  if (Array.isArray(command) && command.length > 0 && command.every((word) => typeof word === "string")) {
    return { key, sign: (payload) => run(command as readonly string[], payload) };
  }
  if (typeof jwk !== "object" || jwk === null || key.scheme === "rsassa-pss-sha256") throw malformed("no-secret");
  const scheme = key.scheme;
  const secret = await importSecret(jwk as JsonObject, scheme);
  return {
    key,
    async sign(payload) {
      const plain = await crypto.subtle.sign(ALGORITHMS[scheme], secret, payload as Uint8Array<ArrayBuffer>);
      return scheme === "ed25519" ? new Uint8Array(plain) : derSignature(new Uint8Array(plain));
    },
  };
}

async function importSecret(jwk: JsonObject, scheme: SigningScheme): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey("jwk", { ...jwk }, ALGORITHMS[scheme], false, ["sign"]);
  } catch (cause) {
    throw malformed("key-value", cause);
  }
}

function readFile(bytes: Uint8Array): JsonObject {
  const read = readJson(bytes, { size: 64 * 1024 });
  if (read.failure) throw WritError.of("WRIT7008", { file: "key file", ...read.failure });
  if (typeof read.value !== "object" || read.value === null || Array.isArray(read.value)) throw malformed("shape");
  return read.value as JsonObject;
}

function malformed(fault: "shape" | "algorithm" | "key-value" | "no-secret", cause?: unknown): WritError {
  return WritError.of("WRIT9119", { fault }, cause);
}
