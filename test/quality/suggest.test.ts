/** Missing examples: they are written as an author would, they hold, and they notice what they are suggested for. */
import { describe, expect, test } from "vitest";
import {
  coverageOf,
  exampleText,
  mutate,
  noticedBy,
  percent,
  plainSpelling,
  scoreOf,
  suggest,
} from "../../src/quality/index.ts";
import { compiled, initialTexts } from "./estate.ts";

const texts = initialTexts;
const before = compiled(texts);
const mutation = mutate(before.model, before.places);
const coverage = coverageOf(before.model, before.places);
const suggestions = suggest(before.model, mutation, coverage);
const written = suggestions.map(({ example, said }) => exampleText(example.name, said, example.expect, plainSpelling));
const after = compiled({
  ...texts,
  "more.policy.ts": `import { example } from "writ";\n\n${written.join("\n")}`,
});

describe("suggested examples", () => {
  test("compile, and say of the estate what is true", () => {
    expect(suggestions.length).toBeGreaterThan(5);
    expect(after.model.examples).toHaveLength(before.model.examples.length + suggestions.length);
  });

  test("mean the same when they are read back", () => {
    for (const { example } of suggestions) {
      const read = after.model.examples.find(({ name }) => name === example.name);
      expect(read?.input).toEqual(example.input);
      expect(read?.revocations).toEqual(example.revocations);
    }
  });

  test("notice the edits that they are suggested for, and each edit is one's only", () => {
    const all = suggestions.flatMap(({ notices }) => notices);
    expect(new Set(all).size).toBe(all.length);
    const missed = suggestions.flatMap(({ example, notices }) => {
      const read = after.model.examples.find(({ name }) => name === example.name);
      return notices.filter((mutant) => !read || !noticedBy(mutant, read)).map(({ words }) => [example.name, words]);
    });
    expect(missed).toEqual([]);
  });

  test("do most first", () => {
    const worth = suggestions.map(({ notices, shows }) => notices.length + shows.length);
    expect(worth).toEqual(worth.toSorted((a, b) => b - a));
    expect(Math.min(...worth)).toBeGreaterThan(0);
  });

  test("leave hardly an edit unnoticed", () => {
    expect(percent(scoreOf(mutation))).toBeLessThan(60);
    expect(percent(scoreOf(mutate(after.model, after.places)))).toBeGreaterThanOrEqual(95);
    expect(percent(coverageOf(after.model, after.places))).toBeGreaterThan(percent(coverage));
  });

  test("are as few as are asked for", () => {
    const two = suggest(before.model, mutation, coverage, { most: 2 });
    expect(two.map(({ example }) => example.name)).toEqual(suggestions.slice(0, 2).map(({ example }) => example.name));
  });
});
