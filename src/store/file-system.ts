/** What a store asks of a disk, and nothing else: a test puts a disk behind it that forgets what was not synced. */

/** Names are relative to the folder of the store: `journal`, `blobs/3f…`. */
export interface FileSystem {
  /** Its name survives a loss of power. */
  makeFolder(name: string): Promise<void>;
  /** Names only; nothing where there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  /** The whole file, or nothing where there is none. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** Made where it is absent; never emptied. */
  open(name: string): Promise<OpenFile>;
  /** Replaces what is there: whoever reads it meets the old file or the new one. */
  rename(from: string, to: string): Promise<void>;
  /** What is not there is no mistake. */
  remove(name: string): Promise<void>;
  /** After it, names in the folder survive a loss of power; `""` is the folder of the store. */
  syncFolder(folder: string): Promise<void>;
}

export interface OpenFile {
  size(): Promise<number>;
  /** Fewer bytes where the file ends. */
  readAt(offset: number, length: number): Promise<Uint8Array>;
  writeAt(offset: number, bytes: Uint8Array): Promise<void>;
  truncate(length: number): Promise<void>;
  /** After it, the bytes and the length survive a loss of power. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Whether a disk has no room: the one fault after which it may go on. */
export function isFull(error: unknown): boolean {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return code === "ENOSPC" || code === "EDQUOT";
}

/** A new content under a name, never half of one: written beside it, synced, renamed, and the name synced. */
export async function replaceFile(files: FileSystem, name: string, bytes: Uint8Array, beside: string): Promise<void> {
  try {
    const file = await files.open(beside);
    try {
      // What a stop left there may be longer.
      await file.truncate(0);
      await file.writeAt(0, bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await files.rename(beside, name);
  } catch (error) {
    if (isFull(error)) await files.remove(beside);
    throw error;
  }
  await files.syncFolder(name.includes("/") ? name.slice(0, name.lastIndexOf("/")) : "");
}
