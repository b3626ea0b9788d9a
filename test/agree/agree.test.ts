/** A short form of the comparison with stock OPA; `agree.ts` is the full one. */
import { describe, expect, test } from "vitest";
import { reasons } from "../../src/model/index.ts";
import { opa, withOpa } from "../opa.ts";
import { agree, frequencies } from "./agree.ts";
import { differs, minimise } from "./compare.ts";

describe.skipIf(opa === undefined)(withOpa("the reference and stock OPA"), () => {
  test("agree on the whole decision, whatever the reason", { timeout: 300_000 }, () => {
    const agreement = agree(2000, 7);
    const [first] = agreement.differences;
    if (first) {
      const { model, scenario, reference, opa: answer } = minimise(first, differs);
      expect({ model, scenario, answer }).toEqual({ model, scenario, answer: { decision: reference } });
    }
    expect(reasons.filter((reason) => !agreement.reached.has(reason))).toEqual([]);
    expect(frequencies(agreement)).toHaveLength(reasons.length);
  });
});
