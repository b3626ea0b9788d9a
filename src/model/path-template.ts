/** Path templates: literal segments, `{name}` for one non-empty segment, a trailing `{name...}` for the rest. */
import { isCanonicalSegment } from "./path.ts";

export type TemplateSegment =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "parameter"; readonly name: string }
  /** One or more segments, of which the first is not empty. */
  | { readonly kind: "rest"; readonly name: string };

/** The segments of a template, or why it is none. */
export function parseTemplate(text: string): readonly TemplateSegment[] | { readonly problem: string } {
  if (!text.startsWith("/")) return { problem: "a path starts with `/`" };
  const parts = text.slice(1).split("/");
  if (parts.length > 64) return { problem: "a path has at most 64 segments" };
  const segments: TemplateSegment[] = [];
  const names = new Set<string>();
  for (const [i, part] of parts.entries()) {
    const last = i === parts.length - 1;
    const parameter = /^\{([A-Za-z_][A-Za-z0-9_]*)(\.\.\.)?\}$/.exec(part);
    if (parameter) {
      const [, name = "", dots] = parameter;
      if (names.has(name)) return { problem: `\`{${name}}\` stands twice` };
      names.add(name);
      if (dots && !last) return { problem: `\`${part}\` may stand only last` };
      segments.push({ kind: dots ? "rest" : "parameter", name });
    } else if (part === "" && last) segments.push({ kind: "literal", text: "" });
    else if (isCanonicalSegment(part)) segments.push({ kind: "literal", text: part });
    else if (part === "") return { problem: "a segment is empty" };
    else if (/[{}]/.test(part)) return { problem: `\`${part}\` is no parameter: \`{name}\` is a whole segment` };
    else return { problem: `\`${part}\` is not a canonical path segment` };
  }
  return segments;
}

/** The parameters of a path that the template matches, raw as sent; `undefined` when it does not match. */
export function matchTemplate(
  template: readonly TemplateSegment[],
  path: readonly string[],
): ReadonlyMap<string, string> | undefined {
  const parameters = new Map<string, string>();
  for (const [i, segment] of template.entries()) {
    const text = path[i];
    if (text === undefined) return undefined;
    switch (segment.kind) {
      case "literal":
        if (text !== segment.text) return undefined;
        break;
      case "parameter":
        if (text === "") return undefined;
        parameters.set(segment.name, text);
        break;
      case "rest":
        if (text === "") return undefined;
        return parameters.set(segment.name, path.slice(i).join("/"));
    }
  }
  return path.length === template.length ? parameters : undefined;
}

const rank = { literal: 0, parameter: 1, rest: 2 } as const;

/** Which of two templates that match one path wins: the more literal at the leftmost difference. Negative: `a` wins. 0: equal up to names. */
export function comparePrecedence(a: readonly TemplateSegment[], b: readonly TemplateSegment[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [x, y] = [a[i], b[i]];
    if (!x || !y) return x ? -1 : 1;
    if (x.kind !== y.kind) return rank[x.kind] - rank[y.kind];
    if (x.kind === "literal" && y.kind === "literal" && x.text !== y.text) return x.text < y.text ? -1 : 1;
  }
  return 0;
}
