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

/** The text by which `from` imports `to`, both relative to the policy folder. */
export function importText(from: string, to: string): string {
  const [above, below] = [from.split("/").slice(0, -1), to.split("/")];
  while (above.length > 0 && below.length > 1 && above[0] === below[0]) {
    above.shift();
    below.shift();
  }
  return `${above.length > 0 ? "../".repeat(above.length) : "./"}${below.join("/")}`;
}
