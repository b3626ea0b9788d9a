/** Step 1: which identity the credential names; and how it was presented. */
import {
  CLAIM_MEMBER,
  CLAIM_OPTIONAL,
  CLAIM_SIZE,
  CLAIM_TYPE,
  CLAIM_TYPE_BOOLEAN,
  CLAIM_TYPE_INTEGER,
  CLAIM_TYPE_STRING,
  CLAIM_TYPE_STRINGS,
  CLAIM_VALUES,
  FACT_SLOT_ADDRESS,
  FACT_SLOT_TYPE,
  FACT_SLOT_VALUE,
  IDENTITY_KEY,
  ISSUER_CLAIM_COUNT,
  ISSUER_CLAIMS,
  MEMBER_AUD,
  MEMBER_EXP,
  MEMBER_IAT,
  MEMBER_ISS,
  MEMBER_JTI,
  MEMBER_NBF,
  MEMBER_SCOPE,
  MEMBER_SUB,
  PRESENTED_BEARER,
  PRESENTED_DPOP,
  PRESENTED_KEY,
  PRESENTED_MTLS,
  PRESENTED_SVID,
  REQUEST,
  REQUEST_CONFIRMATION,
  REQUEST_CONFIRMED_CERTIFICATE,
  REQUEST_CONFIRMED_KEY,
  REQUEST_HAS_TOKEN,
  REQUEST_KEY_ID,
  REQUEST_PROOF_KEY,
  REQUEST_SPIFFE,
  REQUEST_THUMBPRINT,
  ROW_KEY_LENGTH,
  STATIC_KEY_CREATED,
  STATIC_KEY_IDENTITY,
  STATIC_KEY_KEY,
  TYPE_ABSENT,
  TYPE_BOOLEAN,
  TYPE_INTEGER,
  TYPE_LIST,
  TYPE_TEXT,
  VALUE_KEY,
} from "../layout.ts";
import { rowOf } from "./indexes.ts";
import { identityOfSpiffe, identityOfToken, issuerByUrl, staticKey } from "./lookup.ts";
import {
  CLAIMS_MALFORMED,
  CREDENTIAL_MISSING,
  GRANTED,
  IDENTITY_CONFLICT,
  IDENTITY_UNKNOWN,
  ISSUER_UNKNOWN,
} from "./reasons.ts";
import { noScopes, splitScopes } from "./scopes.ts";
import { memberSlot } from "./tables.ts";
import { equal } from "./text.ts";

export const KIND_TOKEN = 1;
export const KIND_SVID = 2;
export const KIND_KEY = 3;

// Who calls, and by what: true of the request whose credential was identified last.
export let kind: u32 = 0;
export let identity: usize = 0;
/** Of a token. */
export let issuer: usize = 0;
export let expires: i64 = 0;
export let issued: i64 = 0;
/** When the static key was made. */
export let created: i64 = 0;
/** The token's `sub`, the SPIFFE ID or the key's id. */
export let subjectAddress: usize = 0;
export let subjectLength: u32 = 0;
/** Whether it stands in the request only; else in a row. */
export let isSubjectOfRequest: bool = false;

/** A token first; with no token, the SVID of the peer; with neither, the static key. */
export function identify(): u32 {
  kind = 0;
  issuer = 0;
  const spiffe: usize = load<u32>(REQUEST, REQUEST_SPIFFE);
  const spiffeLength = load<u32>(REQUEST, REQUEST_SPIFFE + 4);
  if (load<u32>(REQUEST, REQUEST_HAS_TOKEN)) {
    const problem = readToken();
    if (problem !== GRANTED) return problem;
    identity = identityOfToken(issuer, subjectAddress, subjectLength);
    if (!identity) return IDENTITY_UNKNOWN;
    // An SVID that names another identity, or none that is declared, is another caller's.
    if (spiffe && identityOfSpiffe(spiffe, spiffeLength) !== identity) return IDENTITY_CONFLICT;
    kind = KIND_TOKEN;
    takeSubjectOfIdentity();
    return GRANTED;
  }
  if (spiffe) {
    identity = identityOfSpiffe(spiffe, spiffeLength);
    if (!identity) return IDENTITY_UNKNOWN;
    kind = KIND_SVID;
    subjectAddress = spiffe;
    subjectLength = spiffeLength;
    takeSubjectOfIdentity();
    return GRANTED;
  }
  const id: usize = load<u32>(REQUEST, REQUEST_KEY_ID);
  if (!id) return CREDENTIAL_MISSING;
  const key = staticKey(id, load<u32>(REQUEST, REQUEST_KEY_ID + 4));
  if (!key) return IDENTITY_UNKNOWN;
  kind = KIND_KEY;
  subjectAddress = key + STATIC_KEY_KEY;
  subjectLength = load<u32>(key, ROW_KEY_LENGTH);
  isSubjectOfRequest = false;
  identity = load<u32>(key, STATIC_KEY_IDENTITY);
  created = load<i64>(key, STATIC_KEY_CREATED);
  return GRANTED;
}

/** Of an exact identity the subject is its key; a pattern has none. */
function takeSubjectOfIdentity(): void {
  const length = load<u32>(identity, ROW_KEY_LENGTH);
  isSubjectOfRequest = length === 0;
  if (length === 0) return;
  subjectAddress = identity + IDENTITY_KEY;
  subjectLength = length;
}

/** The registered claims have their types (RFC 7519 §4.1) and the others fit the issuer's schema. */
function readToken(): u32 {
  const url = memberSlot(MEMBER_ISS);
  if (!isText(url)) return CLAIMS_MALFORMED;
  issuer = issuerByUrl(load<u32>(url, FACT_SLOT_ADDRESS), load<u32>(url, FACT_SLOT_VALUE));
  if (!issuer) return ISSUER_UNKNOWN;
  const named = memberSlot(MEMBER_SUB);
  const audience = load<u32>(memberSlot(MEMBER_AUD), FACT_SLOT_TYPE);
  const end = memberSlot(MEMBER_EXP);
  const begin = memberSlot(MEMBER_IAT);
  if (!isName(named) || (audience !== TYPE_TEXT && audience !== TYPE_LIST) || !isTime(end) || !isTime(begin))
    return CLAIMS_MALFORMED;
  if (!isAbsentOr(memberSlot(MEMBER_NBF), isTime(memberSlot(MEMBER_NBF)))) return CLAIMS_MALFORMED;
  if (!isAbsentOr(memberSlot(MEMBER_JTI), isName(memberSlot(MEMBER_JTI)))) return CLAIMS_MALFORMED;
  if (load<u32>(REQUEST, REQUEST_CONFIRMATION) > 1 || !readScope() || !fitsSchema()) return CLAIMS_MALFORMED;
  subjectAddress = load<u32>(named, FACT_SLOT_ADDRESS);
  subjectLength = load<u32>(named, FACT_SLOT_VALUE);
  expires = load<i64>(end, FACT_SLOT_VALUE);
  issued = load<i64>(begin, FACT_SLOT_VALUE);
  return GRANTED;
}

function isText(slot: usize): bool {
  return load<u32>(slot, FACT_SLOT_TYPE) === TYPE_TEXT;
}

function isName(slot: usize): bool {
  return isText(slot) && load<u32>(slot, FACT_SLOT_VALUE) !== 0;
}

function isTime(slot: usize): bool {
  return load<u32>(slot, FACT_SLOT_TYPE) === TYPE_INTEGER && load<i64>(slot, FACT_SLOT_VALUE) >= 0;
}

function isAbsentOr(slot: usize, fits: bool): bool {
  return fits || load<u32>(slot, FACT_SLOT_TYPE) === TYPE_ABSENT;
}

function readScope(): bool {
  const slot = memberSlot(MEMBER_SCOPE);
  if (isText(slot)) return splitScopes(load<u32>(slot, FACT_SLOT_ADDRESS), load<u32>(slot, FACT_SLOT_VALUE));
  noScopes();
  return load<u32>(slot, FACT_SLOT_TYPE) === TYPE_ABSENT;
}

function fitsSchema(): bool {
  let claim: usize = load<u32>(issuer, ISSUER_CLAIMS);
  const end = claim + load<u32>(issuer, ISSUER_CLAIM_COUNT) * CLAIM_SIZE;
  for (; claim < end; claim += CLAIM_SIZE)
    if (!fitsClaim(claim, memberSlot(load<u32>(claim, CLAIM_MEMBER)))) return false;
  return true;
}

/** An absent claim fits only where it is optional; `null` is a value of no type. */
function fitsClaim(claim: usize, slot: usize): bool {
  const type = load<u32>(slot, FACT_SLOT_TYPE);
  if (type === TYPE_ABSENT) return load<u32>(claim, CLAIM_OPTIONAL) !== 0;
  switch (load<u32>(claim, CLAIM_TYPE)) {
    case CLAIM_TYPE_BOOLEAN:
      return type === TYPE_BOOLEAN;
    case CLAIM_TYPE_INTEGER:
      return type === TYPE_INTEGER;
    case CLAIM_TYPE_STRING: {
      if (type !== TYPE_TEXT) return false;
      const values: usize = load<u32>(claim, CLAIM_VALUES);
      return !values || isAmong(values, load<u32>(slot, FACT_SLOT_ADDRESS), load<u32>(slot, FACT_SLOT_VALUE));
    }
    case CLAIM_TYPE_STRINGS:
      return type === TYPE_LIST;
    default:
      return false;
  }
}

/** Whether a set of texts holds this one. */
export function isAmong(values: usize, address: usize, length: u32): bool {
  return rowOf(values, VALUE_KEY, address, length) !== 0;
}

/** How the credential was presented: row 5. Nothing where a binding of the token does not hold. */
export function presentedBy(): u32 {
  if (kind === KIND_SVID) return PRESENTED_SVID;
  if (kind === KIND_KEY) return PRESENTED_KEY;
  if (!isBound()) return PRESENTED_BEARER;
  let methods: u32 = 0;
  // RFC 8705 §3.1: the certificate of this connection. RFC 9449 §6.1: the key of this proof. Every binding must hold.
  if (load<u32>(REQUEST, REQUEST_CONFIRMED_CERTIFICATE)) {
    if (!sameSpan(REQUEST + REQUEST_CONFIRMED_CERTIFICATE, REQUEST + REQUEST_THUMBPRINT)) return 0;
    methods |= PRESENTED_MTLS;
  }
  if (load<u32>(REQUEST, REQUEST_CONFIRMED_KEY)) {
    if (!sameSpan(REQUEST + REQUEST_CONFIRMED_KEY, REQUEST + REQUEST_PROOF_KEY)) return 0;
    methods |= PRESENTED_DPOP;
  }
  return methods; // a binding of another kind is one that nobody proved: no method
}

/** RFC 7800: whether the token is bound to a key. */
export function isBound(): bool {
  return load<u32>(REQUEST, REQUEST_CONFIRMATION) === 1;
}

/** Whether two spans that are both there hold the same text. */
export function sameSpan(a: usize, b: usize): bool {
  const length = load<u32>(a, 4);
  return load<u32>(b) !== 0 && load<u32>(b, 4) === length && equal(load<u32>(a), load<u32>(b), length);
}
