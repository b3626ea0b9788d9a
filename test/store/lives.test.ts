/** Threats D01 and D12 of the store alone: many callers at once, many losses of power, one history. */
import { expect, test } from "vitest";
import { liveAndDie } from "./lives.ts";

test("D12: whatever many callers were told in many lives is true after each loss of power", async () => {
  const { acknowledged, violations } = await liveAndDie(60, 5, 1);
  expect(violations).toEqual([]);
  expect(acknowledged).toBeGreaterThan(500);
});
