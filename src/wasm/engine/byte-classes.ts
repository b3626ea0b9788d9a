/** What each of the 256 bytes may be, so that a text is judged by one load for each of its bytes. */

/** May stand in a canonical path segment as it is: RFC 3986 `pchar` less `;`. */
export const IN_SEGMENT = 1;
/** May not be escaped in a path: control bytes, separators, `%`, and unreserved characters, which need no escape. */
export const NEVER_ESCAPED = 2;
/** RFC 6749 §3.3: a character of a scope name, or the space between two. */
export const IN_SCOPES = 4;
/** A character of a path segment of a SPIFFE ID. */
export const IN_SPIFFE_PATH = 8;
/** A character of a trust domain. */
export const IN_TRUST_DOMAIN = 16;
/** Must be escaped in a JSON text. */
export const ESCAPED_IN_JSON = 32;

/** A character of a segment, or the slash between two. */
export const IN_PATH = 64;

export function isOf(byte: u32, kind: u32): bool {
  return (kindsOf(byte) & kind) !== 0;
}

export function kindsOf(byte: u32): u32 {
  return load<u8>(CLASSES + byte);
}

const CLASSES: usize = memory.data<u8>([
  34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34,
  34, 34, 34, 4, 69, 32, 4, 69, 6, 69, 69, 69, 69, 69, 69, 69, 95, 95, 70, 95, 95, 95, 95, 95, 95, 95, 95, 95, 95, 69,
  6, 4, 69, 4, 4, 69, 79, 79, 79, 79, 79, 79, 79, 79, 79, 79, 79, 79, 79, 79, 79, 79, 79, 79, 79, 79, 79, 79, 79, 79,
  79, 79, 4, 34, 4, 4, 95, 4, 95, 95, 95, 95, 95, 95, 95, 95, 95, 95, 95, 95, 95, 95, 95, 95, 95, 95, 95, 95, 95, 95,
  95, 95, 95, 95, 4, 4, 4, 71, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);
