/** IP addresses at the edges of ranges. */
import { parseIpRange } from "../model/index.ts";

/** The first and the last address of a range, the one before and the one after, as texts. */
export function addressesAround(text: string): readonly string[] {
  const range = parseIpRange(text);
  if ("problem" in range) return [];
  const bits = BigInt(range.bytes.length * 8);
  const first = range.bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const size = 1n << (bits - BigInt(range.prefix));
  return [first, first + size - 1n, first - 1n, first + size]
    .filter((address) => address >= 0n && address < 1n << bits)
    .map((address) => (range.bytes.length === 4 ? ipv4Text(address) : ipv6Text(address)));
}

function ipv4Text(address: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join(".");
}

/** RFC 5952 §4: lower case, no leading zeros, the first longest run of zeros cut short. */
function ipv6Text(address: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((address >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  let [start, length] = [0, 1];
  for (let i = 0; i < groups.length; i++) {
    let end = i;
    while (groups[end] === "0") end++;
    if (end - i > length) [start, length] = [i, end - i];
  }
  if (length === 1) return groups.join(":");
  return `${groups.slice(0, start).join(":")}::${groups.slice(start + length).join(":")}`;
}
