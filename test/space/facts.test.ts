import { describe, expect, it } from "vitest";
import { Random } from "../random.ts";
import { askAll, wrongOfCells, wrongOfRequests } from "./facts.ts";
import { randomSetting } from "./random-facts.ts";

const settings = Number(process.env.SETTINGS ?? 150);

describe("facts", () => {
  it("are exact: every request lies in one assignment of cells, and every possible assignment is a request", () => {
    for (let seed = 1; seed <= settings; seed++) {
      const random = new Random(seed);
      const setting = randomSetting(random);
      const asked = askAll(setting);
      const wrong = [...wrongOfRequests(random, setting, asked, 30), ...wrongOfCells(random, setting, asked, 30)];
      expect(wrong[0] && { seed, wrong: wrong[0], setting: explained(setting) }).toBeUndefined();
    }
  });
});

function explained({ before, after, operation, caller }: ReturnType<typeof randomSetting>) {
  return JSON.stringify({
    before,
    after,
    segments: operation.segments,
    apart: operation.apart,
    templates: [operation.before?.template, operation.after?.template],
    claims: [caller.before.issuer?.claims, caller.after.issuer?.claims],
  });
}
