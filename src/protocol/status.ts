/** What a gateway reports of itself beside what each poll confirms. It is believed of that gateway alone. */
import { WritError } from "../diagnostics/index.ts";
import { canonicalJsonBytes, type JsonValue, readJson } from "../json/index.ts";
import { isObject, isWhole } from "./shapes.ts";
import { type Ring, rings } from "./targets.ts";

export interface StatusReport {
  readonly ring: Ring;
  /** The newest head that it verified; absent before the first. The digest is the SHA-256 of `timestamp.json`, in hexadecimal. */
  readonly head?: { readonly version: number; readonly at: number; readonly digest: string };
  readonly policy?: { readonly sequence: number; readonly revision: string };
  /** Seconds since the publisher last said what is revoked, by the worse of two clocks; absent before the first head. */
  readonly age?: number;
  /** Codes of what is wrong now, newest first. */
  readonly problems: readonly ReportedProblem[];
  /** Since the report before. */
  readonly decisions: DecisionCounts;
}

export interface ReportedProblem {
  /** Of the table: `WRIT9105`. */
  readonly code: string;
  readonly message: string;
  /** The digest of the bundle that could not be activated, where it is about one. */
  readonly digest?: string;
}

export interface DecisionCounts {
  readonly allowed: number;
  readonly denied: number;
  /** Lines of the decision log that found no room. */
  readonly dropped: number;
}

export const largestStatus = 64 * 1024;
const MOST_PROBLEMS = 32;
const LONGEST_MESSAGE = 1024;

export function writeStatusReport(report: StatusReport): Uint8Array {
  return canonicalJsonBytes(report as unknown as JsonValue);
}

/** @throws WritError `status-malformed` */
export function readStatusReport(bytes: Uint8Array): StatusReport {
  const read = readJson(bytes, { size: largestStatus, numbers: "whole" });
  const report = read.failure ? undefined : read.value;
  const refuse = (place: string): never => {
    throw WritError.of("WRIT9202", { place });
  };
  if (!isObject(report)) return refuse("the report");
  const allowed = ["ring", "head", "policy", "age", "problems", "decisions"];
  for (const member of Object.keys(report)) if (!allowed.includes(member)) refuse(member);
  const { ring, head, policy, age, problems, decisions } = report;
  if (!rings.some((known) => known === ring)) refuse("ring");
  if (head !== undefined && !has(head, { version: isWhole, at: isWhole, digest: isDigest })) refuse("head");
  if (policy !== undefined && !has(policy, { sequence: isWhole, revision: isShort })) refuse("policy");
  if (age !== undefined && !isWhole(age)) refuse("age");
  if (!has(decisions, { allowed: isWhole, denied: isWhole, dropped: isWhole })) refuse("decisions");
  if (!Array.isArray(problems) || problems.length > MOST_PROBLEMS) return refuse("problems");
  for (const problem of problems) {
    const members = { code: isCode, message: isShort };
    const named = isObject(problem) && problem.digest !== undefined ? { ...members, digest: isDigest } : members;
    if (!has(problem, named)) refuse("problems");
  }
  return report as unknown as StatusReport;
}

function has(value: JsonValue | undefined, members: Readonly<Record<string, (value: JsonValue) => boolean>>): boolean {
  if (!isObject(value) || Object.keys(value).length !== Object.keys(members).length) return false;
  return Object.entries(members).every(([name, sound]) => Object.hasOwn(value, name) && sound(value[name]!));
}

function isShort(value: JsonValue): boolean {
  return typeof value === "string" && value.length <= LONGEST_MESSAGE;
}

function isDigest(value: JsonValue): boolean {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

function isCode(value: JsonValue): boolean {
  return typeof value === "string" && /^WRIT[0-9]{4}$/.test(value);
}
