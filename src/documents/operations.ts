/** Decides which operations of a document can be told from each other by our templates, and says so of each that cannot. */
import { type Diagnostic, report, type Span } from "../diagnostics/index.ts";
import { share, TemplateTrie } from "./collisions.ts";
import type { DocumentSecurity } from "./document-security.ts";
import { type PathTemplate, spell } from "./path-template.ts";
import { shorten } from "./registry-row.ts";

/** One method of one path below one base path; a path that its servers know under two base paths gives two. */
export interface DocumentOperation {
  /** In upper case. */
  readonly method: string;
  /** The server's base path and the document's path, in our template syntax. */
  readonly path: string;
  /** The document's own spelling of the path. */
  readonly written: string;
  /** The hosts of the servers with this base path; empty when the document names none. */
  readonly hosts: readonly string[];
  readonly tags: readonly string[];
  readonly operationId?: string;
  readonly security: DocumentSecurity;
  /** Its method in the document. */
  readonly span: Span;
}

export interface FoundOperation {
  readonly method: string;
  /** Base path and path, in the document's spelling. */
  readonly written: string;
  readonly template: PathTemplate;
  readonly pathSpan: Span;
  readonly operation: Omit<DocumentOperation, "method" | "path">;
}

/** An operation that has no template of its own: requests to it are decided as another one. */
export interface MergedOperation {
  readonly method: string;
  /** Base path and path, in the document's spelling. */
  readonly written: string;
  readonly tags: readonly string[];
  readonly security: DocumentSecurity;
  /** Its method in the document, where it was warned about. */
  readonly span: Span;
  /** The `path` of the operation that decides. */
  readonly into: string;
}

export interface ToldApart {
  readonly operations: readonly DocumentOperation[];
  readonly merged: readonly MergedOperation[];
}

/**
 * A template that is exactly the document's path is kept; a second one equal to it is an error. One that is wider is kept if it takes no
 * other path's requests. All others are left out: their requests are refused, or decided as another operation that covers them.
 *
 * INVARIANT: an operation is either in the answer or named by a diagnostic.
 */
export function tellApart(found: readonly FoundOperation[], diagnostics: Diagnostic[]): ToldApart {
  const exact: FoundOperation[] = [];
  const wider: FoundOperation[] = [];
  const out: { one: FoundOperation; problem: string; searchable: boolean; open: boolean }[] = [];
  const everything = new Tries();
  const kept = new Tries();
  for (const one of found) {
    const { segments, problem, wider: reason, reachable } = one.template;
    if (problem !== undefined) out.push({ one, problem, searchable: reachable === true, open: true });
    else if (reason !== undefined) wider.push(one);
    else {
      const other = kept.of(one).same(segments)[0];
      if (other) {
        const related = [{ span: other.operation.span, message: `\`${name(other)}\` is here` }];
        const parameters = { path: name(one), other: name(other) };
        diagnostics.push(report("WRIT5059", one.operation.span, parameters, { related }));
      } else {
        kept.of(one).add(segments, one);
        everything.of(one).add(segments, one);
        exact.push(one);
      }
    }
  }

  // Wider ones are held against each other too, so that the order of the document does not matter.
  for (const one of wider) everything.of(one).add(one.template.segments, one);
  const accepted = new Set(exact);
  for (const one of wider) {
    const { segments, wider: problem = "" } = one.template;
    const partial = segments.some((segment) => segment.kind === "partial");
    const index = everything.of(one);
    const other = partial
      ? index.taken(segments, (value) => value !== one && share(segments, value.template.segments))
      : index.same(segments).find((same) => same !== one);
    if (other || index.exhausted) {
      const reason = other ? `it cannot be told from \`${name(other)}\`` : "its neighbours overlap in too many ways";
      out.push({ one, problem: reason, searchable: true, open: false });
      continue;
    }
    accepted.add(one);
    const parameters = { path: name(one), template: shorten(spell(segments)), problem };
    diagnostics.push(report("WRIT5058", one.operation.span, parameters));
  }
  for (const one of wider) if (accepted.has(one)) kept.of(one).add(one.template.segments, one);

  const merged: MergedOperation[] = [];
  for (const { one, problem, searchable, open } of out) {
    const index = kept.of(one);
    const { method, written } = one;
    const { span, tags, security } = one.operation;
    const other = searchable ? index.overlapping(one.template.segments, open) : undefined;
    if (other) {
      merged.push({ method, written, tags, security, span, into: spell(other.template.segments) });
      const related = [{ span: other.operation.span, message: `\`${name(other)}\` is here` }];
      diagnostics.push(report("WRIT5069", span, { path: name(one), other: name(other) }, { related }));
    } else if (searchable && index.exhausted) {
      diagnostics.push(report("WRIT5059", span, { path: name(one), other: "other paths" }));
    } else diagnostics.push(report("WRIT5057", span, { path: name(one), problem }));
  }

  const operations = found
    .filter((one) => accepted.has(one))
    .map(({ method, template, operation }) => ({ method, path: spell(template.segments), ...operation }));
  return { operations, merged };
}

/** One for each method: `GET` and `POST` of a path are two operations that never meet. */
class Tries {
  readonly #byMethod = new Map<string, TemplateTrie<FoundOperation>>();

  of({ method }: FoundOperation): TemplateTrie<FoundOperation> {
    let trie = this.#byMethod.get(method);
    if (!trie) {
      trie = new TemplateTrie();
      this.#byMethod.set(method, trie);
    }
    return trie;
  }
}

function name(one: FoundOperation): string {
  return shorten(`${one.method} ${one.written}`);
}
