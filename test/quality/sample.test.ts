/** The sample estate is held to what it recommends: its examples and `never`s notice careless edits, and show what it can do. */
import { expect, test } from "vitest";
import { coverageOf, mutate, percent, scoreOf } from "../../src/quality/index.ts";
import { sample } from "./estate.ts";

const { model, places } = sample();

test("at least 90 % of all careless edits of the sample estate are noticed", { timeout: 300_000 }, () => {
  const mutation = mutate(model, places);
  const unnoticed = mutation.judged.flatMap(({ mutant, outcome }) =>
    outcome === "unnoticed" ? [`${mutant.of.name}: ${mutant.words}`] : [],
  );
  expect(percent(scoreOf(mutation)), unnoticed.join("\n")).toBeGreaterThanOrEqual(90);
  expect(mutation.judged.length).toBeGreaterThan(250);
  expect(mutation.equivalent / mutation.judged.length).toBeLessThan(0.15);
});

test("its examples show at least 90 % of what it can do", () => {
  const coverage = coverageOf(model, places);
  expect(percent(coverage)).toBeGreaterThanOrEqual(90);
  expect(coverage.kinds.filter((kind) => percent(kind) < 90)).toEqual([]);
});
