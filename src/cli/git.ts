/** A policy folder as a commit has it: read from the objects of the repository, with nothing checked out and nothing of it run. */
import { posix } from "node:path";
import { WritError } from "../diagnostics/index.ts";
import { normalise } from "../model/index.ts";
import type { Entry, Host } from "./host.ts";
import { load } from "./load.ts";
import { absolute } from "./paths.ts";
import { largestPolicy } from "./policy-folder.ts";
import { type ComparedSide, decidingBy, type SideOptions, sideOf } from "./sides.ts";

/** Of all files of a policy folder together, and of the list of them. */
const LARGEST_FOLDER = 1 << 30;
const LARGEST_LIST = 64 * 1024 * 1024;
const MOST_FILES = 100_000;
const MOST_LINKS = 16;
/** Of a path that a link leads to; nobody could check out a longer one. */
const LONGEST_PATH = 4096;

/** Git's own words are for people: whatever it can't answer is no answer. */
function git(host: Host, words: readonly string[]): string | undefined {
  const line = ["-C", host.workingFolder, "--literal-pathspecs", ...words];
  const result = host.runChild("git", line, "");
  return result === "missing" || result.exitCode !== 0 ? undefined : result.stdout.trim();
}

/** The id of the commit that is called so; nothing where none is, or where the name could be taken for an option. */
export function findCommit(host: Host, name: string): string | undefined {
  if (name === "" || name.startsWith("-") || !/^[\x21-\x7e\u00a0-\uffff]{1,256}$/u.test(name)) return undefined;
  const id = git(host, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`]);
  return id !== undefined && isId(id) ? id : undefined;
}

/** Where two histories parted; of several places the one that Git finds best. */
export function findMergeBase(host: Host, base: string, head: string): string | undefined {
  const [one, other] = [findCommit(host, base), findCommit(host, head)];
  if (one === undefined || other === undefined) return undefined;
  const id = git(host, ["merge-base", one, other]);
  return id !== undefined && isId(id) ? id : undefined;
}

export function isShallow(host: Host): boolean {
  return git(host, ["rev-parse", "--is-shallow-repository"]) === "true";
}

function isId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

/** A commit without the folder is one in which nothing was declared yet. */
export function readCommit(
  host: Host,
  name: string,
  commit: string,
  { policies }: Pick<SideOptions, "policies">,
): ComparedSide | undefined {
  const folder = folderIn(host, name, policies);
  const tree = new CommitTree(host, name, commit, folder);
  if (!tree.hasPolicies()) {
    host.complain(`writ: \`${name}\` has no policies in \`${policies}\`: nothing is declared there\n`);
    return {
      ...decidingBy(nothingDeclared()),
      released: false,
      name,
      positions: new Map(),
      sources: new Map(),
      prefix: "",
    };
  }
  // Packages are those that are installed here, for commits hold none.
  const loaded = load(tree.host, tree.root, { emit: false, advise: false, packages: absolute(host, policies) });
  return sideOf(host, name, loaded);
}

function nothingDeclared() {
  const none = { tiers: [], issuers: [], identities: [], groups: [], scopes: [], apis: [] };
  return normalise({ format: 1, ...none, conditions: [], grants: [], denies: [], examples: [] });
}

/** The policy folder as it is called from the root of its repository. */
function folderIn(host: Host, name: string, policies: string): string {
  const top = git(host, ["rev-parse", "--show-toplevel"]);
  const root = top === undefined ? undefined : host.realPath(absolute(host, top));
  const folder = absolute(host, policies);
  const real = host.realPath(folder) ?? folder;
  const relative = root === undefined ? ".." : posix.relative(root, real);
  if (relative === ".." || relative.startsWith("../")) throw WritError.of("WRIT4204", { name, fault: "outside" });
  return relative;
}

interface Blob {
  readonly kind: "file" | "link" | "other";
  readonly id: string;
  readonly size: number;
}

/** The files of a folder of a commit, in the place of a folder that is not there. */
class CommitTree {
  readonly #host: Host;
  readonly #name: string;
  readonly #files = new Map<string, Blob>();
  readonly #folders = new Map<string, Map<string, Entry["kind"]>>([["", new Map()]]);
  readonly #contents = new Map<string, Uint8Array>();
  /** Looks like a place in the commit, to whoever reads it in a message. */
  readonly root: string;

  constructor(host: Host, name: string, commit: string, folder: string) {
    this.#host = host;
    this.#name = name;
    this.root = `${host.workingFolder === "/" ? "" : host.workingFolder}/${commit.slice(0, 12)}:${folder || "."}`;
    let total = 0;
    for (const { path, blob } of this.#list(commit, folder)) {
      // Two names that are no UTF-8 read alike, and one would hide the other.
      if (this.#files.has(path)) throw WritError.of("WRIT4204", { name, fault: "unreadable" });
      this.#files.set(path, blob);
      total += blob.size;
      if (this.#files.size > MOST_FILES || total > LARGEST_FOLDER)
        throw WritError.of("WRIT4204", { name, fault: "large" });
      this.#place(path, blob.kind);
    }
    const early = ([path, { kind, size }]: readonly [string, Blob]): boolean =>
      kind === "link" ? size <= LONGEST_PATH : path.endsWith(".policy.ts") && size <= largestPolicy;
    this.#read([...this.#files].filter(early));
  }

  hasPolicies(): boolean {
    return [...this.#files.keys()].some((path) => path.endsWith(".policy.ts"));
  }

  /** This host, with the commit in it. */
  get host(): Host {
    const real = this.#host;
    const inside = (path: string): string | undefined =>
      path === this.root ? "" : path.startsWith(`${this.root}/`) ? path.slice(this.root.length + 1) : undefined;
    return {
      ...real,
      entries: (path) => {
        const own = inside(path);
        if (own === undefined) return real.entries(path);
        const found = this.#folders.get(own);
        return found && [...found].map(([name, kind]) => ({ name, kind }));
      },
      realPath: (path) => {
        const own = inside(path);
        if (own === undefined) return real.realPath(path);
        const found = this.#resolve(own);
        return found === undefined ? undefined : found === "" ? this.root : `${this.root}/${found}`;
      },
      read: (path, limit) => {
        const own = inside(path);
        if (own === undefined) return real.read(path, limit);
        const found = this.#resolve(own);
        const blob = found === undefined ? undefined : this.#files.get(found);
        if (found === undefined || !blob) return found === undefined ? "missing" : "not-a-file";
        if (blob.kind !== "file") return "not-a-file";
        return blob.size > limit ? "too-large" : this.#bytesOf(found, blob);
      },
    };
  }

  #list(commit: string, folder: string): readonly { readonly path: string; readonly blob: Blob }[] {
    const within = folder === "" ? [] : ["--", `${folder}/`];
    const line = ["-C", this.#host.workingFolder, "--literal-pathspecs", "ls-tree", "-r", "-z", "-l", "--full-tree"];
    const listed = this.#host.runForBytes("git", [...line, commit, ...within], "", LARGEST_LIST);
    if (!listed) throw WritError.of("WRIT4204", { name: this.#name, fault: "unreadable" });
    const start = folder === "" ? "" : `${folder}/`;
    return new TextDecoder()
      .decode(listed)
      .split("\0")
      .flatMap((row) => {
        const [, mode = "", type = "", id = "", size = "", path = ""] =
          /^(\d{6}) (\w+) ([0-9a-f]+) +(\d+|-)\t([\s\S]+)$/.exec(row) ?? [];
        if (!path.startsWith(start) || path === "") return [];
        const kind = mode === "120000" ? "link" : type === "blob" ? "file" : "other";
        return [{ path: path.slice(start.length), blob: { kind, id, size: Number(size) || 0 } }];
      });
  }

  #place(path: string, kind: Entry["kind"]): void {
    for (let [at, below] = [path, kind]; ; below = "folder") {
      const slash = at.lastIndexOf("/");
      const folder = slash < 0 ? "" : at.slice(0, slash);
      const names = this.#folders.get(folder);
      if (names) {
        names.set(at.slice(slash + 1), below);
        return;
      }
      this.#folders.set(folder, new Map([[at.slice(slash + 1), below]]));
      at = folder;
    }
  }

  /** Links of a commit lead to places of the commit, or nowhere. */
  #resolve(path: string, links = 0): string | undefined {
    const segments = path === "" ? [] : path.split("/");
    for (let count = 1; count <= segments.length; count++) {
      const prefix = segments.slice(0, count).join("/");
      const blob = this.#files.get(prefix);
      if (blob?.kind !== "link") continue;
      if (blob.size > LONGEST_PATH) return undefined;
      const target = new TextDecoder().decode(this.#bytesOf(prefix, blob));
      const next = posix.join(posix.dirname(prefix), target, ...segments.slice(count));
      const isOutside = target.startsWith("/") || next === ".." || next.startsWith("../");
      const isEndless = links >= MOST_LINKS || next.length > LONGEST_PATH;
      return isOutside || isEndless ? undefined : this.#resolve(next === "." ? "" : next, links + 1);
    }
    return this.#files.has(path) || this.#folders.has(path) ? path : undefined;
  }

  #bytesOf(path: string, blob: Blob): Uint8Array {
    if (!this.#contents.has(blob.id)) this.#read([[path, blob]]);
    return this.#contents.get(blob.id)!;
  }

  /** `<id> blob <size>\n<bytes>\n`, one after the other. */
  #read(wanted: readonly (readonly [string, Blob])[]): void {
    const blobs = wanted.map(([, blob]) => blob).filter(({ id, kind }) => kind !== "other" && !this.#contents.has(id));
    if (blobs.length === 0) return;
    const limit = blobs.reduce((sum, { size }) => sum + size + 128, 4096);
    const input = blobs.map(({ id }) => `${id}\n`).join("");
    const line = ["-C", this.#host.workingFolder, "cat-file", "--batch"];
    const printed = this.#host.runForBytes("git", line, input, limit);
    let at = 0;
    for (const { id, size } of blobs) {
      const head = `${id} blob ${size}\n`;
      const start = at + head.length;
      const isThere = printed && new TextDecoder().decode(printed.subarray(at, start)) === head;
      if (!isThere || start + size >= printed.length)
        throw WritError.of("WRIT4204", { name: this.#name, fault: "unreadable" });
      this.#contents.set(id, printed.subarray(start, start + size));
      at = start + size + 1;
    }
  }
}
