/** A path as OpenAPI documents write it, in our template syntax, or the reason why it cannot be said there. */
import { canonicalLiteral } from "./path-literal.ts";

export type Segment =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "parameter"; readonly name: string }
  /** A parameter beside other text, `{id}.json`: a whole segment to us. */
  | { readonly kind: "partial"; readonly name: string; readonly before: string; readonly after: string }
  | { readonly kind: "rest"; readonly name: string };

export interface PathTemplate {
  readonly segments: readonly Segment[];
  /** Why the template admits more than the document's path does. */
  readonly wider?: string;
  /** Why there is no template. The segments are then those before the fault, for whoever asks what else could match. */
  readonly problem?: string;
  /** With a problem: whether requests to the path exist that are decided at all. */
  readonly reachable?: boolean;
}

const LONGEST = 2048;
const MOST_SEGMENTS = 64;

/** The template as authors write it. */
export function spell(segments: readonly Segment[]): string {
  return segments
    .map((segment) => {
      if (segment.kind === "literal") return `/${segment.text}`;
      return segment.kind === "rest" ? `/{${segment.name}...}` : `/{${segment.name}}`;
    })
    .join("");
}

/** `base` is the path of a server, without its last slash. */
export function readTemplate(base: string, path: string): PathTemplate {
  if (!path.startsWith("/")) return unreachable([], "a path starts with `/`");
  if (base.length + path.length > LONGEST) return unreachable([], "it is longer than any request path that is decided");
  const pieces = split(path);
  if (!pieces) return unreachable([], "a brace is not closed, or closed twice");
  const segments: Segment[] = [];
  const names = new Set<string>();
  let wider = pieces.cut === "" ? undefined : "what follows `?` or `#` is not part of a path";
  for (const text of base.split("/").slice(1)) {
    const literal = canonicalLiteral(text);
    if ("problem" in literal) return unreachable(segments, literal.problem);
    if (text === "") return unreachable(segments, "empty segments are refused in every request");
    segments.push({ kind: "literal", text: literal.text });
  }
  const last = pieces.segments.length - 1;
  for (const [index, parts] of pieces.segments.entries()) {
    const segment = readSegment(parts, index === last, names);
    if ("problem" in segment) {
      return segment.reachable ? { segments, ...segment } : unreachable(segments, segment.problem);
    }
    segments.push(segment);
    if (segment.kind === "partial") wider ??= "a parameter is always a whole segment";
  }
  if (segments.length > MOST_SEGMENTS)
    return unreachable(segments, "it has more segments than any request path that is decided");
  return { segments, ...(wider !== undefined && { wider }) };
}

function unreachable(segments: readonly Segment[], problem: string): PathTemplate {
  return { segments, problem, reachable: false };
}

interface Part {
  readonly text: string;
  /** Between braces. */
  readonly parameter: boolean;
}

/** Segments of parts, and what follows the path: a query, a fragment, or one of RFC 6570's `{?…}`. */
function split(path: string): { segments: Part[][]; cut: string } | undefined {
  const segments: Part[][] = [];
  let parts: Part[] = [];
  let literal = "";
  const endLiteral = () => {
    if (literal !== "") parts.push({ text: literal, parameter: false });
    literal = "";
  };
  let at = 1;
  let cut = "";
  for (; at < path.length; at++) {
    const character = path[at]!;
    if (character === "?" || character === "#") {
      cut = path.slice(at);
      break;
    }
    if (character === "}") return undefined;
    if (character === "/") {
      endLiteral();
      segments.push(parts);
      parts = [];
    } else if (character === "{") {
      const end = closingBrace(path, at);
      if (end < 0) return undefined;
      const inside = path.slice(at + 1, end);
      if (/^[?&#]/.test(inside)) {
        cut = path.slice(at);
        break;
      }
      endLiteral();
      parts.push({ text: inside, parameter: true });
      at = end;
    } else literal += character;
  }
  endLiteral();
  segments.push(parts);
  return { segments, cut };
}

/** Braces may stand inside a parameter's own pattern: `{id:[0-9]{4}}`. */
function closingBrace(path: string, open: number): number {
  let depth = 0;
  for (let at = open; at < path.length; at++) {
    if (path[at] === "{") depth++;
    else if (path[at] === "}" && --depth === 0) return at;
  }
  return -1;
}

type Fault = { readonly problem: string; readonly reachable: boolean };

function readSegment(parts: readonly Part[], last: boolean, names: Set<string>): Segment | Fault {
  if (parts.length === 0) {
    if (last) return { kind: "literal", text: "" };
    return { problem: "empty segments are refused in every request", reachable: false };
  }
  const parameters = parts.filter((part) => part.parameter).map((part) => readParameter(part.text));
  let literals = "";
  for (const part of parts) {
    if (part.parameter) continue;
    literals += part.text;
    // Beside a parameter `.` and `..` are ordinary text.
    if (parameters.length > 0 && /^\.{1,2}$/.test(part.text)) continue;
    const literal = canonicalLiteral(part.text);
    if ("problem" in literal) return { problem: literal.problem, reachable: false };
    if (parameters.length === 0) return { kind: "literal", text: literal.text };
  }
  if (parameters.some((parameter) => parameter.matrix))
    return { problem: "`;` is refused in every request", reachable: false };
  const name = unique(parameters.map((parameter) => parameter.name).join("_"), names);
  const [first] = parameters;
  if (!parameters.some((parameter) => parameter.rest)) {
    const whole = parameters.length === 1 && literals === "" && !first!.narrower;
    if (whole) return { kind: "parameter", name };
    return { kind: "partial", name, before: edge(parts[0]!), after: edge(parts.at(-1)!) };
  }
  if (last && parameters.length === 1 && literals === "") return { kind: "rest", name };
  return { problem: "a parameter that takes several segments can only be the last thing in a path", reachable: true };
}

/** What a segment starts or ends with in any case. */
function edge(part: Part): string {
  if (part.parameter) return "";
  const literal = canonicalLiteral(part.text);
  return "text" in literal ? literal.text : part.text;
}

interface Parameter {
  readonly name: string;
  readonly rest: boolean;
  /** It stands for less than any one segment: a pattern or a prefix of its own. */
  readonly narrower: boolean;
  readonly matrix: boolean;
}

/** `{id}`, and what other template languages put into the braces: `{+path}`, `{path*}`, `{proxy+}`, `{name...}`, `{id:[0-9]+}`, `{name=**}`, `{.format}`. */
function readParameter(inside: string): Parameter {
  const [, operator = "", body = "", suffix = ""] = /^([+*/.;]*)(.*?)(\*+|\+|\.\.\.)?$/s.exec(inside.trim()) ?? [];
  const constraint = /^([^:=]*)[:=](.*)$/s.exec(body.trim());
  const pattern = (constraint?.[2] ?? "").trim() + (constraint ? suffix : "");
  // A pattern with a slash, a dot that matches anything, or a double star may take more than one segment.
  const patternRest = constraint !== null && /\/|\.[*+]|\*\*|\[\^|\\[DWS]/.test(pattern);
  const suffixRest = constraint === null && suffix !== "";
  return {
    name: identifier(constraint ? constraint[1]! : body),
    rest: /[+*/]/.test(operator) || suffixRest || patternRest,
    narrower: operator.includes(".") || (constraint !== null && pattern !== ""),
    matrix: operator.includes(";"),
  };
}

/** `user-id` becomes `user_id`; a name of nothing else becomes `_`. */
function identifier(written: string): string {
  const name = written.trim().replace(/[^A-Za-z0-9_]/g, "_");
  return /^[A-Za-z_]/.test(name) ? name : `_${name}`;
}

function unique(name: string, names: Set<string>): string {
  let free = name;
  for (let count = 2; names.has(free); count++) free = `${name}_${count}`;
  names.add(free);
  return free;
}
