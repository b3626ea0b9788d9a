/** Proofs and findings are exact: held against the reference and the difference, on random estates. */
import { expect, test } from "vitest";
import { exact } from "./exact.ts";

test("what is proved holds, what is not is broken, and what is of no use changes nothing when it is gone", {
  timeout: 120_000,
}, () => {
  const { failures, ...tally } = exact(150, 1, 100);
  expect(failures).toEqual([]);
  // None of it is held against nothing.
  expect(tally.broken).toBeGreaterThan(20);
  expect(tally.nevers - tally.broken).toBeGreaterThan(20);
  for (const kind of ["always-holds", "dead", "shadowed", "unreachable"])
    expect(tally.findings[kind], kind).toBeGreaterThan(3);
});
