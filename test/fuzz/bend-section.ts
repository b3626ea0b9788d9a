/** Damages a WebAssembly module anywhere but in its code and in its tables. */
import type { Random } from "../random.ts";

interface Section {
  readonly id: number;
  /** Of its contents. */
  readonly start: number;
  readonly end: number;
}

const names = [
  "custom",
  "type",
  "import",
  "function",
  "table",
  "memory",
  "global",
  "export",
  "start",
  "element",
  "code",
  "data",
  "data count",
];

/** @returns the damaged module, and the name of the section that was hit */
export function bendSection(
  random: Random,
  module: Uint8Array,
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly section: string } {
  const bytes = Uint8Array.from(module);
  const hit = random.pick(sectionsOf(module).filter(({ id, start, end }) => id !== 10 && end > start));
  // The header of the section, too.
  const at = random.int(hit.start - 2, hit.end - 1);
  const section = names[hit.id] ?? String(hit.id);
  switch (random.int(0, 4)) {
    case 0:
      bytes[at]! ^= 1 << random.int(0, 7);
      return { bytes, section };
    case 1:
      bytes[at] = random.int(0, 255);
      return { bytes, section };
    case 2:
      bytes[at]! += random.pick([-1, 1]);
      return { bytes, section };
    case 3:
      return { bytes: bytes.slice(0, at), section };
    default:
      bytes.copyWithin(at, at + 1, hit.end);
      return { bytes, section };
  }
}

function sectionsOf(module: Uint8Array): readonly Section[] {
  const sections: Section[] = [];
  for (let at = 8; at < module.length; ) {
    const id = module[at++]!;
    let size = 0;
    for (let shift = 0, byte = 0x80; byte >= 0x80; shift += 7) {
      byte = module[at++]!;
      size += (byte & 0x7f) * 2 ** shift;
    }
    sections.push({ id, start: at, end: at + size });
    at += size;
  }
  return sections;
}
