/** Threat R05, in short: with the real publisher in a process of its own; `rotation-run.ts` does it with as many gateways as asked. */
import { expect, test } from "vitest";
import { rehearse } from "./rotation.ts";

test("R05 every key of every role and of bundles is changed by commands while 20 gateways run: nobody is denied, nothing restarted", async () => {
  const { decisions, denials, roots, retired, publisherStarts, problems } = await rehearse(20);
  expect({ denials, problems, publisherStarts }).toEqual({ denials: [], problems: [], publisherStarts: 1 });
  expect(decisions).toBeGreaterThan(500);
  // Three root keys, and one of each other role, whose delegation is no matter of roots.
  expect([roots, retired]).toEqual([1 + 2 * 6, 8]);
}, 240_000);
