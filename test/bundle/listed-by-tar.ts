/** GNU tar, as a second reader of archives. */
import { spawnSync } from "node:child_process";

export const hasTar = spawnSync("tar", ["--version"], { encoding: "utf8" }).stdout?.includes("GNU tar") === true;

/** What GNU tar lists: names and sizes; nothing where it complains. */
export function listedByTar(archive: Uint8Array): readonly string[] | undefined {
  const run = spawnSync("tar", ["--list", "--verbose", "--numeric-owner", "--absolute-names", "--file", "-"], {
    input: archive,
    encoding: "latin1",
    env: { PATH: process.env.PATH ?? "", LC_ALL: "C", TZ: "UTC" },
  });
  if (run.status !== 0 || run.stderr !== "") return undefined;
  return run.stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.replace(/^\S+ \S+ +(\d+) \S+ \S+ (.*)$/, "$2 $1"));
}
