/** One writer to a store: a file whose name says who it is. */
import { WritError } from "../diagnostics/index.ts";
import type { FileSystem } from "./file-system.ts";
import type { Processes } from "./owner.ts";

const PREFIX = "writer.";
const SUFFIX = ".lock";

/**
 * Takes the store, and gives the function that leaves it. INVARIANT: each puts its own file there first and looks for others then,
 * so of two that come at once at least one sees the other; both may give up, but never do both stay. The name holds all there is to
 * say, so a file that was just made says who made it.
 */
export async function takeStore(files: FileSystem, processes: Processes): Promise<() => Promise<void>> {
  const own = `${PREFIX}${processes.self}${SUFFIX}`;
  if ((await files.list("")).includes(own)) throw WritError.of("WRIT8002", { owner: processes.self, file: own });
  await (await files.open(own)).close();
  const others = (await files.list("")).filter((name) => isLock(name) && name !== own);
  const living = others.find((name) => !processes.isDead(ownerIn(name)));
  if (living !== undefined) {
    await files.remove(own);
    throw WritError.of("WRIT8002", { owner: ownerIn(living), file: living });
  }
  for (const name of others) await files.remove(name);
  return () => files.remove(own);
}

function isLock(name: string): boolean {
  return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
}

function ownerIn(name: string): string {
  return name.slice(PREFIX.length, -SUFFIX.length);
}
