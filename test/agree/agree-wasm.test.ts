/** A short form of the comparison with policy.wasm; `agree-wasm.ts` is the full one. */
import { expect, test } from "vitest";
import { reasons } from "../../src/model/index.ts";
import { agreeWasm, differsFrom } from "./agree-wasm.ts";
import { minimise } from "./compare.ts";
import { maker } from "./maker.ts";

test("the reference and policy.wasm agree on the whole decision, whatever the reason and however they are asked", () => {
  const { pairs, reached, differences } = agreeWasm(maker, { pairs: 12_000, seed: 7, from: 0, of: 1 });
  const [first] = differences;
  if (first) {
    const { way, answer, reference, ...question } = minimise(first, differsFrom(maker));
    expect({ way, answer, ...question }).toEqual({ way, answer: reference, ...question });
  }
  expect(reasons.filter((reason) => (reached.get(reason) ?? 0) < pairs * 0.005)).toEqual([]);
});
