/** `policy.wasm` with one of its sections changed, or with one more: what a signer might try. */
export interface Section {
  readonly id: number;
  readonly content: readonly number[] | Uint8Array;
}

const PREAMBLE = 8;

export function sectionsOf(module: Uint8Array): Section[] {
  const sections: Section[] = [];
  for (let at = PREAMBLE; at < module.length; ) {
    const id = module[at++]!;
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = module[at++]!;
      size |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    sections.push({ id, content: module.subarray(at, at + size) });
    at += size;
  }
  return sections;
}

export function moduleOf(module: Uint8Array, sections: readonly Section[]): Uint8Array {
  const pieces = sections.flatMap(({ id, content }) => [[id, ...number(content.length)], content]);
  const whole = new Uint8Array(PREAMBLE + pieces.reduce((sum, piece) => sum + piece.length, 0));
  whole.set(module.subarray(0, PREAMBLE));
  let at = PREAMBLE;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** The module with other bytes in its section of this id. */
export function withSection(
  module: Uint8Array,
  id: number,
  change: (content: readonly number[]) => Section["content"],
): Uint8Array {
  return moduleOf(
    module,
    sectionsOf(module).map((section) =>
      section.id === id ? { id, content: change(Array.from(section.content)) } : section,
    ),
  );
}

/** The module with a section more before the first one of a later id. */
export function withMore(module: Uint8Array, more: Section): Uint8Array {
  const sections = sectionsOf(module);
  const place = sections.findIndex(({ id }) => id > more.id);
  return moduleOf(module, [...sections.slice(0, place), more, ...sections.slice(place)]);
}

/** An unsigned LEB128. */
export function number(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...number(value >>> 7)];
}

export function name(text: string): readonly number[] {
  const bytes = new TextEncoder().encode(text);
  return [...number(bytes.length), ...bytes];
}
