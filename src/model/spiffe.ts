/** SPIFFE IDs and patterns over them: `*` stands for one whole path segment, inside one trust domain (SPIFFE-ID §2). */

const scheme = "spiffe://";

/** A caller's ID: a lower-case trust domain and a path of non-empty segments; the bare trust domain is no caller. */
export function isSpiffeId(text: string): boolean {
  return parse(text, /^[a-zA-Z0-9._-]+$/) !== undefined;
}

export function isSpiffePattern(text: string): boolean {
  return text.includes("*") && parse(text, /^(?:\*|[a-zA-Z0-9._-]+)$/) !== undefined;
}

/** The trust domain first, then the path segments. */
export function spiffeSegments(id: string): readonly string[] {
  return id.slice(scheme.length).split("/");
}

function parse(text: string, segment: RegExp): readonly string[] | undefined {
  if (!text.startsWith(scheme) || text.length > 2048) return undefined;
  const [domain = "", ...path] = spiffeSegments(text);
  const valid =
    /^[a-z0-9._-]{1,255}$/.test(domain) &&
    path.length > 0 &&
    path.every((s) => segment.test(s) && s !== "." && s !== "..");
  return valid ? path : undefined;
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
