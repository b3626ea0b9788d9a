/** A process that is stopped and resumed knows how long it was gone before it decides anything (threat model §13, F12). */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";

test("F12 a process that was stopped past the delay denies first when it is resumed, and goes on", async () => {
  const script = join(import.meta.dirname, "stopped-gateway.ts");
  const child = spawn(process.execPath, ["--conditions=writ-source", script], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const said: { reason: string; pause: number }[] = [];
    let wake = () => {};
    createInterface({ input: child.stdout }).on("line", (line) => {
      said.push(JSON.parse(line));
      wake();
    });
    const until = async (isSo: () => boolean) => {
      while (!isSo())
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    };
    await until(() => said.length >= 10);
    expect(said.at(-1)).toMatchObject({ reason: "granted" });
    const before = said.length;
    child.kill("SIGSTOP");
    await new Promise((resolve) => setTimeout(resolve, 3500));
    child.kill("SIGCONT");
    await until(() => said.slice(before).some(({ pause }) => pause > 3000));
    const first = said.findIndex(({ pause }) => pause > 3000);
    expect(said.slice(0, first).map(({ reason }) => reason)).toEqual(said.slice(0, first).map(() => "granted"));
    expect(said[first]).toMatchObject({ reason: "revocations-stale" });
    await until(() => said.slice(first).some(({ reason }) => reason === "granted"));
  } finally {
    child.kill("SIGKILL");
  }
});

test("a gateway keeps no process alive, unless somebody waits for it", async () => {
  const script = join(import.meta.dirname, "idle-gateway.ts");
  const run = (wait: string) =>
    new Promise<number>((resolve) => {
      const started = performance.now();
      const child = spawn(process.execPath, ["--conditions=writ-source", script, wait], { stdio: "inherit" });
      const timer = setTimeout(() => child.kill("SIGKILL"), 30_000);
      child.on("exit", (code) => {
        clearTimeout(timer);
        resolve(code === 0 ? performance.now() - started : Number.POSITIVE_INFINITY);
      });
    });
  const [idle, waiting] = [await run("no"), await run("yes")];
  expect(idle).toBeLessThan(30_000);
  expect(waiting).toBeLessThan(30_000);
});
