/** What hosts hand over as JSON: members of its objects one by one, and its names. */
import { afterColon, afterSpace, QUOTE, readString } from "./json.ts";
import { measure } from "./measure.ts";

/** After a name and its colon, at the value; 0 where there is none. The name is the text that was read last. */
export function afterName(at: usize): usize {
  if (load<u8>(at) !== QUOTE) return 0;
  at = readString(at + 1);
  return at ? afterColon(at) : 0;
}

/** After the value of a member and the white space behind it, or 0. */
export function afterMember(value: usize): usize {
  const at = measure(value);
  return at ? afterSpace(at) : 0;
}

/** Whether bytes are the ASCII of a text. */
export function isText(address: usize, length: u32, text: string): bool {
  if (length !== (text.length as u32)) return false;
  const other = changetype<usize>(text);
  for (let i: u32 = 0; i < length; i++) if (load<u8>(address + i) !== load<u8>(other + (i << 1))) return false;
  return true;
}
