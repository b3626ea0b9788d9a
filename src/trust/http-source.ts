/** Files of a repository by HTTP: bounded in size, in time and in patience. */
import { WritError } from "../diagnostics/index.ts";
import type { Source } from "./ports.ts";

export interface HttpOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds in all, and those after which the floor rate counts. */
  readonly total?: number;
  readonly grace?: number;
}

/** Threat model §9: 60 s in all, and 1 KiB a second once 5 s are over. */
const DEFAULTS = { total: 60_000, grace: 5000 };
const BYTES_PER_MILLISECOND = 1.024;

/** @param base the address under which the files lie */
export function httpSource(base: string, options: HttpOptions = {}): Source {
  const { total = DEFAULTS.total, grace = DEFAULTS.grace, headers = {} } = options;
  const root = base.endsWith("/") ? base : `${base}/`;
  return async (file, limit) => {
    const slow = new AbortController();
    const started = performance.now();
    let received = 0;
    const watch = setInterval(
      () => {
        const elapsed = performance.now() - started;
        if (elapsed > total || received < (elapsed - grace) * BYTES_PER_MILLISECOND) slow.abort();
      },
      Math.min(1000, grace),
    );
    try {
      // A redirect leads to whom nobody configured.
      const response = await fetch(root + file, { redirect: "error", signal: slow.signal, headers });
      if (!response.ok) {
        await response.body?.cancel();
        if (response.status === 404 || response.status === 403) return undefined;
        throw WritError.of("WRIT9116", { file, problem: `the server answers ${response.status}` });
      }
      const pieces: Uint8Array[] = [];
      for await (const piece of response.body ?? []) {
        received += piece.length;
        pieces.push(piece);
        if (received > limit) break;
      }
      return join(pieces, received);
    } catch (error) {
      if (error instanceof WritError) throw error;
      if (slow.signal.aborted) throw WritError.of("WRIT9117", { file }, error);
      throw WritError.of("WRIT9116", { file, problem: "the connection failed" }, error);
    } finally {
      clearInterval(watch);
    }
  };
}

function join(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
