import { expect, test } from "vitest";
import { hostileDocuments } from "./hostile-documents.ts";
import { tryHostile } from "./hostile-inputs.ts";

test("hostile inputs are refused, or decided as the reference decides them", () => {
  const figures = tryHostile(hostileDocuments(), 2);
  expect(figures.failures).toEqual([]);
  expect(figures.sound).toBeGreaterThan(300);
  expect(figures.inputs - figures.sound).toBeGreaterThan(1_000);
  expect([...figures.reasons.keys()]).toEqual(expect.arrayContaining(["input-malformed", "input-limit", "granted"]));
});
