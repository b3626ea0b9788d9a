/** Whether a delegation covers a path: TUF §4.5. */
import { hashOf } from "./hashes.ts";
import type { DelegatedRole } from "./metadata.ts";

export async function covers({ paths, hashPrefixes }: DelegatedRole, path: string): Promise<boolean> {
  if (paths.some((pattern) => matches(pattern, path))) return true;
  if (hashPrefixes.length === 0) return false;
  const hash = await hashOf(new TextEncoder().encode(path));
  return hashPrefixes.some((prefix) => hash.startsWith(prefix));
}

/** A target's name can't be longer, so that looking at it takes no time that anybody notices. */
export const LONGEST_PATH = 1024;

/** `*` and `?` alone have a meaning, and neither crosses a `/`. */
export function matches(pattern: string, path: string): boolean {
  if (path.length > LONGEST_PATH) return false;
  const [patterns, segments] = [pattern.split("/"), path.split("/")];
  return patterns.length === segments.length && patterns.every((part, index) => matchesSegment(part, segments[index]!));
}

/** Going back to the last `*` only is enough, so the time is bounded by the product of the lengths. */
function matchesSegment(pattern: string, text: string): boolean {
  let [at, from, star, resume] = [0, 0, -1, 0];
  while (from < text.length) {
    if (pattern[at] === "*") {
      star = at++;
      resume = from;
    } else if (at < pattern.length && (pattern[at] === "?" || pattern[at] === text[from])) {
      at++;
      from++;
    } else if (star >= 0) {
      at = star + 1;
      from = ++resume;
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}
