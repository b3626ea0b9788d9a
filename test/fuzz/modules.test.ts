import { expect, test } from "vitest";
import { watchedModules } from "./modules.ts";

test("20,000 damaged modules: none hangs, and none decides otherwise that nobody repaired", {
  timeout: 120_000,
}, async () => {
  const { mutations, ends, failures } = await watchedModules({ mutations: 20_000, seed: 7 });
  expect(failures).toEqual([]);
  expect([...ends.values()].reduce((sum, count) => sum + count, 0)).toBe(mutations);
  expect(ends.get("tables: refused")).toBeGreaterThan(10_000);
  // What was repaired reaches the engine behind its first check.
  for (const end of ["repaired: as before", "repaired: denied", "section type: refused", "section data: refused"])
    expect(ends.has(end), end).toBe(true);
});
