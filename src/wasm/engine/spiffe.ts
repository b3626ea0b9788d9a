/** SPIFFE IDs (SPIFFE-ID §2): whether a text is one, and the narrowest pattern that matches it. */
import { HEADER_SPIFFE_START, TABLES } from "../layout.ts";
import { foundAt, stepped } from "./automaton.ts";
import { IN_SPIFFE_PATH, IN_TRUST_DOMAIN, isOf } from "./byte-classes.ts";

const SCHEME_LENGTH: u32 = 9;
const LONGEST: u32 = 2048;
const LONGEST_DOMAIN: u32 = 255;
const SLASH: u32 = 0x2f;

/** A caller's ID: a lower-case trust domain and a path of non-empty segments; the bare trust domain is no caller. */
export function isSpiffeId(address: usize, length: u32): bool {
  if (length <= SCHEME_LENGTH || length > LONGEST || !hasScheme(address)) return false;
  const end = address + length;
  let at = address + SCHEME_LENGTH;
  const domain = at;
  while (at < end && isOf(load<u8>(at), IN_TRUST_DOMAIN)) at++;
  if (at === domain || at - domain > LONGEST_DOMAIN || at === end) return false;
  while (at < end) {
    if (load<u8>(at) !== SLASH) return false;
    const start = ++at;
    while (at < end && isOf(load<u8>(at), IN_SPIFFE_PATH)) at++;
    const size = at - start;
    if (size === 0 || (size === 1 && load<u8>(start) === 0x2e) || (size === 2 && load<u16>(start) === 0x2e2e))
      return false;
  }
  return true;
}

/** `spif`, `fe:/`, `/` */
function hasScheme(address: usize): bool {
  return load<u32>(address) === 0x66697073 && load<u32>(address, 4) === 0x2f3a6566 && load<u8>(address, 8) === SLASH;
}

/**
 * The identity of the narrowest pattern, or 0.
 * @param issuer number of the issuer whose identities are meant; 0: of any
 * @param address of what is a SPIFFE ID
 */
export function matchingPattern(issuer: u32, address: usize, length: u32): usize {
  let state: usize = load<u32>(TABLES, HEADER_SPIFFE_START);
  const end = address + length;
  let start = address + SCHEME_LENGTH;
  while (state) {
    let at = start;
    while (at < end && load<u8>(at) !== SLASH) at++;
    state = stepped(state, start, (at - start) as u32);
    if (at >= end) return state ? foundAt(state, issuer) : 0;
    start = at + 1;
  }
  return 0;
}
