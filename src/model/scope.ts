/** Scope names and patterns: segments separated by `:`, compared byte for byte. */

const segment = /^[a-z][a-z0-9._-]{0,62}$/;

/** 2–8 segments, at most 128 bytes, all inside the alphabet of RFC 6749 §3.3. */
export function isScopeName(text: string): boolean {
  const segments = text.split(":");
  return text.length <= 128 && segments.length >= 2 && segments.length <= 8 && segments.every((s) => segment.test(s));
}

/** One segment of a pattern: alternatives, `*` for exactly one whole segment, or `**` for one or more, last only. */
export type PatternSegment =
  | { readonly kind: "one" }
  | { readonly kind: "rest" }
  | { readonly kind: "names"; readonly names: readonly string[] };

/** The segments of a pattern, or why it is none. */
export function parsePattern(text: string): readonly PatternSegment[] | { readonly problem: string } {
  const parts = text.split(":");
  if (parts.length < 2 || parts.length > 8) return { problem: "a pattern has 2 to 8 segments separated by `:`" };
  const segments: PatternSegment[] = [];
  for (const [i, part] of parts.entries()) {
    if (part === "*") segments.push({ kind: "one" });
    else if (part === "**") {
      if (i !== parts.length - 1) return { problem: "`**` may stand only last" };
      segments.push({ kind: "rest" });
    } else if (part.startsWith("{") && part.endsWith("}")) {
      const names = part.slice(1, -1).split(",");
      if (!names.every((n) => segment.test(n))) return { problem: `\`${part}\` must hold names separated by \`,\`` };
      if (new Set(names).size !== names.length) return { problem: `\`${part}\` names an alternative twice` };
      segments.push({ kind: "names", names });
    } else if (segment.test(part)) segments.push({ kind: "names", names: [part] });
    else if (part.includes("*")) return { problem: "`*` stands for a whole segment, never for a part of one" };
    else
      return {
        problem: `\`${part}\` is not a segment: a lower-case letter, then letters, digits, \`.\`, \`_\`, \`-\``,
      };
  }
  return segments;
}

/** RFC 6749 §3.3: scope tokens of `%x21 / %x23-5B / %x5D-7E`, separated by single spaces; the empty text holds none. */
export function splitScopes(text: string): readonly string[] | undefined {
  if (text === "") return [];
  const names = text.split(" ");
  return names.every((n) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(n)) ? names : undefined;
}
