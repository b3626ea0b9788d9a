/** The file `.signatures.json`: a list of digests, signed as one compact JWS (RFC 7515), read strictly before any cryptography. */
import { type SignatureFault, WritError } from "../diagnostics/index.ts";
import { canonicalJsonBytes, type JsonValue, readJson } from "../json/index.ts";
import { isOnlySpelling } from "./base64url.ts";
import { byCodeUnits, SIGNATURES } from "./bundle.ts";
import { bytesEqual, digest, hasExactly, readJsonFile } from "./json-file.ts";
import { isKeyId, isSignedBy, type Key, type Keys, type Signer } from "./keys.ts";

export const HASH = "SHA-256";
/** Of the JWS: 64 files of 100-byte names stay far below it. */
const LONGEST = 64 * 1024;

export interface Header {
  readonly alg: string;
  readonly kid: string;
  readonly typ: "JWT";
}

export interface Signature {
  readonly header: Header;
  /** The compact JWS, in the only spelling that its bytes have. */
  readonly text: string;
}

export interface SignedFile {
  readonly name: string;
  readonly hash: string;
  readonly algorithm: string;
}

/** What a signature states, member for member as OPA reads it. */
export interface Statement {
  readonly files: readonly SignedFile[];
  readonly scope: string;
  readonly iat: number;
}

function malformed(fault: SignatureFault): WritError {
  return WritError.of("WRIT7013", { fault });
}

export async function sign(
  files: ReadonlyMap<string, Uint8Array>,
  scope: string,
  iat: number,
  signer: Signer,
): Promise<Uint8Array> {
  const names = [...files.keys()].sort(byCodeUnits);
  const list = await Promise.all(
    names.map(async (name) => ({ name, hash: await digest(files.get(name)!), algorithm: HASH })),
  );
  const text = await signer(canonicalJsonBytes({ files: list, scope, iat }));
  return canonicalJsonBytes({ signatures: [text] });
}

/** One signature, as text; its header is read and not yet believed. */
export function readSignature(bytes: Uint8Array): Signature {
  // Nothing of a longer one is read: it could only be refused (threat T24).
  if (bytes.length > LONGEST + '{"signatures":[""]}'.length) throw malformed("text");
  const container = readJsonFile(SIGNATURES, bytes);
  if (!hasExactly(container, ["signatures"]) || !Array.isArray(container.signatures)) throw malformed("container");
  const [text, ...others] = container.signatures as readonly JsonValue[];
  if (typeof text !== "string" || others.length > 0) throw malformed("container");
  // RFC 7515 §7.1: three parts of base64url. Five would be encryption; an empty third one is left to the verification.
  if (!/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/.test(text)) throw malformed("text");
  // The canonical spelling: nothing in a compact JWS is ever escaped.
  if (!bytesEqual(bytes, new TextEncoder().encode(`{"signatures":["${text}"]}`))) throw malformed("container");
  const [header, payload, signature] = text.split(".") as [string, string, string];
  if (![header, payload, signature].every(isOnlySpelling)) throw malformed("text");
  return { header: readHeader(header), text };
}

/** RFC 7515 §4.1: no `crit`, `b64`, `jwk`, `jku`, `x5u`, `x5c`; a key never comes with the message. */
function readHeader(part: string): Header {
  const read = readJson(decodePart(part));
  if (read.failure || !hasExactly(read.value, ["alg", "kid", "typ"])) throw malformed("header");
  const { alg, kid, typ } = read.value;
  if (typeof alg !== "string" || !isKeyId(kid) || typ !== "JWT") throw malformed("header");
  return { alg, kid, typ };
}

function decodePart(part: string): Uint8Array {
  const binary = atob(part.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** RFC 8725 §3.1: the key's algorithm, from our file, and the header must agree; the header never chooses. */
export function chooseKey(header: Header, keys: Keys): Key {
  const key = keys.get(header.kid);
  if (!key) throw WritError.of("WRIT7015", { kid: header.kid });
  if (header.alg !== key.alg) throw WritError.of("WRIT7014", { kid: key.kid, expected: key.alg });
  return key;
}

/** The statement, if this key signed it. */
export async function verifySignature(signature: Signature, key: Key): Promise<Statement> {
  const [header, payload, signed] = signature.text.split(".") as [string, string, string];
  // RFC 7515 §5.2: the signature is over the text of the two other parts.
  const covered = new TextEncoder().encode(`${header}.${payload}`);
  if (!(await isSignedBy(key, decodePart(signed), covered))) throw WritError.of("WRIT7016", { kid: key.kid });
  return readStatement(decodePart(payload));
}

function readStatement(payload: Uint8Array): Statement {
  const read = readJson(payload);
  if (read.failure || !hasExactly(read.value, ["files", "scope", "iat"])) throw malformed("payload");
  const { files, scope, iat } = read.value;
  if (typeof scope !== "string" || typeof iat !== "number" || !Array.isArray(files)) throw malformed("payload");
  return { files: files.map(readSignedFile), scope, iat };
}

function readSignedFile(value: JsonValue): SignedFile {
  if (!hasExactly(value, ["name", "hash", "algorithm"])) throw malformed("payload");
  const { name, hash, algorithm } = value;
  if (typeof name !== "string" || typeof hash !== "string" || typeof algorithm !== "string") throw malformed("payload");
  return { name, hash, algorithm };
}

/** What an unverified signature says, for people to look at. */
export function claimedStatement(signature: Signature): Statement {
  return readStatement(decodePart(signature.text.split(".")[1]!));
}
