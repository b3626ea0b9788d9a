/** Damages tables: words, bits, ranges, ends. */

import { HEADER_DIGEST, HEADER_LENGTH, HEADER_SIZE, MAGIC, TABLES } from "../../src/wasm/layout.ts";
import { murmur } from "../../src/wasm/murmur.ts";
import type { Random } from "../random.ts";

/** A copy of tables with one to four things done to it; its length is a multiple of 8 mostly. */
export function bendTables(random: Random, tables: Uint8Array): Uint8Array {
  let bent = Uint8Array.from(tables);
  for (let count = random.pick([1, 1, 1, 2, 4]); count > 0 && bent.length >= 16; count--) bent = bendOnce(random, bent);
  return bent;
}

function bendOnce(random: Random, bent: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const view = new DataView(bent.buffer, bent.byteOffset, bent.length);
  const place = (size: number): number => random.int(0, Math.floor(bent.length / size) - 1) * size;
  // The header is small and everything hangs on it.
  const word = random.chance(0.2) ? 4 * random.int(0, Math.min(HEADER_SIZE, bent.length) / 4 - 1) : place(4);
  switch (random.int(0, 9)) {
    case 0:
      bent[place(1)]! ^= 1 << random.int(0, 7);
      return bent;
    case 1:
      bent[place(1)] = random.pick([0, 1, 0x22, 0x5c, 0x7f, 0xff]);
      return bent;
    case 2:
      view.setUint32(
        word,
        random.pick([0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, TABLES, TABLES + bent.length, bent.length]),
        true,
      );
      return bent;
    case 3:
      view.setUint32(word, random.int(0, 0xffff_ffff), true);
      return bent;
    case 4:
      view.setUint32(word, view.getUint32(word, true) + random.pick([-12, -8, -4, -1, 1, 4, 8, 12, 1 << 16]), true);
      return bent;
    case 5:
      // A reference to somewhere inside.
      view.setUint32(word, TABLES + place(random.pick([1, 4, 8])), true);
      return bent;
    case 6:
      view.setUint32(word, view.getUint32(place(4), true), true);
      return bent;
    case 7: {
      const size = random.pick([1, 4, 8, 40, 300]);
      const [from, to] = [random.int(0, bent.length), random.int(0, bent.length)];
      const moved = bent.slice(from, from + size);
      bent.set(bent.slice(to, to + moved.length), Math.min(from, bent.length - moved.length));
      bent.set(moved, Math.min(to, bent.length - moved.length));
      return bent;
    }
    case 8:
      bent.fill(random.pick([0, 0xff]), place(1), place(1));
      return bent;
    default:
      return random.chance(0.5)
        ? bent.slice(0, random.pick([place(1), place(8)]))
        : Uint8Array.from([...bent.slice(0, 8), ...bent]);
  }
}

/** Makes damaged tables whole again for the engine's eyes, as somebody would who knows how. */
export function repair(tables: Uint8Array): void {
  if (tables.length < HEADER_SIZE) return;
  const view = new DataView(tables.buffer, tables.byteOffset, tables.length);
  view.setUint32(0, MAGIC, true);
  view.setUint32(HEADER_LENGTH, tables.length, true);
  view.setUint32(HEADER_DIGEST, murmur(tables.subarray(HEADER_DIGEST + 4), MAGIC), true);
}
