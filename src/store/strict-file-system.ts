/** A disk that is believed until it fails once: after that nothing is known of what is on it, and no retry can tell. */
import { type StoreOperation, WritError } from "../diagnostics/index.ts";
import { type FileSystem, isFull, type OpenFile } from "./file-system.ts";

/**
 * The same disk; the first change that fails for another reason than a lack of room is the last one that is tried. A sync is not
 * retried for any reason: the system may have dropped what it could not write, and the second sync would then succeed over nothing.
 *
 * @param failed told once, with what every later change is refused by
 */
export function strictFileSystem(files: FileSystem, failed: (failure: WritError) => void): FileSystem {
  let failure: WritError | undefined;
  const change = async <T>(operation: StoreOperation, name: string, action: () => Promise<T>): Promise<T> => {
    if (failure) throw failure;
    try {
      return await action();
    } catch (error) {
      if (operation !== "sync" && isFull(error)) throw error;
      // Another may have failed meanwhile; the first one is told.
      if (failure) throw failure;
      failure = WritError.of("WRIT8004", { operation, name: name || "." }, error);
      failed(failure);
      throw failure;
    }
  };
  const look = async <T>(operation: StoreOperation, name: string, action: () => Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (error) {
      throw WritError.of("WRIT8004", { operation, name: name || "." }, error);
    }
  };
  const opened = (name: string, file: OpenFile): OpenFile => ({
    size: () => look("read", name, () => file.size()),
    readAt: (offset, length) => look("read", name, () => file.readAt(offset, length)),
    writeAt: (offset, bytes) => change("write", name, () => file.writeAt(offset, bytes)),
    truncate: (length) => change("cut", name, () => file.truncate(length)),
    sync: () => change("sync", name, () => file.sync()),
    close: () => file.close(),
  });
  return {
    makeFolder: (name) => change("make", name, () => files.makeFolder(name)),
    list: (name) => look("list", name, () => files.list(name)),
    read: (name) => look("read", name, () => files.read(name)),
    open: async (name) => opened(name, await change("open", name, () => files.open(name))),
    rename: (from, to) => change("rename", from, () => files.rename(from, to)),
    remove: (name) => change("remove", name, () => files.remove(name)),
    syncFolder: (name) => change("sync", name, () => files.syncFolder(name)),
  };
}
