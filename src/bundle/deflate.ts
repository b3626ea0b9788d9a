/**
 * Compresses (RFC 1951) to the same bytes on every machine: the platform's deflaters choose by processor and version, and a bundle
 * that is built twice must be one bundle.
 */
import { CODE_LENGTH_ORDER, DISTANCE_BASE, DISTANCE_EXTRA, LENGTH_BASE, LENGTH_EXTRA } from "./deflate-tables.ts";
import { codeLengths, codeWords } from "./huffman.ts";

const WINDOW = 32768;
const SHORTEST = 4;
const LONGEST = 258;
/** How many earlier places are tried for each match. */
const CHAIN = 24;
const HASH_BITS = 15;
/** Literals and matches to a block: enough for its code to pay, few enough to follow changes in the data. */
const BLOCK = 1 << 15;
const END_OF_BLOCK = 256;

const lengthCodes = new Uint8Array(LONGEST + 1);
for (let code = 0; code < LENGTH_BASE.length; code++) lengthCodes.fill(code, LENGTH_BASE[code]);
const distanceCodes = new Uint8Array(WINDOW + 1);
for (let code = 0; code < DISTANCE_BASE.length; code++) distanceCodes.fill(code, DISTANCE_BASE[code]);

export function deflate(input: Uint8Array): Uint8Array<ArrayBuffer> {
  const writer = new BitWriter(input.length);
  const heads = new Int32Array(1 << HASH_BITS).fill(-1);
  const previous = new Int32Array(WINDOW);
  // A literal as its byte, a match as length × 65,536 + distance.
  const block = new Uint32Array(BLOCK);
  let used = 0;
  const remember = (at: number) => {
    const hash = hashAt(input, at);
    previous[at & (WINDOW - 1)] = heads[hash]!;
    heads[hash] = at;
  };
  const hashed = input.length - SHORTEST;
  for (let at = 0; at < input.length; ) {
    const match = at <= hashed ? longestMatch(input, at, heads, previous) : 0;
    block[used++] = match || input[at]!;
    const end = at + (match >>> 16 || 1);
    for (; at < end; at++) if (at <= hashed) remember(at);
    if (used === BLOCK) {
      writeBlock(writer, block, at === input.length);
      used = 0;
      if (at === input.length) return writer.finish();
    }
  }
  writeBlock(writer, block.subarray(0, used), true);
  return writer.finish();
}

function hashAt(input: Uint8Array, at: number): number {
  const word = input[at]! | (input[at + 1]! << 8) | (input[at + 2]! << 16) | (input[at + 3]! << 24);
  return Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
}

function longestMatch(input: Uint8Array, at: number, heads: Int32Array, previous: Int32Array): number {
  const longest = Math.min(LONGEST, input.length - at);
  let length = SHORTEST - 1;
  let distance = 0;
  let candidate = heads[hashAt(input, at)]!;
  for (let tries = 0; tries < CHAIN && candidate >= 0 && at - candidate <= WINDOW; tries++) {
    if (input[candidate + length] === input[at + length]) {
      let same = 0;
      while (same < longest && input[candidate + same] === input[at + same]) same++;
      if (same > length) {
        length = same;
        distance = at - candidate;
        if (same === longest) break;
      }
    }
    const next = previous[candidate & (WINDOW - 1)]!;
    if (next >= candidate) break;
    candidate = next;
  }
  return distance === 0 ? 0 : length * 65536 + distance;
}

/** RFC 1951 §3.2.7: always a code of the block's own. */
function writeBlock(writer: BitWriter, block: Uint32Array, last: boolean): void {
  const literalCounts = new Uint32Array(286);
  const distanceCounts = new Uint32Array(30);
  for (const item of block) {
    if (item < 256) literalCounts[item]!++;
    else {
      literalCounts[257 + lengthCodes[item >>> 16]!]!++;
      distanceCounts[distanceCodes[item & 0xffff]!]!++;
    }
  }
  literalCounts[END_OF_BLOCK] = 1;
  const literalLengths = codeLengths(literalCounts, 15);
  const distanceLengths = codeLengths(distanceCounts, 15);
  writer.put(last ? 1 : 0, 1);
  writer.put(2, 2);
  writeCodes(writer, literalLengths, distanceLengths);

  const literals = codeWords(literalLengths);
  const distances = codeWords(distanceLengths);
  for (const item of block) {
    if (item < 256) writer.put(literals[item]!, literalLengths[item]!);
    else {
      const length = item >>> 16;
      const lengthCode = lengthCodes[length]!;
      writer.put(literals[257 + lengthCode]!, literalLengths[257 + lengthCode]!);
      writer.put(length - LENGTH_BASE[lengthCode]!, LENGTH_EXTRA[lengthCode]!);
      const distance = item & 0xffff;
      const distanceCode = distanceCodes[distance]!;
      writer.put(distances[distanceCode]!, distanceLengths[distanceCode]!);
      writer.put(distance - DISTANCE_BASE[distanceCode]!, DISTANCE_EXTRA[distanceCode]!);
    }
  }
  writer.put(literals[END_OF_BLOCK]!, literalLengths[END_OF_BLOCK]!);
}

function writeCodes(writer: BitWriter, literalLengths: Uint8Array, distanceLengths: Uint8Array): void {
  const items = runs([...literalLengths, ...distanceLengths]);
  const counts = new Uint32Array(19);
  for (const { symbol } of items) counts[symbol]!++;
  const lengths = codeLengths(counts, 7);
  const words = codeWords(lengths);
  writer.put(literalLengths.length - 257, 5);
  writer.put(distanceLengths.length - 1, 5);
  writer.put(CODE_LENGTH_ORDER.length - 4, 4);
  for (const symbol of CODE_LENGTH_ORDER) writer.put(lengths[symbol]!, 3);
  for (const { symbol, extra, bits } of items) {
    writer.put(words[symbol]!, lengths[symbol]!);
    writer.put(extra, bits);
  }
}

interface Run {
  readonly symbol: number;
  readonly extra: number;
  readonly bits: number;
}

/** Code lengths with their repetitions folded: 16 repeats the last one, 17 and 18 stand for zeros. */
function runs(lengths: readonly number[]): Run[] {
  const items: Run[] = [];
  for (let at = 0; at < lengths.length; ) {
    const length = lengths[at]!;
    let end = at + 1;
    while (end < lengths.length && lengths[end] === length) end++;
    let count = end - at;
    at = end;
    if (length !== 0) {
      items.push({ symbol: length, extra: 0, bits: 0 });
      count--;
    }
    while (count >= 3) {
      const most = length === 0 ? 138 : 6;
      const taken = Math.min(count, most);
      count -= taken;
      if (length !== 0) items.push({ symbol: 16, extra: taken - 3, bits: 2 });
      else if (taken <= 10) items.push({ symbol: 17, extra: taken - 3, bits: 3 });
      else items.push({ symbol: 18, extra: taken - 11, bits: 7 });
    }
    for (; count > 0; count--) items.push({ symbol: length, extra: 0, bits: 0 });
  }
  return items;
}

class BitWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;
  #held = 0;
  #count = 0;

  constructor(expected: number) {
    this.#bytes = new Uint8Array(Math.max(256, expected >> 2));
  }

  /** Up to 16 bits, the first one lowest. */
  put(value: number, size: number): void {
    this.#held |= value << this.#count;
    this.#count += size;
    while (this.#count >= 8) {
      this.#byte(this.#held & 0xff);
      this.#held >>>= 8;
      this.#count -= 8;
    }
  }

  #byte(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }

  finish(): Uint8Array<ArrayBuffer> {
    if (this.#count > 0) this.#byte(this.#held & 0xff);
    return this.#bytes.slice(0, this.#length);
  }
}
