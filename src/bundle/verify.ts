/** From bytes that anybody may have sent to a bundle that can be used: named steps, each refusal with its code. */
import { WritError } from "../diagnostics/index.ts";
import { canonicalJsonBytes } from "../json/index.ts";
import {
  type Bundle,
  type Files,
  hasOtherMeaning,
  isStructured,
  LIMITS,
  type Limits,
  MANIFEST,
  type Manifest,
  SCOPE,
  SIGNATURES,
} from "./bundle.ts";
import { gunzip } from "./gzip.ts";
import { bytesEqual, digest, readJsonFile } from "./json-file.ts";
import type { Keys } from "./keys.ts";
import { checkData, readManifest } from "./manifest.ts";
import { chooseKey, HASH, readSignature, type Signature, type SignedFile, verifySignature } from "./signature.ts";
import { readTar } from "./tar.ts";

export interface VerifyOptions {
  /** What the manifest must own. Default `["writ"]`. */
  readonly roots?: readonly string[];
  /** What the signature must be for. Default `writ`. */
  readonly scope?: string;
  /** How long the bundle is, where a signed list says so. */
  readonly length?: number;
  readonly limits?: Partial<Limits>;
}

/**
 * Nothing is parsed before its size is bounded, and nothing is returned before everything is verified. Every failure is a
 * `WritError` with a code of its own.
 *
 * @example
 * const keys = await readKeys(keyFile);
 * const { manifest, files } = await verify(bytes, keys);
 */
export async function verify(bytes: Uint8Array, keys: Keys, options: VerifyOptions = {}): Promise<Bundle> {
  const { bundle, archive } = await verifyArchive(bytes, keys, options);
  checkJson(archive, bundle.manifest);
  return bundle;
}

/**
 * All steps but the last: what it returns is, byte for byte, what was signed, but the JSON that OPA takes the digest of was not
 * read. That is enough for whoever uses none of it: a gateway decides by `policy.wasm` alone, and `data.json` may be as large
 * as the estate.
 */
export async function verifySigned(bytes: Uint8Array, keys: Keys, options: VerifyOptions = {}): Promise<Bundle> {
  return (await verifyArchive(bytes, keys, options)).bundle;
}

async function verifyArchive(
  bytes: Uint8Array,
  keys: Keys,
  options: VerifyOptions,
): Promise<{ readonly bundle: Bundle; readonly archive: Files }> {
  const limits = { ...LIMITS, ...options.limits };
  checkLength(bytes, limits, options.length);
  const archive = unpack(bytes, limits);
  const signature = findSignature(archive);
  const key = chooseKey(signature.header, keys);
  const statement = await verifySignature(signature, key);
  checkScope(statement.scope, options.scope ?? SCOPE);
  await checkDigests(archive, statement.files);
  const manifest = readManifest(archive.get(MANIFEST), options.roots ?? ["writ"]);
  checkIssued(manifest, statement.iat);
  return { bundle: Object.freeze({ manifest, files: contents(archive), keyId: key.kid }), archive };
}

export function checkLength(bytes: Uint8Array, limits: Limits, expected: number | undefined): void {
  if (bytes.length > limits.packed) throw WritError.of("WRIT7001", { limit: limits.packed });
  if (expected !== undefined && bytes.length !== expected)
    throw WritError.of("WRIT7011", { expected, found: bytes.length });
}

/** The files, by names that have one meaning everywhere. */
export function unpack(bytes: Uint8Array, limits: Limits): Files {
  const files = readTar(gunzip(bytes, limits.unpacked), limits);
  for (const name of files.keys()) {
    // OPA applies deltas without looking for a signature.
    if (name === "patch.json" || name.endsWith("/patch.json")) throw WritError.of("WRIT7007", { name });
    if (hasOtherMeaning(name)) throw WritError.of("WRIT7009", { fault: "file-name", file: name });
  }
  return files;
}

function findSignature(archive: Files): Signature {
  const bytes = archive.get(SIGNATURES);
  if (!bytes) throw WritError.of("WRIT7012", {});
  return readSignature(bytes);
}

/** RFC 8725 §3.12: a signature made for one purpose says nothing about another. */
function checkScope(found: string, expected: string): void {
  if (found !== expected) throw WritError.of("WRIT7017", { expected });
}

/** The archive holds what was signed, no file more and no file less. */
async function checkDigests(archive: Files, signed: readonly SignedFile[]): Promise<void> {
  const listed = new Map<string, string>();
  for (const { name, hash, algorithm } of signed) {
    if (algorithm !== HASH) throw WritError.of("WRIT7009", { fault: "digest-algorithm", file: name });
    if (listed.has(name)) throw WritError.of("WRIT7009", { fault: "file-twice", file: name });
    if (!archive.has(name)) throw WritError.of("WRIT7009", { fault: "file-missing", file: name });
    listed.set(name, hash);
  }
  for (const [name, bytes] of archive) {
    if (name === SIGNATURES) continue;
    const hash = listed.get(name);
    if (hash === undefined) throw WritError.of("WRIT7009", { fault: "file-unlisted", file: name });
    if (hash !== (await digest(bytes))) throw WritError.of("WRIT7010", { file: name });
  }
}

function checkIssued(manifest: Manifest, iat: number): void {
  if (manifest.metadata.issued !== iat) throw WritError.of("WRIT7009", { fault: "issued-at" });
}

/** OPA's digest is over the parsed value; only in the canonical spelling do bytes and value have the same one. */
function checkJson(archive: Files, manifest: Manifest): void {
  for (const [name, bytes] of archive) {
    if (!isStructured(name)) continue;
    const value = readJsonFile(name, bytes);
    if (!bytesEqual(bytes, canonicalJsonBytes(value))) throw WritError.of("WRIT7010", { file: name });
    if (name === "data.json") checkData(value, manifest);
  }
}

function contents(archive: Files): Files {
  return new Map([...archive].filter(([name]) => name !== MANIFEST && name !== SIGNATURES));
}
