/**
 * Breaks the diff on purpose, in one place at a time, and shows that a short comparison with brute force notices each.
 *
 *     node --conditions=writ-source test/diff/break-diff.ts
 */
import { Worker } from "node:worker_threads";
import type { DiffVerdict } from "./break-diff-worker.ts";
import { type DiffBreak, diffBreaks } from "./diff-breaks.ts";

/** A diff that does not come back is not caught by it. */
const patience = 600_000;
const pairs = 1_000;

async function judged(broken: DiffBreak | undefined): Promise<DiffVerdict> {
  return await new Promise((resolve) => {
    const worker = new Worker(new URL("./break-diff-worker.ts", import.meta.url), {
      workerData: { ...(broken && { edit: broken }), pairs },
    });
    const settle = (verdict: DiffVerdict): void => {
      clearTimeout(timer);
      void worker.terminate();
      resolve(verdict);
    };
    const timer = setTimeout(() => settle({ pairs: 0, what: "it does not come back" }), patience);
    worker.once("message", settle);
    worker.once("error", (error) => settle({ pairs: 0, what: `it does not load: ${String(error).slice(0, 200)}` }));
  });
}

async function main(): Promise<void> {
  const [part = ""] = process.argv.slice(2);
  const chosen = diffBreaks.filter(({ name }) => name.includes(part));
  let missed = 0;
  for (const broken of chosen) {
    const started = performance.now();
    const { pairs: asked, what } = await judged(broken);
    if (what === undefined || what.startsWith("it does not")) missed++;
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(
      `${broken.name.padEnd(60)} ${seconds.padStart(5)} s  ${what === undefined ? "not at all" : `pair ${asked}: ${what}`}`,
    );
  }
  const whole = await judged(undefined);
  console.log(
    `${chosen.length} breaks, ${missed} not caught; with nothing broken: ${whole.what ?? "nothing is wrong"}`,
  );
  if (missed > 0 || whole.what !== undefined) process.exitCode = 1;
}

if (import.meta.main) await main();
