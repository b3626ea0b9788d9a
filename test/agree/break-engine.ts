/**
 * Breaks the engine and the packer on purpose, in one place at a time, and shows that the decide cases and a short agreement
 * run notice each.
 *
 *     node --conditions=writ-source test/agree/break-engine.ts
 */
import { Worker } from "node:worker_threads";
import type { Verdict } from "./break-engine-worker.ts";
import { type EngineBreak, engineBreaks } from "./engine-breaks.ts";

/** An engine that does not come back was broken, too. */
const patience = 120_000;
const pairs = 20_000;

export interface Outcome {
  readonly name: string;
  readonly how: string;
  readonly caught: boolean;
  readonly seconds: number;
}

export async function outcomeOf(broken: EngineBreak | undefined): Promise<Outcome> {
  const started = performance.now();
  const how = await judged(broken);
  return {
    name: broken?.name ?? "nothing is broken",
    how,
    caught: how !== "not at all",
    seconds: (performance.now() - started) / 1000,
  };
}

function judged(broken: EngineBreak | undefined): Promise<string> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL("./break-engine-worker.ts", import.meta.url), {
      workerData: { ...(broken && { edit: broken }), pairs },
    });
    const timer = setTimeout(() => settle("it does not come back"), patience);
    const settle = (how: string): void => {
      clearTimeout(timer);
      void worker.terminate();
      resolve(how);
    };
    worker.once("message", ({ by, detail }: Verdict) => settle(by === "nothing" ? "not at all" : `${by}, ${detail}`));
    worker.once("error", (error) => settle(`it does not build: ${String(error).slice(0, 200)}`));
  });
}

async function main(): Promise<void> {
  const [part] = process.argv.slice(2);
  const whole = await outcomeOf(undefined);
  const outcomes: Outcome[] = [];
  for (const broken of engineBreaks) {
    if (part !== undefined && !broken.name.includes(part)) continue;
    const outcome = await outcomeOf(broken);
    outcomes.push(outcome);
    console.log(`${outcome.name.padEnd(72)} ${outcome.seconds.toFixed(1).padStart(5)} s  ${outcome.how}`);
  }
  const missed = outcomes.filter(({ caught, how }) => !caught || how.startsWith("it does not build"));
  console.log(`${outcomes.length} breaks, ${missed.length} not caught; with nothing broken: caught ${whole.how}`);
  if (missed.length > 0 || whole.caught) process.exitCode = 1;
}

if (import.meta.main) await main();
