/** What each of the 256 bytes may be, so that a text is judged by one load for each of its bytes. */

/** May stand in a canonical path segment as it is: RFC 3986 `pchar` less `;`. */
export const IN_SEGMENT = 1;
/** May not be escaped in a path: control bytes, separators, `%`, and unreserved characters, which need no escape. */
export const NEVER_ESCAPED = 2;
/** RFC 6749 §3.3: a character of a scope name. */
export const IN_SCOPE = 4;
/** A character of a path segment of a SPIFFE ID. */
export const IN_SPIFFE_PATH = 8;
/** A character of a trust domain. */
export const IN_TRUST_DOMAIN = 16;
/** Must be escaped in a JSON text. */
export const ESCAPED_IN_JSON = 32;

export function isOf(byte: u32, kind: u32): bool {
  return (load<u8>(CLASSES + byte) & kind) !== 0;
}

const CLASSES: usize = memory.data<u8>([
  34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34, 34,
  34, 34, 34, 0, 5, 32, 4, 5, 6, 5, 5, 5, 5, 5, 5, 5, 31, 31, 6, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 5, 6, 4, 5, 4,
  4, 5, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 4, 34,
  4, 4, 31, 4, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31,
  4, 4, 4, 7, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);
