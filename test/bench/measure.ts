/** Runs whole processes and says what they took, as the operating system accounts for them. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

export interface Measured {
  readonly wall: number;
  readonly processor: number;
  /** Bytes at the peak. */
  readonly memory: number;
}

const meter = join(import.meta.dirname, "meter.ts");

/** One run of the built command; it must say that all is well. */
export function runWrit(parameters: readonly string[], folder: string): Measured {
  const command = join(import.meta.dirname, "../../dist/cli.js");
  const start = process.hrtime.bigint();
  const { status, stderr, output } = spawnSync(process.execPath, ["--import", meter, command, ...parameters], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    maxBuffer: 1 << 28,
  });
  const wall = Number(process.hrtime.bigint() - start) / 1e9;
  if (status !== 0) {
    process.stderr.write(stderr);
    process.exit(1);
  }
  const { processor, memory } = JSON.parse(output[3] ?? "") as Omit<Measured, "wall">;
  return { wall, processor, memory };
}

/** Several runs after one that is not counted; the median of each figure. */
export function median(runs: number, run: () => Measured): Measured {
  run();
  const all = Array.from({ length: runs }, run);
  const middle = (pick: (one: Measured) => number) => all.map(pick).sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
  return { wall: middle((m) => m.wall), processor: middle((m) => m.processor), memory: middle((m) => m.memory) };
}

export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => (row[i] ?? "").length))) ?? [];
  for (const row of rows)
    console.log(
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "),
    );
}

export function cells({ wall, processor, memory }: Measured): readonly string[] {
  return [`${wall.toFixed(2)} s`, `${processor.toFixed(2)} s`, `${Math.round(memory / 2 ** 20)} MiB`];
}
