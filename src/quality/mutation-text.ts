/** What a mutant that nobody notices means, in words: what would go wrong, and a request that shows it. */
import type { Change } from "../diff/index.ts";
import type { Decision, Input } from "../model/index.ts";
import type { Share } from "./coverage.ts";
import type { Mutation } from "./judge.ts";

/** Of the mutants that change decisions, those that are noticed. */
export function scoreOf({ noticed, unnoticed }: Mutation): Share {
  return { shown: noticed, of: noticed + unnoticed };
}

/** `payments calls POST orders.example.com/v1/… : refused as denied before, allowed after`. */
export function consequenceText({ witness, when }: Change): string {
  const { input, before, after } = witness;
  const { method, host, path } = input.request;
  const who = after.identity ?? before.identity ?? "nobody";
  const conditions = when[0] ?? [];
  const held = conditions.length > 0 ? `, when ${conditions.join(" and ")}` : "";
  return `${who} calls ${method} ${host}${path}: ${outcomeText(before, after)}${held}`;
}

function outcomeText(before: Decision, after: Decision): string {
  if (before.allow && after.allow)
    return before.until === after.until ? "the upstream is told something else" : "it is allowed for another while";
  return `${verdict(before)} before, ${verdict(after)} after`;
}

function verdict(decision: Decision): string {
  return decision.allow ? "allowed" : `refused as ${decision.reason}`;
}

/** On one line, as `writ why -` takes it. */
export function requestText(input: Input): string {
  return JSON.stringify(input);
}
