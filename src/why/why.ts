/** Why a request is decided as it is: every row, the rules that came near, and the smallest change that would turn it. */
import type { Decision, Loaded } from "../model/index.ts";
import { type Flip, flips } from "./flip.ts";
import { type NearRule, nearRules } from "./near-rules.ts";
import { sceneOf } from "./scene.ts";

const notARequest = "the input is no request that keeps the limits, so no change of what is loaded helps";
const nothingFound = "no change was found that turns the decision";

/** Plain data, ready for JSON. */
export interface Trace {
  /** The called operation as it was asked for, where the input says so. */
  readonly request?: string;
  readonly decision: Decision;
  /** Every row that was looked at, in order; the last one refused, or all passed. */
  readonly steps: readonly TraceStep[];
  /** Grants and denies that apply or nearly do: at most five, those that lack least first. */
  readonly near: readonly NearRule[];
  /** At most three, the smallest first. Each was decided again before it was offered. */
  readonly flips: readonly Flip[];
  /** Where there is none: why. */
  readonly noFlip?: string;
}

export interface TraceStep {
  readonly step: number;
  readonly demands: string;
  /** What was compared with what. */
  readonly compared: string;
  readonly passed: boolean;
}

/**
 * Traces one request.
 *
 * @param loaded what the gateway has loaded
 * @param input the question, an `Input`; of anything else there is little to say
 * @example why({ model, policy, revocations }, { time: 1795478400, key: { id: "k1" }, request: { host: "a.example", method: "GET", path: "/" } })
 */
export function why(loaded: Loaded, input: unknown): Trace {
  const scene = sceneOf({ loaded, input });
  const found = flips(scene);
  const { host, method, path } = scene.input?.request ?? {};
  return {
    ...(scene.input && { request: `${method} ${host}${path}` }),
    decision: scene.decision,
    steps: scene.observations.map(({ row, compared, passed }) => ({
      step: row.step,
      demands: row.demands,
      compared,
      passed,
    })),
    near: scene.call ? nearRules(loaded.model, scene.call) : [],
    flips: found,
    ...(found.length === 0 && { noFlip: scene.input ? nothingFound : notARequest }),
  };
}
