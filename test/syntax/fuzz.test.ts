/** A short run of the fuzzer; the long one is `node test/fuzz/policy-texts.ts`. */
import { expect, test } from "vitest";
import { fuzz } from "../fuzz/policy-texts.ts";

test("5,000 mutated texts: no crash, none slow, every diagnostic inside the file", () => {
  const figures = fuzz(5000, 20261124);
  expect(figures.failures).toEqual([]);
  expect(figures.clean).toBeGreaterThan(100);
  expect(figures.codes.size).toBeGreaterThan(60);
});
