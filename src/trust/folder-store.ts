/** Trusted files in a folder, each replaced wholly: what a stop leaves is the old file or the new one. */
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Store } from "./ports.ts";

/** @param suffix what follows the quoted name of a file */
export function folderStore(folder: string, suffix = ".json"): Store {
  const pathOf = (name: string) => join(folder, `${encodeURIComponent(name)}${suffix}`);
  return {
    async read(name) {
      try {
        return await readFile(pathOf(name));
      } catch {
        return undefined;
      }
    },
    async write(name, bytes) {
      const path = pathOf(name);
      const neighbour = `${path}.writing`;
      await mkdir(folder, { recursive: true });
      const file = await open(neighbour, "w");
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(neighbour, path);
    },
    remove: (name) => rm(pathOf(name), { force: true }),
  };
}
