/** IP addresses (RFC 4291 §2.2) as text: 4 or 16 bytes, where a mapped IPv6 address is the IPv4 address that it maps. */
import { IP_BYTES } from "./scratch.ts";

const LONGEST: u32 = 45;
const DOT: u32 = 0x2e;
const COLON: u32 = 0x3a;

let bytes: usize = 0;

/** How many bytes the address has, or 0 for what is no address: zones, leading zeros and ranges are none. */
export function parseIp(address: usize, length: u32): u32 {
  bytes = IP_BYTES;
  if (length > LONGEST) return 0;
  const end = address + length;
  let isVersion6 = false;
  for (let at = address; at < end; at++) if (load<u8>(at) === COLON) isVersion6 = true;
  if (!isVersion6) return parseIpv4(address, end, IP_BYTES) ? 4 : 0;
  if (!parseIpv6(address, end)) return 0;
  // ::ffff:0:0/96
  if (load<u64>(IP_BYTES) !== 0 || load<u32>(IP_BYTES, 8) !== 0xffff0000) return 16;
  bytes = IP_BYTES + 12;
  return 4;
}

function parseIpv4(address: usize, end: usize, to: usize): bool {
  let at = address;
  for (let part: u32 = 0; part < 4; part++) {
    if (part > 0) {
      if (at >= end || load<u8>(at) !== DOT) return false;
      at++;
    }
    const start = at;
    let value: u32 = 0;
    while (at < end && at - start < 3 && isDigit(load<u8>(at))) value = value * 10 + (load<u8>(at++) - 0x30);
    if (at === start || value > 255 || (at - start > 1 && load<u8>(start) === 0x30)) return false;
    store<u8>(to + part, value);
  }
  return at === end;
}

/** Groups up to a `::` are written from the front, those after it first from there on and then moved to the end. */
function parseIpv6(address: usize, end: usize): bool {
  store<u64>(IP_BYTES, 0);
  store<u64>(IP_BYTES, 0, 8);
  let at = address;
  let written: u32 = 0;
  let gap: i32 = -1;
  if (startsGap(at, end)) {
    gap = 0;
    at += 2;
  }
  while (at < end) {
    if (written >= 16) return false;
    const start = at;
    let group: u32 = 0;
    while (at < end && at - start < 5 && isHexDigit(load<u8>(at))) group = (group << 4) | hexDigit(load<u8>(at++));
    if (at < end && load<u8>(at) === DOT) {
      // Only the last 4 bytes may be written as an IPv4 address.
      if (written > 12 || !parseIpv4(start, end, IP_BYTES + written)) return false;
      written += 4;
      break;
    }
    if (at === start || at - start > 4) return false;
    store<u8>(IP_BYTES + written, group >> 8);
    store<u8>(IP_BYTES + written + 1, group);
    written += 2;
    if (at === end) break;
    if (load<u8>(at) !== COLON) return false;
    if (startsGap(at, end)) {
      if (gap >= 0) return false;
      gap = written;
      at += 2;
    } else if (++at === end) return false;
  }
  if (gap < 0) return written === 16;
  // `::` stands for at least one group of zeros.
  if (written > 14) return false;
  moveToEnd(gap as u32, written);
  return true;
}

function startsGap(at: usize, end: usize): bool {
  return at + 2 <= end && load<u16>(at) === 0x3a3a;
}

function moveToEnd(from: u32, to: u32): void {
  let source = to;
  let target: u32 = 16;
  while (source > from) {
    const byte = load<u8>(IP_BYTES + --source);
    store<u8>(IP_BYTES + source, 0);
    store<u8>(IP_BYTES + --target, byte);
  }
}

/** Whether the address that was read begins with the same bits. */
export function hasPrefix(range: usize, bits: u32): bool {
  const whole = bits >>> 3;
  for (let i: u32 = 0; i < whole; i++) if (load<u8>(bytes + i) !== load<u8>(range + i)) return false;
  const rest = bits & 7;
  return rest === 0 || ((load<u8>(bytes + whole) ^ load<u8>(range + whole)) as u32) >> (8 - rest) === 0;
}

function isDigit(byte: u32): bool {
  return byte - 0x30 < 10;
}

function isHexDigit(byte: u32): bool {
  return isDigit(byte) || (byte | 0x20) - 0x61 < 6;
}

function hexDigit(byte: u32): u32 {
  return isDigit(byte) ? byte - 0x30 : (byte | 0x20) - 0x57;
}
