/** Loses power in every state that each operation can leave, and starts again: threats D01 and K1 to K12, invariants I1 to I6. */
import { beforeAll, describe, expect, test } from "vitest";
import { brokenFileSystems } from "./broken-file-systems.ts";
import { type Moment, momentsAfter, type Violation, violationsAt } from "./crashes.ts";
import { momentsDuring, operationNames } from "./operations.ts";

const moments = new Map<string, readonly Moment[]>();
const violations = new Map<Moment, readonly Violation[]>();

beforeAll(async () => {
  for (const name of operationNames) {
    const during = await momentsDuring(name);
    moments.set(name, during);
    for (const moment of during) violations.set(moment, await violationsAt(moment));
  }
}, 120_000);

function violationsIn(some: readonly Moment[]): readonly Violation[] {
  return some.flatMap((moment) => violations.get(moment)!);
}

describe("a loss of power", () => {
  test.each(operationNames)(
    "D01: during %s leaves what was acknowledged, and the rest wholly or not at all",
    (name) => {
      const during = moments.get(name)!;
      expect(during.length).toBeGreaterThan(30);
      expect(violationsIn(during)).toEqual([]);
    },
  );

  const points = {
    K1: "with the temporary file of the blob written",
    K2: "with the blob synced",
    K3: "with the blob renamed",
    K4: "with its folder synced",
    K5: "with the journal half written",
    K6: "with the journal written",
    K7: "with the journal synced",
    K8: "with the head signed",
    K9: "with some metadata renamed",
    K10: "with all but the head on the disk",
    K11: "with the head renamed",
    K12: "before the answer",
  };
  test.each(Object.entries(points))("%s: %s", (point) => {
    const there = moments.get("publish")!.filter((moment) => moment.point === point);
    expect(there.length).toBeGreaterThan(0);
    expect(violationsIn(there)).toEqual([]);
  });

  const invariants = {
    I1: "what was acknowledged is there",
    I2: "versions, floor and size of the log never fall",
    I3: "a head names only what is there and matches",
    I4: "what was not acknowledged is wholly there or wholly not",
    I5: "each root of the log extends the former",
    I6: "recovering twice equals once",
  };
  test.each(Object.entries(invariants))("%s: %s", (invariant) => {
    const all = [...moments.values()].flat();
    expect(all.length).toBeGreaterThan(600);
    expect(violationsIn(all).filter((violation) => violation.invariant === invariant)).toEqual([]);
  });

  test("D01: leaves a change that was acknowledged, and nothing of one that had not reached the journal", async () => {
    const during = moments.get("publish")!;
    const outcomes = new Map<string, Set<number>>();
    for (const moment of during) {
      const sizes = outcomes.get(moment.point) ?? new Set();
      sizes.add(moment.known.acknowledged.length);
      outcomes.set(moment.point, sizes);
    }
    expect(outcomes.get("K1")).toEqual(new Set([3]));
    expect(outcomes.get("K12")).toEqual(new Set([3, 4]));
  });

  test("D01: a second one, while the store is put right after the first, changes nothing", async () => {
    const firsts = [...moments.values()].flatMap((during) => during.filter((_, index) => index % 80 === 0));
    let count = 0;
    for (const first of firsts)
      for (const second of await momentsAfter(first)) {
        expect(await violationsAt(second)).toEqual([]);
        count++;
      }
    expect(count).toBeGreaterThan(300);
  });
});

describe("a store whose disk leaves a step out is found out", () => {
  test.each(brokenFileSystems)("%s, during %s", async (_, operation, between) => {
    let found: readonly Violation[] = [];
    for (const moment of await momentsDuring(operation, between)) {
      found = await violationsAt(moment);
      if (found.length > 0) break;
    }
    expect(found).not.toEqual([]);
  });
});
