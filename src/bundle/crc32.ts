/** The checksum of gzip (RFC 1952 §8), eight bytes at a step. */

/** INVARIANT: signed, as is all that is worked out with them: then no step is made in floating point. */
const TABLES = Array.from({ length: 8 }, () => new Int32Array(256));
for (let byte = 0; byte < 256; byte++) {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  TABLES[0]![byte] = rest;
}
for (let table = 1; table < 8; table++) {
  for (let byte = 0; byte < 256; byte++) {
    const rest = TABLES[table - 1]![byte]!;
    TABLES[table]![byte] = (rest >>> 8) ^ TABLES[0]![rest & 0xff]!;
  }
}
const [T0, T1, T2, T3, T4, T5, T6, T7] = TABLES as [
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
];

export function crc32(bytes: Uint8Array): number {
  let rest = -1;
  let at = 0;
  for (const last = bytes.length - 8; at <= last; at += 8) {
    rest ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    rest =
      T7[rest & 0xff]! ^
      T6[(rest >>> 8) & 0xff]! ^
      T5[(rest >>> 16) & 0xff]! ^
      T4[rest >>> 24]! ^
      T3[bytes[at + 4]!]! ^
      T2[bytes[at + 5]!]! ^
      T1[bytes[at + 6]!]! ^
      T0[bytes[at + 7]!]!;
  }
  for (; at < bytes.length; at++) rest = (rest >>> 8) ^ T0[(rest ^ bytes[at]!) & 0xff]!;
  return ~rest >>> 0;
}
