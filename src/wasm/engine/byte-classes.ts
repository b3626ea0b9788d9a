/** What each of the 256 bytes may be, so that a text is judged by one load for each of its bytes. */

/** May stand in a canonical path segment as it is: RFC 3986 `pchar` less `;`. */
export const IN_SEGMENT = 1;
/** May not be escaped in a path: control bytes, separators, `%`, and unreserved characters, which need no escape. */
export const NEVER_ESCAPED = 2;
/** A character of a path segment of a SPIFFE ID. */
export const IN_SPIFFE_PATH = 4;
/** A character of a trust domain. */
export const IN_TRUST_DOMAIN = 8;
/** Must be escaped in a JSON text. */
export const ESCAPED_IN_JSON = 16;

export function isOf(byte: u32, kind: u32): bool {
  return (load<u8>(CLASSES + byte) & kind) !== 0;
}

const CLASSES: usize = memory.data<u8>([
  18, 18, 18, 18, 18, 18, 18, 18, 18, 18, 18, 18, 18, 18, 18, 18, 18, 18, 18, 18, 18, 18, 18, 18, 18, 18, 18, 18, 18,
  18, 18, 18, 0, 1, 16, 0, 1, 2, 1, 1, 1, 1, 1, 1, 1, 15, 15, 2, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 1, 2, 0, 1, 0,
  0, 1, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 0, 18, 0, 0, 15, 0, 15, 15, 15,
  15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 0, 0, 0, 3, 2, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0,
]);
