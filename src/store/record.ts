/** A record of the journal: one change. With its number and the record before it, it is a line of the audit log. */
import { assert } from "../diagnostics/index.ts";
import type { JsonObject, JsonValue } from "../json/index.ts";

const KINDS = [
  "approve",
  "halt",
  "publish",
  "refuse",
  "restore",
  "resume",
  "revoke",
  "rotate",
  "submit",
  "versions",
] as const;
export type RecordKind = (typeof KINDS)[number];

export interface StoreRecord {
  readonly kind: RecordKind;
  /** Digests of blobs that it counts on: they are put before it, and kept for as long as the journal. */
  readonly blobs: readonly string[];
  /** What the publisher says of it; of `versions`, `{ until }`. No token and no secret: auditors read it. */
  readonly body: JsonObject;
}

/** A change that has to go through though the disk is full: it takes away, or keeps what was taken away known. */
export function isUrgent({ kind }: StoreRecord): boolean {
  return kind === "revoke" || kind === "versions";
}

/** Reserves versions below `until`, itself included, so that none is ever given twice. */
export function versionsRecord(until: number): StoreRecord {
  return { kind: "versions", blobs: [], body: { until } };
}

/** The version that the record reserves last, or 0. */
export function reservedBy({ kind, body }: StoreRecord): number {
  return kind === "versions" ? (body.until as number) : 0;
}

/** As it stands in a line of the log. */
export function entryOf({ kind, blobs, body }: StoreRecord): JsonObject {
  const entry = { kind, blobs, body };
  assert(readEntry(entry), "a record is written that no reader takes");
  return entry;
}

/** Strict: what is not as we write it is damage. */
export function readEntry(entry: JsonObject): StoreRecord | undefined {
  const { kind, blobs, body, ...others } = entry;
  if (!KINDS.includes(kind as RecordKind) || Object.keys(others).length > 0) return undefined;
  if (!Array.isArray(blobs) || !blobs.every(isDigest) || !isObject(body)) return undefined;
  if (kind === "versions" && !isVersion(body.until)) return undefined;
  return { kind: kind as RecordKind, blobs: blobs as readonly string[], body };
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A SHA-256 in hexadecimal; nothing else becomes the name of a file (threat P14). */
export function isDigest(value: JsonValue | undefined): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

export function isVersion(value: JsonValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
