/**
 * The full form of the comparison with a solver.
 *
 *     node --conditions=writ-source test/diff/solver-run.ts --pairs 10000 --seed 1 --workers 2
 *
 * With WRIT_Z3, the path of a `z3` of this machine, it takes a quarter of the time.
 */
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { kinds } from "../../src/diff/index.ts";
import { startSolver } from "./smt.ts";
import { nothingSolved, type Solved, solvePair } from "./solver.ts";

interface Share {
  readonly pairs: number;
  readonly seed: number;
  readonly from: number;
  readonly of: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      pairs: { type: "string", default: "10000" },
      seed: { type: "string", default: "1" },
      workers: { type: "string", default: String(Math.min(2, availableParallelism())) },
      share: { type: "string" },
    },
  });
  if (values.share !== undefined) {
    process.send?.(await solveShare(JSON.parse(values.share) as Share));
    process.exit(0);
  }
  const [pairs, seed, of] = [Number(values.pairs), Number(values.seed), Number(values.workers)];
  const started = performance.now();
  const parts = await Promise.all(Array.from({ length: of }, (_, from) => inProcess({ pairs, seed, from, of })));
  const sum = (name: "changes" | "looked" | "pairs" | "questions" | "same"): number =>
    parts.reduce((total, part) => total + part[name], 0);
  const failures = parts.flatMap((part) => part.failures);
  for (const kind of kinds)
    console.log(`${kind.padEnd(8)} ${parts.reduce((total, part) => total + part.found[kind], 0)} found by the solver`);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(
    `${sum("pairs")} pairs, ${sum("changes")} changes; callers and operations: ${sum("looked")} looked at, ${sum("same")} the same ` +
      `formula on both sides; ${sum("questions")} questions; ${failures.length} failures in ${seconds} s`,
  );
  for (const failure of failures.slice(0, 10)) console.log(JSON.stringify(failure, null, 1));
  if (failures.length > 0) process.exitCode = 1;
}

async function solveShare({ pairs, seed, from, of }: Share): Promise<Solved> {
  const solver = await startSolver();
  const solved = nothingSolved();
  for (let n = from; n < pairs && solved.failures.length < 50; n += of) {
    const pair = seed * 1_000_003 + n;
    try {
      await solvePair(solver, pair, solved);
    } catch (error) {
      solved.failures.push({ seed: pair, what: `it throws: ${error}`, edits: [] });
    }
  }
  return solved;
}

/** The solver has threads of its own, so each share is a process. */
function inProcess(share: Share): Promise<Solved> {
  return new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, ["--share", JSON.stringify(share)], { execArgv: process.execArgv });
    child.once("message", (solved) => resolve(solved as Solved));
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code !== 0) reject(code);
    });
  });
}

if (import.meta.main) await main();
