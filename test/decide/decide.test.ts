/** Every row of the decision procedure and each of its boundaries, decided by the reference evaluator. */
import { describe, expect, it } from "vitest";
import { type Decision, decide, reasons, rows } from "../../src/model/index.ts";
import { decideCases } from "./cases.ts";
import { bases, loaded } from "./estate.ts";

const cases = decideCases();

for (const file of new Set(cases.map((c) => c.file))) {
  describe(file, () => {
    it.each(cases.filter((c) => c.file === file))("$name", ({ loaded, input, decision }) => {
      expect(decide(loaded, input)).toEqual(decision);
    });
  });
}

describe("the tables", () => {
  it("start from requests that are allowed", () => {
    for (const base of Object.values(bases)) expect(decide(loaded, base)).toMatchObject({ allow: true });
  });

  it("reach every reason", () => {
    const reached = new Set<string>(cases.map((c: { decision: Decision }) => c.decision.reason));
    expect(reasons.filter((reason) => !reached.has(reason))).toEqual([]);
  });

  it("reach every row, passed and failed", () => {
    const seen = new Set<string>();
    for (const { loaded, input } of cases)
      decide(loaded, input, ({ row, passed }) => seen.add(`${row.demands} ${passed}`));
    const missing = Object.values(rows).flatMap((row) =>
      [true, false].map((passed) => `${row.demands} ${passed}`).filter((text) => !seen.has(text)),
    );
    expect(missing).toEqual([]);
  });

  it("name each case once", () => {
    const names = cases.map((c) => `${c.file} ${c.name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(120);
  });
});
