/** A short form of the comparison with a solver; `solver-run.ts` is the full one. */
import { expect, test } from "vitest";
import { kinds } from "../../src/diff/index.ts";
import { startSolver } from "./smt.ts";
import { nothingSolved, solvePair } from "./solver.ts";

test("a solver that knows nothing of the diff finds the same changes", async () => {
  const solver = await startSolver();
  const solved = nothingSolved();
  for (let seed = 70; seed < 80; seed++) await solvePair(solver, seed, solved);
  // Tokens in their last second end before revocations that are dated in the future.
  await solvePair(solver, 1_000_735, solved);
  expect(solved.failures).toEqual([]);
  expect(kinds.filter((kind) => solved.found[kind] === 0)).toEqual([]);
}, 300_000);
