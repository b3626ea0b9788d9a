/** What `writ diff --format json` wrote, read again by who approves: that it is whole, and of which two policies it speaks. */
import { WritError } from "../diagnostics/index.ts";
import { type JsonObject, type JsonValue, readJson } from "../json/index.ts";
import { differenceDigest } from "./digest.ts";

export interface ReadDifference {
  readonly digest: string;
  /** Digests of the models. */
  readonly before: string;
  readonly after: string;
}

export const largestDifference: number = 64 * 1024 * 1024;

/**
 * @returns nothing where the text is for people, and so no object of JSON
 * @throws WritError `difference-of-another`, where it is not as it was written
 */
export function readDifference(bytes: Uint8Array, path: string): ReadDifference | undefined {
  if (!/^\s*\{/.test(new TextDecoder().decode(bytes.subarray(0, 64)))) return undefined;
  const read = readJson(bytes, { size: largestDifference, depth: 64, numbers: "finite" });
  const { format, digest, before, after, changes } = objectIn(read.failure ? undefined : read.value) ?? {};
  const [old, now] = [objectIn(before)?.model, objectIn(after)?.model];
  const cores = (Array.isArray(changes) ? changes : []).map((change) => {
    const { places: _places, approval: _approval, ...core } = objectIn(change) ?? {};
    return core;
  });
  const isWhole = format === 1 && typeof old === "string" && typeof now === "string" && Array.isArray(changes);
  if (!isWhole || differenceDigest(old, now, cores) !== digest)
    throw WritError.of("WRIT4207", { path, fault: "altered" });
  return { digest, before: old, after: now };
}

function objectIn(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}
