/** Values as text that ends with a NUL: JSON, or a term of Rego. */
import { afterSpace, QUOTE } from "./json.ts";
import { allocateBlock } from "./memory.ts";
import { isValue, jsonLengthOf, jsonOf, termLengthOf, termOf } from "./value.ts";

// Values that are always there. No value and no text lies at these addresses.
export const BUILTINS: usize = 8;
export const ENTRYPOINTS: usize = 16;
const BACKSLASH: u32 = 0x5c;

export function dumpJson(value: usize): usize {
  if (value === BUILTINS) return writeText("{}");
  if (value === ENTRYPOINTS) return writeText('{"writ/allow":1,"writ/decision":0}');
  // Nothing is undefined in JSON.
  return isValue(value) ? compact(jsonOf(value), jsonLengthOf(value)) : writeText("null");
}

/** JSON is a term, too. */
export function dumpTerm(value: usize): usize {
  if (!isValue(value) || !termOf(value)) return dumpJson(value);
  const length = termLengthOf(value);
  const text = allocateBlock(length + 1);
  memory.copy(text, termOf(value), length);
  store<u8>(text + length, 0);
  return text;
}

function writeText(text: string): usize {
  const length: u32 = text.length;
  const from = changetype<usize>(text);
  const to = allocateBlock(length + 1);
  for (let i: u32 = 0; i < length; i++) store<u8>(to + i, load<u8>(from + (i << 1)));
  store<u8>(to + length, 0);
  return to;
}

/**
 * Without white space between its pieces. Patches do not show in it: the text is that which was parsed. What was too deep to be
 * looked at need be no JSON, but ends where it ends.
 */
function compact(address: usize, length: u32): usize {
  const text = allocateBlock(length + 1);
  const end = address + length;
  let to = text;
  let isWithin = false;
  for (let at = skipSpace(address, end); at < end; ) {
    const unit: u32 = load<u8>(at++);
    store<u8>(to++, unit);
    if (unit === QUOTE) isWithin = !isWithin;
    else if (unit === BACKSLASH && at < end) store<u8>(to++, load<u8>(at++));
    if (!isWithin) at = skipSpace(at, end);
  }
  store<u8>(to, 0);
  return text;
}

function skipSpace(at: usize, end: usize): usize {
  return at < end ? min(afterSpace(at), end) : end;
}
