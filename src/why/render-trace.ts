/** A trace as plain text, without colour. */
import { visible } from "../diagnostics/index.ts";
import type { NearRule } from "./near-rules.ts";
import type { Trace } from "./why.ts";

/**
 * The trace for people: the decision, every row, the rules that came near, and what would turn the decision.
 *
 * @example renderTrace(why({ model }, { time: 1795478400, request: { host: "a.example", method: "GET", path: "/" } }))
 */
export function renderTrace(trace: Trace): string {
  const { decision, request = "a malformed request" } = trace;
  const verdict = decision.allow
    ? `allowed by ${decision.grants.join(", ") || "being public"}`
    : `refused, ${decision.reason}`;
  const lines = [
    `${request}: ${verdict}`,
    ...named("identity", decision.identity),
    ...named("tier", decision.tier),
    ...named("operation", decision.operation),
    "",
    ...trace.steps.map((s) => `${String(s.step).padStart(2)} ${s.passed ? "yes" : "NO "} ${s.demands}: ${s.compared}`),
    ...(trace.near.length > 0 ? ["", "rules that came near"] : []),
    ...trace.near.flatMap(nearLines),
    "",
    trace.noFlip ?? `it would be ${decision.allow ? "refused" : "allowed"} if`,
    ...trace.flips.flatMap((flip, i) => [
      ...flip.changes.map((change, j) => `${j > 0 ? "     and" : i > 0 ? "  or" : "  "} ${change.words}`),
      ...(flip.decision.allow ? [] : [`     (${flip.decision.reason})`]),
    ]),
  ];
  // Claims and paths are the caller's: nothing of them may reach a terminal as a command.
  return `${lines.map((line) => visible(line).trimEnd()).join("\n")}\n`;
}

function named(label: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [`  ${label} ${value}`];
}

function nearLines(rule: NearRule): readonly string[] {
  const scopes = rule.scopes.length > 0 ? ` (${rule.scopes.join(", ")})` : "";
  if (rule.lacks.length === 0) return [`  ${rule.kind} ${rule.name}${scopes}: applies`];
  return [`  ${rule.kind} ${rule.name}${scopes}`, ...rule.lacks.map((lack) => `    ${lack.words}`)];
}
