import { expect, test } from "vitest";
import { PROBLEM_LIMIT, PROBLEM_MALFORMED, PROBLEM_NONE } from "../../src/wasm/layout.ts";
import { fuzz } from "./read-input-fuzz.ts";

test("10,000 random texts are judged as the reference judges them, and kept whole", async () => {
  const { failures, counts } = await fuzz(10_000, 11);
  expect(failures).toEqual([]);
  // Of every kind there is enough.
  for (const problem of [PROBLEM_NONE, PROBLEM_MALFORMED])
    expect(counts.get(`problem ${problem}`)).toBeGreaterThan(1000);
  expect(counts.get(`problem ${PROBLEM_LIMIT}`)).toBeGreaterThan(80);
  expect(counts.get("no JSON")).toBeGreaterThan(2000);
});
