/** SPIFFE IDs and patterns over them: `*` stands for one whole path segment, inside one trust domain (SPIFFE-ID §2). */

const scheme = "spiffe://";
const longest = 2048;
const exact = /^spiffe:\/\/[a-z0-9._-]{1,255}(?:\/(?!\.{1,2}(?:\/|$))[a-zA-Z0-9._-]+)+$/;
const pattern = /^spiffe:\/\/[a-z0-9._-]{1,255}(?:\/(?:\*|(?!\.{1,2}(?:\/|$))[a-zA-Z0-9._-]+))+$/;

/** A caller's ID: a lower-case trust domain and a path of non-empty segments; the bare trust domain is no caller. */
export function isSpiffeId(text: string): boolean {
  return text.length <= longest && exact.test(text);
}

export function isSpiffePattern(text: string): boolean {
  return text.length <= longest && text.includes("*") && pattern.test(text);
}

/** The trust domain first, then the path segments. */
export function spiffeSegments(id: string): readonly string[] {
  return id.slice(scheme.length).split("/");
}

export function matchesSpiffe(pattern: string, id: string): boolean {
  const [p, s] = [spiffeSegments(pattern), spiffeSegments(id)];
  return p.length === s.length && p.every((part, i) => part === "*" || part === s[i]);
}

/** How two patterns of equal length stand to each other over the IDs that they match. */
export function relatePatterns(a: string, b: string): "disjoint" | "equal" | "narrower" | "wider" | "overlapping" {
  const [x, y] = [spiffeSegments(a), spiffeSegments(b)];
  if (x.length !== y.length || x.some((p, i) => p !== "*" && y[i] !== "*" && p !== y[i])) return "disjoint";
  const narrower = x.some((p, i) => p !== "*" && y[i] === "*");
  const wider = x.some((p, i) => p === "*" && y[i] !== "*");
  return narrower ? (wider ? "overlapping" : "narrower") : wider ? "wider" : "equal";
}
