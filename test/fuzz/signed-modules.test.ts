import { expect, test } from "vitest";
import { fuzzSigned } from "./signed-modules.ts";

test("no damaged module in a bundle is believed, and none makes a gateway throw", async () => {
  const { ends, failures } = await fuzzSigned(500, 7);
  expect(failures).toEqual([]);
  const names = [...ends.keys()];
  for (const end of ["changed later: WRIT70", "signed by ourselves: WRIT9001", "signed by ourselves: decides"])
    expect(
      names.some((name) => name.startsWith(end)),
      end,
    ).toBe(true);
});
