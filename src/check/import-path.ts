/** Where an import leads: a path inside the policy folder, or why nowhere. */

export type ImportPath =
  | { readonly kind: "file"; readonly path: string }
  /** Not a relative path to a policy file. */
  | { readonly kind: "foreign" }
  | { readonly kind: "outside" };

/** The file that `from` imports by `text`, both relative to the policy folder. */
export function resolveImport(from: string, text: string): ImportPath {
  if (!/^\.{1,2}\//.test(text) || !text.endsWith(".policy.ts") || /[\\?#%:]/.test(text)) return { kind: "foreign" };
  const segments = from.split("/").slice(0, -1);
  for (const segment of text.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") segments.push(segment);
    else if (segments.pop() === undefined) return { kind: "outside" };
  }
  return { kind: "file", path: segments.join("/") };
}
