/** Fixed parts of the answer's text, prepared once: literals lie in memory as two bytes for each character, and are slow to copy. */
import { copy } from "./copy.ts";
import { FRAGMENTS } from "./scratch.ts";

/** A fragment: its length, then its bytes. */
const SIZE: u32 = 56;
export const OPEN_ARRAY = 27;
export const OPEN_SET = 28;
export const CLOSE_ARRAY = 29;
export const CLOSE_SET = 30;
export const REFUSED = 31;
export const ALLOWED = 32;
export const ALLOWED_IN_EMERGENCY = 33;
export const HEADERS = 34;
export const IDENTITY = 35;
export const OPERATION = 36;
export const REASON = 37;
export const REVISION = 38;
export const TIER = 39;
export const UNTIL = 40;
export const TRUE = 41;
export const FALSE = 42;

let prepared: bool = false;
let next: usize = 0;

/** @param number one of the above, or of a reason */
export function writeFragment(to: usize, number: u32): usize {
  const fragment: usize = FRAGMENTS + number * SIZE;
  return copy(to, fragment + 8, load<u32>(fragment));
}

/** Must have been called before anything is written. */
export function prepareFragments(): void {
  if (prepared) return;
  prepared = true;
  next = FRAGMENTS;
  prepareReasons();
  prepare('[{"result":');
  prepare('{{"result":');
  prepare("}]");
  prepare("}}");
  prepare('{"allow":false');
  prepare('{"allow":true,"emergency":false,"grants":[');
  prepare('{"allow":true,"emergency":true,"grants":[');
  prepare('],"headers":');
  prepare(',"identity":');
  prepare(',"operation":');
  prepare(',"reason":');
  prepare(',"revision":');
  prepare(',"tier":');
  prepare(',"until":');
  prepare("true");
  prepare("false");
}

/** In the order of their numbers. */
function prepareReasons(): void {
  prepare('"policy-missing"');
  prepare('"input-malformed"');
  prepare('"input-limit"');
  prepare('"policy-expired"');
  prepare('"policy-below-floor"');
  prepare('"credential-missing"');
  prepare('"issuer-unknown"');
  prepare('"claims-malformed"');
  prepare('"identity-unknown"');
  prepare('"identity-conflict"');
  prepare('"identity-inactive"');
  prepare('"revocations-stale"');
  prepare('"revoked"');
  prepare('"audience"');
  prepare('"token-not-yet-valid"');
  prepare('"token-expired"');
  prepare('"token-lifetime"');
  prepare('"authentication"');
  prepare('"path-not-canonical"');
  prepare('"operation-unknown"');
  prepare('"trust"');
  prepare('"scope-missing"');
  prepare('"scope-not-granted"');
  prepare('"grant-inactive"');
  prepare('"condition"');
  prepare('"denied"');
  prepare('"granted"');
}

function prepare(text: string): void {
  const from = changetype<usize>(text);
  const length: u32 = text.length;
  store<u32>(next, length);
  for (let i: u32 = 0; i < length; i++) store<u8>(next + 8 + i, load<u8>(from + (i << 1)));
  next += SIZE;
}
