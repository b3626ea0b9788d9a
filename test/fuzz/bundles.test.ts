import { expect, test } from "vitest";
import { codeNamed } from "../bundle/code-named.ts";
import { fuzz } from "./bundles.ts";

test("2,000 mutated bundles: none crashes, none stalls, none is accepted altered", async () => {
  const { bundles, same, signedAnew, codes, failures } = await fuzz(2000, 7);
  expect(failures).toEqual([]);
  expect([...codes.values()].reduce((sum, count) => sum + count, same + signedAnew)).toBe(bundles);
  expect(same).toBeGreaterThan(20);
  // The mutations reach every layer.
  for (const name of [
    "archive-malformed",
    "archive-name",
    "archive-duplicate",
    "archive-type",
    "bundle-kind",
    "bundle-manifest",
  ]) {
    expect(codes.has(codeNamed(name)), name).toBe(true);
  }
  for (const name of [
    "bundle-digest",
    "json-malformed",
    "signature-malformed",
    "signature-alg",
    "signature-key-unknown",
    "signature-invalid",
  ]) {
    expect(codes.has(codeNamed(name)), name).toBe(true);
  }
});
