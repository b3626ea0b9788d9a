/** Many questions to one estate for little: a request that comes far is broken in many ways, under one of few policies. */
import type { Model, Policy } from "../../src/model/index.ts";
import type { Random } from "../random.ts";
import { breakOne } from "./break.ts";
import { now } from "./random-model.ts";
import { furthestScenario } from "./random-request.ts";
import type { Scenario } from "./scenario.ts";

/** How many questions are made of one. */
const perRequest = 8;

/** @param worlds estates that are asked for themselves, each a part of the one that decides */
export function randomBatch(random: Random, worlds: readonly Model[], count: number): readonly Scenario[] {
  const policies = [randomPolicy(random), randomPolicy(random)];
  const scenarios: Scenario[] = [];
  while (scenarios.length < count) {
    const world = random.pick(worlds);
    const scenario = underPolicy(furthestScenario(random, world), random.pick(policies));
    for (let n = 0; n < perRequest && scenarios.length < count; n++)
      scenarios.push(random.chance(0.85) ? breakOne(random, world, scenario) : scenario);
  }
  return scenarios;
}

/** In force whenever a request comes that nobody has broken. */
function randomPolicy(random: Random): Policy {
  return {
    revision: random.pick(["r1", "é"]),
    sequence: random.int(0, 3),
    notBefore: now - 1 - random.int(0, 2),
    notAfter: now + 4 + random.pick([0, 1, 60, 500]),
  };
}

function underPolicy(scenario: Scenario, policy: Policy): Scenario {
  const { floor, ...rest } = scenario.revocations as { readonly floor: number };
  return { ...scenario, policy, revocations: { ...rest, floor: Math.min(floor, policy.sequence) } };
}
