/** A world in memory for tests: files in a `Map`, a clock that stands still, everything printed kept. */
import { posix } from "node:path";
import type { Entry, Host, Unreadable } from "../../src/cli/host.ts";
import { WritError } from "../../src/diagnostics/index.ts";

/** What stands at a path: bytes, a symbolic link, a file of a size that nobody writes out, or one that may not be read. */
export type MapFile =
  | string
  | Uint8Array
  | { readonly link: string }
  | { readonly size: number }
  | { readonly forbidden: true }
  | { readonly other: true };

export interface MapHost extends Host {
  readonly files: Map<string, MapFile>;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

export interface MapHostOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly standardInput?: string;
  readonly terminal?: boolean;
  readonly time?: number;
  readonly runChild?: Host["runChild"];
  readonly runForBytes?: Host["runForBytes"];
  readonly watch?: Host["watch"];
  readonly runSelf?: Host["runSelf"];
  readonly send?: Host["send"];
}

/** @param files by path, relative to the working folder `/here` or absolute */
export function mapHost(files: Readonly<Record<string, MapFile>>, options: MapHostOptions = {}): MapHost {
  const workingFolder = "/here";
  const all = new Map(Object.entries(files).map(([path, file]) => [posix.resolve(workingFolder, path), file]));
  const printed: string[] = [];
  const complained: string[] = [];
  let folders = 0;
  let texts = 0;

  const isFolder = (path: string): boolean =>
    [...all.keys()].some((file) => file.startsWith(path === "/" ? "/" : `${path}/`));
  const realPath = (path: string, hops = 0): string | undefined => {
    if (hops > 16) return undefined;
    const segments = path.split("/").filter((segment) => segment !== "");
    for (let i = 1; i <= segments.length; i++) {
      const prefix = `/${segments.slice(0, i).join("/")}`;
      const file = all.get(prefix);
      if (typeof file === "object" && "link" in file) {
        const target = posix.resolve(posix.dirname(prefix), file.link);
        return realPath(posix.join(target, ...segments.slice(i)), hops + 1);
      }
    }
    const plain = `/${segments.join("/")}`;
    return all.has(plain) || isFolder(plain) ? plain : undefined;
  };
  const kindOf = (path: string): Entry["kind"] => {
    const file = all.get(path);
    if (file === undefined) return "folder";
    if (typeof file === "string" || file instanceof Uint8Array || "size" in file || "forbidden" in file) return "file";
    return "link" in file ? "link" : "other";
  };
  const entries = (folder: string): readonly Entry[] | undefined => {
    const real = realPath(folder);
    if (real === undefined || all.has(real)) return undefined;
    const start = real === "/" ? "/" : `${real}/`;
    const names = [...all.keys()]
      .filter((path) => path.startsWith(start))
      .map((path) => path.slice(start.length).split("/")[0] ?? "");
    return [...new Set(names)].map((name) => ({ name, kind: kindOf(start + name) }));
  };
  const read = (path: string, limit: number): Uint8Array | Unreadable => {
    const real = realPath(path);
    const file = real === undefined ? undefined : all.get(real);
    if (file === undefined) return real === undefined ? "missing" : "not-a-file";
    if (typeof file === "string" || file instanceof Uint8Array) {
      const bytes = typeof file === "string" ? new TextEncoder().encode(file) : file;
      return bytes.length > limit ? "too-large" : bytes;
    }
    if ("size" in file) return file.size > limit ? "too-large" : new Uint8Array(file.size).fill(0x2f);
    return "forbidden" in file ? "forbidden" : "not-a-file";
  };

  return {
    files: all,
    stdout: () => printed.join(""),
    stderr: () => complained.join(""),
    workingFolder,
    environment: options.environment ?? {},
    printsToTerminal: options.terminal ?? false,
    complainsToTerminal: options.terminal ?? false,
    entries,
    realPath,
    read,
    write: (path, bytes, secret) => {
      if (secret && all.has(path)) throw WritError.of("WRIT5086", { path, problem: "there is a file already" });
      all.set(path, bytes);
    },
    remove: (path) => {
      for (const file of all.keys()) if (file === path || file.startsWith(`${path}/`)) all.delete(file);
    },
    temporaryFolder: () => `/temporary/${++folders}`,
    readStandardInput: () => new TextEncoder().encode(options.standardInput ?? ""),
    time: () => options.time ?? 1_795_478_400,
    elapsed: () => 0,
    print: (text) => printed.push(text),
    complain: (text) => complained.push(text),
    runChild: options.runChild ?? (() => "missing"),
    runForBytes: options.runForBytes ?? (() => undefined),
    runSelf: options.runSelf ?? (async () => ({ exitCode: 2, stdout: "", stderr: "nobody runs here" })),
    send: options.send ?? (async () => "nobody is there"),
    randomText: () => `random-${++texts}`,
    untilStopped: async () => undefined,
    watch: options.watch ?? (async () => undefined),
  };
}
