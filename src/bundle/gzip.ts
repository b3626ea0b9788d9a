/** One gzip member (RFC 1952) with a fixed header, and nothing before, after or beside it. */
import { deflateSync } from "fflate";
import { WritError } from "../diagnostics/index.ts";
import { crc32 } from "./crc32.ts";
import { inflate } from "./inflate.ts";

/** Deflate, no flags, no time, no level, unknown system. */
const HEADER = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255] as const;
const TRAILER = 8;

/** By a library in JavaScript, since the bytes that a platform's own compressor makes differ by processor and version. */
export function gzip(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const body = deflateSync(bytes, { level: 4 });
  const packed = new Uint8Array(HEADER.length + body.length + TRAILER);
  packed.set(HEADER);
  packed.set(body, HEADER.length);
  const view = new DataView(packed.buffer);
  view.setUint32(HEADER.length + body.length, crc32(bytes), true);
  view.setUint32(HEADER.length + body.length + 4, bytes.length, true);
  return packed;
}

/** INVARIANT: never more than `limit` bytes come into being, whatever the input says. */
export function gunzip(packed: Uint8Array, limit: number): Uint8Array<ArrayBuffer> {
  if (packed.length < HEADER.length + TRAILER || HEADER.some((byte, at) => packed[at] !== byte)) {
    throw WritError.of("WRIT7002", { fault: "gzip-header" });
  }
  const body = packed.subarray(HEADER.length, packed.length - TRAILER);
  const trailer = new DataView(packed.buffer, packed.byteOffset + packed.length - TRAILER, TRAILER);
  const size = trailer.getUint32(4, true);
  // Deflate reaches 1,032 : 1 at most: a larger claim is a lie, and believing it would cost memory.
  if (size > body.length * 1032) throw WritError.of("WRIT7002", { fault: "gzip-end" });
  if (size > limit) throw WritError.of("WRIT7001", { limit });
  const bytes = inflate(body, size);
  if (crc32(bytes) !== trailer.getUint32(0, true)) throw WritError.of("WRIT7002", { fault: "gzip-checksum" });
  return bytes;
}
