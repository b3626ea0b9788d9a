/** The real world, as a `Host`. */
import { execFile, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { assert, WritError } from "../diagnostics/index.ts";
import type { ChildResult, Entry, Host, Unreadable } from "./host.ts";

export function nodeHost(): Host {
  return {
    workingFolder: forward(process.cwd()),
    environment: process.env,
    printsToTerminal: process.stdout.isTTY === true,
    complainsToTerminal: process.stderr.isTTY === true,
    entries,
    realPath,
    read,
    write,
    remove: (path) => fs.rmSync(path, { force: true, recursive: true }),
    temporaryFolder: () => forward(fs.mkdtempSync(join(tmpdir(), "writ-"))),
    readStandardInput,
    time: () => Math.floor(Date.now() / 1000),
    elapsed: () => performance.now(),
    print: (text) => writeAll(1, text),
    complain: (text) => writeAll(2, text),
    runChild,
    runForBytes,
    runSelf,
    send: async (request) => (await import("./send.ts")).send(request),
    randomText: () => randomUUID(),
    untilStopped,
    watch,
  };
}

function forward(path: string): string {
  return process.platform === "win32" ? path.replaceAll("\\", "/") : path;
}

function entries(folder: string): readonly Entry[] | undefined {
  try {
    return fs.readdirSync(folder, { withFileTypes: true }).map((entry) => ({ name: entry.name, kind: kindOf(entry) }));
  } catch {
    return undefined;
  }
}

function kindOf(entry: fs.Dirent): Entry["kind"] {
  if (entry.isSymbolicLink()) return "link";
  if (entry.isDirectory()) return "folder";
  return entry.isFile() ? "file" : "other";
}

function realPath(path: string): string | undefined {
  try {
    return forward(fs.realpathSync.native(path));
  } catch {
    return undefined;
  }
}

/** Opens without waiting (a pipe would block) and asks the open file, not the name, which could be another file by then. */
function read(path: string, limit: number): Uint8Array | Unreadable {
  assert(isAbsolute(path), "a host reads absolute paths only");
  let file: number;
  try {
    file = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === "ENOENT" || code === "ENOTDIR" ? "missing" : code === "EISDIR" ? "not-a-file" : "forbidden";
  }
  try {
    const status = fs.fstatSync(file);
    if (!status.isFile()) return "not-a-file";
    if (status.size > limit) return "too-large";
    return readUpTo(file, status.size, limit);
  } catch {
    return "forbidden";
  } finally {
    fs.closeSync(file);
  }
}

/** Files grow while they are read, and some (in /proc) say that they have no size. */
function readUpTo(file: number, expected: number, limit: number): Uint8Array | "too-large" {
  let buffer = Buffer.allocUnsafe(Math.min(expected, limit) + 1);
  let length = 0;
  for (;;) {
    if (length === buffer.length) buffer = Buffer.concat([buffer], Math.min(buffer.length * 2, limit + 1));
    const count = readSome(file, buffer, length);
    if (count === 0) return buffer.subarray(0, length);
    length += count;
    if (length > limit) return "too-large";
  }
}

function readSome(file: number, buffer: Buffer, at: number): number {
  for (;;) {
    try {
      return fs.readSync(file, buffer, at, buffer.length - at, null);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      // Standard input that is not ready yet: wait without burning the processor.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function readStandardInput(limit: number): Uint8Array | "too-large" {
  return readUpTo(0, Math.min(limit, 65_536), limit);
}

/** To a neighbour first, then renamed: whoever reads it meets the old file or the new one, never half of one. */
function write(path: string, bytes: Uint8Array | string, secret?: "secret"): void {
  const neighbour = `${path}.${process.pid}.writing`;
  try {
    fs.mkdirSync(dirname(path), { recursive: true });
    if (secret) {
      fs.writeFileSync(path, bytes, { mode: 0o600, flag: "wx" });
    } else {
      fs.writeFileSync(neighbour, bytes, { flag: "wx" });
      fs.renameSync(neighbour, path);
    }
  } catch (error) {
    const { code = "it failed" } = error as NodeJS.ErrnoException;
    if (!secret) fs.rmSync(neighbour, { force: true });
    throw WritError.of("WRIT5086", { path, problem: writeProblems[code] ?? `the system says ${code}` }, error);
  }
}

const writeProblems: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EEXIST: "there is a file already",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is a file",
  ENOSPC: "the disk is full",
  EROFS: "the disk is read-only",
};

/** Whoever reads us may go away (`writ … | head`): that is no error of ours, and nobody is left to be told. */
function writeAll(file: 1 | 2, text: string): void {
  const bytes = Buffer.from(text, "utf8");
  for (let at = 0; at < bytes.length; ) {
    try {
      at += fs.writeSync(file, bytes, at);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "EPIPE") return;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function runChild(program: string, arguments_: readonly string[], input: string): ChildResult | "missing" {
  const child = spawnSync(program, arguments_, { input, encoding: "utf8", maxBuffer: 1 << 30 });
  if (child.error) return "missing";
  return { exitCode: child.status ?? 1, stdout: child.stdout, stderr: child.stderr };
}

function runForBytes(
  program: string,
  arguments_: readonly string[],
  input: string,
  limit: number,
): Uint8Array | undefined {
  const child = spawnSync(program, arguments_, { input: Buffer.from(input), maxBuffer: limit });
  return child.error || child.status !== 0 ? undefined : child.stdout;
}

/** Milliseconds for a command of ours: candidates are tried one at a time, so one that never ends would be the last one. */
const LONGEST_RUN = 10 * 60_000;

function runSelf(arguments_: readonly string[]): Promise<ChildResult> {
  const line = [...process.execArgv, process.argv[1] ?? "", ...arguments_];
  const options = { encoding: "utf8", maxBuffer: 1 << 26, timeout: LONGEST_RUN, killSignal: "SIGKILL" } as const;
  return new Promise((resolve) => {
    execFile(process.execPath, line, options, (error, stdout, stderr) => {
      const exitCode = error ? (typeof error.code === "number" ? error.code : 2) : 0;
      resolve({ exitCode, stdout, stderr });
    });
  });
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}

async function watch(folder: string, changed: () => void): Promise<void> {
  const watcher = fs.watch(folder, { recursive: true });
  let timer: NodeJS.Timeout | undefined;
  watcher.on("change", () => {
    // Editors write a file in several steps; one look after the last of them is enough.
    clearTimeout(timer);
    timer = setTimeout(changed, 50);
  });
  await new Promise<void>((resolve) => process.once("SIGINT", resolve));
  clearTimeout(timer);
  watcher.close();
}
