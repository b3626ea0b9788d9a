/** 80xx: the store in which everything lies that is published. */
import type { Entry } from "../entry.ts";

const operations = {
  cut: "cut",
  list: "listed",
  make: "made",
  open: "opened",
  read: "read",
  remove: "removed",
  rename: "renamed",
  sync: "synced",
  write: "written",
} as const;
export type StoreOperation = keyof typeof operations;

export const store = {
  WRIT8001: {
    name: "store-corrupt",
    severity: "error",
    message: ({ file }: { file: string }) => `\`${file}\` in the store is not what was written there`,
    help: () => "nothing was changed; keep a copy of the store, then restore it from a backup",
  },
  WRIT8002: {
    name: "store-locked",
    severity: "error",
    message: ({ owner }: { owner: string; file: string }) => `the store is in use by \`${owner}\``,
    help: ({ file }: { file: string }) =>
      `only one process writes to a store; if that machine is gone for good, remove \`${file}\` from the store`,
  },
  WRIT8003: {
    name: "store-full",
    severity: "error",
    message: () => "there is no room left on the disk of the store",
    help: () => "nothing was changed; make room, and it goes on by itself: revocations have a reserve",
  },
  WRIT8004: {
    name: "store-failed",
    severity: "error",
    message: ({ operation, name }: { operation: StoreOperation; name: string }) =>
      `the disk of the store failed: \`${name}\` could not be ${operations[operation]}`,
    help: () => "what it holds is uncertain now, so the publisher stops; look after the disk, then start it again",
  },
} satisfies Record<string, Entry>;
