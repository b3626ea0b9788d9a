/** The files of one OpenAPI document and the `$ref`s between them: only what an operation needs is followed, and never over the network. */
import { type Diagnostic, report, type Source } from "../diagnostics/index.ts";
import { type DataFile, decode, LARGEST_DATA_FILE } from "./data-file.ts";
import { readJsonNode } from "./json-node.ts";
import type { DataNode } from "./node.ts";
import { relativePath } from "./reference.ts";
import { shorten } from "./registry-row.ts";
import { readYamlNode } from "./yaml-node.ts";

const LARGEST_YAML = 4 * 1024 * 1024;
const MOST_FILES = 256;
const LONGEST_CHAIN = 32;

export class DocumentFiles {
  readonly sources: Source[] = [];
  readonly #diagnostics: Diagnostic[];
  readonly #resolve: (path: string) => DataFile | undefined;
  /** A file that could not be read is remembered as nothing: one diagnostic is enough. */
  readonly #roots = new Map<string, DataNode | undefined>();
  #bytes = 0;

  constructor(resolve: (path: string) => DataFile | undefined, diagnostics: Diagnostic[]) {
    this.#resolve = resolve;
    this.#diagnostics = diagnostics;
  }

  open(file: DataFile): DataNode | undefined {
    const root = this.#read(file);
    this.#roots.set(file.path, root);
    return root;
  }

  /** The node itself, or what its `$ref` (and that one's, …) stands for; nothing when that was reported. */
  follow(node: DataNode): DataNode | undefined {
    let at = node;
    const seen = new Set<string>();
    for (;;) {
      const reference = at.members().get("$ref")?.value;
      if (reference?.kind !== "string") return at;
      const place = `${reference.span.path} ${reference.span.start}`;
      if (seen.has(place) || seen.size === LONGEST_CHAIN) {
        const first = node.members().get("$ref")!.value;
        this.#diagnostics.push(report("WRIT5056", first.span, { reference: shorten(first.text) }));
        return undefined;
      }
      seen.add(place);
      const target = this.#target(reference);
      if (!target) return undefined;
      at = target;
    }
  }

  #target(reference: DataNode): DataNode | undefined {
    const { text, span } = reference;
    const shown = shorten(text);
    const unresolved = (problem: string) => {
      this.#diagnostics.push(report("WRIT5055", span, { reference: shown, problem }));
      return undefined;
    };
    if (/^([A-Za-z][A-Za-z0-9+.-]*:|\/\/)/.test(text)) {
      this.#diagnostics.push(report("WRIT5054", span, { reference: shown }));
      return undefined;
    }
    const hash = text.indexOf("#");
    const file = hash < 0 ? text : text.slice(0, hash);
    let root = this.#roots.get(span.path);
    if (file !== "") {
      const path = relativePath(span.path, file);
      if (path === undefined) return unresolved("it is no relative path inside the policy folder");
      if (!this.#roots.has(path)) {
        const found = this.#roots.size < MOST_FILES ? this.#resolve(path) : undefined;
        if (!found)
          return unresolved(
            this.#roots.size < MOST_FILES ? "there is no such file" : `the document has more than ${MOST_FILES} files`,
          );
        this.#roots.set(path, this.#read({ path, bytes: found.bytes }));
      }
      root = this.#roots.get(path);
      if (!root) return undefined;
    }
    let at = root;
    for (const step of hash < 0 ? [] : (pointer(text.slice(hash + 1)) ?? [undefined])) {
      if (step === undefined) return unresolved("what follows `#` is no JSON pointer");
      at =
        at?.kind === "array" && /^(0|[1-9][0-9]{0,8})$/.test(step)
          ? at.items()[Number(step)]
          : at?.members().get(step)?.value;
      if (!at) return unresolved(`there is no \`${shorten(step)}\` there`);
    }
    return at;
  }

  #read(file: DataFile): DataNode | undefined {
    const extension = /\.(json|yaml|yml)$/.exec(file.path)?.[1];
    const none = { path: file.path, start: 0, end: 0 };
    if (extension === undefined) {
      this.sources.push({ path: file.path, text: "" });
      this.#diagnostics.push(report("WRIT5007", none, { path: file.path, expected: "`.json`, `.yaml` or `.yml`" }));
      return undefined;
    }
    this.#bytes += file.bytes.length;
    // All files of one document together keep the limit of one.
    const limit = extension === "json" ? LARGEST_DATA_FILE : LARGEST_YAML;
    const { source, problem } = decode(file, this.#bytes > LARGEST_DATA_FILE ? 0 : limit);
    this.sources.push(source);
    const read = problem ? { problem } : extension === "json" ? readJsonNode(source) : readYamlNode(source);
    if (read.problem) this.#diagnostics.push(read.problem);
    return "root" in read ? read.root : undefined;
  }
}

/** RFC 6901 §6: a pointer in a URI fragment is percent-decoded first, then split, then unescaped. */
function pointer(fragment: string): string[] | undefined {
  if (fragment === "") return [];
  if (!fragment.startsWith("/")) return undefined;
  let decoded = fragment;
  try {
    decoded = decodeURIComponent(fragment);
  } catch {
    return undefined;
  }
  const steps = decoded.slice(1).split("/");
  if (steps.length > 64) return undefined;
  return steps.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}
