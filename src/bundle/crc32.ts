/** The checksum of gzip (RFC 1952 §8), four bytes at a step. */

const TABLES = Array.from({ length: 4 }, () => new Uint32Array(256));
for (let byte = 0; byte < 256; byte++) {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  TABLES[0]![byte] = rest;
}
for (let table = 1; table < 4; table++) {
  for (let byte = 0; byte < 256; byte++) {
    const rest = TABLES[table - 1]![byte]!;
    TABLES[table]![byte] = (rest >>> 8) ^ TABLES[0]![rest & 0xff]!;
  }
}

export function crc32(bytes: Uint8Array): number {
  const [first, second, third, fourth] = TABLES as [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  let rest = 0xffffffff;
  let at = 0;
  for (; at + 4 <= bytes.length; at += 4) {
    rest ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    rest = fourth[rest & 0xff]! ^ third[(rest >>> 8) & 0xff]! ^ second[(rest >>> 16) & 0xff]! ^ first[rest >>> 24]!;
  }
  for (; at < bytes.length; at++) rest = (rest >>> 8) ^ first[(rest ^ bytes[at]!) & 0xff]!;
  return ~rest >>> 0;
}
