/** IP addresses and ranges (RFC 4291, RFC 4632). An IPv4-mapped IPv6 address is the IPv4 address that it maps. */

/** 4 or 16 bytes, or `undefined` for what is no address. Zones, leading zeros and ranges are none. */
export function parseIp(text: string): readonly number[] | undefined {
  if (text.length > 45) return undefined;
  const bytes = text.includes(":") ? parseIpv6(text) : parseIpv4(text);
  const mapped =
    bytes?.length === 16 && bytes.slice(0, 10).every((b) => b === 0) && bytes[10] === 255 && bytes[11] === 255;
  return mapped ? bytes.slice(12) : bytes;
}

function parseIpv4(text: string): readonly number[] | undefined {
  const parts = text.split(".");
  const valid = parts.length === 4 && parts.every((p) => /^(?:0|[1-9][0-9]{0,2})$/.test(p) && Number(p) <= 255);
  return valid ? parts.map(Number) : undefined;
}

function parseIpv6(text: string): readonly number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const groups = halves.map((half, i) => parseGroups(half, i === halves.length - 1));
  const [head, tail] = groups;
  if (!head || (halves.length === 2 && !tail)) return undefined;
  if (!tail) return head.length === 16 ? head : undefined;
  const missing = 16 - head.length - tail.length; // `::` stands for at least one group of zeros
  return missing >= 2 ? [...head, ...new Array<number>(missing).fill(0), ...tail] : undefined;
}

function parseGroups(text: string, last: boolean): readonly number[] | undefined {
  if (text === "") return [];
  const bytes: number[] = [];
  const parts = text.split(":");
  for (const [i, part] of parts.entries()) {
    if (last && i === parts.length - 1 && part.includes(".")) {
      const ipv4 = parseIpv4(part);
      if (!ipv4) return undefined;
      bytes.push(...ipv4);
    } else if (/^[0-9A-Fa-f]{1,4}$/.test(part)) {
      const group = Number.parseInt(part, 16);
      bytes.push(group >> 8, group & 255);
    } else return undefined;
  }
  return bytes;
}

export interface IpRange {
  readonly bytes: readonly number[];
  readonly prefix: number;
}

/** A range whose host bits are all zero, `203.0.113.0/24`; a mapped IPv6 range is none: write the IPv4 one. */
export function parseIpRange(text: string): IpRange | { readonly problem: string } {
  const [address = "", prefixText = "", ...more] = text.split("/");
  const bytes = parseIp(address);
  if (!bytes || more.length > 0 || (address.includes(":") && bytes.length === 4))
    return { problem: "it is not an address, `/` and a prefix length" };
  if (!/^(?:0|[1-9][0-9]{0,2})$/.test(prefixText) || Number(prefixText) > bytes.length * 8)
    return { problem: `the prefix length is 0 to ${bytes.length * 8}` };
  const prefix = Number(prefixText);
  const hostBits = bytes.some((byte, i) => (byte & (255 >> Math.max(0, Math.min(8, prefix - i * 8)))) !== 0);
  return hostBits ? { problem: "bits after the prefix are not zero" } : { bytes, prefix };
}

export function rangeContains(range: IpRange, address: readonly number[]): boolean {
  if (range.bytes.length !== address.length) return false;
  return range.bytes.every((byte, i) => {
    const mask = 255 & ~(255 >> Math.max(0, Math.min(8, range.prefix - i * 8)));
    return (byte & mask) === ((address[i] ?? 0) & mask);
  });
}
