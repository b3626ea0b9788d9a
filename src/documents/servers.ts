/** The hosts and base paths of an OpenAPI document's servers, with their variables filled in. */
import { type Diagnostic, report, type Span } from "../diagnostics/index.ts";
import type { DataNode } from "./node.ts";
import { shorten } from "./registry-row.ts";

/** One base path and the hosts that serve it; no host when the document leaves it to where it was found. */
export interface Base {
  /** `""` or `/v1`: without its last slash. */
  readonly path: string;
  readonly hosts: readonly string[];
}

const MOST_SPELLINGS = 64;
const MOST_SERVERS = 256;
const MOST_BASES = 16;

export const rootBase: readonly Base[] = [{ path: "", hosts: [] }];

/** `node` is a `servers` list. Servers of no use are reported and left out; with none left, paths start at the root. */
export function readServers(node: DataNode, diagnostics: Diagnostic[]): readonly Base[] {
  if (node.kind !== "array") {
    if (node.kind !== "null") diagnostics.push(shape(node, "servers", "a list of servers"));
    return rootBase;
  }
  const bases = new Map<string, Set<string>>();
  for (const server of node.items().slice(0, MOST_SERVERS)) {
    const url = server.members().get("url")?.value;
    if (url?.kind !== "string") {
      diagnostics.push(shape(url ?? server, "url", "the text of a URL"));
      continue;
    }
    const fail = (problem: string) =>
      diagnostics.push(report("WRIT5062", url.span, { url: shorten(url.text), problem }));
    const spellings = fillIn(url.text.trim(), server.members().get("variables")?.value);
    if (typeof spellings === "string") fail(spellings);
    else
      for (const spelling of spellings) {
        const base = readUrl(spelling);
        if (typeof base === "string") {
          fail(base);
          break;
        }
        const hosts = bases.get(base.path) ?? new Set<string>();
        if (base.host !== undefined) hosts.add(base.host);
        bases.set(base.path, hosts);
      }
  }
  if (bases.size === 0) return rootBase;
  if (bases.size > MOST_BASES) {
    const { span } = node;
    const parameters = { what: "base paths for one operation", limit: MOST_BASES };
    diagnostics.push(report("WRIT5068", { ...span, end: Math.min(span.end, span.start + 1) }, parameters));
  }
  return [...bases].slice(0, MOST_BASES).map(([path, hosts]) => ({ path, hosts: [...hosts].sort() }));
}

/** A variable with an `enum` may be any of it; one without is its default and nothing else, for what is not listed is refused. */
function fillIn(url: string, variables: DataNode | undefined): string[] | string {
  let spellings = [""];
  let from = 0;
  for (const match of url.matchAll(/\{([^{}]*)\}/g)) {
    const values = valuesOf(variables?.members().get(match[1]!)?.value);
    if (!values) return `its variable \`${shorten(match[1]!)}\` has no default`;
    const literal = url.slice(from, match.index);
    // Too many to list: the default stands for all.
    const chosen = spellings.length * values.length > MOST_SPELLINGS ? values.slice(0, 1) : values;
    spellings = spellings.flatMap((spelling) => chosen.map((value) => spelling + literal + value));
    from = match.index + match[0].length;
  }
  return spellings.map((spelling) => spelling + url.slice(from));
}

/** The default first. */
function valuesOf(variable: DataNode | undefined): readonly string[] | undefined {
  if (variable?.kind !== "object") return undefined;
  const known = variable.members().get("default")?.value;
  const listed = variable.members().get("enum")?.value.items() ?? [];
  const values = [known, ...listed]
    .filter((value) => value !== undefined && isScalar(value))
    .map((value) => value!.text);
  return values.length > 0 ? [...new Set(values)] : undefined;
}

function isScalar(node: DataNode): boolean {
  return node.kind === "string" || node.kind === "number" || node.kind === "boolean";
}

function readUrl(url: string): { host?: string; path: string } | string {
  if (/[{}]/.test(url)) return "its braces do not pair";
  const absolute = /^(?:[A-Za-z][A-Za-z0-9+.-]*:)?\/\/([^/?#]*)(.*)$/s.exec(url);
  const rest = absolute ? absolute[2]! : url;
  if (/[?#]/.test(rest)) return "a base path has no query and no fragment";
  if (!absolute && /^[A-Za-z][A-Za-z0-9+.-]*:/.test(url)) return "it names no host";
  if (rest !== "" && rest !== "." && rest !== "./" && !rest.startsWith("/"))
    return "it is relative to where the document is served, which nobody here knows";
  const path = rest.startsWith("/") ? rest.replace(/\/+$/, "") : "";
  if (!absolute) return { path };
  const host = /^([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.?|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?$/.exec(absolute[1]!)?.[1];
  if (host === undefined) return "its host is not well formed";
  return { host: host.toLowerCase().replace(/\.$/, ""), path };
}

export function shape(node: DataNode, field: string, expected: string, key?: Span): Diagnostic {
  const found =
    node.kind === "null"
      ? "null"
      : node.kind === "string"
        ? "a text"
        : node.kind === "array"
          ? "a list"
          : node.kind === "object"
            ? "an object"
            : `a ${node.kind}`;
  const span = node.kind === "null" && key ? key : node.span;
  // Of a long value the first character is enough to look at.
  const end = node.kind === "object" || node.kind === "array" ? Math.min(span.end, span.start + 1) : span.end;
  return report("WRIT5053", { ...span, end }, { field, expected, found });
}
