/** How a policy names a data file: a file below the policy folder, or one inside an installed package. */

export type DocumentReference =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "npm"; readonly package: string; readonly path: string }
  | { readonly kind: "refused"; readonly problem: ReferenceProblem };

/** Why a reference is refused; the sentences are WRIT5006's. */
export type ReferenceProblem =
  | "empty"
  | "too-long"
  | "characters"
  | "backslash"
  | "absolute"
  | "scheme"
  | "parent"
  | "segments"
  | "package"
  | "package-path";

const LONGEST = 1024;

/**
 * `./fleet.json`, `data/fleet.json` or `npm:@scope/package/path/in/it.json`; whatever could leave the policy folder or the package is refused.
 *
 * @example documentReference("npm:@octokit/openapi/generated/api.github.com.json")
 */
export function documentReference(text: string): DocumentReference {
  const problem = commonProblem(text);
  if (problem) return { kind: "refused", problem };
  return text.startsWith("npm:") ? packageReference(text.slice("npm:".length)) : fileReference(text);
}

function commonProblem(text: string): ReferenceProblem | undefined {
  if (text.length === 0) return "empty";
  if (text.length > LONGEST) return "too-long";
  if (text.includes("\\")) return "backslash";
  // Printable ASCII only: no look-alike letter, no invisible mark, and no `%` that another reader decodes into a separator.
  if (!/^[!-~]+$/.test(text) || /[%?#*"<>|]/.test(text)) return "characters";
  return undefined;
}

function fileReference(text: string): DocumentReference {
  if (text.startsWith("/")) return { kind: "refused", problem: "absolute" };
  if (text.includes(":")) return { kind: "refused", problem: /^[a-zA-Z]:/.test(text) ? "absolute" : "scheme" };
  const path = text.startsWith("./") ? text.slice(2) : text;
  const problem = segmentsProblem(path.split("/"));
  return problem ? { kind: "refused", problem } : { kind: "file", path };
}

function packageReference(text: string): DocumentReference {
  const segments = text.split("/");
  const problem = segmentsProblem(segments);
  if (problem) return { kind: "refused", problem };
  const length = text.startsWith("@") ? 2 : 1;
  const name = segments.slice(0, length).join("/");
  if (!/^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/.test(name))
    return { kind: "refused", problem: "package" };
  if (segments.includes("node_modules")) return { kind: "refused", problem: "package-path" };
  const path = segments.slice(length).join("/");
  if (path === "" || path.includes(":")) return { kind: "refused", problem: "package-path" };
  return { kind: "npm", package: name, path };
}

function segmentsProblem(segments: readonly string[]): ReferenceProblem | undefined {
  if (segments.includes("..")) return "parent";
  if (segments.some((segment) => segment === "" || segment === ".")) return "segments";
  return undefined;
}

/**
 * The path of a file that a file at `from` names, or nothing when it would leave the policy folder. Only for references inside
 * a document, where `../common/errors.yaml` is common: the host never sees a `..`.
 */
export function relativePath(from: string, reference: string): string | undefined {
  const problem = commonProblem(reference);
  if (problem || reference.startsWith("/") || reference.includes(":")) return undefined;
  const segments = from.split("/").slice(0, -1);
  for (const segment of reference.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.length > 0 ? segments.join("/") : undefined;
}
