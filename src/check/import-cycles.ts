/** Finds files that import each other in a circle, in linear time and without recursion. */
import { type Diagnostic, report, type Span } from "../diagnostics/index.ts";

export interface FileLinks {
  readonly path: string;
  readonly imports: readonly { readonly path: string; readonly span: Span }[];
}

/** One diagnostic for each import that closes a circle. */
export function findCycles(files: readonly FileLinks[], say: (diagnostic: Diagnostic) => void): void {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const state = new Map<string, "open" | "done">();
  for (const root of files) {
    if (state.has(root.path)) continue;
    const stack = [{ file: root, next: 0 }];
    state.set(root.path, "open");
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const link = top.file.imports[top.next++];
      if (!link) {
        state.set(top.file.path, "done");
        stack.pop();
        continue;
      }
      const target = byPath.get(link.path);
      if (!target || state.get(link.path) === "done") continue;
      if (state.get(link.path) === "open") say(report("WRIT2011", link.span, { path: link.path }));
      else {
        state.set(link.path, "open");
        stack.push({ file: target, next: 0 });
      }
    }
  }
}
