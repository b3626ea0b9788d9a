/** `writ serve` on a folder, with a clock and a disk that whoever started it may change: `publisher-process.ts FOLDER SECONDS` */
import { nodeHost } from "../../src/cli/node-host.ts";
import { run } from "../../src/cli/program.ts";
import { serveEstate } from "../../src/cli/serve.ts";
import { FolderStore } from "../../src/store/index.ts";
import { type DiskState, type FaultyDisk, faultyDisk } from "./faulty-disk.ts";

export interface Weather {
  /** Seconds by which the clock is ahead. */
  readonly clock?: number;
  readonly disk?: DiskState;
}

const [folder = "", ahead = "0"] = process.argv.slice(2);
const host = nodeHost();
let clock = Number(ahead);
let disk: FaultyDisk | undefined;

process.on("message", (weather: Weather) => {
  clock = weather.clock ?? clock;
  if (disk && weather.disk) disk.state = weather.disk;
  process.send!("changed");
});
// Whoever started it is gone, and nobody would end it any more.
process.on("disconnect", () => process.exit());

/** A publisher starts its own program again to try a candidate; then there is nobody to talk to, and the words are a command. */
process.exitCode =
  process.send === undefined
    ? await run(process.argv.slice(2), host)
    : await serveEstate({ ...host, time: () => host.time() + clock }, `${folder}/publisher.json`, (path) => {
        disk = faultyDisk(path);
        return FolderStore.open(path, { files: disk, reserve: 256 * 1024 });
      });
process.disconnect?.();
