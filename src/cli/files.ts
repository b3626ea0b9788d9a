/** Files that are named on the command line. */
import { WritError } from "../diagnostics/index.ts";
import type { Host } from "./host.ts";
import { absolute } from "./paths.ts";

export const largestKeyFile = 1024 * 1024;

/** The bytes, or the error that says why there are none. */
export function readNamedFile(host: Host, path: string, limit: number): Uint8Array {
  const bytes = path === "-" ? host.readStandardInput(limit) : host.read(absolute(host, path), limit);
  if (typeof bytes !== "string") return bytes;
  throw WritError.of("WRIT5083", { path: path === "-" ? "standard input" : path, problem: bytes });
}
