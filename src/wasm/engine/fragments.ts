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
// The whole answer.
export const ALLOW_TRUE = 35;
export const ALLOW_FALSE = 37;

/** How many fragments there are. */
let prepared: u32 = 0;
let next: usize = 0;

/** @param number one of the above, or of a reason */
export function writeFragment(to: usize, number: u32): usize {
  const fragment: usize = FRAGMENTS + number * SIZE;
  return copy(to, fragment + TEXT, load<u32>(fragment));
}

// Short ones are stored as words: the numbers are their letters, the last one first.

/** `],"headers":` */
export function openHeaders(to: usize): usize {
  return writeWords(to, 0x68222c5d, 0x65646165, 0x3a227372) + 12;
}

/** `,"identity":` */
export function openIdentity(to: usize): usize {
  return writeWords(to, 0x6469222c, 0x69746e65, 0x3a227974) + 12;
}

/** `,"operation":` */
export function openOperation(to: usize): usize {
  store<u8>(writeWords(to, 0x706f222c, 0x74617265, 0x226e6f69), 0x3a, 12);
  return to + 13;
}

/** `,"revision":` */
export function openRevision(to: usize): usize {
  return writeWords(to, 0x6572222c, 0x69736976, 0x3a226e6f) + 12;
}

/** `,"tier":` */
export function openTier(to: usize): usize {
  return writeWords(to, 0x6974222c, 0x3a227265, 0) + 8;
}

/** `,"until":` */
export function openUntil(to: usize): usize {
  return writeWords(to, 0x6e75222c, 0x226c6974, 0x3a) + 9;
}

function writeWords(to: usize, first: u32, second: u32, third: u32): usize {
  store<u32>(to, first);
  store<u32>(to, second, 4);
  store<u32>(to, third, 8);
  return to;
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
