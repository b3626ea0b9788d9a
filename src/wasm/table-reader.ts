/** Reads tables, strictly: nothing outside them, no index that does not find its rows, no text that is not its own JSON. */
import { type TableFault, WritError } from "../diagnostics/index.ts";
import {
  FOREVER,
  HEADER_DIGEST,
  HEADER_LENGTH,
  HEADER_MAGIC,
  HEADER_SEED,
  HEADER_SIZE,
  HEADER_VERSION,
  INDEX_MASK,
  INDEX_SLOTS,
  MAGIC,
  ROW_KEY_LENGTH,
  SLOT_HASH,
  SLOT_ROW,
  SLOT_SIZE,
  SPAN_SIZE,
  TABLES,
  TEXT_HASH,
  TEXT_JSON,
  TEXT_JSON_LENGTH,
  TEXT_LENGTH,
  VERSION,
} from "./layout.ts";
import { murmur } from "./murmur.ts";

/** A row that an index finds. */
export interface KeyedRow {
  readonly address: number;
  readonly key: string;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Shared rows make what is read larger than the tables; rows that overlap could make it endless. */
const mostReadPerByte = 64;

export class TableReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #texts = new Map<number, string>();
  readonly #sets = new Map<number, readonly string[]>();
  #left: number;

  /** @throws where these are no tables, tables of another version, or damaged ones */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#left = bytes.length * mostReadPerByte;
    if (bytes.length < HEADER_SIZE || this.word(TABLES + HEADER_MAGIC) !== MAGIC) throw damaged("magic");
    if (this.word(TABLES + HEADER_VERSION) !== VERSION) throw damaged("version");
    if (this.word(TABLES + HEADER_LENGTH) !== bytes.length || bytes.length % 8 !== 0) throw damaged("length");
    const after = HEADER_DIGEST + 4;
    if (murmur(bytes.subarray(after), MAGIC) !== this.word(TABLES + HEADER_DIGEST)) throw damaged("digest");
  }

  get seed(): number {
    return this.word(TABLES + HEADER_SEED);
  }

  word(address: number): number {
    const at = address - TABLES;
    if (at < 0 || at + 4 > this.#bytes.length || at % 4 !== 0) throw damaged("reference");
    return this.#view.getUint32(at, true);
  }

  /** A whole number of 64 bits. */
  long(address: number): number {
    this.word(address + 4);
    const value = Number(this.#view.getBigInt64(address - TABLES, true));
    if (!Number.isSafeInteger(value) && value !== FOREVER && value !== -FOREVER) throw damaged("number");
    return value;
  }

  bytes(address: number, length: number): Uint8Array {
    const at = address - TABLES;
    if (at < 0 || at + length > this.#bytes.length) throw damaged("reference");
    this.#spend(length);
    return this.#bytes.subarray(at, at + length);
  }

  flag(address: number): boolean {
    const value = this.word(address);
    if (value > 1) throw damaged("number");
    return value === 1;
  }

  /** The addresses of rows that stand one after the other; `at` is where the first one and their number stand. */
  rows(at: number, size: number): readonly number[] {
    const [first, count] = [this.word(at), this.word(at + 4)];
    if (count === 0) return [];
    this.bytes(first, count * size);
    return Array.from({ length: count }, (_, i) => first + i * size);
  }

  words(at: number): readonly number[] {
    return this.rows(at, 4).map((address) => this.word(address));
  }

  /** Numbers that stand for something, in ascending order and each once. */
  ascending(at: number, end: number): readonly number[] {
    const numbers = this.words(at);
    if (numbers.some((number, i) => number >= end || number <= (numbers[i - 1] ?? -1))) throw damaged("order");
    return numbers;
  }

  text(address: number): string {
    let text = this.#texts.get(address);
    if (text === undefined) {
      text = this.#readText(address);
      this.#texts.set(address, text);
    }
    return text;
  }

  #readText(address: number): string {
    const [length, jsonLength] = [this.word(address + TEXT_LENGTH), this.word(address + TEXT_JSON_LENGTH)];
    const isPlain = jsonLength === length + 2;
    const raw = this.bytes(address + TEXT_JSON + (isPlain ? 1 : jsonLength), length);
    const text = decode(raw);
    if (decode(this.bytes(address + TEXT_JSON, jsonLength)) !== JSON.stringify(text)) throw damaged("text");
    if (murmur(raw, this.seed) !== this.word(address + TEXT_HASH)) throw damaged("hash");
    return text;
  }

  span(address: number): string {
    return decode(this.bytes(this.word(address), this.word(address + 4)));
  }

  spans(at: number): readonly string[] {
    return this.rows(at, SPAN_SIZE).map((address) => this.span(address));
  }

  /**
   * The rows of an index, in the order of their keys.
   * @param seedOf what a row's hash starts from, where it is not the seed of all
   */
  index(at: number, keyOffset: number, seedOf: (row: number) => number = () => this.seed): readonly KeyedRow[] {
    const [mask, slots] = [this.word(at + INDEX_MASK), this.word(at + INDEX_SLOTS)];
    if (slots === 0) return [];
    if (((mask + 1) & mask) !== 0) throw damaged("index");
    this.bytes(slots, (mask + 1) * SLOT_SIZE);
    const rows: KeyedRow[] = [];
    for (let i = 0; i <= mask; i++) {
      const slot = slots + i * SLOT_SIZE;
      const address = this.word(slot + SLOT_ROW);
      if (address === 0) continue;
      if (address % 8 !== 0) throw damaged("reference");
      const key = this.bytes(address + keyOffset, this.word(address + ROW_KEY_LENGTH));
      const hash = murmur(key, seedOf(address) >>> 0);
      if (hash !== this.word(slot + SLOT_HASH)) throw damaged("hash");
      this.#demandFound(slots, mask, hash, address);
      rows.push({ address, key: decode(key) });
    }
    if (rows.length * 2 > mask + 1) throw damaged("index");
    return rows.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.address - b.address));
  }

  /** From where its hash points on there is no free slot before the row. */
  #demandFound(slots: number, mask: number, hash: number, row: number): void {
    for (let at = (hash & mask) >>> 0; ; at = (at + 1) & mask) {
      this.#spend(1);
      const there = this.word(slots + at * SLOT_SIZE + SLOT_ROW);
      if (there === row) return;
      if (there === 0) throw damaged("index");
    }
  }

  /** A set of texts. */
  set(address: number, keyOffset: number): readonly string[] {
    let set = this.#sets.get(address);
    if (set === undefined) {
      set = this.index(address, keyOffset).map(({ key }) => key);
      this.#sets.set(address, set);
    }
    return set;
  }

  #spend(amount: number): void {
    this.#left -= amount;
    if (this.#left < 0) throw damaged("overlap");
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw damaged("text");
  }
}

export function damaged(fault: TableFault): WritError {
  return WritError.of("WRIT7019", { fault });
}
