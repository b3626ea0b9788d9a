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
 * @returns nothing where the text is something else
 * @throws WritError `difference-of-another`, where somebody changed it
 */
export function readDifference(bytes: Uint8Array, path: string): ReadDifference | undefined {
  const read = readJson(bytes, { size: largestDifference, depth: 64, numbers: "finite" });
  const whole = read.failure ? undefined : objectIn(read.value);
  const [before, after] = [objectIn(whole?.before)?.model, objectIn(whole?.after)?.model];
  if (whole?.format !== 1 || typeof before !== "string" || typeof after !== "string") return undefined;
  if (typeof whole.digest !== "string" || !Array.isArray(whole.changes)) return undefined;
  const cores = whole.changes.map((change) => {
    const { places: _places, approval: _approval, ...core } = objectIn(change) ?? {};
    return core;
  });
  if (differenceDigest(before, after, cores) !== whole.digest)
    throw WritError.of("WRIT4207", { path, fault: "altered" });
  return { digest: whole.digest, before, after };
}

function objectIn(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}
