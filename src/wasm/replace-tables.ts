/** Puts other tables into a module that holds some already, whichever version of Writ made it: the engine stays as it is. */
import { startWith } from "./assemble.ts";
import { refused } from "./check-engine.ts";
import { CODE, DATA, DATA_COUNT, EXPORT, joined, number, PREAMBLE, section, takeApart } from "./module-parts.ts";
import { malformed, SectionReader } from "./section-reader.ts";

const CALL = 0x10;
const KIND_FUNCTION = 0;

/** Byte for byte what the packer makes of the engine and these tables. Refused where the module's start is not the packer's own. */
export function replaceTables(module: Uint8Array, tables: Uint8Array): Uint8Array<ArrayBuffer> {
  const { tables: held } = takeApart(module);
  const pieces: Uint8Array[] = [PREAMBLE];
  const reader = new SectionReader(module.subarray(PREAMBLE.length));
  let functions: ReadonlyMap<string, number> = new Map();
  let segments = 0;
  while (!reader.atEnd()) {
    const begin = reader.at;
    const id = reader.byte();
    const content = reader.take(reader.number());
    if (id === EXPORT) functions = exportedFunctions(content);
    else if (id === DATA_COUNT) segments = new SectionReader(content).number();
    if (id === CODE) {
      const start = (length: number) => startWith(length, segments - 1, (name) => callOf(functions, name));
      const before = content.subarray(0, -start(held.length).length);
      if (!areSame(content.subarray(before.length), start(held.length))) throw refused();
      pieces.push(...section(id, [before, start(tables.length)]));
    } else if (id === DATA) pieces.push(...section(id, [beforeTables(content, held), number(tables.length), tables]));
    else pieces.push(reader.since(begin));
  }
  return joined(pieces);
}

function exportedFunctions(content: Uint8Array): ReadonlyMap<string, number> {
  const functions = new Map<string, number>();
  const reader = new SectionReader(content);
  for (let left = reader.number(); left > 0; left--) {
    const [name, kind, index] = [reader.text(), reader.byte(), reader.number()];
    if (kind === KIND_FUNCTION) functions.set(name, index);
  }
  return functions;
}

function callOf(functions: ReadonlyMap<string, number>, name: string): readonly number[] {
  const index = functions.get(name);
  if (index === undefined) throw malformed();
  return [CALL, ...number(index)];
}

/** The section up to the length of the tables, which are the last segment. */
function beforeTables(content: Uint8Array, tables: Uint8Array): Uint8Array {
  const start = tables.byteOffset - content.byteOffset;
  const size = number(tables.length);
  const before = content.subarray(0, start - size.length);
  if (start + tables.length !== content.length || !areSame(content.subarray(before.length, start), size))
    throw refused();
  return before;
}

function areSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
