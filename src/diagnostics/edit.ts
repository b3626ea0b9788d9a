/** Applies fixes to texts: whole fixes or nothing of them, never two that touch the same characters. */
import type { Diagnostic, Edit, Fix } from "./diagnostic.ts";

export interface Edited {
  /** The texts that changed, by path. */
  readonly changed: ReadonlyMap<string, string>;
  readonly applied: number;
}

/**
 * Applies the safe fixes of these diagnostics, first come first served where two overlap.
 *
 * @example const { changed } = applyFixes(new Map([["a.policy.ts", text]]), diagnostics);
 */
export function applyFixes(sources: ReadonlyMap<string, string>, diagnostics: readonly Diagnostic[]): Edited {
  const taken = new Map<string, Edit[]>();
  const done = new Set<string>();
  let applied = 0;
  for (const { fix } of diagnostics) {
    if (!fix?.safe) continue;
    const key = JSON.stringify(fix.edits);
    if (done.has(key) || !fits(fix, sources, taken)) continue;
    done.add(key);
    applied++;
    for (const edit of fix.edits) {
      const edits = taken.get(edit.span.path) ?? [];
      edits.push(edit);
      taken.set(edit.span.path, edits);
    }
  }
  const changed = new Map<string, string>();
  for (const [path, edits] of taken) {
    const before = sources.get(path) ?? "";
    const after = replaceAll(before, edits);
    if (after !== before) changed.set(path, after);
  }
  return { changed, applied };
}

/**
 * Applies safe fixes until there are none left, for one fix can uncover another.
 *
 * @param look finds what is wrong with the texts as they are now
 * @param rounds the bound; fixes that undo each other must not go on for ever
 */
export function fixUntilStable(
  sources: ReadonlyMap<string, string>,
  look: (sources: ReadonlyMap<string, string>) => readonly Diagnostic[],
  rounds = 10,
): Edited {
  const current = new Map(sources);
  const changed = new Map<string, string>();
  let applied = 0;
  for (let round = 0; round < rounds; round++) {
    const edited = applyFixes(current, look(current));
    if (edited.changed.size === 0) break;
    applied += edited.applied;
    for (const [path, text] of edited.changed) {
      current.set(path, text);
      changed.set(path, text);
    }
  }
  return { changed, applied };
}

function fits(fix: Fix, sources: ReadonlyMap<string, string>, taken: ReadonlyMap<string, readonly Edit[]>): boolean {
  return fix.edits.every((edit, index) => {
    const text = sources.get(edit.span.path);
    const others = [...(taken.get(edit.span.path) ?? []), ...fix.edits.slice(0, index)];
    return text !== undefined && edit.span.end <= text.length && !others.some((other) => touches(edit, other));
  });
}

/** Insertions at one place have no order among them, so they touch too. */
function touches({ span: a }: Edit, { span: b }: Edit): boolean {
  if (a.path !== b.path) return false;
  return (a.start < b.end && b.start < a.end) || a.start === b.start;
}

function replaceAll(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { span, text: insert } of edits.toSorted((a, b) => a.span.start - b.span.start)) {
    parts.push(text.slice(at, span.start), insert);
    at = span.end;
  }
  return [...parts, text.slice(at)].join("");
}
