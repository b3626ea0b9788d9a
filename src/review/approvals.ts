/** The file of approved changes: each names a change by its digest, who approved it and why. It has no end: the change is its end. */

import type { ApprovalFault } from "../diagnostics/index.ts";
import { WritError } from "../diagnostics/index.ts";
import { type JsonObject, type JsonValue, readJson } from "../json/index.ts";

export interface Approval {
  /** The digest of the change. */
  readonly change: string;
  readonly by: readonly string[];
  readonly reason: string;
  readonly ticket?: string;
}

/** Bytes of such a file. */
export const largestApprovals: number = 4 * 1024 * 1024;

const MEMBERS = ["by", "change", "reason", "ticket"];

/**
 * @param path for the error, which names the place in it
 * @throws WritError `approvals-malformed`
 */
export function readApprovals(bytes: Uint8Array, path: string): readonly Approval[] {
  const wrong = (fault: ApprovalFault, place = "") => WritError.of("WRIT4203", { path, place, fault });
  const document = readJson(bytes, { size: largestApprovals });
  const whole = document.failure ? undefined : asObject(document.value);
  if (!whole || !Array.isArray(whole.approved)) throw wrong("no-json");
  if (Object.keys(whole).some((name) => name !== "approved")) throw wrong("unknown-member");
  const seen = new Set<string>();
  return whole.approved.map((value, index) => {
    const place = `approved[${index}]`;
    const approval = asObject(value);
    if (!approval) throw wrong("no-json", place);
    if (Object.keys(approval).some((name) => !MEMBERS.includes(name))) throw wrong("unknown-member", place);
    const { change, by, reason, ticket } = approval;
    if (typeof change !== "string" || !/^[0-9a-f]{64}$/.test(change)) throw wrong("change", place);
    if (seen.has(change)) throw wrong("twice", place);
    seen.add(change);
    if (!Array.isArray(by) || by.length === 0 || !by.every(isText)) throw wrong("by", place);
    if (!isText(reason)) throw wrong("reason", place);
    if (ticket !== undefined && !isText(ticket)) throw wrong("ticket", place);
    return { change, by, reason, ...(ticket !== undefined && { ticket }) };
  });
}

function asObject(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === "string" && value.trim() !== "";
}
