/** A text as it stands inside the quotes of a JSON text. */
import { ESCAPED_IN_JSON, isOf } from "./byte-classes.ts";

const QUOTE: u32 = 0x22;
const BACKSLASH: u32 = 0x5c;

export function escapedLength(address: usize, length: u32): u32 {
  let total = length;
  for (let i: u32 = 0; i < length; i++) {
    const byte: u32 = load<u8>(address + i);
    if (isOf(byte, ESCAPED_IN_JSON)) total += byte < 0x20 ? 5 : 1;
  }
  return total;
}

/** @returns where the text ends */
export function writeEscaped(to: usize, address: usize, length: u32): usize {
  let at = to;
  for (let i: u32 = 0; i < length; i++) {
    const byte: u32 = load<u8>(address + i);
    if (!isOf(byte, ESCAPED_IN_JSON)) {
      store<u8>(at++, byte);
    } else if (byte === QUOTE || byte === BACKSLASH) {
      store<u8>(at, BACKSLASH);
      store<u8>(at, byte, 1);
      at += 2;
    } else {
      // `\u00` and two digits
      store<u32>(at, 0x3030755c);
      store<u8>(at, 0x30 + (byte >> 4), 4);
      const low = byte & 15;
      store<u8>(at, low < 10 ? 0x30 + low : 0x57 + low, 5);
      at += 6;
    }
  }
  return at;
}
