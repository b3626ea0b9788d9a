/** The memory that the tables are written into: rows, texts, lists and indexes, each list and text once. */
import { assert } from "../diagnostics/index.ts";
import {
  INDEX_MASK,
  INDEX_SIZE,
  INDEX_SLOTS,
  ROW_KEY_LENGTH,
  SLOT_HASH,
  SLOT_ROW,
  SLOT_SIZE,
  TABLES,
  TEXT_HASH,
  TEXT_JSON,
  TEXT_JSON_LENGTH,
  TEXT_LENGTH,
  VALUE_KEY,
} from "./layout.ts";
import { murmur } from "./murmur.ts";

export interface Span {
  readonly address: number;
  readonly length: number;
}

/** Rows that an index is made of, and the hashes of their keys. */
export class Entries {
  readonly hashes: number[] = [];
  readonly rows: number[] = [];

  add(hash: number, row: number): void {
    this.hashes.push(hash);
    this.rows.push(row);
  }
}

const encoder = new TextEncoder();
/** Addresses are computed in 32 bits. */
const largest = 0x7000_0000;

export class TableWriter {
  /** Of the hashes of keys and texts. */
  readonly seed: number;
  #bytes = new Uint8Array(1 << 16);
  #view = new DataView(this.#bytes.buffer);
  #end = 0;
  #hasTwins = false;
  readonly #texts = new Map<string, number>();
  readonly #spans = new Map<string, Span>();
  readonly #lists = new Map<string, number>();
  readonly #sets = new Map<string, number>();

  constructor(seed: number) {
    this.seed = seed;
  }

  /** Whether an index holds two rows that its key and hash cannot tell apart. */
  get hasTwins(): boolean {
    return this.#hasTwins;
  }

  /** All that was written; its length is a multiple of 8. */
  finish(): Uint8Array {
    this.reserve(0);
    return this.#bytes.slice(0, this.#end);
  }

  /** The address of so many bytes of zeros, a multiple of 8. */
  reserve(size: number): number {
    const start = (this.#end + 7) & ~7;
    this.#ensure(start + size);
    this.#end = start + size;
    return TABLES + start;
  }

  word(address: number, value: number): void {
    this.#view.setUint32(address - TABLES, value, true);
  }

  wordAt(address: number): number {
    return this.#view.getUint32(address - TABLES, true);
  }

  /** A whole number of 64 bits, of either sign. */
  long(address: number, value: number): void {
    this.#view.setUint32(address - TABLES, value, true);
    this.#view.setInt32(address - TABLES + 4, Math.floor(value / 0x1_0000_0000), true);
  }

  /** A row that ends with its key. */
  keyed(keyOffset: number, key: string): number {
    const row = this.reserve(keyOffset);
    this.word(row + ROW_KEY_LENGTH, this.#append(key));
    return row;
  }

  hashOfKey(row: number, keyOffset: number, seed: number = this.seed): number {
    const start = row - TABLES + keyOffset;
    return murmur(this.#bytes.subarray(start, start + this.wordAt(row + ROW_KEY_LENGTH)), seed);
  }

  /** The text that stands there once, however often it is asked for. */
  text(text: string): number {
    let address = this.#texts.get(text);
    if (address === undefined) {
      address = this.ownText(text);
      this.#texts.set(text, address);
    }
    return address;
  }

  /** A text that nobody else will ask for. */
  ownText(text: string): number {
    const row = this.reserve(TEXT_JSON);
    const json = JSON.stringify(text);
    const jsonLength = this.#append(json);
    // Where every character stands for itself, the raw bytes are those between the quotes.
    const isPlain = json.length === text.length + 2;
    const length = isPlain ? jsonLength - 2 : this.#append(text);
    const raw = this.#end - length - (isPlain ? 1 : 0);
    this.word(row + TEXT_LENGTH, length);
    this.word(row + TEXT_HASH, murmur(this.#bytes.subarray(raw, raw + length), this.seed));
    this.word(row + TEXT_JSON_LENGTH, jsonLength);
    return row;
  }

  /** Raw bytes. */
  span(text: string): Span {
    let span = this.#spans.get(text);
    if (span === undefined) {
      // An empty text has an address too.
      const address = this.reserve(0);
      span = { address, length: this.#append(text) };
      this.#spans.set(text, span);
    }
    return span;
  }

  bytes(bytes: ArrayLike<number>): number {
    const address = this.reserve(bytes.length);
    this.#bytes.set(bytes, address - TABLES);
    return address;
  }

  /** A list of words, which stands there once; an empty one has an address too. */
  list(words: readonly number[]): number {
    const key = words.join();
    let address = this.#lists.get(key);
    if (address === undefined) {
      address = this.reserve(words.length * 4);
      for (const [i, word] of words.entries()) this.word(address + i * 4, word);
      this.#lists.set(key, address);
    }
    return address;
  }

  /** A list of texts as spans. */
  spans(texts: readonly string[]): number {
    return this.list(texts.flatMap((text) => [this.span(text).address, this.span(text).length]));
  }

  /** The address of an index that says which texts belong to a set. */
  set(texts: readonly string[]): number {
    const key = JSON.stringify(texts);
    let address = this.#sets.get(key);
    if (address === undefined) {
      const entries = new Entries();
      for (const text of new Set(texts)) {
        const row = this.keyed(VALUE_KEY, text);
        entries.add(this.hashOfKey(row, VALUE_KEY), row);
      }
      address = this.reserve(INDEX_SIZE);
      this.index(address, entries, VALUE_KEY);
      this.#sets.set(key, address);
    }
    return address;
  }

  /**
   * Writes the slots, and where they are at `address`. Of two rows with one key the later one counts.
   * @param owner where a row says whose key it is, when one key may be several owners'
   */
  index(address: number, { hashes, rows }: Entries, keyOffset: number, owner?: number): void {
    if (rows.length === 0) return;
    let count = 2;
    while (count < rows.length * 2) count *= 2;
    const slots = this.reserve(count * SLOT_SIZE);
    this.word(address + INDEX_MASK, count - 1);
    this.word(address + INDEX_SLOTS, slots);
    for (const [i, row] of rows.entries()) {
      const hash = hashes[i]!;
      let slot = slots + ((hash & (count - 1)) >>> 0) * SLOT_SIZE;
      for (;;) {
        const there = this.wordAt(slot + SLOT_ROW);
        if (there === 0) break;
        if (this.wordAt(slot + SLOT_HASH) === hash && this.#haveOneKey(there, row, keyOffset)) {
          if (owner !== undefined && this.wordAt(there + owner) !== this.wordAt(row + owner)) this.#hasTwins = true;
          break;
        }
        slot = slot + SLOT_SIZE === slots + count * SLOT_SIZE ? slots : slot + SLOT_SIZE;
      }
      this.word(slot + SLOT_HASH, hash);
      this.word(slot + SLOT_ROW, row);
    }
  }

  #haveOneKey(a: number, b: number, keyOffset: number): boolean {
    const length = this.wordAt(a + ROW_KEY_LENGTH);
    if (this.wordAt(b + ROW_KEY_LENGTH) !== length) return false;
    const [x, y] = [a - TABLES + keyOffset, b - TABLES + keyOffset];
    for (let i = 0; i < length; i++) if (this.#bytes[x + i] !== this.#bytes[y + i]) return false;
    return true;
  }

  /** The text as UTF-8 right behind what is there, and how many bytes that is. */
  #append(text: string): number {
    this.#ensure(this.#end + text.length * 3);
    const bytes = this.#bytes;
    const start = this.#end;
    let at = 0;
    // Most texts are short and ASCII: a call of the encoder costs more than their bytes.
    for (; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit > 0x7f) break;
      bytes[start + at] = unit;
    }
    if (at < text.length) at += encoder.encodeInto(text.slice(at), bytes.subarray(start + at)).written;
    this.#end = start + at;
    return at;
  }

  #ensure(end: number): void {
    assert(end < largest, "no bundle may hold tables of that size");
    if (end <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(end, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
