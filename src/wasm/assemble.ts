/** Puts the engine and the tables of one policy into one module: sections of WebAssembly cut apart and joined, no compiler. */
import { assert } from "../diagnostics/index.ts";

// Sections, by their ids in WebAssembly 2.0 §5.5.2, in the order in which they must stand.
const TYPES = 1;
const IMPORTS = 2;
const FUNCTIONS = 3;
const EXPORTS = 7;
const START = 8;
const CODE = 10;
const DATA = 11;
const DATA_COUNT = 12;
const ORDER = [TYPES, IMPORTS, FUNCTIONS, 4, 5, 6, EXPORTS, START, 9, DATA_COUNT, CODE, DATA];

const PREAMBLE = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const FUNCTION_TYPE = 0x60;
const KIND_FUNCTION = 0;
const KIND_MEMORY = 2;
const PASSIVE = 1;

/**
 * One module for any host of OPA policies. The start function makes room for the tables and copies them in: they may be larger than
 * the memory that a host begins with.
 *
 * @param engine the compiled engine
 * @param tables as `packTables` returns them; without them the module has no policy until a gateway gives it one
 * @returns the same bytes for the same arguments
 */
export function assembleModule(engine: Uint8Array, tables?: Uint8Array): Uint8Array<ArrayBuffer> {
  const sections = readSections(engine);
  const imports = entriesOf(sections.get(IMPORTS), importLength);
  const types = entriesOf(sections.get(TYPES), typeLength);
  const functions = entriesOf(sections.get(FUNCTIONS), (bytes, at) => numberAt(bytes, at).next);
  const bodies = entriesOf(sections.get(CODE), sizedLength);
  const segments = entriesOf(sections.get(DATA), activeSegmentLength);
  const exported = entriesOf(sections.get(EXPORTS), exportLength);

  const call = (name: string) => [0x10, ...unsigned(functionNumber(exported, name))];
  const start = tables ? startWith(tables.length, segments.length, call) : startWithout(call);
  sections.set(TYPES, list([...types, Uint8Array.of(FUNCTION_TYPE, 0, 0)]));
  sections.set(FUNCTIONS, list([...functions, Uint8Array.from(unsigned(types.length))]));
  sections.set(START, Uint8Array.from(unsigned(imports.filter(isFunctionImport).length + functions.length)));
  sections.set(CODE, list([...bodies, start]));
  if (tables) {
    sections.set(DATA, list([...segments, join([Uint8Array.of(PASSIVE), sized(tables)])]));
    sections.set(DATA_COUNT, Uint8Array.from(unsigned(segments.length + 1)));
  }
  return join([Uint8Array.from(PREAMBLE), ...ORDER.flatMap((id) => sectionOf(id, sections.get(id)))]);
}

function startWithout(call: (name: string) => readonly number[]): Uint8Array {
  return body([...constant(0), ...call("writ_attach"), DROP]);
}

const DROP = 0x1a;

/** Reserve, copy, drop the copy that the module holds, attach. */
export function startWith(length: number, segment: number, call: (name: string) => readonly number[]): Uint8Array {
  return body([
    ...constant(length),
    ...call("writ_reserve"),
    ...constant(0),
    ...constant(length),
    ...[0xfc, 8, ...unsigned(segment), 0], // memory.init
    ...[0xfc, 9, ...unsigned(segment)], // data.drop
    ...constant(length),
    ...call("writ_attach"),
    DROP,
  ]);
}

/** Without variables of its own, after its length. */
function body(code: readonly number[]): Uint8Array {
  return sized(Uint8Array.from([0, ...code, 0x0b]));
}

function readSections(module: Uint8Array): Map<number, Uint8Array> {
  assert(
    PREAMBLE.every((byte, i) => module[i] === byte),
    "the engine is a module",
  );
  const sections = new Map<number, Uint8Array>();
  for (let at = PREAMBLE.length; at < module.length; ) {
    const id = module[at]!;
    const { value, next } = numberAt(module, at + 1);
    at = next + value;
    // Names and other custom sections are left out.
    if (id !== 0) sections.set(id, module.subarray(next, at));
  }
  return sections;
}

/** The entries of a section that is a list, as they stand. */
function entriesOf(
  section: Uint8Array | undefined,
  after: (bytes: Uint8Array, at: number) => number,
): readonly Uint8Array[] {
  if (!section) return [];
  const { value, next } = numberAt(section, 0);
  const entries: Uint8Array[] = [];
  let at = next;
  for (let i = 0; i < value; i++) {
    const end = after(section, at);
    entries.push(section.subarray(at, end));
    at = end;
  }
  assert(at === section.length, "a section of the engine ends with its last entry");
  return entries;
}

function typeLength(bytes: Uint8Array, at: number): number {
  const parameters = numberAt(bytes, at + 1);
  const results = numberAt(bytes, parameters.next + parameters.value);
  return results.next + results.value;
}

/** A function, or a memory with or without its maximum. */
function importLength(bytes: Uint8Array, at: number): number {
  const kind = afterNames(bytes, at);
  if (bytes[kind] === KIND_FUNCTION) return numberAt(bytes, kind + 1).next;
  assert(
    bytes[kind] === KIND_MEMORY && bytes[kind + 1] === 0,
    "the engine imports functions and a memory without maximum",
  );
  return numberAt(bytes, kind + 2).next;
}

function isFunctionImport(entry: Uint8Array): boolean {
  return entry[afterNames(entry, 0)] === KIND_FUNCTION;
}

function afterNames(bytes: Uint8Array, at: number): number {
  return sizedLength(bytes, sizedLength(bytes, at));
}

function exportLength(bytes: Uint8Array, at: number): number {
  return numberAt(bytes, sizedLength(bytes, at) + 1).next;
}

function functionNumber(exported: readonly Uint8Array[], name: string): number {
  const wanted = sized(new TextEncoder().encode(name));
  const entry = exported.find((e) => wanted.every((byte, i) => e[i] === byte) && e[wanted.length] === KIND_FUNCTION);
  assert(entry, `the engine exports ${name}`);
  return numberAt(entry, wanted.length + 1).value;
}

/** Memory 0, at a constant address. */
function activeSegmentLength(bytes: Uint8Array, at: number): number {
  assert(bytes[at] === 0 && bytes[at + 1] === 0x41, "the engine's own data lies at fixed addresses");
  const end = numberAt(bytes, at + 2).next; // of a signed number, but as long
  return sizedLength(bytes, end + 1);
}

/** After bytes that begin with their length. */
function sizedLength(bytes: Uint8Array, at: number): number {
  const { value, next } = numberAt(bytes, at);
  return next + value;
}

/** LEB128. */
function numberAt(bytes: Uint8Array, at: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++] ?? 0;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return { value: value >>> 0, next: at };
  }
}

function unsigned(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** `i32.const`, of a number that is not negative: the bit below the last byte's highest one is the sign. */
function constant(value: number): readonly number[] {
  const bytes = [...unsigned(value)];
  const last = bytes.at(-1)!;
  return last < 0x40 ? [0x41, ...bytes] : [0x41, ...bytes.slice(0, -1), last | 0x80, 0];
}

function list(entries: readonly Uint8Array[]): Uint8Array {
  return join([Uint8Array.from(unsigned(entries.length)), ...entries]);
}

function sized(bytes: Uint8Array): Uint8Array {
  return join([Uint8Array.from(unsigned(bytes.length)), bytes]);
}

function sectionOf(id: number, section: Uint8Array | undefined): readonly Uint8Array[] {
  return section ? [Uint8Array.of(id), sized(section)] : [];
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
