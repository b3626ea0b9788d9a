/** A disk in memory that keeps only what was synced, and can say every state in which a loss of power may leave it. */
import { hash } from "node:crypto";
import type { FileSystem, OpenFile } from "../../src/store/index.ts";
import type { Random } from "../random.ts";

/** Writes of a disk are whole in pieces of this size, and in nothing larger. */
const SECTOR = 512;

/** Files by their names, as they lie on a disk. */
export type DiskState = ReadonlyMap<string, Uint8Array>;

export type Operation =
  | "make"
  | "list"
  | "read"
  | "open"
  | "write"
  | "cut"
  | "sync"
  | "rename"
  | "remove"
  | "sync-folder";

export interface Call {
  readonly operation: Operation;
  readonly name: string;
}

type Write =
  | { readonly kind: "write"; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: "cut"; readonly length: number };

interface Content {
  /** As every process sees it. */
  now: Uint8Array;
  /** As it is after a loss of power, but for what is on its way. */
  synced: Uint8Array;
  pending: Write[];
}

type Renaming =
  | { readonly kind: "add"; readonly name: string; readonly content: Content }
  | { readonly kind: "move"; readonly from: string; readonly name: string; readonly content: Content }
  | { readonly kind: "drop"; readonly name: string };

type Names = Map<string, Content>;

interface Folder {
  now: Names;
  synced: Names;
  pending: Renaming[];
}

export class ForgetfulDisk implements FileSystem {
  readonly #folders = new Map<string, Folder>();
  /** All that was asked, in its order. */
  readonly calls: Call[] = [];
  /** Before each call; what it throws becomes of the call. A sync that fails forgets what it should have written, as systems do. */
  before: (call: Call) => void = () => {};
  /** After each call. */
  after: (call: Call) => void = () => {};
  /** Bytes that all files may have together. */
  room = Number.POSITIVE_INFINITY;

  constructor(state: DiskState = new Map()) {
    for (const [name, bytes] of state) {
      const content: Content = { now: bytes, synced: bytes, pending: [] };
      const folder = this.#folder(folderOf(name));
      folder.now.set(name, content);
      folder.synced.set(name, content);
    }
  }

  #folder(name: string): Folder {
    let folder = this.#folders.get(name);
    if (!folder) {
      folder = { now: new Map(), synced: new Map(), pending: [] };
      this.#folders.set(name, folder);
    }
    return folder;
  }

  async #call<T>(operation: Operation, name: string, action: () => T): Promise<T> {
    const call = { operation, name };
    this.calls.push(call);
    this.before(call);
    const result = action();
    this.after(call);
    return result;
  }

  makeFolder(name: string): Promise<void> {
    return this.#call("make", name, () => {
      this.#folder(name);
    });
  }

  list(name: string): Promise<readonly string[]> {
    return this.#call("list", name, () =>
      [...this.#folder(name).now.keys()].map((path) => path.slice(path.indexOf("/") + 1)),
    );
  }

  read(name: string): Promise<Uint8Array | undefined> {
    return this.#call("read", name, () => this.#find(name)?.now.slice());
  }

  open(name: string): Promise<OpenFile> {
    return this.#call("open", name, () => {
      const folder = this.#folder(folderOf(name));
      let content = folder.now.get(name);
      if (!content) {
        content = { now: new Uint8Array(), synced: new Uint8Array(), pending: [] };
        folder.now.set(name, content);
        folder.pending.push({ kind: "add", name, content });
      }
      return this.#openFile(name, content);
    });
  }

  #openFile(name: string, content: Content): OpenFile {
    const change = (write: Write) => {
      content.now = apply(content.now, write);
      content.pending.push(write);
    };
    return {
      size: () => this.#call("read", name, () => content.now.length),
      readAt: (offset, length) => this.#call("read", name, () => content.now.slice(offset, offset + length)),
      writeAt: (offset, bytes) =>
        this.#call("write", name, () => {
          const grows = offset + bytes.length - content.now.length;
          const fits = Math.min(grows, Math.max(0, this.room - this.used));
          const written = Uint8Array.from(grows > fits ? bytes.subarray(0, bytes.length - (grows - fits)) : bytes);
          if (written.length > 0) change({ kind: "write", offset, bytes: written });
          if (grows > fits) throw problem("ENOSPC");
        }),
      truncate: (length) => this.#call("cut", name, () => change({ kind: "cut", length })),
      sync: async () => {
        try {
          await this.#call("sync", name, () => {
            content.synced = content.pending.reduce(apply, content.synced);
            content.pending = [];
          });
        } catch (error) {
          content.pending = [];
          throw error;
        }
      },
      close: async () => {},
    };
  }

  rename(from: string, to: string): Promise<void> {
    return this.#call("rename", from, () => {
      const folder = this.#folder(folderOf(from));
      const content = folder.now.get(from);
      if (!content || folderOf(from) !== folderOf(to)) throw problem("ENOENT");
      const renaming: Renaming = { kind: "move", from, name: to, content };
      rename(folder.now, renaming);
      folder.pending.push(renaming);
    });
  }

  remove(name: string): Promise<void> {
    return this.#call("remove", name, () => {
      const folder = this.#folder(folderOf(name));
      if (!folder.now.delete(name)) return;
      folder.pending.push({ kind: "drop", name });
    });
  }

  async syncFolder(name: string): Promise<void> {
    const folder = this.#folder(name);
    try {
      await this.#call("sync-folder", name, () => {
        for (const renaming of folder.pending) rename(folder.synced, renaming);
        folder.pending = [];
      });
    } catch (error) {
      folder.pending = [];
      throw error;
    }
  }

  #find(name: string): Content | undefined {
    return this.#folder(folderOf(name)).now.get(name);
  }

  get used(): number {
    let used = 0;
    for (const { now } of this.#folders.values()) for (const content of now.values()) used += content.now.length;
    return used;
  }

  /** As every process sees it: what a killed one leaves. */
  get state(): DiskState {
    const files = [...this.#folders.values()].flatMap(({ now }) => [...now]);
    return new Map(files.map(([name, { now }]) => [name, now.slice()]));
  }

  /** One of the states that a loss of power may leave. */
  crashState(random: Random): DiskState {
    const found = new Map<string, Uint8Array>();
    const kept = new Map<Content, Uint8Array>();
    for (const { synced, pending } of this.#folders.values()) {
      const names = new Map(synced);
      for (const renaming of pending) if (random.chance(0.5)) rename(names, renaming);
      for (const [name, content] of names) {
        const bytes = kept.get(content) ?? random.pick(contentsAfterCrash(content));
        kept.set(content, bytes);
        found.set(name, bytes);
      }
    }
    return found;
  }

  /** Whatever a loss of power at this moment may leave, each once. */
  *crashStates(): Generator<DiskState> {
    const folders = [...this.#folders.values()];
    const contents = [...new Set(folders.flatMap(contentsOf))];
    const choices = contents.map((content) => [content, contentsAfterCrash(content)] as const);
    for (const names of product(folders.map(namesAfterCrash)))
      for (const bytes of product(choices.map(([, possible]) => possible))) {
        const kept = new Map(choices.map(([content], index) => [content, bytes[index]!]));
        yield new Map(
          names.flatMap((folder) => [...folder].map(([name, content]) => [name, kept.get(content)!] as const)),
        );
      }
  }
}

export function problem(code: string): Error {
  return Object.assign(new TypeError(code), { code });
}

/** Equal for equal disks. */
export function keyOf(state: DiskState): string {
  const parts = [...state].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return hash(
    "sha256",
    Buffer.concat(parts.flatMap(([name, bytes]) => [Buffer.from(`${name} ${bytes.length}\n`), bytes])),
    "hex",
  );
}

function folderOf(name: string): string {
  return name.includes("/") ? name.slice(0, name.lastIndexOf("/")) : "";
}

function apply(bytes: Uint8Array, write: Write): Uint8Array {
  const end = write.kind === "cut" ? write.length : Math.max(bytes.length, write.offset + write.bytes.length);
  const changed = new Uint8Array(end);
  changed.set(bytes.subarray(0, end));
  if (write.kind === "write") changed.set(write.bytes, write.offset);
  return changed;
}

function rename(names: Names, renaming: Renaming): void {
  if (renaming.kind === "move") names.delete(renaming.from);
  if (renaming.kind === "drop") names.delete(renaming.name);
  else names.set(renaming.name, renaming.content);
}

function contentsOf({ synced, pending }: Folder): readonly Content[] {
  return [...synced.values(), ...pending.flatMap((renaming) => (renaming.kind === "drop" ? [] : [renaming.content]))];
}

/** Changes of names reach the disk in any order, each wholly or not at all. */
function namesAfterCrash({ synced, pending }: Folder): readonly Names[] {
  const found: Names[] = [];
  for (let chosen = 0; chosen < 2 ** pending.length; chosen++) {
    const names = new Map(synced);
    for (const [index, renaming] of pending.entries()) if ((chosen >> index) & 1) rename(names, renaming);
    found.push(names);
  }
  return found;
}

/** Of each write on its way: nothing; all; a part up to any sector; the length with nothing in it; all but one sector. */
function contentsAfterCrash({ synced, pending }: Content): readonly Uint8Array[] {
  const found = new Map<string, Uint8Array>();
  const add = (bytes: Uint8Array) => found.set(hash("sha256", bytes), bytes);
  let before = synced;
  add(before);
  for (const write of pending) {
    const after = apply(before, write);
    if (write.kind === "write")
      for (const [from, to] of sectorsOf(write)) {
        add(apply(before, { ...write, bytes: write.bytes.subarray(0, from - write.offset) }));
        const zeros = (start: number, end: number) => {
          const bytes = write.bytes.slice();
          // A place that held something keeps it; only new room is empty.
          for (let at = start; at < end; at++) bytes[at - write.offset] = before[at] ?? 0;
          return apply(before, { ...write, bytes });
        };
        add(zeros(from, to));
        add(zeros(from, write.offset + write.bytes.length));
        add(zeros(write.offset, to));
      }
    add(after);
    before = after;
  }
  return [...found.values()];
}

/** Where the sectors begin and end that a write touches. */
function sectorsOf({
  offset,
  bytes,
}: {
  readonly offset: number;
  readonly bytes: Uint8Array;
}): readonly [number, number][] {
  const found: [number, number][] = [];
  const end = offset + bytes.length;
  for (let from = offset; from < end; ) {
    const to = Math.min(end, (Math.floor(from / SECTOR) + 1) * SECTOR);
    found.push([from, to]);
    from = to;
  }
  return found;
}

function product<T>(choices: readonly (readonly T[])[]): readonly (readonly T[])[] {
  return choices.reduce<readonly (readonly T[])[]>(
    (found, some) => found.flatMap((one) => some.map((choice) => [...one, choice])),
    [[]],
  );
}
