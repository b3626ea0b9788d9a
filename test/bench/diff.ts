/** What `writ diff` takes over compiling both sides, from small to large estates, for an edit of one grant and for one that touches everybody. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Size, writeBigEstate } from "./big-estate.ts";
import { type Goal, printGoals } from "./goals.ts";
import { cells, median, printTable, runWrit } from "./measure.ts";

const sizes: readonly Size[] = [
  { identities: 1_000, operations: 100, grants: 1_000 },
  { identities: 10_000, operations: 1_000, grants: 1_000 },
  { identities: 100_000, operations: 10_000, grants: 1_000 },
];

/** In one file a text and what stands there afterwards. */
const edits = [
  { name: "one grant", file: "grants-0.policy.ts", from: '"2026-12-31"', to: '"2026-12-30"', most: 3 },
  { name: "the tier of all", file: "base.policy.ts", from: '"60m"', to: '"90m"', most: 10 },
];

const runs = 3;
const mebibyte = 2 ** 20;

export function benchDiff(): void {
  const rows = [["estate", "wall", "processor", "memory"]];
  const goals: Goal[] = [];
  for (const size of sizes) {
    const folder = mkdtempSync(join(tmpdir(), "writ-bench-"));
    try {
      writeBigEstate(join(folder, "base"), size);
      const about = `${size.identities} identities, ${size.operations} operations`;
      const build = median(runs, () => runWrit(["build", "base", "--bundles", "bundles"], folder));
      rows.push([`${about}: writ build`, ...cells(build)]);
      for (const { name, file, from, to, most } of edits) {
        cpSync(join(folder, "base"), join(folder, "head"), { recursive: true });
        const path = join(folder, "head", file);
        writeFileSync(path, readFileSync(path, "utf8").replace(from, to));
        const diff = median(runs, () => runWrit(["diff", "base", "head", "--format", "markdown"], folder));
        rows.push([`${about}: writ diff, ${name}`, ...cells(diff)]);
        if (size !== sizes.at(-1)) continue;
        goals.push(
          { name: `${name}: seconds over two builds`, value: diff.wall - 2 * build.wall, most },
          { name: `${name}: MiB`, value: diff.memory / mebibyte, most: 1024 },
        );
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  printTable(rows);
  printGoals(goals);
}
