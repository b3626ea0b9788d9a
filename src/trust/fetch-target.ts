/** A target's bytes: TUF §5.7, from the cache where they are there already. */
import { WritError } from "../diagnostics/index.ts";
import { hasHashes } from "./hashes.ts";
import type { TargetFile } from "./metadata.ts";
import type { Source, Store } from "./ports.ts";

export interface TargetOptions {
  /** Where targets lie; their address is another than that of the metadata. */
  readonly source: Source;
  readonly cache: Store;
  /** Whether files carry their digest in their name (§6.2). */
  readonly consistentSnapshot: boolean;
  /** The largest target that is taken, whatever its metadata says. Default 32 MiB. */
  readonly limit?: number;
}

const LIMIT = 32 * 1024 * 1024;

export async function fetchTarget(target: TargetFile, options: TargetOptions): Promise<Uint8Array> {
  const { path, length, hashes } = target;
  const { source, cache, consistentSnapshot, limit = LIMIT } = options;
  const cached = await cache.read(path);
  if (cached?.length === length && (await hasHashes(cached, hashes))) return cached;
  if (length > limit) throw WritError.of("WRIT7001", { limit });
  const bytes = await source(fileNameOf(target, consistentSnapshot), length);
  if (!bytes) throw WritError.of("WRIT9113", { path });
  // Endless data (threat B02) was cut one byte after what is right.
  if (bytes.length !== length) throw WritError.of("WRIT7011", { expected: length, found: bytes.length });
  if (!(await hasHashes(bytes, hashes))) throw WritError.of("WRIT7010", { file: path });
  await cache.write(path, bytes);
  return bytes;
}

function fileNameOf({ path, hashes }: TargetFile, consistentSnapshot: boolean): string {
  const segments = path.split("/");
  // A name that a server would fold is another file's name.
  if (segments.some((segment) => segment === "" || segment === "." || segment === "..")) {
    throw WritError.of("WRIT9113", { path });
  }
  const [hash = ""] = [...hashes.values()];
  const named = consistentSnapshot ? segments.with(-1, `${hash}.${segments.at(-1)}`) : segments;
  return named.map(encodeURIComponent).join("/");
}
