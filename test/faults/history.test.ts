/** Threat D12, in short; `history-run.ts` does it for as long as asked. */
import { expect, test } from "vitest";
import { runWithFaults } from "./run.ts";

test("D12 F24 D03 D06: everybody at once under every fault: nothing acknowledged is lost, nothing goes back, nobody is allowed too late", async () => {
  const { history, recovered } = await runWithFaults(20, 12);
  expect(history.violations).toEqual([]);
  expect(recovered).toBeLessThan(20_000);
  for (const what of [
    "revocations acknowledged",
    "releases acknowledged",
    "starts",
    "decisions on who is not: granted",
  ])
    expect([what, (history.counts.get(what) ?? 0) > 0]).toEqual([what, true]);
}, 180_000);
