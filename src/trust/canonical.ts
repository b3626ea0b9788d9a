/** The bytes that are signed: canonical JSON as TUF means it (specification 1.0.34 §4.2), not the one of our bundles. */
import { assert } from "../diagnostics/index.ts";
import { byCodePoints, type JsonObject, type JsonValue } from "../json/index.ts";

const encoder = new TextEncoder();

/**
 * Keys in the order of their code points, no white space, and in texts only `"` and `\` escaped: a line feed stands as it is.
 * Whoever reads strictly first gets one value for one text, so what was verified is what was read.
 */
export function signedBytes(value: JsonValue): Uint8Array<ArrayBuffer> {
  return encoder.encode(write(value));
}

function write(value: JsonValue): string {
  if (typeof value === "string") return writeText(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    assert(Number.isSafeInteger(value), "signed metadata holds whole numbers only");
    return String(value);
  }
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  const object = value as JsonObject;
  const keys = Object.keys(object).sort(byCodePoints);
  return `{${keys.map((key) => `${writeText(key)}:${write(object[key]!)}`).join(",")}}`;
}

function writeText(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
