/** Finds rows of the tables by what a request names: issuers, identities, keys, operations. */
import {
  HEADER_HOSTS,
  HEADER_IDENTITIES,
  HEADER_ISSUERS,
  HEADER_KEYS,
  HEADER_METHODS,
  HEADER_SPIFFE_IDS,
  HOST_KEY,
  HOST_STATE,
  IDENTITY_ISSUER,
  IDENTITY_KEY,
  INDEX_MASK,
  INDEX_SLOTS,
  ISSUER_KEY,
  ISSUER_NUMBER,
  METHOD_KEY,
  METHOD_NUMBER,
  REQUEST,
  REQUEST_HOST,
  REQUEST_METHOD,
  ROW_KEY_LENGTH,
  SLOT_HASH,
  SLOT_ROW,
  SLOT_SIZE,
  STATIC_KEY_KEY,
  TABLES,
} from "../layout.ts";
import { foundAt, stepped } from "./automaton.ts";
import { rowOf } from "./indexes.ts";
import { segmentAddress, segmentCount, segmentLength } from "./path.ts";
import { isSpiffeId, matchingPattern } from "./spiffe.ts";
import { seed } from "./tables.ts";
import { equal, hash } from "./text.ts";

export function issuerByUrl(address: usize, length: u32): usize {
  return rowOf(TABLES + HEADER_ISSUERS, ISSUER_KEY, address, length);
}

/** The exact subject of an issuer, else its narrowest pattern; 0 where there is none. */
export function identityOfToken(issuer: usize, address: usize, length: u32): usize {
  const number = load<u32>(issuer, ISSUER_NUMBER);
  const exact = identityBySubject(issuer, address, length, hash(address, length, seed() + number));
  if (exact || !isSpiffeId(address, length)) return exact;
  return matchingPattern(number, address, length);
}

/** The same over the SPIFFE subjects of all issuers: an SVID has no issuer of ours. */
export function identityOfSpiffe(address: usize, length: u32): usize {
  if (!isSpiffeId(address, length)) return 0;
  const exact = rowOf(TABLES + HEADER_SPIFFE_IDS, IDENTITY_KEY, address, length);
  return exact ? exact : matchingPattern(0, address, length);
}

export function staticKey(address: usize, length: u32): usize {
  return rowOf(TABLES + HEADER_KEYS, STATIC_KEY_KEY, address, length);
}

/** As `find`, but two issuers may have identities with equal subjects. */
function identityBySubject(issuer: usize, address: usize, length: u32, keyHash: u32): usize {
  const slots = load<u32>(TABLES, HEADER_IDENTITIES + INDEX_SLOTS) as usize;
  if (!slots) return 0;
  const mask = load<u32>(TABLES, HEADER_IDENTITIES + INDEX_MASK);
  for (let at = keyHash & mask, tries: u32 = 0; tries <= mask; tries++, at = at === mask ? 0 : at + 1) {
    const slot = slots + at * SLOT_SIZE;
    const row = load<u32>(slot, SLOT_ROW) as usize;
    if (!row) return 0;
    if (
      load<u32>(slot, SLOT_HASH) === keyHash &&
      load<u32>(row, ROW_KEY_LENGTH) === length &&
      load<u32>(row, IDENTITY_ISSUER) === (issuer as u32) &&
      equal(row + IDENTITY_KEY, address, length)
    )
      return row;
  }
  return 0;
}

/** The operation of the request, whose path has been read, or 0. */
export function requestedOperation(): usize {
  const host = rowOf(
    TABLES + HEADER_HOSTS,
    HOST_KEY,
    load<u32>(REQUEST, REQUEST_HOST),
    load<u32>(REQUEST, REQUEST_HOST + 4),
  );
  if (!host) return 0;
  const method: usize = load<u32>(REQUEST, REQUEST_METHOD);
  const row = rowOf(TABLES + HEADER_METHODS, METHOD_KEY, method, load<u32>(REQUEST, REQUEST_METHOD + 4));
  if (!row) return 0;
  let state: usize = load<u32>(host, HOST_STATE);
  const count = segmentCount();
  for (let i: u32 = 0; i < count && state; i++) state = stepped(state, segmentAddress(i), segmentLength(i));
  return state ? foundAt(state, load<u32>(row, METHOD_NUMBER)) : 0;
}
