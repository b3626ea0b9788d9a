/** A small language for what happens to a store, one step after the other: the explain pages of the 80xx codes are written in it. */

import { WritError } from "../../src/diagnostics/index.ts";
import { FolderStore, Ledger, type Processes } from "../../src/store/index.ts";
import { ForgetfulDisk, problem } from "./forgetful-disk.ts";
import { bytesOf, digestOf, publish, revoke, signer } from "./signer.ts";

export type Step =
  | { readonly open: string }
  | { readonly close: string }
  | { readonly kill: string }
  | { readonly revoke: string }
  | { readonly publish: string }
  | { readonly flip: string }
  | { readonly room: number }
  | { readonly fail: "sync" };

/** The code of the first step that goes wrong, or nothing. */
export async function storeVerdict(steps: readonly Step[]): Promise<string | undefined> {
  let disk = new ForgetfulDisk();
  const dead = new Set<string>();
  const open = new Map<string, Ledger>();
  let ledger: Ledger | undefined;
  try {
    for (const step of steps) {
      if ("open" in step) {
        const processes = processCalled(step.open, dead);
        const store = await FolderStore.open("", { files: disk, processes, reserve: 8192 });
        ledger = await Ledger.open(store, signer(store));
        open.set(step.open, ledger);
      } else if ("close" in step) await open.get(step.close)?.store.close();
      else if ("kill" in step) dead.add(step.kill);
      else if ("revoke" in step) await ledger?.commit({ records: [revoke(step.revoke)] });
      else if ("publish" in step) {
        const bytes = bytesOf(step.publish);
        await ledger?.commit({ records: [publish(digestOf(bytes))], blobs: [bytes] });
      } else if ("flip" in step) disk = flipped(disk, step.flip);
      else if ("room" in step) disk.room = disk.used + step.room;
      else
        disk.before = ({ operation }) => {
          if (operation === step.fail) throw problem("EIO");
        };
    }
  } catch (error) {
    if (error instanceof WritError) return error.code;
    throw error;
  }
  return undefined;
}

export function processCalled(self: string, dead: ReadonlySet<string>): Processes {
  return { self, isDead: (owner) => dead.has(owner) };
}

/** The disk with one bit in the middle of a file turned. */
function flipped(disk: ForgetfulDisk, name: string): ForgetfulDisk {
  const bytes = disk.state.get(name)!;
  const middle = bytes.length >> 1;
  const changed = bytes.with(middle, bytes[middle]! ^ 1);
  return new ForgetfulDisk(new Map([...disk.state, [name, changed]]));
}
