/** A policy folder on a machine to a compilation, with everything that is needed to talk about it. */
import type { DataFiles } from "../check/index.ts";
import { type Compilation, compile, type Options } from "../compile.ts";
import { byPlace, type Diagnostic, report } from "../diagnostics/index.ts";
import { type DataFile, documentReference } from "../documents/index.ts";
import type { Host } from "./host.ts";
import { type Findings, hasErrors, progressOf } from "./output.ts";
import { prefixOf } from "./paths.ts";
import { findPolicyFolder, readDataFile, readPackageFile, readPolicies } from "./policy-folder.ts";

export interface Loaded extends Findings {
  readonly compilation: Compilation;
  /** The policy folder, links resolved. */
  readonly root: string;
  readonly failed: boolean;
}

/** Larger than what the readers of documents accept, so that they can say what it is too large for. */
const largestDataFile = 64 * 1024 * 1024 + 1;

/** Where data files of packages are looked for; default: from the policy folder upwards. */
interface LoadOptions extends Options {
  readonly packages?: string;
}

/** @param edited texts that stand for what is in the folder or would come into it, by path: what it would be after a fix */
export function load(
  host: Host,
  folder: string,
  options: LoadOptions = {},
  edited?: ReadonlyMap<string, string>,
): Loaded {
  const progress = options.progress ?? progressOf(host);
  const root = findPolicyFolder(host, folder);
  progress("reading");
  const { value: found, diagnostics: onReading } = readPolicies(host, root);
  const texts = new Map(edited);
  const policies = found.map((file) => {
    const text = texts.get(file.path);
    texts.delete(file.path);
    return text === undefined ? file : { path: file.path, bytes: new TextEncoder().encode(text) };
  });
  for (const [path, text] of texts) policies.push({ path, bytes: new TextEncoder().encode(text) });
  const data = new Files(host, root, options.packages ?? root);
  const { value: compilation, diagnostics } = compile({ policies, data: data.find }, { ...options, progress });
  const all = [...onReading, ...diagnostics].sort(byPlace);
  const sources = new Map(compilation.sources.map((source) => [source.path, source.text]));
  return { compilation, diagnostics: all, sources, prefix: prefixOf(host, root), root, failed: hasErrors(all) };
}

/** The data files that policies name: each is read once, when it is first asked for. */
class Files {
  readonly #host: Host;
  readonly #root: string;
  readonly #packages: string;
  readonly #files = new Map<string, DataFile | Diagnostic>();

  constructor(host: Host, root: string, packages: string) {
    this.#host = host;
    this.#root = root;
    this.#packages = packages;
  }

  readonly find: DataFiles = (path) => {
    const known = this.#files.get(path) ?? this.#read(path);
    this.#files.set(path, known);
    return known;
  };

  #read(path: string): DataFile | Diagnostic {
    const reference = documentReference(path);
    if (reference.kind === "refused")
      return report("WRIT5006", undefined, { reference: path, problem: reference.problem });
    const bytes =
      reference.kind === "npm"
        ? readPackageFile(this.#host, this.#packages, reference.package, reference.path, largestDataFile)
        : readDataFile(this.#host, this.#root, reference.path, largestDataFile);
    return bytes instanceof Uint8Array ? { path, bytes } : bytes;
  }
}
