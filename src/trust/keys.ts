/** Public keys of roles: which we accept, each with its one scheme, and whether one of them made a signature. */
import type { JsonObject, JsonValue } from "../json/index.ts";
import { signedBytes } from "./canonical.ts";
import { plainSignature } from "./ecdsa-signature.ts";
import { isSoundPoint } from "./ed25519-point.ts";
import { fromBase64, fromHex, toBase64, toHex } from "./encoding.ts";
import { hashOf } from "./hashes.ts";
import { nodeCrypto } from "./node-crypto.ts";

/** TUF §4.2: type and scheme are stated with the key, never by what it signs. */
export interface TrustKey {
  readonly scheme: Scheme;
  /** Hexadecimal for Ed25519, PEM for the others. */
  readonly public: string;
  /** As it stands in metadata, with members that we do not know: its id is taken over all of it. */
  readonly json: JsonObject;
}

export type Scheme = "ed25519" | "ecdsa-sha2-nistp256" | "rsassa-pss-sha256";

const KEY_TYPES: Readonly<Record<string, Scheme>> = {
  ed25519: "ed25519",
  ecdsa: "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp256": "ecdsa-sha2-nistp256",
  rsa: "rsassa-pss-sha256",
};

const IMPORTS = {
  ed25519: { name: "Ed25519" },
  "ecdsa-sha2-nistp256": { name: "ECDSA", namedCurve: "P-256" },
  "rsassa-pss-sha256": { name: "RSA-PSS", hash: "SHA-256" },
} as const;

const VERIFIES = {
  ed25519: { name: "Ed25519" },
  "ecdsa-sha2-nistp256": { name: "ECDSA", hash: "SHA-256" },
  "rsassa-pss-sha256": { name: "RSA-PSS", saltLength: 32 },
} as const;

/** Nothing for a key of a type or scheme that we do not know: it signs for nobody here, and hurts nobody. */
export function readTrustKey(value: JsonValue | undefined): TrustKey | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const json = value as JsonObject;
  const { keytype, scheme, keyval } = json;
  const known = typeof keytype === "string" && Object.hasOwn(KEY_TYPES, keytype) ? KEY_TYPES[keytype] : undefined;
  if (known === undefined || scheme !== known) return undefined;
  if (typeof keyval !== "object" || keyval === null || Array.isArray(keyval)) return undefined;
  const text = (keyval as JsonObject).public;
  return typeof text === "string" ? { scheme: known, public: text, json } : undefined;
}

/** TUF §4.2: the SHA-256 of the key's canonical form. */
export function keyIdOf(json: JsonObject): Promise<string> {
  return hashOf(signedBytes(json));
}

interface Imported {
  readonly key: CryptoKey;
  /** The same for every spelling of one key, so that a threshold counts keys and not ids (threat T03). */
  readonly identity: string;
  /** Where the platform needs no other thread for a signature. */
  readonly atOnce?: (bytes: Uint8Array, signature: Uint8Array) => boolean;
}

const imports = new WeakMap<TrustKey, Promise<Imported | undefined>>();

/** Nothing for what is no sound key: small order, another curve, RSA below 2048 bits (threat T16). */
export function identityOf(key: TrustKey): Promise<string | undefined> {
  return imported(key).then((found) => found?.identity);
}

/** The identity of the key when it made this signature of these bytes; nothing when it did not. */
export async function signerOf(key: TrustKey, signature: string, bytes: Uint8Array): Promise<string | undefined> {
  const found = await imported(key);
  const plain = readSignature(key.scheme, signature);
  if (!found || !plain) return undefined;
  const verified = found.atOnce
    ? found.atOnce(bytes, plain)
    : await crypto.subtle.verify(VERIFIES[key.scheme], found.key, plain, bytes as Uint8Array<ArrayBuffer>);
  return verified ? found.identity : undefined;
}

function imported(key: TrustKey): Promise<Imported | undefined> {
  const known = imports.get(key);
  if (known) return known;
  const found = importKey(key);
  imports.set(key, found);
  return found;
}

async function importKey({ scheme, public: text }: TrustKey): Promise<Imported | undefined> {
  try {
    if (scheme === "ed25519") {
      const point = fromHex(text);
      if (!point || !isSoundPoint(point)) return undefined;
      const key = await crypto.subtle.importKey("raw", point, IMPORTS[scheme], true, ["verify"]);
      return { key, identity: `${scheme} ${toHex(point)}`, ...verifierOf(key) };
    }
    const der = readPem(text);
    if (!der) return undefined;
    const key = await crypto.subtle.importKey("spki", der, IMPORTS[scheme], true, ["verify"]);
    const { modulusLength } = key.algorithm as { modulusLength?: number };
    if (modulusLength !== undefined && (modulusLength < 2048 || modulusLength > 8192)) return undefined;
    const spki = new Uint8Array(await crypto.subtle.exportKey("spki", key));
    return { key, identity: `${scheme} ${toBase64(spki)}` };
  } catch {
    return undefined;
  }
}

function verifierOf(key: CryptoKey): Pick<Imported, "atOnce"> {
  if (!nodeCrypto) return {};
  const { verify, KeyObject } = nodeCrypto;
  const object = KeyObject.from(key);
  return { atOnce: (bytes, signature) => verify(null, bytes, object, signature) };
}

/** RFC 7468 §13. */
function readPem(text: string): Uint8Array<ArrayBuffer> | undefined {
  const body = /^-----BEGIN PUBLIC KEY-----\s([A-Za-z0-9+/=\s]{1,8192})-----END PUBLIC KEY-----\s*$/.exec(text)?.[1];
  return body === undefined ? undefined : fromBase64(body.replace(/\s/g, ""));
}

function readSignature(scheme: Scheme, text: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = fromHex(text);
  if (!bytes) return undefined;
  if (scheme === "rsassa-pss-sha256") return bytes;
  if (scheme === "ecdsa-sha2-nistp256") return plainSignature(bytes);
  // RFC 8032 §5.1.7; a point R of small order is refused whatever the platform says of it, so the verdict is one everywhere.
  return bytes.length === 64 && isSoundPoint(bytes.subarray(0, 32)) ? bytes : undefined;
}
