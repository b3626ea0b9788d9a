/** Threat D02 by the whole server, in short; `kill-run.ts` does it a thousand times. */
import { expect, test } from "vitest";
import { killServer } from "./kill.ts";

test("D02: a server killed at random under load loses nothing that it acknowledged, and does nothing twice", async () => {
  const { counts, violations } = await killServer(20, 2_001);
  expect(violations).toEqual([]);
  expect(counts.get("kills")).toBe(20);
  expect(counts.get("revocations acknowledged")).toBeGreaterThan(20);
  expect(counts.get("heads seen")).toBeGreaterThan(0);
}, 180_000);
