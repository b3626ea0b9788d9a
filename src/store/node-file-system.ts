/** A folder on a real disk, as a `FileSystem`. */
import { constants } from "node:fs";
import * as fs from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { FileSystem, OpenFile } from "./file-system.ts";

/** A link in the store would lead out of it (threat P14). */
const NO_LINKS = constants.O_NOFOLLOW ?? 0;

export function nodeFileSystem(folder: string): FileSystem {
  const pathOf = (name: string) => join(folder, name);
  return {
    async makeFolder(name) {
      const path = resolve(pathOf(name));
      const topmost = await fs.mkdir(path, { recursive: true, mode: 0o700 });
      if (topmost === undefined) return;
      // Each new name is synced where it stands.
      for (let made = path; made.length >= topmost.length; made = dirname(made)) await syncFolder(dirname(made));
    },
    list: (name) => unlessAbsent(fs.readdir(pathOf(name)), []),
    async read(name) {
      const file = await unlessAbsent(fs.open(pathOf(name), constants.O_RDONLY | NO_LINKS), undefined);
      try {
        const bytes = await file?.readFile();
        return bytes && new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
      } finally {
        await file?.close();
      }
    },
    async open(name) {
      return openFile(await fs.open(pathOf(name), constants.O_RDWR | constants.O_CREAT | NO_LINKS, 0o600));
    },
    rename: (from, to) => fs.rename(pathOf(from), pathOf(to)),
    remove: (name) => fs.rm(pathOf(name), { force: true }),
    syncFolder: (name) => syncFolder(pathOf(name)),
  };
}

async function syncFolder(path: string): Promise<void> {
  // Windows opens no folders, and keeps names in its own journal.
  if (process.platform === "win32") return;
  const opened = await fs.open(path, constants.O_RDONLY);
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}

function openFile(file: fs.FileHandle): OpenFile {
  return {
    size: async () => (await file.stat()).size,
    async readAt(offset, length) {
      const buffer = Buffer.allocUnsafe(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    },
    async writeAt(offset, bytes) {
      for (let at = 0; at < bytes.length; )
        at += (await file.write(bytes, at, bytes.length - at, offset + at)).bytesWritten;
    },
    truncate: (length) => file.truncate(length),
    sync: () => file.datasync(),
    close: () => file.close(),
  };
}

async function unlessAbsent<T, U>(found: Promise<T>, absent: U): Promise<T | U> {
  try {
    return await found;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return absent;
    throw error;
  }
}
