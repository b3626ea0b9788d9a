/** Where everything lies that is published, and the one order in which it changes. */
export { type FileSystem, isFull, type OpenFile } from "./file-system.ts";
export { firstHead, type Head } from "./head.ts";
export { type Change, type Draft, Ledger, type Sign, type Signed } from "./ledger.ts";
export type { Processes } from "./owner.ts";
export type { RecordKind, StoreRecord } from "./record.ts";
export type { Room, Store } from "./store.ts";
export { FolderStore, type FolderStoreOptions, memoryStore } from "./stores/index.ts";
