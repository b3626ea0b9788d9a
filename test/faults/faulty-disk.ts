/** The disk of this machine with the faults that disks have: no room, no haste, and a sync that fails. */
import type { FileSystem, OpenFile } from "../../src/store/index.ts";
import { nodeFileSystem } from "../../src/store/node-file-system.ts";

export const diskStates = ["good", "full", "slow", "failing"] as const;
export type DiskState = (typeof diskStates)[number];

/** Milliseconds for which a slow disk thinks about each write and each sync. */
const PAUSE = 120;

export interface FaultyDisk extends FileSystem {
  state: DiskState;
}

export function faultyDisk(folder: string): FaultyDisk {
  const files = nodeFileSystem(folder);
  let state: DiskState = "good";
  /** Bytes that were given up since it was full: so many fit. */
  let room = 0;
  const think = async (): Promise<void> => {
    if (state === "slow") await new Promise((resolve) => setTimeout(resolve, PAUSE));
  };
  const take = (bytes: number): void => {
    if (state !== "full") return;
    if (bytes > room) throw problem("ENOSPC");
    room -= bytes;
  };
  const sync = async (act: () => Promise<void>): Promise<void> => {
    await think();
    if (state === "failing") throw problem("EIO");
    await act();
  };
  const sizeOf = async (name: string): Promise<number> => (await files.read(name))?.length ?? 0;
  return {
    get state() {
      return state;
    },
    set state(next: DiskState) {
      state = next;
      room = 0;
    },
    makeFolder: (name) => files.makeFolder(name),
    list: (name) => files.list(name),
    read: (name) => files.read(name),
    async rename(from, to) {
      await think();
      if (state === "full") room += await sizeOf(to);
      await files.rename(from, to);
    },
    async remove(name) {
      if (state === "full") room += await sizeOf(name);
      await files.remove(name);
    },
    syncFolder: (name) => sync(() => files.syncFolder(name)),
    async open(name): Promise<OpenFile> {
      const file = await files.open(name);
      return {
        size: () => file.size(),
        readAt: (offset, length) => file.readAt(offset, length),
        async writeAt(offset, bytes) {
          await think();
          take(Math.max(0, offset + bytes.length - (await file.size())));
          await file.writeAt(offset, bytes);
        },
        async truncate(length) {
          const size = await file.size();
          if (length > size) take(length - size);
          else if (state === "full") room += size - length;
          await file.truncate(length);
        },
        sync: () => sync(() => file.sync()),
        close: () => file.close(),
      };
    },
  };
}

function problem(code: "ENOSPC" | "EIO"): NodeJS.ErrnoException {
  const error: NodeJS.ErrnoException = new TypeError(code);
  error.code = code;
  return error;
}
