/** Paths as people type them, made absolute; only the host knows where the command was started. */
import { posix } from "node:path";
import type { Host } from "./host.ts";

/** @example absolute(host, "policies") */
export function absolute(host: Host, path: string): string {
  const forward = process.platform === "win32" ? path.replaceAll("\\", "/") : path;
  if (/^[A-Za-z]:\//.test(forward)) return forward;
  return posix.resolve(host.workingFolder, forward);
}

/** A folder as it is seen from where the command was started, ready to stand before a path in it: `policies/`. */
export function prefixOf(host: Host, folder: string): string {
  const relative = posix.relative(host.workingFolder, folder);
  if (relative === "") return "";
  return relative.startsWith("../../") ? `${folder}/` : `${relative}/`;
}
