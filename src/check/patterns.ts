/** Scopes and patterns over them, as grants, denies and issuers list them. */
import { report, type Span } from "../diagnostics/index.ts";
import { parsePattern } from "../model/index.ts";
import type { Estate } from "./estate.ts";
import { type Given, look } from "./given.ts";
import { type Element, readElements, wrongType } from "./shape.ts";

export interface Expanded {
  /** As written. */
  readonly patterns: readonly Part[];
  /** Over the vocabulary. */
  readonly scopes: readonly string[];
  /** With what they imply. */
  readonly closed: readonly string[];
}

interface Part {
  readonly text: string;
  readonly span: Span;
  readonly wildcard: boolean;
  readonly scopes: readonly string[];
}

export function expandScopes(estate: Estate, given: Given, title: string): Expanded | undefined {
  const elements = readElements(estate, given, title, "a list of scopes and patterns");
  if (!elements) return undefined;
  if (elements.length === 0) return estate.report(report("WRIT2109", given.expression.span, { title }));
  const parts = elements.map((element) => readPart(estate, element, title));
  if (!parts.every((part) => part !== undefined)) return undefined;
  reportRedundant(estate, parts);
  const scopes = new Set(parts.flatMap((part) => part.scopes));
  const closed = new Set(scopes);
  for (const scope of scopes) for (const implied of estate.vocabulary.implied(scope)) closed.add(implied);
  return { patterns: parts, scopes: [...scopes].sort(), closed: [...closed].sort() };
}

function readPart(estate: Estate, element: Element, title: string): Part | undefined {
  const seen = look(estate, element);
  if (!seen) return undefined;
  const { span } = element;
  if (seen.kind === "thing" && seen.thing.kind === "scope") {
    const { name } = seen.thing;
    return { text: name, span, wildcard: false, scopes: [name] };
  }
  if (seen.kind !== "text") return wrongType(estate, seen, `an entry of ${title}`, "a scope, or a pattern");
  const { text } = seen;
  if (seen.widened) return estate.report(report("WRIT2108", seen.span, { title: "a pattern" }));
  const pattern = parsePattern(text);
  if ("problem" in pattern) return estate.report(report("WRIT2116", seen.span, { text, problem: pattern.problem }));
  const scopes = estate.vocabulary.match(text, pattern);
  if (scopes.length > 0) return { text, span, wildcard: pattern.some((part) => part.kind !== "names"), scopes };
  if (estate.vocabulary.partial) return undefined;
  if (pattern.some((part) => part.kind !== "names" || part.names.length > 1))
    return estate.report(report("WRIT2117", seen.span, { pattern: text }));
  const help = estate.suggester.help(text, estate.vocabulary.names);
  return estate.report(report("WRIT2118", seen.span, { scope: text }, help));
}

/** What another entry holds already; of two equal ones the later. */
function reportRedundant(estate: Estate, parts: readonly Part[]): void {
  if (parts.length < 2) return;
  const byScope = new Map<string, Part[]>();
  for (const part of parts) {
    for (const scope of part.scopes) {
      const list = byScope.get(scope);
      if (list) list.push(part);
      else byScope.set(scope, [part]);
    }
  }
  const position = new Map(parts.map((part, i) => [part, i]));
  for (const [i, part] of parts.entries()) {
    const [first = "", ...rest] = part.scopes;
    const candidates = (byScope.get(first) ?? []).filter(
      (other) =>
        other !== part &&
        (other.scopes.length > part.scopes.length ||
          (other.scopes.length === part.scopes.length && (position.get(other) ?? 0) < i)),
    );
    const holder = candidates.slice(0, mostCompared).find((other) => {
      const held = new Set(other.scopes);
      return rest.every((scope) => held.has(scope));
    });
    if (!holder) continue;
    const related = [{ span: holder.span, message: `\`${holder.text}\` is here` }];
    estate.report(report("WRIT3207", part.span, { pattern: part.text, other: holder.text }, { related }));
  }
}

/** What another entry implies, where all that is implied is meant too; of two that imply each other the later. */
export function reportImplied(estate: Estate, { patterns }: Expanded): void {
  if (patterns.length < 2) return;
  const byImplied = new Map<string, Part[]>();
  for (const part of patterns) {
    for (const scope of new Set(part.scopes.flatMap((one) => estate.vocabulary.implied(one)))) {
      const list = byImplied.get(scope);
      if (list) list.push(part);
      else byImplied.set(scope, [part]);
    }
  }
  const left = new Set(patterns);
  for (const part of patterns.toReversed()) {
    // What it holds itself is said already where another entry holds all of it.
    const implied = part.scopes.flatMap((scope) => byImplied.get(scope) ?? []).slice(0, mostCompared);
    const other = implied.find((one) => one !== part && left.has(one) && implies(estate, one, part));
    if (!other) continue;
    left.delete(part);
    const related = [{ span: other.span, message: `\`${other.text}\` is here` }];
    estate.report(report("WRIT4114", part.span, { scope: part.text, by: other.text }, { related }));
  }
}

/** An entry is compared with so many others at most. */
const mostCompared = 8;

function implies(estate: Estate, one: Part, other: Part): boolean {
  const held = new Set(one.scopes);
  if (other.scopes.every((scope) => held.has(scope))) return false;
  for (const scope of one.scopes) for (const implied of estate.vocabulary.implied(scope)) held.add(implied);
  return other.scopes.every((scope) => held.has(scope));
}
