/** The fixture history itself: every step applies, compiles, and says something that people can check. */
import { describe, expect, test } from "vitest";
import { historyOf, modelOf } from "./history.ts";

describe("the history of the sample estate", () => {
  const steps = historyOf();

  test("has at least sixteen steps, each with a message of one line", () => {
    expect(steps.length).toBeGreaterThanOrEqual(16);
    for (const { message } of steps) expect(message).toMatch(/^[A-Z].{10,100}$/);
  });

  test.each(steps)("$name compiles", ({ after }) => {
    expect(modelOf(after).identities.length).toBeGreaterThan(500);
  });
});
