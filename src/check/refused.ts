/**
 * An operation that is `"refused"` is left out of the model: then it is unknown. But where another operation's path would match its
 * requests, leaving it out would allow them. There it stays, and needs a scope that nobody can hold.
 */
import { type Api, type Operation, parseTemplate, type TemplateSegment } from "../model/index.ts";
import type { DeclaredApi } from "./declared-api.ts";

/** In no vocabulary: `scopes` refuses the resource `writ`. */
const unobtainable = "writ:refused";

interface Node {
  readonly literals: Map<string, Node>;
  parameter?: Node;
  /** A template ends here. */
  end: boolean;
  /** A template goes on with `{rest...}` from here. */
  rest: boolean;
}

/** The APIs with those of their refused operations that something else would let through. */
export function keepRefused(apis: readonly DeclaredApi[]): readonly Api[] {
  if (apis.every((api) => api.refused.length === 0)) return apis.map((api) => api.value);
  const tries = new Map<string, Node>();
  for (const { value } of apis) {
    for (const { method, template } of value.operations) {
      const key = `${value.host} ${method}`;
      const root = tries.get(key) ?? newNode();
      tries.set(key, root);
      add(root, segmentsOf(template));
    }
  }
  return apis.map(({ value, refused }) => {
    const kept = refused.flatMap((name): readonly Operation[] => {
      const space = name.indexOf(" ");
      const [method, template] = [name.slice(0, space), name.slice(space + 1)];
      const root = tries.get(`${value.host} ${method}`);
      if (!root || !overlaps(root, segmentsOf(template))) return [];
      return [{ name, method, template, public: false, scopes: [unobtainable], minTrust: 0 }];
    });
    return kept.length === 0 ? value : { ...value, operations: [...value.operations, ...kept] };
  });
}

function newNode(): Node {
  return { literals: new Map(), end: false, rest: false };
}

function segmentsOf(template: string): readonly TemplateSegment[] {
  const segments = parseTemplate(template);
  return "problem" in segments ? [] : segments; // the checker has refused it
}

function add(root: Node, segments: readonly TemplateSegment[]): void {
  let node = root;
  for (const segment of segments) {
    if (segment.kind === "rest") {
      node.rest = true;
      return;
    }
    let next = segment.kind === "literal" ? node.literals.get(segment.text) : node.parameter;
    if (!next) {
      next = newNode();
      if (segment.kind === "literal") node.literals.set(segment.text, next);
      else node.parameter = next;
    }
    node = next;
  }
  node.end = true;
}

/** Whether some path matches both the segments and a template of the trie. */
function overlaps(root: Node, segments: readonly TemplateSegment[]): boolean {
  let level: readonly Node[] = [root];
  for (const segment of segments) {
    if (segment.kind === "rest") return level.some((node) => node.rest || node.literals.size > 0 || node.parameter);
    const matchesRest = segment.kind === "parameter" || segment.text !== "";
    if (matchesRest && level.some((node) => node.rest)) return true;
    level = level.flatMap((node) => {
      if (segment.kind === "parameter") return [...node.literals.values(), ...(node.parameter ? [node.parameter] : [])];
      const literal = node.literals.get(segment.text);
      return [...(literal ? [literal] : []), ...(node.parameter && segment.text !== "" ? [node.parameter] : [])];
    });
    if (level.length === 0) return false;
  }
  return level.some((node) => node.end);
}
