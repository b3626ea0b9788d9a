/** What the targets of our repositories are called, and what is said of each beside its digest. */
import { WritError } from "../diagnostics/index.ts";
import type { JsonObject, JsonValue } from "../json/index.ts";

/** A release reaches `canary` first, and `stable` once nobody there had trouble with it. */
export const rings = ["canary", "stable"] as const;
export type Ring = (typeof rings)[number];

/** The bundle that the gateways of a ring decide by. */
export function policyPath(ring: Ring): string {
  return `policy/${ring}.tar.gz`;
}

/** A piece of the list, by the sequence of its first entry. */
export function revocationsPath(first: number): string {
  return `revocations/${first}.json`;
}

/** Custom data of a policy target. */
export interface PolicyTarget {
  readonly sequence: number;
  readonly revision: string;
  /** Seconds since 1970. */
  readonly issued: number;
  readonly expires: number;
  /** The public keys that may sign the bundle, as in a key file: the release role vouches for them, so they change without a restart. */
  readonly keys: readonly JsonValue[];
}

/** @throws WritError `metadata-malformed` */
export function readPolicyTarget(path: string, custom: JsonObject): PolicyTarget {
  const { sequence, revision, issued, expires, keys } = custom;
  const isWhole = (value: unknown) => typeof value === "number" && Number.isSafeInteger(value) && value > 0;
  const isSound = [sequence, issued, expires].every(isWhole) && typeof revision === "string" && Array.isArray(keys);
  if (!isSound) throw WritError.of("WRIT9101", { file: "targets.json", place: `signed.targets.${path}.custom` });
  return { sequence, revision, issued, expires, keys } as unknown as PolicyTarget;
}
