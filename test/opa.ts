/** Where stock OPA is, for tests that need it: `WRIT_OPA`, or `opa` on the path. Without it they are skipped, and say so. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

function find(): string | undefined {
  const command = process.env.WRIT_OPA ?? "opa";
  return spawnSync(command, ["version"]).status === 0 ? command : undefined;
}

export const opa = find();

/** The title of a group of tests, with the reason in it when they are skipped. */
export function withOpa(title: string): string {
  return opa === undefined ? `${title} (skipped: no OPA; put it on the path or name it in WRIT_OPA)` : title;
}

export interface Run {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
}

export function runOpa(options: readonly string[], folder: string, input?: string): Run {
  const run = spawnSync(opa ?? "opa", options, {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 1 << 30,
    ...(input !== undefined && { input }),
  });
  return { status: run.status, output: run.stdout, errors: run.stderr };
}

/** Calls `use` with a folder that holds the files, and removes it afterwards. */
export function withFolder<T>(files: Readonly<Record<string, string | Uint8Array>>, use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "writ-opa-"));
  try {
    for (const [path, content] of Object.entries(files)) writeFileSync(join(folder, path), content);
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
