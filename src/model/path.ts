/**
 * The canonical path: a whitelist, because gateways and upstreams read the same bytes differently. Refused, never repaired.
 * Canonical is what RFC 3986 `pchar` allows, less `;`; escapes in upper case, of bytes that need one, less `%25 %2F %5C %3B`.
 */

/** Whether `path` is canonical: row 6 of the decision procedure. */
export function isCanonicalPath(path: string): boolean {
  if (!path.startsWith("/")) return false;
  const segments = path.slice(1).split("/");
  return segments.every((s, i) => isCanonicalSegment(s) || (s === "" && i === segments.length - 1));
}

const segmentCharacters = /^(?:[A-Za-z0-9._~!$&'()*+,=:@-]|%[0-9A-F]{2})+$/;

/** One non-empty segment that is not `.` or `..`. */
export function isCanonicalSegment(segment: string): boolean {
  return (
    segmentCharacters.test(segment) &&
    segment !== "." &&
    segment !== ".." &&
    (!segment.includes("%") || hasCanonicalEscapes(segment))
  );
}

function hasCanonicalEscapes(segment: string): boolean {
  for (const [encoded] of segment.matchAll(/%../g)) {
    const byte = Number.parseInt(encoded.slice(1), 16);
    const character = String.fromCharCode(byte);
    // Control bytes, separators and double encoding; then unreserved characters, which need no escape (RFC 3986 §2.3).
    if (byte < 0x20 || byte === 0x7f || "%/\\;".includes(character) || /[A-Za-z0-9._~-]/.test(character)) return false;
  }
  try {
    decodeURIComponent(segment); // fails on what is not UTF-8, overlong forms and surrogates included (RFC 3629 §3)
    return true;
  } catch {
    return false;
  }
}

/** The segments after the first `/`; a trailing `/` gives a last empty one. */
export function pathSegments(path: string): readonly string[] {
  return path.slice(1).split("/");
}
