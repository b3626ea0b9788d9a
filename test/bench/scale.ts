/** How long `writ check` and `writ build` take as whole processes: the sample estate, and estates of growing size. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { writeBigEstate } from "./big-estate.ts";
import { cells, type Measured, median, printTable, runWrit } from "./measure.ts";

const sizes = [
  { identities: 1_000, operations: 100, grants: 200 },
  { identities: 10_000, operations: 1_000, grants: 2_000 },
  { identities: 100_000, operations: 10_000, grants: 20_000 },
];

/** What is held against a bound: seconds of wall time, bytes of memory. */
function verdict({ wall, memory }: Measured, seconds: number, bytes: number): string {
  return wall <= seconds && memory <= bytes ? "within" : "over";
}

export function benchScale(): void {
  const folder = mkdtempSync(join(tmpdir(), "writ-bench-"));
  try {
    const rows = [["writ, whole process", "wall", "processor", "peak memory", "goal", ""]];
    const add = (what: string, measured: Measured, seconds: number, bytes: number) =>
      rows.push([
        what,
        ...cells(measured),
        `${seconds} s, ${Math.round(bytes / 2 ** 20)} MiB`,
        verdict(measured, seconds, bytes),
      ]);
    const estate = resolve(import.meta.dirname, "../../policies");
    const gibibyte = 2 ** 30;
    const build = (policies: string) => ["build", policies, "--bundles", join(folder, "bundles")];
    add(
      "check the sample estate",
      median(5, () => runWrit(["check", estate], folder)),
      0.6,
      gibibyte,
    );
    add(
      "build the sample estate",
      median(5, () => runWrit(build(estate), folder)),
      1,
      gibibyte,
    );
    for (const size of sizes) {
      const policies = join(folder, `estate-${size.identities}`);
      writeBigEstate(policies, size);
      const what = `${size.identities} identities × ${size.operations} operations × ${size.grants} grants`;
      add(
        `check ${what}`,
        median(3, () => runWrit(["check", policies], folder)),
        6,
        gibibyte,
      );
      add(
        `build ${what}`,
        median(3, () => runWrit(build(policies), folder)),
        6,
        gibibyte,
      );
    }
    printTable(rows);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) benchScale();
