/** Base64url (RFC 4648 §5), in the only spelling that its bytes have: no padding, no other alphabet, no spare bits. */

/** §3.5: the bits that no byte needs are zero. */
export function isOnlySpelling(text: string): boolean {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return false;
  const unused = text.length % 4;
  if (unused === 0) return true;
  if (unused === 1) return false;
  return (unused === 2 ? "AQgw" : "AEIMQUYcgkosw048").includes(text.at(-1) ?? " ");
}
