/** A short form of the comparison with brute force; `exact-run.ts` is the full one. */
import { expect, test } from "vitest";
import { kinds } from "../../src/diff/index.ts";
import { exact, exactCases } from "./exact.ts";
import { edits } from "./random-edit.ts";

test("no request changes that is not predicted, and none is predicted that does not change", () => {
  const found = exact({ pairs: 250, seed: 3, from: 0, of: 1, sampled: 300, walked: 500, wasmEvery: 5, opaEvery: 0 });
  expect(found.failures).toEqual([]);
  expect(found.predicted).toEqual(found.changed);
  for (const kind of kinds) expect(found.changed[kind]).toBeGreaterThan(0);
  expect(found.empty).toBeGreaterThan(10);
  expect(Object.keys(edits).filter((edit) => !found.edits.has(edit)).length).toBeLessThan(20);
}, 300_000);

test("nor of pairs that chance seldom makes", () => {
  const found = exactCases(1_000);
  expect(found.failures).toEqual([]);
  // Two that ask for what cannot be.
  expect(found.empty).toBe(2);
}, 300_000);
