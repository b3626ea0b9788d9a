/** What a stock OPA says of itself: which of our bundles it has activated, and what it could not. */
import { WritError } from "../diagnostics/index.ts";
import type { JsonObject, JsonValue } from "../json/index.ts";
import type { ReportedProblem } from "../protocol/index.ts";
import type { OpaState } from "./fleet.ts";

/** Characters of its words. */
const LONGEST = 512;

/** What is not there or not as expected says nothing. */
export function readOpaStatus(report: JsonObject): OpaState {
  const bundles = objectIn(report, "bundles");
  const [, enforced, version] = /^([0-9]{1,15})@([0-9]{1,15})$/.exec(revisionIn(bundles, "revocations")) ?? [];
  const revision = revisionIn(bundles, "policy");
  const sequence = /^([0-9]{1,15})-/.exec(revision)?.[1];
  const failed = failedPolicy(objectIn(bundles, "policy"));
  return {
    ...(failed && { failed }),
    ...(enforced !== undefined && { enforced: Number(enforced), version: Number(version) }),
    ...(sequence !== undefined && { policy: { sequence: Number(sequence), revision } }),
    problems: ["policy", "revocations"].flatMap((name) => problemOf(name, objectIn(bundles, name))),
  };
}

/** One that came and could not be activated: a download that failed says nothing of the policy. */
function failedPolicy(policy: JsonObject): OpaState["failed"] {
  const [problem] = problemOf("policy", policy);
  const { last_successful_download: time } = policy;
  const downloaded = typeof time === "string" ? Date.parse(time) / 1000 : Number.NaN;
  return problem && Number.isFinite(downloaded) ? { problem, downloaded } : undefined;
}

function problemOf(bundle: string, { code, message }: JsonObject): readonly ReportedProblem[] {
  if (typeof code !== "string" || code === "") return [];
  const said = typeof message === "string" && message !== "" ? message : code;
  const words = said.length > LONGEST ? `${said.slice(0, LONGEST)}…`.toWellFormed() : said;
  const error = WritError.of("WRIT8308", { bundle, words });
  return [{ code: error.code, message: error.message }];
}

function revisionIn(bundles: JsonObject, name: string): string {
  const { active_revision: revision } = objectIn(bundles, name);
  return typeof revision === "string" && revision.length <= LONGEST ? revision : "";
}

function objectIn(value: JsonObject, name: string): JsonObject {
  const member: JsonValue | undefined = Object.hasOwn(value, name) ? value[name] : undefined;
  return typeof member === "object" && member !== null && !Array.isArray(member) ? (member as JsonObject) : {};
}
