/** How bytes lie on the disk of a store so that damage shows: a mark, their length, a number, the bytes, a SHA-256 over all of it. */
import { hash } from "node:crypto";
import { assert } from "../diagnostics/index.ts";

/** No UTF-8 holds a byte FF, so nothing that somebody has us write can pass for a frame. */
const MARK = Buffer.from([0xff, 0x57, 0x4a, 0x31]);
const HEADER = 16;
const DIGEST = 32;

/** Bytes around a payload. */
export const frameOverhead = HEADER + DIGEST;

/** Of one payload. A batch of a thousand revocations has a quarter of it. */
export const largestPayload = 4 * 1024 * 1024;

export interface Frame {
  /** What is counted, before this frame: a frame at another place than its own is none. */
  readonly number: number;
  readonly payload: Uint8Array;
}

export function writeFrame({ number, payload }: Frame): Uint8Array {
  assert(payload.length <= largestPayload, "a frame is written that no reader takes");
  const bytes = Buffer.alloc(frameOverhead + payload.length);
  MARK.copy(bytes);
  bytes.writeUInt32BE(payload.length, 4);
  bytes.writeBigUInt64BE(BigInt(number), 8);
  bytes.set(payload, HEADER);
  const end = HEADER + payload.length;
  bytes.set(hash("sha256", bytes.subarray(0, end), "buffer"), end);
  return bytes;
}

/** How long the frame says that it is, which is not to be believed before its digest is right; nothing where none begins. */
export function frameLength(bytes: Uint8Array, at: number): number | undefined {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(HEADER, bytes.length - at));
  if (header.length < HEADER || !header.subarray(0, MARK.length).equals(MARK)) return undefined;
  const length = header.readUInt32BE(4);
  return length <= largestPayload ? frameOverhead + length : undefined;
}

/** The frame that begins there, if all of it is there and as it was written. */
export function readFrame(bytes: Uint8Array, at = 0): Frame | undefined {
  const length = frameLength(bytes, at);
  if (length === undefined || at + length > bytes.length) return undefined;
  const frame = Buffer.from(bytes.buffer, bytes.byteOffset + at, length);
  const end = length - DIGEST;
  if (!hash("sha256", frame.subarray(0, end), "buffer").equals(frame.subarray(end))) return undefined;
  const number = frame.readBigUInt64BE(8);
  if (number > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  return { number: Number(number), payload: frame.subarray(HEADER, end) };
}

/** Whether a sound frame begins anywhere from `at` on. */
export function holdsFrame(bytes: Uint8Array, at: number): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let mark = buffer.indexOf(MARK, at); mark >= 0; mark = buffer.indexOf(MARK, mark + 1))
    if (readFrame(bytes, mark)) return true;
  return false;
}
