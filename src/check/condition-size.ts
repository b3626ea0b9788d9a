/** Conditions are written out wherever they are named: how large one becomes by it, found without writing it out. */
import { report, type Span } from "../diagnostics/index.ts";
import type { Condition } from "../model/index.ts";
import type { Estate } from "./estate.ts";

export interface ConditionSize {
  /** How often a fact is read, those of named conditions included. */
  readonly reads: number;
  /** How many conditions are named one inside another. */
  readonly depth: number;
}

const mostReads = 2_000;
const deepest = 32;

/** The condition's size; `undefined` once it is reported that it is too large. */
export function sizeWithin(estate: Estate, condition: Condition, span: Span): ConditionSize | undefined {
  const size = sizeOf(condition, estate.conditionSizes);
  if (size.depth > deepest) return estate.report(report("WRIT2140", span, { what: "conditions", limit: deepest }));
  if (size.reads > mostReads) return estate.report(report("WRIT2142", span, { limit: mostReads }));
  return size;
}

function sizeOf(condition: Condition, named: ReadonlyMap<string, ConditionSize>): ConditionSize {
  switch (condition.kind) {
    case "constant":
      return { reads: 0, depth: 0 };
    case "named": {
      const { reads, depth } = named.get(condition.name) ?? { reads: 0, depth: 0 };
      return { reads, depth: depth + 1 };
    }
    case "and":
    case "or": {
      const parts = condition.of.map((part) => sizeOf(part, named));
      const reads = parts.reduce((sum, part) => sum + part.reads, 0);
      return { reads, depth: parts.reduce((most, part) => Math.max(most, part.depth), 0) };
    }
    case "not":
      return sizeOf(condition.of, named);
    default:
      return { reads: 1, depth: 0 };
  }
}
