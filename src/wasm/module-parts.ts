/**
 * Takes `policy.wasm` apart into what the packer put together: the engine, which is the same for every policy, and the tables.
 * So the engine is compiled once, and the tables are copied once, into their place.
 */
import { checkImports, checkSize, refused } from "./check-engine.ts";
import { malformed, SectionReader } from "./section-reader.ts";

export interface ModuleParts {
  /** A module: what Writ itself carries, unless another version of Writ made the bundle. */
  readonly engine: Uint8Array<ArrayBuffer>;
  readonly tables: Uint8Array;
}

// Sections (WebAssembly core specification 2.0 §5.5).
const CUSTOM = 0;
const TYPE = 1;
const IMPORT = 2;
const FUNCTION = 3;
const GLOBAL = 6;
export const EXPORT = 7;
const START = 8;
export const CODE = 10;
export const DATA = 11;
export const DATA_COUNT = 12;
/** Those that stay as they are. An engine brings no memory, no table and no start function of its own. */
const KEPT: readonly number[] = [CUSTOM, TYPE, IMPORT, GLOBAL, EXPORT];
export const PREAMBLE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const PASSIVE = 1;
const ACTIVE = 0;
const CONSTANT = 0x41;
const END = 0x0b;

/**
 * The packer appends one function, which the start section names and which copies the tables, and one passive segment. Here both
 * are taken away again, so that nothing runs when what remains is started. It is validated by whoever compiles it.
 */
export function takeApart(bytes: Uint8Array): ModuleParts {
  if (PREAMBLE.some((byte, at) => bytes[at] !== byte)) throw malformed();
  const pieces: Uint8Array[] = [PREAMBLE];
  let tables: Uint8Array | undefined;
  let functions = 0;
  let start: number | undefined;
  const reader = new SectionReader(bytes.subarray(PREAMBLE.length));
  while (!reader.atEnd()) {
    const begin = reader.at;
    const id = reader.byte();
    const content = reader.take(reader.number());
    if (id === IMPORT) functions += checkImports(content);
    else if (id === FUNCTION) functions += new SectionReader(content).number();
    if (id === START && start === undefined) start = new SectionReader(content).number();
    else if (id === FUNCTION || id === CODE) pieces.push(...section(id, withoutLast(id, content)));
    else if (id === DATA) {
      const parted = partData(content);
      tables = parted.tables;
      pieces.push(...parted.rest);
    } else if (KEPT.includes(id)) pieces.push(reader.since(begin));
    else if (id !== DATA_COUNT) throw refused();
  }
  if (!tables || start === undefined) throw malformed();
  if (start !== functions - 1) throw refused();
  checkSize(sizeOf(pieces));
  return { engine: joined(pieces), tables };
}

/** A section of functions, each a number or a body after its length, without the last one. */
function withoutLast(id: number, content: Uint8Array): readonly Uint8Array[] {
  const reader = new SectionReader(content);
  const count = reader.number();
  const first = reader.at;
  let last = first;
  for (let index = 0; index < count; index++) {
    last = reader.at;
    const value = reader.number();
    if (id === CODE) reader.take(value);
  }
  if (count === 0 || !reader.atEnd()) throw malformed();
  return [number(count - 1), content.subarray(first, last)];
}

/** The tables are the one passive segment; the engine's constants stay. */
function partData(content: Uint8Array): { readonly tables: Uint8Array | undefined; readonly rest: Uint8Array[] } {
  const reader = new SectionReader(content);
  const count = reader.number();
  const kept: Uint8Array[] = [];
  let tables: Uint8Array | undefined;
  for (let index = 0; index < count; index++) {
    const begin = reader.at;
    const kind = reader.number();
    if (kind === PASSIVE && !tables) tables = reader.take(reader.number());
    else {
      if (kind !== ACTIVE || reader.byte() !== CONSTANT) throw malformed();
      reader.number();
      if (reader.byte() !== END) throw malformed();
      reader.take(reader.number());
      kept.push(reader.since(begin));
    }
  }
  if (!reader.atEnd()) throw malformed();
  return { tables, rest: kept.length > 0 ? section(DATA, [number(kept.length), ...kept]) : [] };
}

export function section(id: number, content: readonly Uint8Array[]): Uint8Array[] {
  return [Uint8Array.of(id), number(sizeOf(content)), ...content];
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

/** An unsigned LEB128 in its shortest spelling. */
export function number(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    bytes.push(rest < 0x80 ? rest : (rest & 0x7f) | 0x80);
    if (rest < 0x80) return Uint8Array.from(bytes);
  }
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(sizeOf(pieces));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
