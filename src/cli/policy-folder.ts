/** Reads a policy folder and the data files beside it, and nothing that a link or a path could lead to outside of it. */
import { type Diagnostic, type Result, report, type Span, WritError } from "../diagnostics/index.ts";
import type { Entry, Host, Unreadable } from "./host.ts";
import { absolute } from "./paths.ts";

export interface FileBytes {
  /** Relative to the policy folder, with forward slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Larger than any limit that a reader of ours sets, so that each can say in its own words what it makes of the size. */
export const largestPolicy = 16 * 1024 * 1024;
const mostEntries = 100_000;
const deepestFolder = 32;

const policyName = /\.policy\.ts$/;
/** A path is printed in comments of generated code, in logs and in commands, so it holds nothing that any of them could misread. */
const plainPath = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;

/** The real path of the policy folder. */
export function findPolicyFolder(host: Host, folder: string): string {
  const real = host.realPath(absolute(host, folder));
  if (real === undefined || host.entries(real) === undefined) throw WritError.of("WRIT5080", { path: folder });
  return real;
}

/** Every `*.policy.ts` below the folder, sorted by path; folders called `node_modules` and those that start with a dot are not looked into. */
export function readPolicies(host: Host, root: string): Result<readonly FileBytes[]> {
  const diagnostics: Diagnostic[] = [];
  const value: FileBytes[] = [];
  let seen = 0;
  const visit = (folder: string, prefix: string, depth: number): void => {
    const entries = host.entries(folder);
    // What is in it may be what denies: it is not passed over.
    if (!entries) diagnostics.push(unreadable(prefix.slice(0, -1), "forbidden"));
    for (const entry of entries ?? []) {
      if (++seen > mostEntries) throw WritError.of("WRIT5084", { what: "files and folders", limit: mostEntries });
      const path = prefix + entry.name;
      const isPolicy = policyName.test(entry.name);
      if (isSkipped(entry, isPolicy)) continue;
      const problem = problemOf(host, root, path, entry, isPolicy);
      if (problem) {
        diagnostics.push(problem);
        continue;
      }
      if (entry.kind === "folder") {
        if (depth === deepestFolder) throw WritError.of("WRIT5084", { what: "nested folders", limit: deepestFolder });
        visit(`${folder}/${entry.name}`, `${path}/`, depth + 1);
      } else if (isPolicy) {
        const bytes = host.read(`${folder}/${entry.name}`, largestPolicy);
        if (typeof bytes === "string") diagnostics.push(unreadable(path, bytes));
        else value.push({ path, bytes });
      }
    }
  };
  visit(root, "", 0);
  if (value.length === 0 && diagnostics.length === 0) throw WritError.of("WRIT5081", {});
  return { value: value.sort((a, b) => (a.path < b.path ? -1 : 1)), diagnostics };
}

function isSkipped({ name, kind }: Entry, isPolicy: boolean): boolean {
  if (kind === "folder" || kind === "link") return name.startsWith(".") || name === "node_modules";
  return !isPolicy;
}

/** Only policies and what could hold some are looked at; a link may lead to another place of the same folder. */
function problemOf(host: Host, root: string, path: string, entry: Entry, isPolicy: boolean): Diagnostic | undefined {
  if (entry.kind === "link") {
    const target = host.realPath(`${root}/${path}`);
    if (target === undefined) return isPolicy ? unreadable(path, "missing") : undefined;
    // A data file is asked for by name, and looked at then.
    const holdsPolicies = isPolicy || host.entries(target) !== undefined;
    if (holdsPolicies && !isInside(root, target)) return report("WRIT5082", start(path), { path });
  }
  if (isPolicy && !plainPath.test(entry.name)) return report("WRIT5092", start(path), {});
  if (isPolicy && entry.kind === "folder") return unreadable(path, "not-a-file");
  return undefined;
}

/**
 * One data file below the policy folder.
 *
 * @param path relative to the folder, without `..`; links are resolved before it is believed
 */
export function readDataFile(host: Host, root: string, path: string, limit: number): Uint8Array | Diagnostic {
  return readInside(host, root, `${root}/${path}`, path, limit);
}

/** One file of an installed package: in the nearest `node_modules` above the policy folder that has the package, and nowhere else. */
export function readPackageFile(
  host: Host,
  root: string,
  packageName: string,
  path: string,
  limit: number,
): Uint8Array | Diagnostic {
  const shown = `npm:${packageName}/${path}`;
  for (let folder = root; ; folder = folder.slice(0, folder.lastIndexOf("/"))) {
    const modules = `${folder}/node_modules`;
    const real = host.realPath(modules);
    if (real !== undefined && host.realPath(`${modules}/${packageName}`) !== undefined)
      return readInside(host, real, `${modules}/${packageName}/${path}`, shown, limit);
    if (folder === "" || !folder.includes("/")) return unreadable(shown, "missing");
  }
}

function readInside(host: Host, root: string, path: string, shown: string, limit: number): Uint8Array | Diagnostic {
  const real = host.realPath(path);
  if (real === undefined) return unreadable(shown, "missing");
  if (!isInside(root, real)) return report("WRIT5082", start(shown), { path: shown });
  const bytes = host.read(real, limit);
  return typeof bytes === "string" ? unreadable(shown, bytes) : bytes;
}

function isInside(root: string, path: string): boolean {
  return path.startsWith(root === "/" ? root : `${root}/`);
}

function unreadable(path: string, problem: Unreadable): Diagnostic {
  return problem === "missing"
    ? report("WRIT5009", start(path), { path })
    : report("WRIT5083", start(path), { path, problem });
}

function start(path: string): Span {
  return { path, start: 0, end: 0 };
}
