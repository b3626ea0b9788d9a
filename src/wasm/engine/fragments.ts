/** Fixed parts of the answer's text, prepared once: literals lie in memory as two bytes for each character, and are slow to copy. */
import { copy } from "./copy.ts";
import { FRAGMENTS } from "./scratch.ts";

/** A fragment: its length, then its bytes. */
const SIZE: u32 = 64;
const TEXT: u32 = 4;
// Of these one for each format: the number is that of JSON, the next one that of a set of Rego.
export const REFUSED = 27;
export const ALLOWED = 29;
export const ALLOWED_IN_EMERGENCY = 31;
export const CLOSE = 33;
// Of these one.
export const HEADERS = 35;
export const IDENTITY = 36;
export const OPERATION = 37;
export const REVISION = 38;
export const TIER = 39;
export const UNTIL = 40;
// Again for each format, the whole answer.
export const ALLOW_TRUE = 41;
export const ALLOW_FALSE = 43;

/** How many fragments there are. */
let prepared: u32 = 0;
let next: usize = 0;

/** @param number one of the above, or of a reason */
export function writeFragment(to: usize, number: u32): usize {
  const fragment: usize = FRAGMENTS + number * SIZE;
  return copy(to, fragment + TEXT, load<u32>(fragment));
}

/** Must have been called before anything is written. */
export function prepareFragments(): void {
  if (prepared) return;
  next = FRAGMENTS;
  prepareReasons();
  prepare('[{"result":{"allow":false');
  prepare('{{"result":{"allow":false');
  prepare('[{"result":{"allow":true,"emergency":false,"grants":[');
  prepare('{{"result":{"allow":true,"emergency":false,"grants":[');
  prepare('[{"result":{"allow":true,"emergency":true,"grants":[');
  prepare('{{"result":{"allow":true,"emergency":true,"grants":[');
  prepare("}}]");
  prepare("}}}");
  prepare('],"headers":');
  prepare(',"identity":');
  prepare(',"operation":');
  prepare(',"revision":');
  prepare(',"tier":');
  prepare(',"until":');
  prepare('[{"result":true}]');
  prepare('{{"result":true}}');
  prepare('[{"result":false}]');
  prepare('{{"result":false}}');
}

/** In the order of their numbers. */
function prepareReasons(): void {
  prepareReason("policy-missing");
  prepareReason("input-malformed");
  prepareReason("input-limit");
  prepareReason("policy-expired");
  prepareReason("policy-below-floor");
  prepareReason("credential-missing");
  prepareReason("issuer-unknown");
  prepareReason("claims-malformed");
  prepareReason("identity-unknown");
  prepareReason("identity-conflict");
  prepareReason("identity-inactive");
  prepareReason("revocations-stale");
  prepareReason("revoked");
  prepareReason("audience");
  prepareReason("token-not-yet-valid");
  prepareReason("token-expired");
  prepareReason("token-lifetime");
  prepareReason("authentication");
  prepareReason("path-not-canonical");
  prepareReason("operation-unknown");
  prepareReason("trust");
  prepareReason("scope-missing");
  prepareReason("scope-not-granted");
  prepareReason("grant-inactive");
  prepareReason("condition");
  prepareReason("denied");
  prepareReason("granted");
}

/** The member that names it. */
function prepareReason(reason: string): void {
  next = append(next + TEXT, ',"reason":"');
  next = append(next, reason);
  finish(append(next, '"'));
}

function prepare(text: string): void {
  finish(append(next + TEXT, text));
}

function append(to: usize, text: string): usize {
  const from = changetype<usize>(text);
  const length: u32 = text.length;
  for (let i: u32 = 0; i < length; i++) store<u8>(to + i, load<u8>(from + (i << 1)));
  return to + length;
}

function finish(end: usize): void {
  const fragment: usize = FRAGMENTS + prepared++ * SIZE;
  store<u32>(fragment, ((end - fragment) as u32) - TEXT);
  next = fragment + SIZE;
}
