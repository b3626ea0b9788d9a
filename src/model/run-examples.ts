/** Runs the examples of an estate by the reference evaluator and says where a decision is not the expected one. */
import { decide } from "./decide.ts";
import type { Decision } from "./decision.ts";
import type { Example, Model } from "./model.ts";
import { compareText } from "./normalise.ts";
import type { Observation } from "./procedure.ts";

/** What of a decision was expected otherwise, both sides as one line of text. */
export interface Difference {
  readonly about: "reason" | "grants" | "headers";
  readonly expected: string;
  readonly actual: string;
}

export interface ExampleRun {
  readonly example: Example;
  readonly decision: Decision;
  readonly passed: boolean;
  readonly differences: readonly Difference[];
  /** The row that ended the procedure; absent when it allowed. */
  readonly ended?: Observation;
}

/**
 * Every example of the model, in its order.
 *
 * @param model also one of another release: then it says which of today's examples it decides otherwise
 * @example runExamples(model).filter((run) => !run.passed)
 */
export function runExamples(model: Model, examples: readonly Example[] = model.examples): readonly ExampleRun[] {
  return examples.map((example) => {
    const { policy, revocations, input } = example;
    let last: Observation | undefined;
    const decision = decide({ model, policy, revocations }, input, (observation) => {
      last = observation;
    });
    const differences = compareWithExpected(example, decision);
    return {
      example,
      decision,
      passed: differences.length === 0,
      differences,
      ...(last && !decision.allow && { ended: last }),
    };
  });
}

/** For every back end: a decision is what an example expects when this is empty. */
export function compareWithExpected({ expect }: Example, decision: Decision): readonly Difference[] {
  if (decision.reason !== expect.reason) return [{ about: "reason", expected: expect.reason, actual: decision.reason }];
  const differences: Difference[] = [];
  const differ = (about: Difference["about"], expected: string, actual: string) => {
    if (expected !== actual) differences.push({ about, expected, actual });
  };
  if (expect.grants) differ("grants", listed(expect.grants), listed(decision.allow ? decision.grants : []));
  if (expect.headers) differ("headers", pairs(expect.headers), pairs(decision.allow ? decision.headers : {}));
  return differences;
}

function listed(names: readonly string[]): string {
  return names.length > 0 ? names.toSorted(compareText).join(", ") : "none";
}

function pairs(headers: Readonly<Record<string, string>>): string {
  return listed(Object.entries(headers).map(([name, value]) => `${name}: ${value}`));
}
