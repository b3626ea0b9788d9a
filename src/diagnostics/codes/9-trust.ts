/** 91xx: the signed metadata by which a gateway knows what is current, and by whom. */
import type { Entry } from "../entry.ts";

const mismatches = {
  version: "it has another version than the file that names it says",
  length: "it has another length than the file that names it says",
  digest: "it has another digest than the file that names it says",
  content: "its version is in use already, with other content",
} as const;
export type MetadataMismatch = keyof typeof mismatches;

const rootSigners = {
  old: "the keys of the root before it",
  new: "its own keys",
} as const;
export type RootSigners = keyof typeof rootSigners;

const signerFaults = {
  missing: "there is no such program",
  failed: "it ended with an error",
  empty: "it answered nothing",
  "too-long": "its answer is too long for a signature",
  signature: "its answer is no signature by the key that it stands for",
} as const;
export type SignerFault = keyof typeof signerFaults;

const roleKeyFaults = {
  shape: "it is no JSON object",
  algorithm: "it holds no key of type `ed25519`, `ecdsa` or `rsa` with its scheme",
  "key-value": "its numbers are no key, or one with which nothing is safe",
  "no-secret": "it holds neither the secret half nor the command that has it",
} as const;
export type RoleKeyFault = keyof typeof roleKeyFaults;

export const trust = {
  WRIT9101: {
    name: "metadata-malformed",
    severity: "error",
    message: ({ file, place }: { file: string; place: string }) =>
      `\`${file}\` can't be used: \`${place}\` is not what it should be`,
    help: () => "what was trusted before stays in use; make the file again with `writ trust`",
  },
  WRIT9102: {
    name: "metadata-type",
    severity: "error",
    message: ({ file, expected }: { file: string; expected: string }) =>
      `\`${file}\` is metadata of another type than \`${expected}\``,
    help: () => "fetch it again; if that does not help, treat whoever served it as hostile",
  },
  WRIT9103: {
    name: "metadata-rollback",
    severity: "error",
    message: ({ file, member, value, held }: { file: string; member: string; value: number; held: number }) =>
      `\`${file}\` goes back: its \`${member}\` is ${value}, and ${held} is known already`,
    help: () => "what was trusted before stays in use; to go back, publish what was right before under a new version",
  },
  WRIT9104: {
    name: "metadata-mismatch",
    severity: "error",
    message: ({ file, fault }: { file: string; fault: MetadataMismatch }) =>
      `\`${file}\` does not belong to the rest: ${mismatches[fault]}`,
    help: () => "fetch all of it again; if that does not help, treat whoever served it as hostile",
  },
  WRIT9105: {
    name: "metadata-expired",
    severity: "error",
    message: ({ file, expires }: { file: string; expires: string }) => `\`${file}\` expired at ${expires}`,
    help: () => "look whether the publisher runs and whether the clock here is right",
  },
  WRIT9106: {
    name: "metadata-too-large",
    severity: "error",
    message: ({ file, limit }: { file: string; limit: number }) => `\`${file}\` is larger than ${limit} bytes`,
    help: () => "no publisher of ours makes it so large; treat whoever served it as hostile",
  },
  WRIT9107: {
    name: "metadata-missing",
    severity: "error",
    message: ({ file }: { file: string }) => `\`${file}\` is not there, though the rest counts on it`,
    help: () => "look whether the publisher has finished, and whether a cache before it keeps old files",
  },
  WRIT9108: {
    name: "signature-threshold",
    severity: "error",
    message: ({ file, found, threshold }: { file: string; found: number; threshold: number }) =>
      `\`${file}\` is signed by ${found} of the ${threshold} different keys that have to sign it, each of them once`,
    help: () => "have more of its keys sign it with `writ trust sign`",
  },
  WRIT9109: {
    name: "root-version-gap",
    severity: "error",
    message: ({ expected, found }: { expected: number; found: number }) =>
      `the next root should have version ${expected} and has ${found}`,
    help: () => "serve every root there was: each is trusted because of the one before it",
  },
  WRIT9110: {
    name: "root-untrusted",
    severity: "error",
    message: ({ version, by }: { version: number; by: RootSigners }) =>
      `root ${version} lacks signatures by ${rootSigners[by]}`,
    help: () => "have enough of the old and of the new keys sign it with `writ trust sign`",
  },
  WRIT9111: {
    name: "root-chain-limit",
    severity: "error",
    message: ({ limit, version }: { limit: number; version: number }) =>
      `there are more than ${limit} new roots; root ${version} is trusted for now`,
    help: () => "the next refresh goes on from there; ship gateways a newer root",
  },
  WRIT9112: {
    name: "delegation-path",
    severity: "error",
    message: ({ role, path }: { role: string; path: string }) =>
      `role \`${role}\` speaks of \`${path}\`, which was not delegated to it`,
    help: () => "a delegated role may list only what its delegation covers; treat its key as stolen",
  },
  WRIT9113: {
    name: "target-missing",
    severity: "error",
    message: ({ path }: { path: string }) => `no role that may speak of \`${path}\` lists it`,
    help: () => "publish it first",
  },
  WRIT9114: {
    name: "state-corrupt",
    severity: "error",
    message: ({ file }: { file: string }) => `the stored \`${file}\` is damaged or belongs to another estate`,
    help: () => "it counts as not there and is fetched again",
  },
  WRIT9115: {
    name: "audit-rollback",
    severity: "error",
    message: ({ size, held }: { size: number; held: number }) =>
      `the audit log has ${size} records and another root than before, when it had ${held}`,
    help: () => "records were removed or changed; keep what you hold as evidence",
  },
  WRIT9116: {
    name: "download-failed",
    severity: "error",
    message: ({ file, problem }: { file: string; problem: string }) => `\`${file}\` could not be fetched: ${problem}`,
    help: () => "look whether the publisher runs and whether its address is right",
  },
  WRIT9117: {
    name: "download-too-slow",
    severity: "error",
    message: ({ file }: { file: string }) => `\`${file}\` came too slowly`,
    help: () => "less than 1 KiB a second after 5 seconds, or more than 60 seconds in all; try another address",
  },
  WRIT9118: {
    name: "root-threshold",
    severity: "error",
    message: ({ threshold }: { threshold: number }) => `a root that ${threshold} key can replace is lost with that key`,
    help: () => "have 2 or more of the root's keys sign it; `--development` is for trying out",
  },
  WRIT9119: {
    name: "role-key-malformed",
    severity: "error",
    message: ({ fault }: { fault: RoleKeyFault }) => `the key file can't be used: ${roleKeyFaults[fault]}`,
    help: () => "make one with `writ trust init`",
  },
  WRIT9120: {
    name: "signer-invalid",
    severity: "error",
    message: ({ fault }: { fault: SignerFault }) => `the signer can't be used: ${signerFaults[fault]}`,
    help: () =>
      "it reads bytes on standard input and writes the signature of them, and nothing else, to standard output",
  },
  WRIT9121: {
    name: "signer-timeout",
    severity: "error",
    message: ({ seconds }: { seconds: number }) => `the signer gave no answer within ${seconds} seconds`,
    help: () => "look whether what it asks is reachable; nothing was signed",
  },
} satisfies Record<string, Entry>;
