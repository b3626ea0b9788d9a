/** A repository of Git in a folder of its own, and commands that are run in it. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Host } from "../../src/cli/host.ts";
import { nodeHost } from "../../src/cli/node-host.ts";
import { run } from "../../src/cli/program.ts";

export interface Repository {
  readonly folder: string;
  readonly git: (...line: readonly string[]) => string;
  readonly write: (files: Readonly<Record<string, string | Uint8Array>>) => void;
  /** All that is there, under a message. */
  readonly commit: (message: string) => string;
  readonly writ: (...line: readonly string[]) => Promise<{ exit: number; stdout: string; stderr: string }>;
  readonly remove: () => void;
}

export function repositoryIn(folder: string): Repository {
  const git = (...line: readonly string[]) =>
    execFileSync("git", ["-C", folder, "-c", "user.name=t", "-c", "user.email=t@example.com", ...line], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  return {
    folder,
    git,
    write: (files) => {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
    },
    commit: (message) => {
      git("add", "-A");
      git("commit", "-qm", message);
      return git("rev-parse", "HEAD");
    },
    writ: async (...line) => {
      const [printed, complained]: [string[], string[]] = [[], []];
      const host: Host = {
        ...nodeHost(),
        workingFolder: folder,
        printsToTerminal: false,
        complainsToTerminal: false,
        elapsed: () => 0,
        print: (text: string) => void printed.push(text),
        complain: (text: string) => void complained.push(text),
      };
      const exit = await run(line, host);
      return { exit, stdout: printed.join(""), stderr: complained.join("") };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export function newRepository(): Repository {
  const repository = repositoryIn(mkdtempSync(join(tmpdir(), "writ-repository-")));
  repository.git("init", "-q", "-b", "main");
  return repository;
}

/** A policy of one API with public operations: the smallest that changes something. */
export function healthPolicy(...operations: readonly string[]): string {
  const listed = operations.map((name) => `"${name}": "public"`).join(", ");
  return `import { api } from "writ";\n\nexport const health = api("health.example.com", { operations: { ${listed} } });\n`;
}
