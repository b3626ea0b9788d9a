/** Disks that lie: each leaves one step of the order out. A test that does not notice proves nothing. */
import type { FileSystem, OpenFile } from "../../src/store/index.ts";

function withFiles(files: FileSystem, change: (name: string, file: OpenFile) => OpenFile): FileSystem {
  return { ...bound(files), open: async (name) => change(name, await files.open(name)) };
}

function bound(files: FileSystem): FileSystem {
  return {
    makeFolder: (name) => files.makeFolder(name),
    list: (name) => files.list(name),
    read: (name) => files.read(name),
    open: (name) => files.open(name),
    rename: (from, to) => files.rename(from, to),
    remove: (name) => files.remove(name),
    syncFolder: (name) => files.syncFolder(name),
  };
}

function withoutSync(isMeant: (name: string) => boolean): (files: FileSystem) => FileSystem {
  return (files) => withFiles(files, (name, file) => (isMeant(name) ? { ...file, sync: async () => {} } : file));
}

/** @param every of so many syncs one is done: if none were, too much would be on its way at once */
function withoutFolderSync(folder: string, every = 2): (files: FileSystem) => FileSystem {
  return (files) => {
    let count = 0;
    return {
      ...bound(files),
      syncFolder: async (name) => {
        if (name !== folder || count++ % every === every - 1) await files.syncFolder(name);
      },
    };
  };
}

/** Writes to the name itself, as one does who knows of no renaming. */
function inPlace(target: string): (files: FileSystem) => FileSystem {
  const beside = `${target}.writing`;
  return (files) => ({
    ...bound(files),
    open: (name) => files.open(name === beside ? target : name),
    rename: async (from, to) => {
      if (from !== beside) await files.rename(from, to);
    },
  });
}

/** What is left out, and the operation during which it has to show. */
export const brokenFileSystems: readonly (readonly [string, string, (files: FileSystem) => FileSystem])[] = [
  ["the blob is not synced", "publish", withoutSync((name) => name.startsWith("blobs/"))],
  ["the folder of blobs is not synced", "publish", withoutFolderSync("blobs")],
  ["the journal is not synced", "revoke", withoutSync((name) => name === "journal")],
  ["the journal is not synced", "heartbeat block", withoutSync((name) => name === "journal")],
  ["metadata is not synced", "approve", withoutSync((name) => name.startsWith("metadata/"))],
  ["the folder of metadata is not synced", "rotate", withoutFolderSync("metadata")],
  ["the head is not synced", "revoke", withoutSync((name) => name === "head.writing")],
  ["the folder of the head is not synced", "create", withoutFolderSync("", 20)],
  ["the head is written in place", "revoke many", inPlace("head")],
];
