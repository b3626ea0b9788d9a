/** What a log was at one moment, signed: a C2SP checkpoint, which is a signed note, so that other tools read it too. */
import { hash } from "node:crypto";
import { assert, type CheckpointFault, WritError } from "../diagnostics/index.ts";
import { signerOf, type TrustKey } from "../trust/index.ts";
import type { LogHead } from "./log.ts";

export interface Checkpoint extends LogHead {
  /** Which log it is: the name of its key. */
  readonly origin: string;
}

/** Who signs the checkpoints of a log. */
export interface CheckpointKey {
  /** `publisher.example/estate`: without spaces and `+`. */
  readonly name: string;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** Of a note: three lines, what others add, and the signatures of a few witnesses. */
const largestNote = 16 * 1024;

/** C2SP signed-note: the type of an Ed25519 key. */
const ED25519 = 1;

const NAME = /^[^\s+\p{Cc}]{1,200}$/u;

/** C2SP signed-note, "Verifier keys": name, id and key in one line. */
export function writeCheckpointKey(key: CheckpointKey): string {
  assert(NAME.test(key.name), "a checkpoint key has a name that no note can hold");
  return `${key.name}+${Buffer.from(idOf(key)).toString("hex")}+${toBase64([Uint8Array.of(ED25519), key.publicKey])}`;
}

export function readCheckpointKey(text: string): CheckpointKey {
  const [, name = "", id = "", encoded = ""] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{1,100})$/.exec(text) ?? [];
  const bytes = fromBase64(encoded);
  if (bytes?.length !== 33 || bytes[0] !== ED25519 || !NAME.test(name)) throw invalid("key");
  const key = { name, publicKey: Uint8Array.from(bytes.subarray(1)) };
  // The id guards against a key that was cut or mistyped.
  if (Buffer.from(idOf(key)).toString("hex") !== id) throw invalid("key");
  return key;
}

/** C2SP signed-note, "Signatures": so that a reader finds its key without trying all. */
function idOf({ name, publicKey }: CheckpointKey): Uint8Array {
  return hash(
    "sha256",
    Buffer.concat([Buffer.from(`${name}\n`), Uint8Array.of(ED25519), publicKey]),
    "buffer",
  ).subarray(0, 4);
}

/**
 * @param sign gives 64 bytes; they are verified before anything is done with them (threat T19)
 * @example
 * const note = await signCheckpoint({ size: log.size, root: log.root }, key, sign);
 */
export async function signCheckpoint(
  { size, root }: LogHead,
  key: CheckpointKey,
  sign: (payload: Uint8Array) => Promise<Uint8Array>,
): Promise<string> {
  const text = `${key.name}\n${size}\n${Buffer.from(root, "hex").toString("base64")}\n`;
  const signature = await sign(Buffer.from(text));
  if (!(await isSigned(text, signature, key)))
    throw WritError.of("WRIT9120", { fault: signature.length === 0 ? "empty" : "signature" });
  return `${text}\n— ${key.name} ${toBase64([idOf(key), signature])}\n`;
}

/** Verifies a checkpoint. Signatures by keys that are not ours are passed over; a wrong one by ours refuses all of it. */
export async function readCheckpoint(note: Uint8Array, key: CheckpointKey): Promise<Checkpoint> {
  const { text, signatures } = splitNote(note);
  let isOurs = false;
  for (const line of signatures) {
    const [, name, encoded = ""] = /^— (\S+) (\S+)$/.exec(line) ?? [];
    const bytes = fromBase64(encoded);
    if (name === undefined || !bytes || bytes.length < 5) throw invalid("text");
    if (name !== key.name || !Buffer.from(idOf(key)).equals(bytes.subarray(0, 4))) continue;
    if (!(await isSigned(text, bytes.subarray(4), key))) throw invalid("signature");
    isOurs = true;
  }
  if (!isOurs) throw invalid("unsigned");
  const [origin = "", size = "", root = "", ...others] = text.slice(0, -1).split("\n");
  const bytes = fromBase64(root);
  if (
    !/^(0|[1-9][0-9]{0,15})$/.test(size) ||
    !Number.isSafeInteger(Number(size)) ||
    bytes?.length !== 32 ||
    others.includes("")
  )
    throw invalid("text");
  // Threat D08: one key may sign for one log only.
  if (origin !== key.name) throw invalid("origin");
  return { origin, size: Number(size), root: Buffer.from(bytes).toString("hex") };
}

/** C2SP signed-note: a text that ends with a line end, an empty line, and one signature or more. */
function splitNote(note: Uint8Array): { readonly text: string; readonly signatures: readonly string[] } {
  const whole = note.length > largestNote ? "" : decode(note);
  const split = whole.lastIndexOf("\n\n");
  const text = whole.slice(0, split + 1);
  const signatures = whole.slice(split + 2).split("\n");
  if (split <= 0 || signatures.pop() !== "" || signatures.length === 0) throw invalid("text");
  // Nothing that a terminal or another reader would take for something else.
  if (/[\p{Cc}]/u.test(text.replaceAll("\n", ""))) throw invalid("text");
  return { text, signatures };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return "";
  }
}

async function isSigned(text: string, signature: Uint8Array, { publicKey }: CheckpointKey): Promise<boolean> {
  const key: TrustKey = { scheme: "ed25519", public: Buffer.from(publicKey).toString("hex"), json: {} };
  return (await signerOf(key, Buffer.from(signature).toString("hex"), Buffer.from(text))) !== undefined;
}

function toBase64(parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString("base64");
}

/** Only the one spelling of the bytes (RFC 4648 §3.5). */
function fromBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.length > 0 && bytes.toString("base64") === text ? bytes : undefined;
}

function invalid(fault: CheckpointFault): WritError {
  return WritError.of("WRIT8022", { fault });
}
