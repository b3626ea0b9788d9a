/** The stores there are. */
export { FolderStore, type FolderStoreOptions } from "./folder.ts";
export { memoryStore } from "./memory.ts";
