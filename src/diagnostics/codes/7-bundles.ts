/** 7xxx: bundles, signatures and keys. */

import type { Entry } from "../entry.ts";
import { type JsonProblem, jsonProblems } from "../json-problems.ts";

const archiveFaults = {
  "gzip-header": "it does not start with the fixed gzip header",
  "gzip-data": "its compressed data is damaged",
  "gzip-end": "something is missing or left over after its compressed data",
  "gzip-checksum": "its checksum does not fit its content",
  "header-checksum": "the checksum of a file header is wrong",
  "header-format": "a file header is not plain USTAR",
  "header-fields": "a file header sets fields that a bundle leaves empty",
  "file-size": "the size of a file is malformed or larger than the archive",
  padding: "the padding after a file is not zero",
  end: "it does not end with exactly two empty blocks",
  empty: "it holds no files",
} as const;
export type ArchiveFault = keyof typeof archiveFaults;

const manifestFaults = {
  missing: "there is no `.manifest`",
  shape: "`.manifest` has other members than a bundle's",
  roots: "`.manifest` claims other roots than expected",
  "rego-version": "`.manifest` names another `rego_version` than 1",
  wasm: "`.manifest` has OPA decide by other modules than `policy.wasm`",
  metadata: "the metadata in `.manifest` lacks a sequence, a time or an entry point",
  "data-root": "`data.json` reaches outside the roots",
  "data-policy": "`data.json` and `.manifest` say different things of the policy's revision, sequence or time",
  "issued-at": "`.manifest` and signature name different times",
  "file-name": "a file has a name that OPA gives another meaning",
  "file-unlisted": "a file is not listed in the signature",
  "file-missing": "a file listed in the signature is not there",
  "file-twice": "a file is listed twice in the signature",
  "digest-algorithm": "a file is listed with another digest than SHA-256",
} as const;
export type ManifestFault = keyof typeof manifestFaults;

const signatureFaults = {
  container: "`.signatures.json` does not hold exactly one signature",
  text: "it is not a compact JWS in its only spelling",
  header: "its header is not JSON with `alg`, `kid` and `typ` alone",
  payload: "its payload does not hold files, scope and time alone",
} as const;
export type SignatureFault = keyof typeof signatureFaults;

const keyFaults = {
  shape: "it is not a list of `kid`, `alg` and `jwk`",
  "key-id": "a key id is not made of up to 128 letters, digits, `.`, `_` and `-`",
  "key-id-twice": "two keys have one id",
  algorithm: "a key states no algorithm that we accept",
  private: "it holds a private key",
  "key-type": "a key does not fit its algorithm",
  "key-members": "a key has other members than a public key of its type",
  "key-value": "the numbers of a key are no key",
  "rsa-size": "an RSA key is shorter than 2048 bits",
  "not-private": "it does not hold a private key for ES256",
} as const;
export type KeyFault = keyof typeof keyFaults;

const tableFaults = {
  magic: "there are no tables in it",
  version: "its tables are of a version that we do not read",
  length: "its tables are cut off, or followed by something",
  digest: "the digest of its tables is wrong",
  reference: "its tables refer to what is not there",
  number: "a number in its tables stands for nothing",
  kind: "its tables hold something of an unknown kind",
  text: "a text in its tables is not UTF-8 or not its own JSON",
  hash: "a hash in its tables is wrong",
  index: "an index of its tables does not find what is in it",
  order: "a list of its tables is not in order",
  jump: "a condition of its tables does not lead to an end",
  overlap: "things in its tables overlap",
} as const;
export type TableFault = keyof typeof tableFaults;

const serviceFaults = {
  http: "it is asked without TLS, so whoever is between it and OPA can hold back what is new",
  tls: "its certificate is not looked at, so whoever is between it and OPA can hold back what is new",
  oci: "by OCI, OPA applies unsigned deltas even where it persists, and limits no size",
} as const;
export type ServiceFault = keyof typeof serviceFaults;

export const bundles = {
  WRIT7001: {
    name: "bundle-too-large",
    severity: "error",
    message: ({ limit }: { limit: number }) => `the bundle is larger than ${limit} bytes`,
    help: () => "raise the limit if a bundle of that size is expected",
  },
  WRIT7002: {
    name: "archive-malformed",
    severity: "error",
    message: ({ fault }: { fault: ArchiveFault }) =>
      `the bundle is not an archive that we read: ${archiveFaults[fault]}`,
    help: () => "fetch it again, or build it again with `writ build`",
  },
  WRIT7003: {
    name: "archive-name",
    severity: "error",
    message: ({ name }: { name: string }) => `${JSON.stringify(name)} is not a file name for a bundle`,
    help: () => "names start with one `/` and are made of `a-z`, `0-9`, `.`, `_`, `-` between slashes",
  },
  WRIT7004: {
    name: "archive-duplicate",
    severity: "error",
    message: ({ name }: { name: string }) => `\`${name}\` is in the bundle twice`,
    help: () => "build the bundle again with `writ build`: each name may occur once",
  },
  WRIT7005: {
    name: "archive-type",
    severity: "error",
    message: ({ type }: { type: string }) =>
      `the bundle holds an entry of type ${JSON.stringify(type)}, which is no regular file`,
    help: () => "build the bundle again with `writ build`: it holds no links, folders or extended headers",
  },
  WRIT7006: {
    name: "archive-limit",
    severity: "error",
    message: ({ limit }: { limit: number }) => `the bundle holds more than ${limit} files`,
    help: () => "build the bundle again with `writ build`",
  },
  WRIT7007: {
    name: "bundle-kind",
    severity: "error",
    message: ({ name }: { name: string }) => `\`${name}\` makes this a delta, and deltas are not signed`,
    help: () => "publish a whole bundle",
  },
  WRIT7008: {
    name: "json-malformed",
    severity: "error",
    message: ({ file, problem, offset }: { file: string; problem: JsonProblem; offset: number }) =>
      `\`${file}\` can't be read at offset ${offset}: ${jsonProblems[problem]}`,
    help: () => "write strict JSON: one spelling, whole numbers, each key once",
  },
  WRIT7009: {
    name: "bundle-manifest",
    severity: "error",
    message: ({ fault, file }: { fault: ManifestFault; file?: string }) =>
      file === undefined ? manifestFaults[fault] : `${manifestFaults[fault]}: ${JSON.stringify(file)}`,
    help: () => "build and sign the bundle again with `writ build --sign`",
  },
  WRIT7010: {
    name: "bundle-digest",
    severity: "error",
    message: ({ file }: { file: string }) => `\`${file}\` is not, byte for byte, the file that was signed`,
    help: () => "fetch the bundle again; if that does not help, treat whoever served it as hostile",
  },
  WRIT7011: {
    name: "bundle-length",
    severity: "error",
    message: ({ expected, found }: { expected: number; found: number }) =>
      `the bundle should be ${expected} bytes long and is ${found}`,
    help: () => "fetch the bundle again",
  },
  WRIT7012: {
    name: "signature-missing",
    severity: "error",
    message: () => "the bundle is not signed",
    help: () => "sign it with `writ build --sign`",
  },
  WRIT7013: {
    name: "signature-malformed",
    severity: "error",
    message: ({ fault }: { fault: SignatureFault }) => `the signature can't be read: ${signatureFaults[fault]}`,
    help: () => "sign the bundle again with `writ build --sign`",
  },
  WRIT7014: {
    name: "signature-alg",
    severity: "error",
    message: ({ kid, expected }: { kid: string; expected: string }) =>
      `the signature names another algorithm than \`${expected}\`, the one of key \`${kid}\``,
    help: () => "a key has one algorithm, and our key file states it, never the signature",
  },
  WRIT7015: {
    name: "signature-key-unknown",
    severity: "error",
    message: ({ kid }: { kid: string }) => `it is signed with key \`${kid}\`, which is not among the trusted keys`,
    help: () => "add the key to the key file if it is yours",
  },
  WRIT7016: {
    name: "signature-invalid",
    severity: "error",
    message: ({ kid }: { kid: string }) =>
      `the signature was not made with key \`${kid}\`, or what it covers was changed`,
    help: () => "fetch the bundle again; if that does not help, treat whoever served it as hostile",
  },
  WRIT7017: {
    name: "signature-scope",
    severity: "error",
    message: ({ expected }: { expected: string }) => `the signature was made for another purpose than \`${expected}\``,
    help: () => "sign the bundle again with `writ build --sign`",
  },
  WRIT7018: {
    name: "keys-malformed",
    severity: "error",
    message: ({ fault }: { fault: KeyFault }) => `the key file can't be used: ${keyFaults[fault]}`,
    help: () => "write a key file with `writ keys new`",
  },
  WRIT7019: {
    name: "module-malformed",
    severity: "error",
    message: ({ fault }: { fault: TableFault }) => `this \`policy.wasm\` can't be read: ${tableFaults[fault]}`,
    help: () => "build it again with `writ build`, by the version of Writ that reads it",
  },
  WRIT7020: {
    name: "opa-key-missing",
    severity: "error",
    message: ({ bundle }: { bundle: string }) => `\`${bundle}\` is loaded whoever signed it`,
    help: () => "set `signing.keyid` to the one key that signs it",
  },
  WRIT7021: {
    name: "opa-scope-missing",
    severity: "error",
    message: ({ bundle }: { bundle: string }) => `\`${bundle}\` is not held to the purpose that it was signed for`,
    help: () => "set `signing.scope` to `writ`",
  },
  WRIT7022: {
    name: "opa-persist-missing",
    severity: "error",
    message: ({ bundle }: { bundle: string }) =>
      `\`${bundle}\` is not kept on the disk, and an OPA that does not keep it may apply deltas that nobody signed`,
    help: () => "set `persist: true`, and `persistence_directory` to a folder that outlives OPA",
  },
  WRIT7023: {
    name: "opa-files-excluded",
    severity: "error",
    message: ({ bundle }: { bundle: string }) => `files of \`${bundle}\` are loaded that nobody signed`,
    help: () => "take `exclude_files` out",
  },
  WRIT7024: {
    name: "opa-size-unlimited",
    severity: "error",
    message: ({ bundle }: { bundle: string }) =>
      `a file of \`${bundle}\` may unfold to a gibibyte before its signature is looked at`,
    help: () => "set `size_limit_bytes` to what the largest file needs, at most 1073741823",
  },
  WRIT7025: {
    name: "opa-key-algorithm",
    severity: "error",
    message: ({ key, algorithm }: { key: string; algorithm: string }) =>
      `the key \`${key}\` verifies \`${algorithm}\`, and what we sign is \`ES256\``,
    help: () =>
      "print the configuration anew with `writ opa-config`: a shared secret or another family is no key of ours",
  },
  WRIT7026: {
    name: "opa-service-open",
    severity: "error",
    message: ({ service, fault }: { service: string; fault: ServiceFault }) =>
      `the service \`${service}\` is open to others: ${serviceFaults[fault]}`,
    help: () => "give it an `https://` URL, or one of the loopback, and leave its certificate to be verified",
  },
  WRIT7027: {
    name: "opa-token-written",
    severity: "error",
    message: ({ service }: { service: string }) =>
      `the token for the service \`${service}\` stands in the configuration`,
    help: () => "keep the token in a file of its own, name that by `token_path`, and have this one changed",
  },
  WRIT7028: {
    name: "opa-bundles-missing",
    severity: "error",
    message: () => "this configuration has OPA load no bundle",
    help: () => "name `bundles` or `discovery`, as `writ opa-config` prints them",
  },
} satisfies Record<string, Entry>;
