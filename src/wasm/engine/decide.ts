/**
 * The decision procedure over tables, one step after the other: the first step that fails names the reason. It is
 * `src/model/decide.ts` in integers; times are below 2^53, so that no sum or difference of 64 bits overflows.
 */
import {
  FACT_SLOT_ADDRESS,
  FACT_SLOT_TYPE,
  FACT_SLOT_VALUE,
  HEADER_NOT_AFTER,
  HEADER_NOT_BEFORE,
  HEADER_PUBLIC_DELAY,
  HEADER_REVISION,
  HEADER_SEQUENCE,
  IDENTITY_EXPIRES,
  IDENTITY_FROM,
  IDENTITY_NAME,
  IDENTITY_TIER,
  ISSUER_AUDIENCE,
  MEMBER_AUD,
  MEMBER_JTI,
  MEMBER_NBF,
  OPERATION_MIN_TRUST,
  OPERATION_NAME,
  OPERATION_PUBLIC,
  PROBLEM_LIMIT,
  PROBLEM_NONE,
  REQUEST,
  REQUEST_PATH,
  REQUEST_PROBLEM,
  REQUEST_TIME,
  RESULT,
  RESULT_IDENTITY,
  RESULT_OPERATION,
  RESULT_REASON,
  RESULT_REVISION,
  RESULT_SIZE,
  RESULT_TIER,
  RESULT_UNTIL,
  SPAN_SIZE,
  TABLES,
  TEXT_LENGTH,
  TIER_AUDIENCES,
  TIER_AUTHENTICATION,
  TIER_BEARER_LIFETIME,
  TIER_BOUND_LIFETIME,
  TIER_KEY_ROTATION,
  TIER_NAME,
  TIER_REVOCATION_DELAY,
  TIER_REVOKES_TOKENS,
  TIER_TRUST,
  TYPE_ABSENT,
  TYPE_INTEGER,
  TYPE_TEXT,
} from "../layout.ts";
import {
  created,
  expires,
  identify,
  identity,
  isBound,
  issued,
  issuer,
  KIND_KEY,
  KIND_TOKEN,
  kind,
  presentedBy,
} from "./credential.ts";
import { isCredentialRevoked } from "./credential-revoked.ts";
import { requestedOperation } from "./lookup.ts";
import { readPath } from "./path.ts";
import {
  AUDIENCE,
  AUTHENTICATION,
  CLAIMS_MALFORMED,
  GRANTED,
  IDENTITY_INACTIVE,
  IDENTITY_UNKNOWN,
  INPUT_LIMIT,
  INPUT_MALFORMED,
  OPERATION_UNKNOWN,
  PATH_NOT_CANONICAL,
  POLICY_BELOW_FLOOR,
  POLICY_EXPIRED,
  POLICY_MISSING,
  REVOCATIONS_STALE,
  REVOKED,
  SCOPE_MISSING,
  TOKEN_EXPIRED,
  TOKEN_LIFETIME,
  TOKEN_NOT_YET_VALID,
  TRUST,
} from "./reasons.ts";
import { revocationsIn, revokedAt, revokedFloor } from "./revocations.ts";
import { demandGrants, demandNoDeny, rightsEnd, storeGrants } from "./rights.ts";
import { carriesScopes } from "./scopes.ts";
import { hasTables, memberSlot } from "./tables.ts";
import { equal, rawOf } from "./text.ts";
import { writeNoUpstream, writeUpstream } from "./upstream.ts";

/** How far clocks may differ for `nbf` and `iat`, in seconds. */
const CLOCK_SKEW: i64 = 60;

/**
 * Decides the request that the record and the slots hold, into the record of the result.
 * @param data value of the data document; any address
 */
export function decide(data: usize): void {
  for (let i: u32 = 0; i < (RESULT_SIZE as u32); i += 8) store<u64>(RESULT + i, 0);
  store<u32>(RESULT, procedure(data), RESULT_REASON);
}

function procedure(data: usize): u32 {
  // 0 A policy is loaded, the input has its shape, the policy is in force and not recalled.
  if (!hasTables()) return POLICY_MISSING;
  store<u32>(RESULT, load<u32>(TABLES, HEADER_REVISION), RESULT_REVISION);
  const problem = load<u32>(REQUEST, REQUEST_PROBLEM);
  if (problem !== PROBLEM_NONE) return problem === PROBLEM_LIMIT ? INPUT_LIMIT : INPUT_MALFORMED;
  const time = load<i64>(REQUEST, REQUEST_TIME);
  const notAfter = load<i64>(TABLES, HEADER_NOT_AFTER);
  if (time < load<i64>(TABLES, HEADER_NOT_BEFORE) || time >= notAfter) return POLICY_EXPIRED;
  const revocations = revocationsIn(data);
  if (!revocations) return REVOCATIONS_STALE;
  const at = revokedAt(revocations);
  // Knowledge from the future would stay fresh for ever: it proves nothing (threat model F26).
  if (at > time + CLOCK_SKEW) return REVOCATIONS_STALE;
  if (load<i64>(TABLES, HEADER_SEQUENCE) < revokedFloor(revocations)) return POLICY_BELOW_FLOOR;

  // A public operation asks for nobody, so that no credential can help or harm.
  const canonical = readPath(load<u32>(REQUEST, REQUEST_PATH), load<u32>(REQUEST, REQUEST_PATH + 4));
  const operation: usize = canonical ? requestedOperation() : 0;
  if (operation && load<u32>(operation, OPERATION_PUBLIC)) return allowPublic(operation, time, at, notAfter);

  // 1 The credential names an identity.
  const named = identify();
  if (named !== GRANTED) return named;
  const tier: usize = load<u32>(identity, IDENTITY_TIER);
  if (!tier) return IDENTITY_UNKNOWN;
  store<u32>(RESULT, load<u32>(identity, IDENTITY_NAME), RESULT_IDENTITY);
  store<u32>(RESULT, load<u32>(tier, TIER_NAME), RESULT_TIER);

  // 2 The identity is in its life.
  if (time < load<i64>(identity, IDENTITY_FROM) || time >= load<i64>(identity, IDENTITY_EXPIRES))
    return IDENTITY_INACTIVE;

  // 3 Revocations are fresh enough for the tier, and none names what was presented.
  const isToken = kind === KIND_TOKEN;
  if (
    isToken &&
    load<u32>(tier, TIER_REVOKES_TOKENS) &&
    load<u32>(memberSlot(MEMBER_JTI), FACT_SLOT_TYPE) === TYPE_ABSENT
  )
    return CLAIMS_MALFORMED;
  const delay = load<i64>(tier, TIER_REVOCATION_DELAY);
  if (time - at > delay) return REVOCATIONS_STALE;
  if (isCredentialRevoked(revocations)) return REVOKED;

  // 4 The token is for us and alive.
  if (isToken) {
    const alive = demandLife(tier, time);
    if (alive !== GRANTED) return alive;
  }

  // 5 How it was presented suffices for the tier.
  if ((presentedBy() & load<u32>(tier, TIER_AUTHENTICATION)) === 0) return AUTHENTICATION;
  if (kind === KIND_KEY) {
    const age = time - created;
    if (age < 0 || age > load<i64>(tier, TIER_KEY_ROTATION)) return AUTHENTICATION;
  }

  // 6 The path is canonical, the operation is declared, and the tier has the trust that it demands.
  if (!canonical) return PATH_NOT_CANONICAL;
  if (!operation) return OPERATION_UNKNOWN;
  store<u32>(RESULT, load<u32>(operation, OPERATION_NAME), RESULT_OPERATION);
  if (load<i32>(tier, TIER_TRUST) < load<i32>(operation, OPERATION_MIN_TRUST)) return TRUST;

  // 7 The token carries every scope that the operation needs. An SVID or a key carries what it is granted.
  if (isToken && !carriesScopes(operation, issuer)) return SCOPE_MISSING;

  // 8 Every needed scope is granted, by a grant that is in force and whose condition holds.
  const granted = demandGrants(operation, revocations);
  if (granted !== GRANTED) return granted;

  // 9 No deny applies.
  const denied = demandNoDeny(operation);
  if (denied !== GRANTED) return denied;

  // 10 Allow, until the first moment at which anything that the decision rests on may be gone.
  let until = earlier(notAfter, at + delay + 1);
  until = earlier(until, load<i64>(identity, IDENTITY_EXPIRES));
  if (isToken) until = earlier(until, expires);
  if (kind === KIND_KEY) until = earlier(until, created + load<i64>(tier, TIER_KEY_ROTATION) + 1);
  store<f64>(RESULT, earlier(until, rightsEnd) as f64, RESULT_UNTIL);
  storeGrants();
  writeUpstream(operation);
  return GRANTED;
}

function allowPublic(operation: usize, time: i64, at: i64, notAfter: i64): u32 {
  const delay = load<i64>(TABLES, HEADER_PUBLIC_DELAY);
  if (time - at > delay) return REVOCATIONS_STALE;
  store<u32>(RESULT, load<u32>(operation, OPERATION_NAME), RESULT_OPERATION);
  store<f64>(RESULT, earlier(notAfter, at + delay + 1) as f64, RESULT_UNTIL);
  writeNoUpstream();
  return GRANTED;
}

/** Row 4. RFC 7519 §4.1.3–4.1.6; RFC 9068 §4 for the audience. The skew is for `nbf` and `iat` only. */
function demandLife(tier: usize, time: i64): u32 {
  if (!isForUs(load<u32>(tier, TIER_AUDIENCES))) return AUDIENCE;
  const slot = memberSlot(MEMBER_NBF);
  const notBefore: i64 = load<u32>(slot, FACT_SLOT_TYPE) === TYPE_INTEGER ? load<i64>(slot, FACT_SLOT_VALUE) : 0;
  if ((notBefore > issued ? notBefore : issued) - CLOCK_SKEW > time) return TOKEN_NOT_YET_VALID;
  if (time >= expires) return TOKEN_EXPIRED;
  const longest = isBound() ? load<i64>(tier, TIER_BOUND_LIFETIME) : load<i64>(tier, TIER_BEARER_LIFETIME);
  return expires - issued > longest ? TOKEN_LIFETIME : GRANTED;
}

/** Whether the token names the audience that its issuer has for us, and no more audiences than the tier accepts. */
function isForUs(most: u32): bool {
  const slot = memberSlot(MEMBER_AUD);
  const address: usize = load<u32>(slot, FACT_SLOT_ADDRESS);
  const count = load<u32>(slot, FACT_SLOT_VALUE);
  if (load<u32>(slot, FACT_SLOT_TYPE) === TYPE_TEXT) return most >= 1 && isAudience(address, count);
  if (count > most) return false;
  for (let i: u32 = 0; i < count; i++) {
    const span = address + i * SPAN_SIZE;
    if (isAudience(load<u32>(span), load<u32>(span, 4))) return true;
  }
  return false;
}

function isAudience(address: usize, length: u32): bool {
  const audience: usize = load<u32>(issuer, ISSUER_AUDIENCE);
  return length === load<u32>(audience, TEXT_LENGTH) && equal(rawOf(audience), address, length);
}

function earlier(a: i64, b: i64): i64 {
  return a < b ? a : b;
}
