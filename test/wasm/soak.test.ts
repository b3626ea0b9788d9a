import { expect, test } from "vitest";
import { isFlat, soak } from "./soak.ts";

test("neither decisions nor revocations make memory grow, and the answers stay right", () => {
  const figures = soak({ decisions: 100_000, patches: 100_000, seed: 1 });
  expect(figures.differences).toEqual([]);
  expect(figures.compared).toBeGreaterThan(100);
  expect({ flat: isFlat(figures), ...figures }).toMatchObject({ flat: true });
});
