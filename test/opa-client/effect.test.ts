/** A revocation reaches a stock OPA that waits for it; how fast is measured by the program, not here. */
import { expect, test } from "vitest";
import { opa, withOpa } from "../opa.ts";
import { measureEffect, percentile, servedLists } from "./effect.ts";
import { World } from "./world.ts";

test.skipIf(opa === undefined)(withOpa("each update of the revocations revokes one token, and no other"), async () => {
  const world = await World.begin();
  const { times, others } = await measureEffect(servedLists(world, 100), 10);
  expect([times.length, others]).toEqual([10, 0]);
  await world.end();
});

test("a percentile is a time within which that share came into force", () => {
  const effect = { times: Array.from({ length: 200 }, (_, index) => index + 1), others: 0 };
  expect([0, 0.5, 0.99, 1].map((share) => percentile(effect, share))).toEqual([1, 100, 198, 200]);
});
