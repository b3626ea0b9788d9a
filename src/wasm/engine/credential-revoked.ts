/** Step 3: whether what is known of revocations names the credential. In which order does not matter: the reason is the same. */
import {
  FACT_SLOT_ADDRESS,
  FACT_SLOT_TYPE,
  FACT_SLOT_VALUE,
  IDENTITY_ISSUER,
  IDENTITY_NAME,
  IDENTITY_OWNER,
  IDENTITY_TIER,
  ISSUER_NAME,
  MEMBER_JTI,
  REQUEST,
  REQUEST_CONFIRMED_CERTIFICATE,
  REQUEST_CONFIRMED_KEY,
  REQUEST_KEY_ID,
  REQUEST_PROOF_KEY,
  REQUEST_THUMBPRINT,
  TEXT_HASH,
  TEXT_LENGTH,
  TIER_NAME,
  TYPE_ABSENT,
} from "../layout.ts";
import { created, identity, issued, issuer, KIND_SVID, KIND_TOKEN, kind, sameSpan } from "./credential.ts";
import {
  hasEntries,
  isRevoked,
  issuedBefore,
  isTokenRevoked,
  LIST_IDENTITIES,
  LIST_ISSUED_BEFORE,
  LIST_ISSUERS,
  LIST_KEYS,
  LIST_OWNERS,
  LIST_TIERS,
  LIST_TOKENS,
} from "./revocations.ts";
import { memberSlot, seed } from "./tables.ts";
import { hash, rawOf } from "./text.ts";

/** Whether anything that was presented is revoked. */
export function isCredentialRevoked(revocations: usize): bool {
  if (kind === KIND_TOKEN && isIdRevoked(revocations)) return true;
  if (hasEntries(revocations, LIST_KEYS) && isAnyKeyRevoked(revocations)) return true;
  const row: usize = load<u32>(identity, IDENTITY_ISSUER);
  return (
    isNameRevoked(revocations, LIST_IDENTITIES, load<u32>(identity, IDENTITY_NAME)) ||
    isNameRevoked(revocations, LIST_OWNERS, load<u32>(identity, IDENTITY_OWNER)) ||
    (row !== 0 && isNameRevoked(revocations, LIST_ISSUERS, load<u32>(row, ISSUER_NAME))) ||
    isNameRevoked(revocations, LIST_TIERS, load<u32>(load<u32>(identity, IDENTITY_TIER), TIER_NAME)) ||
    isIssuedBefore(revocations)
  );
}

function isIdRevoked(revocations: usize): bool {
  const id = memberSlot(MEMBER_JTI);
  if (load<u32>(id, FACT_SLOT_TYPE) === TYPE_ABSENT || !hasEntries(revocations, LIST_TOKENS)) return false;
  const address: usize = load<u32>(id, FACT_SLOT_ADDRESS);
  const length = load<u32>(id, FACT_SLOT_VALUE);
  return isTokenRevoked(revocations, load<u32>(issuer, ISSUER_NAME), address, length, hash(address, length, seed()));
}

function isAnyKeyRevoked(revocations: usize): bool {
  return (
    isKeyRevoked(revocations, REQUEST_KEY_ID) ||
    isKeyRevoked(revocations, REQUEST_THUMBPRINT) ||
    isKeyRevoked(revocations, REQUEST_PROOF_KEY) ||
    (kind === KIND_TOKEN && isBindingRevoked(revocations))
  );
}

/** The keys to which the token is bound, where they are others than those of the connection and of the proof. */
function isBindingRevoked(revocations: usize): bool {
  return (
    (!sameSpan(REQUEST + REQUEST_CONFIRMED_CERTIFICATE, REQUEST + REQUEST_THUMBPRINT) &&
      isKeyRevoked(revocations, REQUEST_CONFIRMED_CERTIFICATE)) ||
    (!sameSpan(REQUEST + REQUEST_CONFIRMED_KEY, REQUEST + REQUEST_PROOF_KEY) &&
      isKeyRevoked(revocations, REQUEST_CONFIRMED_KEY))
  );
}

/** @param offset where in the request the span of the key stands */
function isKeyRevoked(revocations: usize, offset: u32): bool {
  const address: usize = load<u32>(REQUEST + offset);
  if (!address) return false;
  const length = load<u32>(REQUEST + offset, 4);
  return isRevoked(revocations, LIST_KEYS, address, length, hash(address, length, seed()));
}

/** @param name text */
export function isNameRevoked(revocations: usize, list: u32, name: usize): bool {
  if (!hasEntries(revocations, list)) return false;
  return isRevoked(revocations, list, rawOf(name), load<u32>(name, TEXT_LENGTH), load<u32>(name, TEXT_HASH));
}

/** An SVID does not say when it was issued, so it cannot show that it is younger. */
function isIssuedBefore(revocations: usize): bool {
  if (!hasEntries(revocations, LIST_ISSUED_BEFORE)) return false;
  const time = issuedBefore(revocations, load<u32>(identity, IDENTITY_NAME));
  if (time === -1) return false;
  if (time < 0 || kind === KIND_SVID) return true;
  return (kind === KIND_TOKEN ? issued : created) < time;
}
