/**
 * Reads deflated data (RFC 1951) whose length is known beforehand, and nothing else: the platform's inflaters differ in what they
 * do about bytes after the end, can't be told to stop early, or exist on one platform only.
 */
import { WritError } from "../diagnostics/index.ts";
import { CODE_LENGTH_ORDER, DISTANCE_BASE, DISTANCE_EXTRA, LENGTH_BASE, LENGTH_EXTRA } from "./deflate-tables.ts";

const damaged = () => WritError.of("WRIT7002", { fault: "gzip-data" });

/** A code as a table over its next bits: symbol × 16 + number of bits, 0 where no code leads. */
interface Decoder {
  readonly table: Uint16Array;
  bits: number;
}

class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #held = 0;
  #count = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Zeros may be looked at beyond the end, as long as `finish` finds that none was taken. */
  #fill(): void {
    while (this.#count <= 16) {
      if (this.#at > this.#bytes.length + 8) throw damaged();
      this.#held |= (this.#bytes[this.#at++] ?? 0) << this.#count;
      this.#count += 8;
    }
  }

  /** Up to 16 bits. */
  take(size: number): number {
    if (this.#count < size) this.#fill();
    const value = this.#held & ((1 << size) - 1);
    this.#held >>>= size;
    this.#count -= size;
    return value;
  }

  symbol(decoder: Decoder): number {
    if (this.#count < 15) this.#fill();
    const entry = decoder.table[this.#held & ((1 << decoder.bits) - 1)]!;
    if (entry === 0) throw damaged();
    this.#held >>>= entry & 15;
    this.#count -= entry & 15;
    return entry >>> 4;
  }

  /** The next whole bytes, after what is left of the one just begun. */
  bytes(size: number): Uint8Array {
    this.#at -= this.#count >> 3;
    this.#held = 0;
    this.#count = 0;
    if (size > this.#bytes.length - this.#at) throw damaged();
    this.#at += size;
    return this.#bytes.subarray(this.#at - size, this.#at);
  }

  /** Everything was read, nothing more, and the bits that fill the last byte are zero. */
  finish(): void {
    const left = this.#held & ((1 << (this.#count & 7)) - 1);
    if (left !== 0 || this.#at - (this.#count >> 3) !== this.#bytes.length)
      throw WritError.of("WRIT7002", { fault: "gzip-end" });
  }
}

/** Exactly `size` bytes come out of all of `bytes`, or an error does: memory never exceeds what was asked for. */
export function inflate(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const output = new Uint8Array(size);
  const reader = new BitReader(bytes);
  const literals: Decoder = { table: new Uint16Array(1 << 15), bits: 0 };
  const distances: Decoder = { table: new Uint16Array(1 << 15), bits: 0 };
  let at = 0;
  for (let last = false; !last; ) {
    last = reader.take(1) === 1;
    const type = reader.take(2);
    if (type === 0) {
      const head = reader.bytes(4);
      const length = head[0]! | (head[1]! << 8);
      if (length !== (~(head[2]! | (head[3]! << 8)) & 0xffff) || length > size - at) throw damaged();
      output.set(reader.bytes(length), at);
      at += length;
    } else {
      if (type === 1) setFixedCodes(literals, distances);
      else if (type === 2) readCodes(reader, literals, distances);
      else throw damaged();
      at = inflateBlock(reader, literals, distances, output, at);
    }
  }
  if (at !== size) throw WritError.of("WRIT7002", { fault: "gzip-end" });
  reader.finish();
  return output;
}

function inflateBlock(
  reader: BitReader,
  literals: Decoder,
  distances: Decoder,
  output: Uint8Array,
  start: number,
): number {
  let at = start;
  for (;;) {
    const symbol = reader.symbol(literals);
    if (symbol < 256) {
      if (at === output.length) throw damaged();
      output[at++] = symbol;
    } else if (symbol === 256) return at;
    else {
      if (symbol > 285) throw damaged();
      const length = LENGTH_BASE[symbol - 257]! + reader.take(LENGTH_EXTRA[symbol - 257]!);
      const code = reader.symbol(distances);
      if (code > 29) throw damaged();
      const distance = DISTANCE_BASE[code]! + reader.take(DISTANCE_EXTRA[code]!);
      if (distance > at || length > output.length - at) throw damaged();
      for (const end = at + length; at < end; at++) output[at] = output[at - distance]!;
    }
  }
}

/** RFC 1951 §3.2.6. */
function setFixedCodes(literals: Decoder, distances: Decoder): void {
  const lengths = new Uint8Array(288).fill(8).fill(9, 144, 256).fill(7, 256, 280);
  setCode(literals, lengths);
  setCode(distances, new Uint8Array(32).fill(5));
}

/** RFC 1951 §3.2.7. */
function readCodes(reader: BitReader, literals: Decoder, distances: Decoder): void {
  const literalCount = reader.take(5) + 257;
  const distanceCount = reader.take(5) + 1;
  const orderCount = reader.take(4) + 4;
  if (literalCount > 286 || distanceCount > 30) throw damaged();
  const orderLengths = new Uint8Array(19);
  for (let index = 0; index < orderCount; index++) orderLengths[CODE_LENGTH_ORDER[index]!] = reader.take(3);
  setCode(literals, orderLengths);
  const lengths = new Uint8Array(literalCount + distanceCount);
  for (let at = 0; at < lengths.length; ) {
    const symbol = reader.symbol(literals);
    if (symbol < 16) lengths[at++] = symbol;
    else {
      if (symbol === 16 && at === 0) throw damaged();
      const repeated = symbol === 16 ? lengths[at - 1]! : 0;
      const count = symbol === 16 ? 3 + reader.take(2) : symbol === 17 ? 3 + reader.take(3) : 11 + reader.take(7);
      if (count > lengths.length - at) throw damaged();
      lengths.fill(repeated, at, at + count);
      at += count;
    }
  }
  if (lengths[256] === 0) throw damaged();
  setCode(literals, lengths.subarray(0, literalCount));
  setCode(distances, lengths.subarray(literalCount));
}

/** RFC 1951 §3.2.2. A code must be complete; only a single code word of one bit may stand alone. */
function setCode(decoder: Decoder, lengths: Uint8Array): void {
  const counts = new Uint16Array(16);
  for (const length of lengths) counts[length]!++;
  let bits = 15;
  while (bits > 0 && counts[bits] === 0) bits--;
  const next = new Uint16Array(17);
  let left = 1;
  for (let length = 1; length <= 15; length++) {
    left = left * 2 - counts[length]!;
    if (left < 0) throw damaged();
    next[length + 1] = (next[length]! + counts[length]!) << 1;
  }
  if (left > 0 && bits > 1) throw damaged();
  decoder.bits = bits;
  decoder.table.fill(0, 0, 1 << bits);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol]!;
    if (length === 0) continue;
    const step = 1 << length;
    for (let index = reverse(next[length]!++, length); index < 1 << bits; index += step) {
      decoder.table[index] = (symbol << 4) | length;
    }
  }
}

/** Code words come with their first bit lowest. */
export function reverse(code: number, length: number): number {
  let reversed = 0;
  for (let bit = 0; bit < length; bit++) reversed |= ((code >>> bit) & 1) << (length - 1 - bit);
  return reversed;
}
