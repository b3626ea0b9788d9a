/** The one spelling of a literal path segment, or why no request path that is decided can hold it (the canonical path of the decision procedure). */

/** RFC 3986 §3.3 `pchar` without the percent sign and without `;`, which upstreams read as the start of matrix parameters. */
const PLAIN = /^[A-Za-z0-9._~!$&'()*+,=:@-]$/;
const ALL_PLAIN = /^[A-Za-z0-9._~!$&'()*+,=:@-]*$/;
const UNRESERVED = /^[A-Za-z0-9._~-]$/;

export function canonicalLiteral(text: string): { text: string } | { problem: string } {
  if (text === "." || text === "..") return { problem: "`.` and `..` segments are refused in every request" };
  if (ALL_PLAIN.test(text)) return { text };
  if (!text.isWellFormed()) return { problem: "it holds half of a surrogate pair" };
  let result = "";
  let encoded = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (PLAIN.test(character)) {
      result += character;
      continue;
    }
    if (character === ";") return { problem: "`;` is refused in every request" };
    if (character === "\\") return { problem: "a backslash is refused in every request" };
    if (character !== "%") {
      if (character <= "\x1f" || character === "\x7f")
        return { problem: "control characters are refused in every request" };
      const whole = String.fromCodePoint(text.codePointAt(at)!);
      at += whole.length - 1;
      // RFC 3987 §3.1: what a client sends for a character that a URL cannot hold.
      result += encodeURIComponent(whole);
      continue;
    }
    const digits = text.slice(at + 1, at + 3);
    if (!/^[0-9A-Fa-f]{2}$/.test(digits)) return { problem: "`%` is not followed by two hexadecimal digits" };
    at += 2;
    const byte = Number.parseInt(digits, 16);
    const decoded = String.fromCharCode(byte);
    // RFC 3986 §2.3: an escaped unreserved character is the character.
    if (UNRESERVED.test(decoded)) result += decoded;
    else if (byte < 0x20 || byte === 0x7f || "%/\\;".includes(decoded))
      return { problem: `\`%${digits.toUpperCase()}\` is refused in every request` };
    else {
      result += `%${digits.toUpperCase()}`;
      encoded ||= byte >= 0x80;
    }
  }
  if (encoded && !isUtf8(result)) return { problem: "its escaped bytes are not UTF-8" };
  // `%2e%2e` has just become `..`.
  if (result === "." || result === "..") return { problem: "`.` and `..` segments are refused in every request" };
  return { text: result };
}

function isUtf8(escaped: string): boolean {
  try {
    decodeURIComponent(escaped);
    return true;
  } catch {
    return false;
  }
}
