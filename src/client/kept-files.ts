/** What a gateway keeps for its next start. A full disk costs the next start, and never a decision. */
import { WritError } from "../diagnostics/index.ts";
import type { Store } from "../trust/index.ts";

interface Listeners {
  /** What can't be kept, and nothing once it can. */
  readonly onProblem: (problem: WritError | undefined) => void;
  readonly onRemoved: (name: string) => void;
}

export function keptFiles(store: Store | undefined, { onProblem, onRemoved }: Listeners): Store {
  /** All files where the host gives no place, otherwise those that found none. */
  const held = new Map<string, Uint8Array>();
  const attempt = async (file: string, change: (store: Store) => Promise<void>): Promise<boolean> => {
    if (!store) return false;
    try {
      await change(store);
      if (held.size === 0) onProblem(undefined);
      return true;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      onProblem(WritError.of("WRIT9304", { file, problem }, error));
      return false;
    }
  };
  return {
    async read(name) {
      try {
        return held.get(name) ?? (await store?.read(name));
      } catch {
        // Unreadable is as good as not there: it comes again from the publisher.
        return undefined;
      }
    },
    async write(name, bytes) {
      held.delete(name);
      if (!(await attempt(name, (kept) => kept.write(name, bytes)))) held.set(name, bytes);
    },
    async remove(name) {
      held.delete(name);
      await attempt(name, (kept) => kept.remove(name));
      onRemoved(name);
    },
  };
}
